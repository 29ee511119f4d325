package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/engine"
)

// The headers of Standard Webhooks.
const (
	idKey        = "Webhook-Id"
	timeKey      = "Webhook-Timestamp"
	signatureKey = "Webhook-Signature"

	secretPrefix  = "whsec_"
	version       = "v1,"
	leastKey      = 24 // bytes
	tolerance     = 5 * time.Minute
	maxSignatures = 16
	maxID         = 200 // bytes of an id, and of an address
)

// keys are those that may sign for a channel; what is no key, such as "", is none.
func keys(ch engine.Channel) (all [][]byte) {
	for _, name := range []string{"secret", "secret_old"} {
		encoded, found := strings.CutPrefix(ch.Secrets[name].Reveal(), secretPrefix)
		key, err := base64.StdEncoding.DecodeString(encoded)
		if found && err == nil && len(key) >= leastKey {
			all = append(all, key)
		}
	}
	return all
}

// mac signs an id, a time in Unix seconds and a body.
func mac(key []byte, id, at string, body []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(id + "." + at + "."))
	m.Write(body)
	return m.Sum(nil)
}

// sign puts the headers on a request, with a signature of each key.
func sign(h http.Header, all [][]byte, id string, at time.Time, body []byte) {
	seconds := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, len(all))
	for i, key := range all {
		signatures[i] = version + base64.StdEncoding.EncodeToString(mac(key, id, seconds, body))
	}
	h.Set(idKey, id)
	h.Set(timeKey, seconds)
	h.Set(signatureKey, strings.Join(signatures, " "))
}

// verify gives the id of a request that one of the keys has signed within the last
// minutes. Errors: TooLarge, Unauthenticated.
func verify(ch engine.Channel, req engine.WebhookRequest) (id string, err error) {
	if len(req.Body) > maxBody {
		return "", engine.Errorf(engine.TooLarge, "the request is over 1 MiB")
	}
	ids, times, given := req.Header[idKey], req.Header[timeKey], req.Header[signatureKey]
	if len(ids) != 1 || len(times) != 1 || len(given) != 1 || ids[0] == "" || len(ids[0]) > maxID {
		return "", forged()
	}
	seconds, err := strconv.ParseInt(times[0], 10, 64)
	if err != nil {
		return "", forged()
	}
	if age := req.Now.Sub(time.Unix(seconds, 0)); age > tolerance || age < -tolerance {
		return "", forged()
	}
	signatures := strings.Fields(given[0])
	for _, key := range keys(ch) {
		want := mac(key, ids[0], times[0], req.Body)
		for _, s := range signatures[:min(len(signatures), maxSignatures)] {
			encoded, found := strings.CutPrefix(s, version)
			if got, err := base64.StdEncoding.DecodeString(encoded); found && err == nil && hmac.Equal(got, want) {
				return ids[0], nil
			}
		}
	}
	return "", forged()
}

func forged() error {
	return engine.Errorf(engine.Unauthenticated, "the signature of the request is wrong or too old")
}
