package webhook_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/connectortest"
	"parley/connectors/webhook"
	"parley/engine"
)

func inboundCases() []connectortest.InboundCase {
	text := func(s string) engine.Content { return engine.Content{Text: s} }
	one := func(in engine.Inbound) []engine.Inbound {
		if in.From == "" {
			in.From = "customer-1"
		}
		if in.ProviderID == "" {
			in.ProviderID = id
		}
		return []engine.Inbound{in}
	}
	bad := func(name, body string) connectortest.InboundCase {
		return connectortest.InboundCase{Name: name, Body: body, Err: engine.Invalid}
	}
	const from = `"sender":{"id":"customer-1"}`
	return []connectortest.InboundCase{
		{
			Name:    "text",
			Body:    `{"type":"message.created","data":{"sender":{"id":"customer-1"},"content":{"text":"hi"}}}`,
			Inbound: one(engine.Inbound{Content: text("hi")}),
		},
		{
			Name: "all that is known",
			Body: `{"type":"message.created","data":{"id":"m-7","sender":{"id":"customer-1","name":"Ana","language":"DE-ch"},"timestamp":"2026-11-03T10:59:58+01:00","answers":"0192.1","picked":"yes","content":{"text":"Yes"}}}`,
			Inbound: one(engine.Inbound{
				ProviderID: "m-7", FromName: "Ana", Language: "de-CH", Of: "0192.1", Payload: "yes", Content: text("Yes"),
				ProviderAt: time.Date(2026, 11, 3, 9, 59, 58, 0, time.UTC),
			}),
		},
		{
			Name:    "a clock that is ahead",
			Body:    `{"type":"message.created","data":{` + from + `,"timestamp":"2026-11-03T10:00:01Z","content":{"text":"hi"}}}`,
			Inbound: one(engine.Inbound{Content: text("hi")}),
		},
		{
			Name: "files", Sign: signWith("secret_old"),
			Body: `{"type":"message.created","data":{` + from + `,"content":{"media":[{"kind":"image","url":"https://acme.example/größe.jpg?sig=a%20b","mime":"image/jpeg","name":"Size","ref":"ours"},{"kind":"file","url":"https://acme.example/a.pdf"}]}}}`,
			Inbound: one(engine.Inbound{Content: engine.Content{Media: []engine.Media{
				{Kind: engine.MediaImage, URL: "https://acme.example/gr%C3%B6%C3%9Fe.jpg?sig=a%20b", MIME: "image/jpeg", Name: "Size"},
				{Kind: engine.MediaFile, URL: "https://acme.example/a.pdf"},
			}}}),
		},
		{
			Name:    "a place",
			Body:    `{"type":"message.created","data":{` + from + `,"content":{"location":{"lat":-33.9,"lon":18.4,"name":"Shop"}}}}`,
			Inbound: one(engine.Inbound{Content: engine.Content{Location: &engine.Location{Lat: -33.9, Lon: 18.4, Name: "Shop"}}}),
		},
		{
			Name:    "a contact",
			Body:    `{"type":"message.created","data":{` + from + `,"content":{"contacts":[{"name":"Ana","org":"Acme","phones":["+15550100"],"emails":["ana@acme.example"]}]}}}`,
			Inbound: one(engine.Inbound{Content: engine.Content{Contacts: []engine.Contact{{Name: "Ana", Org: "Acme", Phones: []string{"+15550100"}, Emails: []string{"ana@acme.example"}}}}}),
		},
		{
			Name:    "what only brands and the gateway say is left out",
			Body:    `{"type":"message.created","data":{` + from + `,"content":{"text":"hi","event":"assigned","choices":[{"id":"a","label":"A"}],"cards":[{"title":"T"}],"template":{"name":"x"}}}}`,
			Inbound: one(engine.Inbound{Content: text("hi")}),
		},
		{
			Name:    "what no database holds",
			Body:    `{"type":"message.created","data":{` + from + `,"content":{"text":"a\u0000b"}}}`,
			Inbound: one(engine.Inbound{Content: text("ab")}),
		},
		{
			Name:    "a reaction",
			Body:    `{"type":"reaction","data":{` + from + `,"message_id":"0192.1","emoji":"👍"}}`,
			Inbound: one(engine.Inbound{Kind: engine.InboundReaction, Of: "0192.1", Emoji: "👍"}),
		},
		{
			Name:    "a reaction taken back",
			Body:    `{"type":"reaction","data":{` + from + `,"message_id":"0192.1"}}`,
			Inbound: one(engine.Inbound{Kind: engine.InboundReaction, Of: "0192.1"}),
		},
		{
			Name:    "an edit",
			Body:    `{"type":"edit","data":{` + from + `,"message_id":"m-7","content":{"text":"No"}}}`,
			Inbound: one(engine.Inbound{Kind: engine.InboundEdit, Of: "m-7", Content: text("No")}),
		},
		{
			Name:    "an unsend",
			Body:    `{"type":"unsend","data":{` + from + `,"message_id":"m-7"}}`,
			Inbound: one(engine.Inbound{Kind: engine.InboundUnsend, Of: "m-7"}),
		},
		{
			Name:    "typing",
			Body:    `{"type":"typing","data":{` + from + `}}`,
			Inbound: one(engine.Inbound{Kind: engine.InboundTyping}),
		},
		{
			Name:     "delivered",
			Body:     `{"type":"message.status","data":{"id":"0192.1","state":"delivered"}}`,
			Statuses: []engine.StatusUpdate{{Item: "0192.1", State: engine.Delivered}},
		},
		{
			Name:     "read",
			Body:     `{"type":"message.status","data":{"id":"0192.1","state":"read"}}`,
			Statuses: []engine.StatusUpdate{{Item: "0192.1", State: engine.Read}},
		},
		{
			Name: "failed",
			Body: `{"type":"message.status","data":{"id":"0192.1","state":"failed","code":"E7","reason":"recipient_gone","message":"No such customer."}}`,
			Statuses: []engine.StatusUpdate{{
				Item: "0192.1", State: engine.Failed, Code: "E7", Class: engine.SendGone, Message: "The system could not deliver the message: No such customer.",
			}},
		},
		{
			Name:     "failed for a reason that only the gateway may give",
			Body:     `{"type":"message.status","data":{"id":"0192.1","state":"failed","reason":"auth"}}`,
			Statuses: []engine.StatusUpdate{{Item: "0192.1", State: engine.Failed, Class: engine.SendInvalid, Message: "The system could not deliver the message."}},
		},
		{Name: "an event of tomorrow", Body: `{"type":"poll","data":{"sender":{"id":"customer-1"}}}`},
		{Name: "no event", Body: `{}`},
		bad("no JSON", `hello`),
		bad("another type", `{"type":"message.created","data":{"sender":{"id":7}}}`),
		bad("nobody", `{"type":"message.created","data":{"content":{"text":"hi"}}}`),
		bad("nothing", `{"type":"message.created","data":{`+from+`,"content":{}}}`),
		bad("a long text", `{"type":"message.created","data":{`+from+`,"content":{"text":"`+strings.Repeat("a", 64<<10+1)+`"}}}`),
		bad("a file in clear", `{"type":"message.created","data":{`+from+`,"content":{"media":[{"kind":"image","url":"http://acme.example/a.jpg"}]}}}`),
		bad("a file of this machine", `{"type":"message.created","data":{`+from+`,"content":{"media":[{"kind":"image","url":"file:///etc/passwd"}]}}}`),
		bad("a file of no kind", `{"type":"message.created","data":{`+from+`,"content":{"media":[{"kind":"smell","url":"https://acme.example/a"}]}}}`),
		bad("no place on earth", `{"type":"message.created","data":{`+from+`,"content":{"location":{"lat":91,"lon":0}}}}`),
		bad("no language", `{"type":"message.created","data":{"sender":{"id":"c","language":"!"},"content":{"text":"hi"}}}`),
		bad("a reaction to nothing", `{"type":"reaction","data":{`+from+`,"emoji":"👍"}}`),
		bad("a status of nothing", `{"type":"message.status","data":{"state":"read"}}`),
		bad("a status of no kind", `{"type":"message.status","data":{"id":"0192.1","state":"queued"}}`),
	}
}

func TestInbound(t *testing.T) {
	t.Parallel()
	connectortest.RunInbound(t, suite(), inboundCases())
}

// FuzzDecode: whatever a signed body holds, nothing comes in that the engine would refuse.
func FuzzDecode(f *testing.F) {
	for _, c := range inboundCases() {
		f.Add([]byte(c.Body))
	}
	conn := webhook.New(webhook.Config{HTTP: http.DefaultClient})
	f.Fuzz(func(t *testing.T, body []byte) {
		req := engine.WebhookRequest{Method: http.MethodPost, Header: map[string][]string{}, Body: body, Now: connectortest.Now()}
		ch := channel()
		signWith("secret")(ch, &req)
		decoded, err := conn.Decode(ch, req)
		if err != nil && engine.CodeOf(err) == engine.Internal {
			t.Fatal(err)
		}
		for _, in := range decoded.Inbound {
			if in.From == "" || len(in.From) > 200 || len(in.ProviderID) > 200 || len(in.Content.Text) > 64<<10 || len(in.Content.Media) > 20 ||
				strings.Contains(in.Content.Text, "\x00") || in.Content.Event != "" || in.Content.Choices != nil {
				t.Fatalf("%+v", in)
			}
		}
	})
}
