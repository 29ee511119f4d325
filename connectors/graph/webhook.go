package graph

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"parley/engine"
)

const (
	maxBody      = 1 << 20
	maxChallenge = 256
	signatureKey = "X-Hub-Signature-256"
	scheme       = "sha256="
)

// Webhook verifies a request of Meta's. A handshake (GET) gives no body and the
// answer that it wants; anything else the raw body and an answer of 200. secrets are
// those that may have signed it, token is what the handshake must know; of both ""
// never fits. Errors: TooLarge, and Unauthenticated for a wrong signature or token.
func Webhook(req engine.WebhookRequest, token string, secrets ...string) (body []byte, answer engine.WebhookResponse, err error) {
	if req.Method == http.MethodGet {
		answer, err = handshake(req.URL, token)
		return nil, answer, err
	}
	if len(req.Body) > maxBody {
		return nil, answer, engine.Errorf(engine.TooLarge, "the request is over 1 MiB")
	}
	if given := req.Header[signatureKey]; len(given) != 1 || !signed(req.Body, given[0], secrets) {
		return nil, answer, engine.Errorf(engine.Unauthenticated, "the signature of the request is wrong")
	}
	return req.Body, engine.WebhookResponse{Status: http.StatusOK, ContentType: "text/plain"}, nil
}

// signed checks a signature over the raw bytes: Meta escapes them in a way of its own,
// so that what is parsed and written again has another one.
func signed(body []byte, signature string, secrets []string) bool {
	digits, found := strings.CutPrefix(signature, scheme)
	want, err := hex.DecodeString(digits)
	if !found || err != nil || len(want) != sha256.Size {
		return false
	}
	for _, secret := range secrets {
		if secret != "" && hmac.Equal(mac(secret, body), want) {
			return true
		}
	}
	return false
}

func mac(secret string, message []byte) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write(message)
	return m.Sum(nil)
}

// handshake answers the request by which Meta finds out that a webhook is ours: with
// the challenge as it is.
func handshake(rawURL, token string) (engine.WebhookResponse, error) {
	rawURL, _, _ = strings.Cut(rawURL, "#")
	_, raw, _ := strings.Cut(rawURL, "?")
	query, err := url.ParseQuery(raw)
	given, challenge := query["hub.verify_token"], query["hub.challenge"]
	if err != nil || token == "" || query.Get("hub.mode") != "subscribe" || len(given) != 1 ||
		subtle.ConstantTimeCompare([]byte(given[0]), []byte(token)) != 1 {
		return engine.WebhookResponse{}, engine.Errorf(engine.Unauthenticated, "the verify token is wrong")
	}
	if len(challenge) != 1 || challenge[0] == "" || len(challenge[0]) > maxChallenge || strings.ContainsFunc(challenge[0], unprintable) {
		return engine.WebhookResponse{}, engine.FieldError("hub.challenge", "must be 1 to %d printable characters", maxChallenge)
	}
	return engine.WebhookResponse{Status: http.StatusOK, ContentType: "text/plain; charset=utf-8", Body: []byte(challenge[0])}, nil
}

func unprintable(r rune) bool { return r <= ' ' || r > '~' }
