package messenger_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/connectortest"
	"parley/engine"
)

func TestReconcile(t *testing.T) {
	t.Parallel()
	first := connectortest.Now()
	listed := func(id, from, text string, after time.Duration) string {
		return fmt.Sprintf(`{"id":%q,"created_time":%q,"from":{"id":%q},"message":%q}`, id, first.Add(after).Format("2006-01-02T15:04:05-0700"), from, text)
	}
	conversation := func(all ...string) connectortest.Answer {
		return connectortest.Answer{Body: `{"data":[{"id":"t_1","messages":{"data":[` + strings.Join(all, ",") + `]}}]}`}
	}
	older := listed("m_old", page, "hi", -2*time.Minute)
	ours := listed("m_ours", page, "hi", time.Second)
	picture := engine.Content{Media: []engine.Media{{Kind: engine.MediaImage, URL: "https://acme.example/a.jpg"}}}
	many := func(n int, m string) []string {
		return strings.Split(strings.TrimSuffix(strings.Repeat(m+"\n", n), "\n"), "\n")
	}
	const notSent, unclear = "certainly not", "nobody knows"
	for name, tt := range map[string]struct {
		content engine.Content // a text if it is nothing
		answer  connectortest.Answer
		known   string
		want    string // the id that is found, or an outcome
	}{
		"found":                         {answer: conversation(ours, older), want: "m_ours"},
		"found, oldest first":           {answer: conversation(older, ours), want: "m_ours"},
		"a second before, by its clock": {answer: conversation(listed("m_ours", page, "hi", -30*time.Second)), want: "m_ours"},
		"as Meta writes it":             {content: engine.Content{Text: "a\nb "}, answer: conversation(listed("m_ours", page, "a\r\nb", 0)), want: "m_ours"},
		"another send":                  {answer: conversation(ours, older), known: "m_ours", want: notSent},
		"another text":                  {answer: conversation(listed("m_2", page, "ho", 0), older), want: notSent},
		"the consumer's":                {answer: conversation(listed("m_2", consumer, "hi", 0), older), want: notSent},
		"older ones alone":              {answer: conversation(older), want: notSent},
		"a picture":                     {content: picture, answer: conversation(listed("m_ours", page, "", 0)), want: "m_ours"},
		"a picture, but there is text":  {content: picture, answer: conversation(ours), want: notSent},
		"the whole of a short one":      {answer: conversation(listed("m_2", consumer, "hello", 0)), want: notSent},
		"too many since":                {answer: conversation(many(20, listed("m_2", page, "ho", 0))...), want: "invalid"},
		"enough since":                  {answer: conversation(append(many(19, listed("m_2", page, "ho", 0)), older)...), want: notSent},
		"no conversation":               {answer: connectortest.Answer{Body: `{"data":[]}`}, want: "invalid"},
		"nothing in it":                 {answer: conversation(), want: "invalid"},
		"no date":                       {answer: conversation(`{"id":"m_2","created_time":"yesterday"}`), want: unclear},
		"Meta is down":                  {answer: refusal(500, 2, 0), want: unclear},
		"the token expired":             {answer: refusal(401, 190, 463), want: unclear},
		"may not read":                  {answer: refusal(403, 200, 0), want: "invalid"},
		"nothing that was sent":         {content: engine.Content{Text: " "}, answer: conversation(ours), want: "invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ch, meta := meta(t, func(w http.ResponseWriter, r *http.Request, _ string) {
				q := r.URL.Query()
				if r.Method != http.MethodGet || r.URL.Path != "/v25.0/"+page+"/conversations" || q.Get("platform") != "messenger" || q.Get("user_id") != consumer {
					t.Errorf("asked for %s %s", r.Method, r.URL)
				}
				if tt.answer.Status != 0 {
					w.WriteHeader(tt.answer.Status)
				}
				fmt.Fprint(w, tt.answer.Body)
			})
			defer meta.Close()
			out := said("hi", func(o *engine.Outbound) {
				o.FirstTried = first
				if !o.Content.Plain() || !tt.content.Plain() || tt.content.Text != "" {
					o.Content = tt.content
				}
			})
			got, err := suite().New(http.DefaultClient).(engine.Reconciler).Reconcile(t.Context(), ch, out, func(id string) bool { return id == tt.known })
			outcome := got.ProviderID
			failed, _ := errors.AsType[*engine.SendError](err)
			switch {
			case errors.As(err, &engine.ErrNotSent{}):
				outcome = notSent
			case failed != nil && failed.Class == engine.SendInvalid:
				outcome = "invalid"
			case err != nil:
				outcome = unclear
			}
			if outcome != tt.want || err == nil && got.State != engine.Sent {
				t.Errorf("%s (%+v, %v), want %s", outcome, got, err, tt.want)
			}
		})
	}
}
