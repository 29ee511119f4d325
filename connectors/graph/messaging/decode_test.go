package messaging

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// FuzzDecode: whatever is signed, the receiver takes what is made of it, and a
// repetition of it is the same.
func FuzzDecode(f *testing.F) {
	const from = `"sender":{"id":"7"},"recipient":{"id":"104"},"timestamp":1767225600000`
	for _, event := range []string{
		`"message":{"mid":"m_1","text":"caf\u00e9 \ud83d\ude00\u0000","quick_reply":{"payload":"P"},"reply_to":{"mid":"m_0","story":{"url":"https://a.example","id":"1"}}}`,
		`"message":{"mid":"m_2","attachments":[{"type":"image","payload":{"url":"https://a.example/b.jpg","sticker_id":369239263222822}},{"type":"location","payload":{"coordinates":{"lat":1,"long":2}}}]}`,
		`"message":{"mid":"m_3","attachments":[{"type":"fallback","title":"t","url":"https://a.example","payload":null},{"type":"template","payload":{"generic":{"elements":[{"title":"x"}]}}}]}`,
		`"message":{"is_echo":true,"app_id":1517776481860111,"metadata":"parley:item","mid":"m_4","text":"hello"}`,
		`"message":{"mid":"m_5","is_deleted":true}`, `"message":{"mid":"m_6","is_unsupported":true}`,
		`"postback":{"title":"Get Started","payload":"GET_STARTED","referral":{"ref":"c","source":"ADS","ads_context_data":{"ad_title":"Sale"}}}`,
		`"delivery":{"mids":["m_7"],"watermark":1767225600500}`, `"read":{"watermark":"1767225600"}`, `"read":{"mid":"m_8"}`,
		`"reaction":{"reaction":"love","action":"react","mid":"m_9"}`, `"message_edit":{"mid":"m_1","text":"x","num_edit":1}`,
		`"optin":{"type":"notification_messages","payload":"p"}`, `"referral":{"product":{"id":1}}`,
	} {
		f.Add([]byte(`{"object":"page","entry":[{"id":"104","time":1,"messaging":[{` + from + `,` + event + `}],"standby":[{` + from + `,` + event + `}]}]}`))
		f.Add([]byte(`{"object":"page","entry":[{"id":105,"changes":[{"field":"messages","value":{` + from + `,` + event + `}}]}]}`))
	}
	f.Add([]byte(`{"object":"page","entry":[{"messaging":[7,{"sender":[]}]}]}`))
	f.Add([]byte(`{`))
	ch := engine.Channel{ID: "acme.page", Address: "104"}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decode(ch, "page", body)
		if err != nil {
			if engine.CodeOf(err) != engine.Invalid {
				t.Fatalf("fails with %v", err)
			}
			return
		}
		for _, in := range got.Inbound {
			if in.From == "" || in.ProviderID == "" {
				t.Errorf("nobody, or nothing: %+v", in)
			}
			for _, id := range []string{in.To, in.From, in.ProviderID, in.Of} {
				if len(id) > maxID {
					t.Errorf("an id of %d bytes", len(id))
				}
			}
			for _, s := range []string{in.To, in.From, in.ProviderID, in.Of, in.Emoji, in.Payload, in.Content.Text, in.Content.Unsupported} {
				if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
					t.Errorf("a database cannot hold %q", s)
				}
			}
			if len(in.Content.Media) > maxMedia || in.Kind == engine.InboundMessage && in.Content.Plain() && in.Content.Text == "" {
				t.Errorf("an empty message, or too many files: %+v", in)
			}
			for _, m := range in.Content.Media {
				if !strings.HasPrefix(m.URL, "https://") {
					t.Errorf("a file at %q", m.URL)
				}
			}
		}
		for _, s := range got.Statuses {
			if s.ProviderID == "" && (s.Address == "" || s.Until.IsZero()) {
				t.Errorf("a receipt of nothing: %+v", s)
			}
		}
		if again, err := decode(ch, "page", body); err != nil || !cmp.Equal(got, again) {
			t.Errorf("a repetition is another: %v\n%s", err, cmp.Diff(got, again))
		}
	})
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for given, want := range map[text]int64{"1767225600123": 1767225600123, "1767225600": 1767225600000, "": 0, "-5": 0, "x": 0} {
		if at := given.at(); at.IsZero() != (want == 0) || want != 0 && at.UnixMilli() != want {
			t.Errorf("%q is %s", given, at)
		}
	}
}

func TestNewNeedsAClient(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a connector without a guarded client is made")
		}
	}()
	New(Platform{}, Config{})
}
