package whatsapp_test

import (
	"net/http"
	"testing"
	"unicode/utf8"

	"parley/connectors/connectortest"
	"parley/connectors/whatsapp"
	"parley/engine"
)

// FuzzDecode: whatever is signed decodes without a panic into what the gateway can keep.
func FuzzDecode(f *testing.F) {
	const q = `,"context":{"id":"wamid.Q"}`
	for _, body := range []string{
		wrote("text", `,"text":{"body":"caf\u00e9 \ud83d\ude00 \ud83d"}`), wrote("image", `,"image":{"id":"1","mime_type":"image/jpeg;;;"}`),
		wrote("interactive", q+`,"interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":1}}}}}"}}`),
		wrote("interactive", q+`,"interactive":{"type":"list_reply","list_reply":{"id":"r","title":"R"}}`), wrote("order", `,"order":{"product_items":[{"quantity":1e308}]}`),
		wrote("edit", `,"edit":{"message":{"type":"edit","edit":{"message":{}}}}`), wrote("contacts", `,"contacts":[{"phones":[{}]}]`), wrote("location", `,"location":{"latitude":"x"}`),
		receipt(`"status":"failed","errors":[{"code":131047,"error_data":"x"}]`), changes("null", "5", "{}", `{"messages":null,"contacts":[]}`), "[]", "{", "", `{"object":"whatsapp_business_account","entry":[{"changes":null}]}`,
	} {
		f.Add([]byte(body))
	}
	conn := whatsapp.New(whatsapp.Config{HTTP: http.DefaultClient, Now: connectortest.Now})
	f.Fuzz(func(t *testing.T, body []byte) {
		req := engine.WebhookRequest{Method: http.MethodPost, Header: map[string][]string{}, Body: body}
		signWith("app_secret")(channel(), &req)
		decoded, err := conn.Decode(channel(), req)
		if code := engine.CodeOf(err); code != "" && code != engine.Invalid && code != engine.TooLarge {
			t.Fatalf("signed, and refused with %v", err)
		}
		for _, in := range decoded.Inbound {
			for _, s := range []string{in.From, in.FromName, in.ProviderID, in.Content.Text, in.Payload, in.Of, in.Emoji, in.To, in.Content.Unsupported} {
				if !utf8.ValidString(s) || contains(s, 0) {
					t.Errorf("%q cannot be kept", s)
				}
			}
			if in.From == "" || in.ProviderID == "" {
				t.Errorf("from nobody: %+v", in)
			}
			if in.Kind == engine.InboundMessage && in.Content.Plain() && in.Content.Text == "" {
				t.Errorf("says nothing: %+v", in)
			}
		}
		for _, st := range decoded.Statuses {
			if st.ProviderID == "" || st.State == "" || st.State == engine.Failed && (st.Class == "" || st.Message == "") {
				t.Errorf("%+v", st)
			}
		}
	})
}

func contains(s string, b byte) bool {
	for i := range len(s) {
		if s[i] == b {
			return true
		}
	}
	return false
}

func BenchmarkDecode(b *testing.B) {
	conn := whatsapp.New(whatsapp.Config{HTTP: http.DefaultClient})
	ch := channel()
	req := engine.WebhookRequest{Method: http.MethodPost, Header: map[string][]string{}, Body: []byte(wrote("text", `,"text":{"body":"Where is my order 12345? I am waiting since Monday."}`))}
	signWith("app_secret")(ch, &req)
	b.ReportAllocs()
	for b.Loop() {
		if decoded, err := conn.Decode(ch, req); err != nil || len(decoded.Inbound) != 1 {
			b.Fatal(decoded, err)
		}
	}
}

func BenchmarkSend(b *testing.B) {
	conn := whatsapp.New(whatsapp.Config{HTTP: &http.Client{Transport: answering{200, made}}})
	ch, out := channel(), text("Hello")
	for b.Loop() {
		if _, err := conn.Send(b.Context(), ch, out); err != nil {
			b.Fatal(err)
		}
	}
}
