package twilio

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley/connectors/exchange"
	"parley/engine"
)

const (
	maxBody      = 1 << 20
	maxMediaURL  = 2048
	maxIDLength  = 128
	signatureKey = "X-Twilio-Signature"
	emptyTwiML   = `<?xml version="1.0" encoding="UTF-8"?><Response/>`
)

// Decode verifies one webhook request and parses it: an incoming message, or a
// status callback of an earlier send. Answers to consumers go through Send, so
// an incoming message is answered with an empty document; anything else in the
// answer's body Twilio would text to the consumer.
func (c *Connector) Decode(ch engine.Channel, req engine.WebhookRequest) (engine.Decoded, error) {
	form, err := verify(ch, req)
	if err != nil {
		return engine.Decoded{}, err
	}
	if err := wellFormed(ch, form); err != nil {
		return engine.Decoded{}, err
	}
	sid := first(form, idNames()...)
	if sid == "" {
		return engine.Decoded{}, nil
	}
	if arrived(form) {
		return decodeMessage(form, sid), nil
	}
	return decodeStatus(req.URL, form, sid, first(form, "MessageStatus", "SmsStatus")), nil
}

// verify checks the signature over the raw request and gives the parameters.
func verify(ch engine.Channel, req engine.WebhookRequest) (url.Values, error) {
	if len(req.Body) > maxBody {
		return nil, engine.Errorf(engine.TooLarge, "the request is over 1 MiB")
	}
	signatures := req.Header[signatureKey]
	if len(signatures) != 1 {
		return nil, forged()
	}
	query, err := rawQuery(req.URL)
	if err != nil {
		return nil, engine.Errorf(engine.Invalid, "the URL's query cannot be read").Because(err)
	}
	// The first parameter's name follows the URL without anything between.
	for _, values := range query {
		if req.Method != http.MethodGet && slices.ContainsFunc(values, holds) {
			return nil, malformed("the URL holds parameters")
		}
	}
	tokens := signingTokens(ch)

	if req.Method == http.MethodGet {
		if !signed(tokens, req.URL, nil, signatures[0]) {
			return nil, forged()
		}
		return query, nil
	}
	if mediaType(req.Header) == "application/json" {
		hash := query.Get("bodySHA256")
		if hash == "" || !signed(tokens, req.URL, nil, signatures[0]) || !sameHash(req.Body, hash) {
			return nil, forged()
		}
		return url.Values{}, nil // events of other products: nothing for a conversation
	}
	// The body alone: parameters of the query are signed as part of the URL.
	form, err := url.ParseQuery(string(req.Body))
	if err != nil {
		return nil, engine.Errorf(engine.Invalid, "the form cannot be read").Because(err)
	}
	if !signed(tokens, req.URL, form, signatures[0]) {
		return nil, forged()
	}
	return form, nil
}

func forged() error {
	return engine.Errorf(engine.Unauthenticated, "the signature of the request is wrong")
}

func decodeMessage(form url.Values, sid string) engine.Decoded {
	decoded := engine.Decoded{Response: engine.WebhookResponse{
		Status: http.StatusOK, ContentType: "text/xml", Body: []byte(emptyTwiML),
	}}
	in := engine.Inbound{
		From:       exchange.Clean(form.Get("From")), // as it is: short codes and names are not E.164
		ProviderID: sid,
		Content:    engine.Content{Text: exchange.Clean(form.Get("Body")), Media: decodeMedia(form)},
	}
	switch kind := form.Get("OptOutType"); kind {
	case "STOP", "START", "HELP":
		in.Keyword = kind
		if in.Content.Text == "" { // of control characters alone, say: the consumer opted out all the same
			in.Content.Text = kind
		}
	}
	if in.From == "" || len(in.From) > maxIDLength || in.Content.Text == "" && in.Content.Media == nil {
		return decoded
	}
	decoded.Inbound = []engine.Inbound{in}
	return decoded
}

func decodeMedia(form url.Values) []engine.Media {
	count, err := strconv.Atoi(form.Get("NumMedia"))
	if err != nil {
		return nil
	}
	var media []engine.Media
	for i := range count {
		n := strconv.Itoa(i)
		raw := exchange.Clean(form.Get("MediaUrl" + n))
		u, err := url.Parse(raw)
		if err != nil || len(raw) > maxMediaURL || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			continue
		}
		kind, _, err := mime.ParseMediaType(form.Get("MediaContentType" + n))
		if err != nil {
			kind = ""
		}
		media = append(media, engine.Media{Kind: mediaKind(kind), URL: raw, MIME: exchange.Clean(kind)})
	}
	return media
}

func mediaKind(mimeType string) string {
	switch family, _, _ := strings.Cut(mimeType, "/"); family {
	case "image", "video", "audio":
		return family
	}
	return "file"
}

func mediaType(header map[string][]string) string {
	t, _, err := mime.ParseMediaType(http.Header(header).Get("Content-Type"))
	if err != nil {
		return ""
	}
	return t
}

func rawQuery(rawURL string) (url.Values, error) {
	rawURL, _, _ = strings.Cut(rawURL, "#")
	_, query, _ := strings.Cut(rawURL, "?")
	return url.ParseQuery(query)
}

// first is the value of the first of the keys that has one.
func first(form url.Values, keys ...string) string {
	for _, key := range keys {
		if v := exchange.Clean(form.Get(key)); v != "" {
			return v
		}
	}
	return ""
}
