package messenger_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/connectortest"
	"parley/engine"
)

const path = "/v25.0/" + page + "/messages"

func said(text string, change ...func(*engine.Outbound)) engine.Outbound {
	out := engine.Outbound{Item: "item-1", To: consumer, Author: engine.AuthorBot, Content: engine.Content{Text: text}}
	for _, c := range change {
		c(&out)
	}
	return out
}

func refusal(status, code, sub int) connectortest.Answer {
	return connectortest.Answer{Status: status, Body: fmt.Sprintf(`{"error":{"message":"Meta's words","type":"OAuthException","code":%d,"error_subcode":%d,"fbtrace_id":"A"}}`, code, sub)}
}

func body(kind, tail string) string {
	return `{"recipient":{"id":"` + consumer + `"},` + kind + tail + `"message":{"text":"hi","metadata":"parley:item-1"}}`
}

const (
	response = `"messaging_type":"RESPONSE",`
	tagged   = `"messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT",`
	quoted   = `"reply_to":{"mid":"m_1"},`
)

func TestOutbound(t *testing.T) {
	t.Parallel()
	sent := engine.Receipt{ProviderID: "m_out1", State: engine.Sent}
	good := connectortest.Answer{Body: accepted}
	ask := func(bodies ...string) (all []connectortest.Request) {
		for _, b := range bodies {
			all = append(all, connectortest.Request{Path: path, Body: b, Header: map[string]string{"Authorization": "Bearer " + token, "Content-Type": "application/json"}})
		}
		return all
	}
	people := func(ch *engine.Channel) { ch.Config["human_agent"] = "true" }
	byAgent := func(o *engine.Outbound) { o.Author = engine.AuthorAgent }
	heard := func(ago time.Duration) func(*engine.Outbound) {
		return func(o *engine.Outbound) { o.HeardAt = connectortest.Now().Add(-ago) }
	}
	answering := func(o *engine.Outbound) { o.Answers = "m_1" }
	late := refusal(400, 10, 2018278)
	connectortest.RunOutbound(t, suite(), []connectortest.OutboundCase{
		{Name: "a text", Outbound: said("hi"), Answers: []connectortest.Answer{good}, Requests: ask(body(response, "")), Receipt: sent},
		{Name: "another version behind a prefix", Outbound: said("hi"), Answers: []connectortest.Answer{good}, Receipt: sent,
			Channel:  func(ch *engine.Channel) { ch.Config["api_base"] += "/meta/"; ch.Config["api_version"] = "v26.0" },
			Requests: []connectortest.Request{{Path: "/meta/v26.0/" + page + "/messages", Body: body(response, "")}}},
		{Name: "an answer to a message", Outbound: said("hi", answering), Answers: []connectortest.Answer{good}, Requests: ask(body(response, quoted)), Receipt: sent},
		{Name: "an answer to one that is gone", Outbound: said("hi", answering), Answers: []connectortest.Answer{refusal(400, 100, 0), good},
			Requests: ask(body(response, quoted), body(response, "")), Receipt: sent},
		{Name: "an agent's in time", Channel: people, Outbound: said("hi", byAgent, heard(23*time.Hour)), Answers: []connectortest.Answer{good}, Requests: ask(body(response, "")), Receipt: sent},
		{Name: "an agent's after a day", Channel: people, Outbound: said("hi", byAgent, heard(25*time.Hour)), Answers: []connectortest.Answer{good}, Requests: ask(body(tagged, "")), Receipt: sent},
		{Name: "an agent's when Meta knows that it is late", Channel: people, Outbound: said("hi", byAgent), Answers: []connectortest.Answer{late, good},
			Requests: ask(body(response, ""), body(tagged, "")), Receipt: sent},
		{Name: "an agent's after a week", Channel: people, Outbound: said("hi", byAgent, heard(8*24*time.Hour)), Answers: []connectortest.Answer{late},
			Requests: ask(body(tagged, "")), Class: engine.SendWindow, Code: "10/2018278", Message: "too long ago"},
		{Name: "an agent's where the app may not", Outbound: said("hi", byAgent, heard(25*time.Hour)), Answers: []connectortest.Answer{late},
			Requests: ask(body(response, "")), Class: engine.SendWindow, Code: "10/2018278"},
		{Name: "a bot's after a day", Channel: people, Outbound: said("hi", heard(25*time.Hour)), Answers: []connectortest.Answer{late},
			Requests: ask(body(response, "")), Class: engine.SendWindow, Code: "10/2018278"},
		{Name: "no message id", Outbound: said("hi"), Answers: []connectortest.Answer{{Body: `{"recipient_id":"7"}`}}, Requests: ask(body(response, "")), Class: engine.SendUnsure},
		{Name: "the answer is lost", Outbound: said("hi"), Answers: []connectortest.Answer{{Drop: true}}, Requests: ask(body(response, "")), Class: engine.SendUnsure},
		{Name: "a proxy fails", Outbound: said("hi"), Answers: []connectortest.Answer{{Status: 502, Body: "<html>"}}, Requests: ask(body(response, "")), Class: engine.SendUnsure},
		{Name: "too fast, with a time", Outbound: said("hi"), Requests: ask(body(response, "")), Class: engine.SendThrottle, Code: "613", RetryAfter: 30 * time.Second,
			Answers: []connectortest.Answer{{Status: 400, Header: map[string]string{"Retry-After": "30"}, Body: refusal(400, 613, 0).Body}}},
		{Name: "the token in the answer", Outbound: said("hi"), Requests: ask(body(response, "")), Class: engine.SendInvalid, Code: "100", Message: "***",
			Answers: []connectortest.Answer{{Status: 400, Body: `{"error":{"message":"Bad token ` + token + `","code":100}}`}}},
		{Name: "nothing to send", Outbound: said(" "), Class: engine.SendInvalid},
		{Name: "to nobody", Outbound: said("hi", func(o *engine.Outbound) { o.To = "" }), Class: engine.SendInvalid},
		{Name: "without a token", Channel: func(ch *engine.Channel) { delete(ch.Secrets, "access_token") }, Outbound: said("hi"), Class: engine.SendAuth},
		{Name: "without a Page", Channel: func(ch *engine.Channel) { ch.Address = "" }, Outbound: said("hi"), Class: engine.SendAuth},
	})
}

// TestFailures goes through every code of the Send API that Meta documents.
func TestFailures(t *testing.T) {
	t.Parallel()
	var cases []connectortest.OutboundCase
	for _, tt := range []struct {
		status, code, sub int
		class             engine.SendClass
		wait              time.Duration
	}{
		{500, -1, 0, engine.SendRetry, 0},
		{500, 1, 0, engine.SendRetry, 0},
		{400, 1, 99, engine.SendRetry, 0},
		{500, 1, 1357046, engine.SendUnsure, 0}, // it was sent, says Meta
		{500, 2, 0, engine.SendRetry, 0},
		{500, 1200, 0, engine.SendRetry, 0},
		{400, 4, 0, engine.SendThrottle, time.Second},
		{400, 4, 2018022, engine.SendThrottle, time.Second},
		{400, 17, 0, engine.SendThrottle, time.Second},
		{400, 32, 0, engine.SendThrottle, time.Second},
		{400, 613, 0, engine.SendThrottle, time.Second},
		{400, 80006, 0, engine.SendThrottle, time.Minute},
		{429, 0, 0, engine.SendThrottle, time.Second},
		{400, 10, 2018278, engine.SendWindow, 0},
		{400, 10, 2018065, engine.SendWindow, 0},
		{400, 551, 0, engine.SendGone, 0},
		{400, 551, 1545041, engine.SendGone, 0},
		{400, 200, 1545041, engine.SendGone, 0},
		{400, 10, 2018108, engine.SendGone, 0},
		{400, 100, 2018001, engine.SendGone, 0},
		{400, 100, 0, engine.SendInvalid, 0},
		{400, 100, 1893061, engine.SendInvalid, 0},
		{400, 100, 2018109, engine.SendInvalid, 0},
		{400, 4, 2018109, engine.SendInvalid, 0},
		{400, 100, 2018007, engine.SendInvalid, 0},
		{400, 100, 2018008, engine.SendInvalid, 0},
		{401, 190, 0, engine.SendAuth, 0},
		{401, 190, 463, engine.SendAuth, 0},
		{403, 10, 0, engine.SendAuth, 0},
		{403, 10, 1893063, engine.SendAuth, 0},
		{403, 200, 0, engine.SendAuth, 0},
		{403, 230, 0, engine.SendAuth, 0},
		{403, 299, 0, engine.SendAuth, 0},
		{400, 368, 0, engine.SendAuth, 0},
		{400, 100, 33, engine.SendAuth, 0},
		{400, 424242, 0, engine.SendInvalid, 0},
		{500, 424242, 0, engine.SendRetry, 0},
	} {
		code := fmt.Sprint(tt.code)
		switch {
		case tt.code == 0:
			code = ""
		case tt.sub != 0:
			code += fmt.Sprint("/", tt.sub)
		}
		cases = append(cases, connectortest.OutboundCase{
			Name: fmt.Sprintf("%d %d %d", tt.status, tt.code, tt.sub), Outbound: said("hi"), Answers: []connectortest.Answer{refusal(tt.status, tt.code, tt.sub)},
			Requests: []connectortest.Request{{Path: path, Body: body(response, "")}}, Class: tt.class, Code: code, RetryAfter: tt.wait,
		})
	}
	connectortest.RunOutbound(t, suite(), cases)
}

// TestStatuses sends once for each HTTP status, whose answer Meta has not written.
func TestStatuses(t *testing.T) {
	t.Parallel()
	connectortest.RunStatuses(t, suite(), said("hi"), func(status int) string {
		if status/100 == 2 && status != http.StatusNoContent {
			return accepted
		}
		return "<html>"
	}, func(status int) engine.SendClass {
		switch {
		case status == http.StatusNoContent:
			return engine.SendUnsure // an answer that names no message
		case status/100 == 2:
			return ""
		case status == 401, status == 403, status == 404, status == 407:
			return engine.SendAuth
		case status == 408, status == 425:
			return engine.SendRetry
		case status == 429:
			return engine.SendThrottle
		case status/100 == 3, status/100 == 4:
			return engine.SendInvalid
		}
		return engine.SendUnsure
	})
}

// TestAttentive: both actions go out, to nobody else.
func TestAttentive(t *testing.T) {
	t.Parallel()
	conn := suite().New(http.DefaultClient)
	var asked []string
	ch, meta := meta(t, func(w http.ResponseWriter, r *http.Request, body string) {
		asked = append(asked, r.Method+" "+r.URL.Path+" "+body)
		fmt.Fprint(w, `{"recipient_id":"`+consumer+`"}`)
	})
	defer meta.Close()
	who := conn.(engine.Attentive)
	if err := errors.Join(who.Typing(t.Context(), ch, consumer, "m_1"), who.Seen(t.Context(), ch, consumer, "m_1")); err != nil {
		t.Error(err)
	}
	want := []string{
		"POST " + path + ` {"recipient":{"id":"` + consumer + `"},"sender_action":"typing_on"}`,
		"POST " + path + ` {"recipient":{"id":"` + consumer + `"},"sender_action":"mark_seen"}`,
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answers map[string]connectortest.Answer // by the fields that are asked for
		want    engine.Profile
		code    engine.Code
		class   engine.SendClass
	}{
		"known": {
			answers: map[string]connectortest.Answer{"first_name,last_name,locale": {Body: `{"first_name":"Ann","last_name":"Li","locale":"en_GB","id":"7"}`}},
			want:    engine.Profile{Name: "Ann Li", Language: "en-GB"},
		},
		"without a language": {
			answers: map[string]connectortest.Answer{"first_name,last_name,locale": refusal(403, 200, 0), "first_name,last_name": {Body: `{"first_name":"Ann"}`}},
			want:    engine.Profile{Name: "Ann"},
		},
		"nobody":            {answers: map[string]connectortest.Answer{"first_name,last_name,locale": refusal(400, 100, 33)}, code: engine.NotFound},
		"not to be known":   {answers: map[string]connectortest.Answer{"first_name,last_name,locale": refusal(400, 100, 2018218)}, code: engine.NotFound},
		"has not agreed":    {answers: map[string]connectortest.Answer{"first_name,last_name,locale": refusal(403, 230, 0)}, code: engine.NotFound},
		"without a name":    {answers: map[string]connectortest.Answer{"first_name,last_name,locale": {Body: `{"id":"7"}`}}, code: engine.NotFound},
		"Meta is down":      {answers: map[string]connectortest.Answer{"first_name,last_name,locale": refusal(500, 2, 0)}, class: engine.SendRetry},
		"the token expired": {answers: map[string]connectortest.Answer{"first_name,last_name,locale": refusal(401, 190, 0), "first_name,last_name": refusal(401, 190, 0)}, class: engine.SendAuth},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ch, meta := meta(t, func(w http.ResponseWriter, r *http.Request, _ string) {
				a, known := tt.answers[r.URL.Query().Get("fields")]
				if r.URL.Path != "/v25.0/"+consumer || !known {
					t.Errorf("asked for %s", r.URL)
				}
				if a.Status != 0 {
					w.WriteHeader(a.Status)
				}
				fmt.Fprint(w, a.Body)
			})
			defer meta.Close()
			got, err := suite().New(http.DefaultClient).(engine.Profiler).Profile(t.Context(), ch, consumer)
			failed, _ := errors.AsType[*engine.SendError](err)
			switch {
			case tt.class != "":
				if failed == nil || failed.Class != tt.class {
					t.Errorf("fails with %v, want the class %q", err, tt.class)
				}
			case engine.CodeOf(err) != tt.code || got != tt.want:
				t.Errorf("gives %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const webhook = connectortest.PublicURL + "/hooks/acme.page"
	all := `["messages","messaging_postbacks","message_deliveries","message_reads","message_reactions","message_echoes","message_edits","messaging_referrals"]`
	good := map[string]string{
		"me":                      `{"id":"` + page + `","name":"Acme"}`,
		"app":                     `{"id":"99","name":"Desk"}`,
		page + "/subscribed_apps": `{"data":[{"id":"1","subscribed_fields":["feed"]},{"id":"99","subscribed_fields":` + all + `}]}`,
		"99/subscriptions":        `{"data":[{"object":"user","callback_url":"x","active":true},{"object":"page","callback_url":"` + webhook + `","active":true}]}`,
	}
	for name, tt := range map[string]struct {
		path, answer string // another answer than the good one
		settings     func(*engine.Channel)
		found        int    // findings
		problem      string // of the last one that is not well
	}{
		"all is well":        {found: 6},
		"no token":           {settings: func(ch *engine.Channel) { delete(ch.Secrets, "access_token") }, found: 1, problem: "access_token is missing."},
		"an expired token":   {path: "me", answer: refusal(401, 190, 463).Body, found: 1, problem: "Meta does not accept the access token; it may have expired."},
		"another Page's":     {path: "me", answer: `{"id":"5","name":"Ann"}`, found: 2, problem: "It is the token of Ann, 5. The channel needs one of the Page, not of a person."},
		"not subscribed":     {path: page + "/subscribed_apps", answer: `{"data":[]}`, found: 3, problem: "The account is not subscribed to messages, messaging_postbacks."},
		"without receipts":   {path: page + "/subscribed_apps", answer: `{"data":[{"id":"99","subscribed_fields":["messages","messaging_postbacks","message_reads"]}]}`, found: 6, problem: "The account is not subscribed to message_deliveries, message_reactions, message_echoes, message_edits, messaging_referrals; messages come and go without."},
		"another app secret": {path: "99/subscriptions", answer: refusal(400, 190, 0).Body, found: 5, problem: "Meta does not accept app_secret for the app that the access token is of."},
		"another webhook":    {path: "99/subscriptions", answer: `{"data":[{"object":"page","callback_url":"https://old.example/hook","active":true}]}`, found: 6, problem: "It calls https://old.example/hook. Enter the other address in the app's settings."},
		"not active":         {path: "99/subscriptions", answer: `{"data":[{"object":"page","callback_url":"` + webhook + `","active":false}]}`, found: 6, problem: "The app's webhook is not active."},
		"no webhook":         {path: "99/subscriptions", answer: `{"data":[]}`, found: 6, problem: "The app has no webhook yet."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ch, meta := meta(t, func(w http.ResponseWriter, r *http.Request, _ string) {
				at := r.URL.Path[len("/v25.0/"):]
				want := "Bearer " + token
				if at == "99/subscriptions" {
					want = "Bearer 99|meta-app-secret-0001"
				}
				if got := r.Header.Get("Authorization"); got != want {
					t.Errorf("%s is asked for with %q", at, got)
				}
				if at == tt.path {
					fmt.Fprint(w, tt.answer)
					return
				}
				fmt.Fprint(w, good[at])
			})
			defer meta.Close()
			if tt.settings != nil {
				tt.settings(&ch)
			}
			found := suite().New(http.DefaultClient).(engine.Checker).Check(t.Context(), ch, webhook)
			problem := ""
			for _, f := range found {
				if f.OK != (f.Problem == "") || f.What == "" {
					t.Errorf("a finding contradicts itself: %+v", f)
				}
				if !f.OK {
					problem = f.Problem
				}
			}
			if len(found) != tt.found || problem != tt.problem {
				t.Errorf("found %+v, want %d with %q", found, tt.found, tt.problem)
			}
		})
	}
}

// meta is a channel whose API answers so.
func meta(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, body string)) (engine.Channel, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		if n, err := r.Body.Read(body); n < len(body) {
			t.Errorf("read request: %v", err)
		}
		answer(w, r, string(body))
	}))
	ch := channel()
	ch.Config["api_base"] = server.URL
	return ch, server
}
