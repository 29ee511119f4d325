package rest_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest"
)

type simulation struct {
	Played   int
	Error    string
	Problems []api.Problem
	Events   []api.SimulatedEvent
	Steps    []struct {
		Events int
		State  api.SimulatedState
	}
	Sessions []api.BotSession
}

func said(events []api.SimulatedEvent) (out []string) {
	for _, e := range events {
		if e.Kind == "message" && *e.Author == "bot" {
			out = append(out, e.Content.Text)
		}
	}
	return out
}

func TestSimulate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sue := w.as("acme-sue")
	request := func(more fields) fields {
		out := fields{
			"files": folder("acme", "Maya"), "start": 1_790_000_000_000, "seed": 7, "consumer": fields{"name": "Maya"},
			"http": []fields{{"method": "GET", "url": "https://orders.example/*", "answer": fields{"status": 201}, "after": 2}},
			"inputs": []fields{
				{"kind": "message", "text": "hi"}, {"kind": "message", "text": "Call"}, {"kind": "advance", "seconds": 2}, {"kind": "message", "text": "bye"},
				{"kind": "say", "agent": "Ana", "text": "Hello"}, {"kind": "close", "agent": "Ana", "outcome": "solved", "fields": fields{"refund": false}},
			},
		}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	a := sue.send("POST", "/bots/simulate", request(nil))
	s := must[simulation](t, a, 200)
	want := "Hello Maya|What is it about?|Status 201|And now?|Refund: false"
	if got := strings.Join(said(s.Events), "|"); got != want || s.Played != 6 || s.Error != "" || len(s.Steps) != 6 {
		t.Fatalf("got %q, %d played, error %q", got, s.Played, s.Error)
	}
	if st := s.Steps[1].State; st.Wait == nil || st.Wait.Kind != "result" || *st.Line != "bots/concierge.lua:6" || st.Due == nil {
		t.Errorf("during the call: got %+v", st)
	}
	if st := s.Steps[3].State; *st.Owner != "queue" || st.Attributes["status"] != "201" || st.Handoff == nil || *st.Handoff.Summary != "bye" {
		t.Errorf("after the handoff: got %+v", st)
	}
	if again := sue.send("POST", "/bots/simulate", request(nil)); !bytes.Equal(a.raw, again.raw) {
		t.Error("the same request gives another answer")
	}
	var step int
	for _, e := range s.Sessions[0].Entries {
		if e.Call == "http.get" {
			step = e.N
		}
	}
	fork := must[simulation](t, sue.send("POST", "/bots/simulate", request(fields{"fork": fields{"session": 0, "step": step}})), 200)
	if fork.Played != 2 || len(fork.Sessions[0].Entries) != step+1 {
		t.Errorf("forked: %d played, %d entries", fork.Played, len(fork.Sessions[0].Entries))
	}
	// What was played is saved as a test, which passes.
	saved := must[api.Simulation](t, sue.send("POST", "/bots/simulate", request(fields{"test": true, "consumer": nil})), 200).Test
	if saved == nil || saved.Failure != nil || !strings.Contains(saved.Text, "\nhttp GET https://orders.example/48213") {
		t.Errorf("saved as a test: %+v", saved)
	}
	refused(t, sue.send("POST", "/bots/simulate", request(fields{"fork": fields{"session": 3, "step": 0}})), 400, engine.Invalid, "session")
	refused(t, sue.send("POST", "/bots/simulate", request(fields{"channel": "sms"})), 400, engine.Invalid, "channel")
	refused(t, sue.send("POST", "/bots/simulate", request(fields{"version": "active"})), 400, engine.Invalid, "files")
	refused(t, sue.send("POST", "/bots/simulate", request(fields{"inputs": make([]fields, 501)})), 400, engine.Invalid, "inputs")
	early := must[simulation](t, sue.send("POST", "/bots/simulate", request(fields{"inputs": []fields{{"kind": "message", "text": "hi"}, {"kind": "say", "text": "me"}}})), 200)
	if early.Played != 1 || early.Error == "" {
		t.Errorf("got %+v", early)
	}
	broken := folder("acme", "x")
	broken["bots/concierge.lua"] = "return function("
	if b := must[simulation](t, sue.send("POST", "/bots/simulate", request(fields{"files": broken})), 200); len(b.Problems) == 0 || b.Problems[0].Line != 1 {
		t.Errorf("got %+v", b)
	}
	busy := folder("acme", "x")
	busy["bots/concierge.lua"] = "return function(chat)\n  for i = 1, 20 do chat:say('x' .. i) end\n  chat:wait(1)\n  chat:restart {}\nend\n"
	b := must[simulation](t, sue.send("POST", "/bots/simulate", request(fields{"files": busy, "inputs": []fields{{"kind": "message", "text": "hi"}, {"kind": "advance", "seconds": 5e7}}})), 200)
	if len(b.Events) > 20_000 {
		t.Errorf("%d events", len(b.Events))
	}
}

func TestChecksAndTests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push("acme", "one")
	sue := w.as("acme-sue")
	files := folder("acme", "x")
	files["brand.yaml"] += "  sms: {kind: twilio, bot: concierge, address: \"${NUMBER}\", account_sid: \"${SID}\", auth_token: \"${TOKEN}\"}\n"
	type checked struct{ Problems []api.Problem }
	if got := must[checked](t, sue.send("POST", "/bots/check", fields{"files": files}), 200); len(got.Problems) > 0 {
		t.Errorf("got %+v", got.Problems)
	}
	files["bots/concierge.lua"] = "return function(chat)\n  chat:sey 'x'\nend"
	if got := must[checked](t, sue.send("POST", "/bots/check", fields{"files": files}), 200); len(got.Problems) != 1 || got.Problems[0].Line != 2 {
		t.Errorf("got %+v", got.Problems)
	}
	type tested struct {
		Passed, Failed int
		Problems       []api.Problem
		Tests          []api.TestResult
		Cover          []api.FileCover
	}
	good := must[tested](t, sue.send("POST", "/bots/test", fields{"version": hashOf("acme", "one"), "cover": true}), 200)
	if good.Passed != 1 || good.Failed != 0 || good.Tests[0].Title != "hello" || good.Cover[0].Ran == 0 || len(good.Cover[0].Missed) == 0 {
		t.Errorf("got %+v", good)
	}
	files = folder("acme", "x")
	files["tests/hello.chat"] = strings.Replace(files["tests/hello.chat"], "Hello x", "Good day", 1)
	bad := must[tested](t, sue.send("POST", "/bots/test", fields{"files": files}), 200)
	if bad.Failed != 1 || bad.Tests[0].Failure == nil || bad.Tests[0].Failure.Line != 3 || *bad.Tests[0].Failure.Got != "Hello x" {
		t.Errorf("got %+v", bad)
	}
	if none := must[tested](t, sue.send("POST", "/bots/test", fields{"files": files, "match": "goodbye"}), 200); none.Passed+none.Failed != 0 {
		t.Errorf("got %+v", none)
	}
	refused(t, sue.send("POST", "/bots/test", fields{"files": files, "match": "("}), 400, engine.Invalid, "match")
	files["tests/hello.chat"] = "nonsense\n"
	if wrong := must[tested](t, sue.send("POST", "/bots/test", fields{"files": files}), 200); len(wrong.Problems) != 1 || wrong.Problems[0].File != "tests/hello.chat" {
		t.Errorf("got %+v", wrong)
	}
}

func TestReplayAndExport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, brand := range []string{"acme", "other"} {
		w.push(brand, "one")
		w.activate(brand, "one")
		w.talk(brand, "c-"+brand, "hi", "my mail is maya@x.example")
	}
	sue := w.as("acme-sue")
	type replayed struct {
		Summary struct{ Conversations, Same, Different int }
		Results []api.ReplayResult
	}
	same := must[replayed](t, sue.send("POST", "/bots/replay", fields{"version": "active"}), 200)
	if same.Summary.Conversations != 1 || same.Summary.Same != 1 || len(same.Results) != 0 {
		t.Errorf("got %+v", same)
	}
	two := must[replayed](t, sue.send("POST", "/bots/replay", fields{"files": folder("acme", "two")}), 200)
	if two.Summary.Different != 1 || len(two.Results) != 1 || two.Results[0].Differences[0].Was != "Hello one" || two.Results[0].Differences[0].Is != "Hello two" {
		t.Errorf("got %+v", two)
	}
	if hidden := must[replayed](t, sue.send("POST", "/bots/replay", fields{"files": folder("acme", "two"), "show": 0}), 200); len(hidden.Results) != 0 {
		t.Errorf("got %+v", hidden)
	}
	later := w.clock().Add(time.Hour).UnixMilli()
	if none := must[replayed](t, sue.send("POST", "/bots/replay", fields{"version": "active", "from": later}), 200); none.Summary.Conversations != 0 {
		t.Errorf("got %+v", none)
	}
	x := must[struct{ Text string }](t, sue.send("GET", "/conversations/c-acme/test", nil), 200)
	if !strings.Contains(x.Text, "< Hello one") || strings.Contains(x.Text, "maya@x.example") {
		t.Errorf("got %s", x.Text)
	}
	refused(t, sue.send("GET", "/conversations/c-other/test", nil), 404, engine.NotFound, "")
}

// TestOneJobAtATime holds a job open and asks for another one.
func TestOneJobAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.adjust = func(r *rest.Server) { r.Hurry(0, time.Hour, 0, 0, 0, 0); r.Impatient() } })
	sue := w.as("acme-sue")
	// A body that does not come to an end keeps the place.
	body, end := newSlowBody()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "POST", w.url+"/api/v1/bots/test", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	sue.headers(req.Header)
	first := make(chan error, 1)
	go func() {
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err == nil {
			err = resp.Body.Close()
		}
		first <- err
	}()
	w.rest.AwaitJob("acme")
	a := sue.send("POST", "/bots/test", fields{"files": folder("acme", "x")})
	refused(t, a, 429, engine.RateLimited, "")
	if a.Header.Get("Retry-After") == "" {
		t.Error("nobody says when to come back")
	}
	must[any](t, w.as("other-sue").send("POST", "/bots/test", fields{"files": folder("other", "x")}), 200)
	must[any](t, sue.send("POST", "/bots/check", fields{"files": folder("acme", "x")}), 200)
	cancel()
	end()
	if err := <-first; err == nil {
		t.Error("the request without an end was answered")
	}
	w.rest.AwaitNoJob("acme")
	must[any](t, sue.send("POST", "/bots/test", fields{"files": folder("acme", "x")}), 200)
}

// newSlowBody is a body that begins and does not go on until end is called.
func newSlowBody() (io.Reader, func()) {
	r, wr := io.Pipe()
	go func() { _, _ = io.WriteString(wr, `{"files":`) }() // fails when the reader is gone
	return r, func() { _ = r.Close() }
}

// A job that takes too long ends, and the brand can have another one.
func TestJobsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) {
		s.adjust = func(r *rest.Server) { r.Hurry(0, time.Hour, 0, 0, 0, 0); r.LimitJobs(time.Nanosecond) }
	})
	w.push("acme", "one")
	w.activate("acme", "one")
	w.talk("acme", "c1", "hi")
	sue := w.as("acme-sue")
	for path, body := range map[string]fields{
		"/bots/test":             {"version": "active"},
		"/bots/replay":           {"version": "active"},
		"/bots/simulate":         {"version": "active", "inputs": []fields{{"kind": "message", "text": "hi"}}},
		"/bots/blast":            {"files": folder("acme", "two")},
		"/versions/active/blast": {},
	} {
		refused(t, sue.send("POST", path, body), 503, engine.Unavailable, "")
	}
}
