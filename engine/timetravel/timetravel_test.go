package timetravel_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts"
	"parley/botscripts/sandbox"
	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/log/recording"
	"parley/engine/outbox"
	"parley/engine/simulate"
	"parley/engine/timetravel"
	"parley/storage/memory"
	"parley/storage/sqlite/sqlitetest"
)

const concierge = `local http, faq, store = require "http", require "faq", require "store"
return function(chat)
  chat:say "Hello!"
  local request = chat:ask "What can I do for you?"
  local hit = faq.search(request.text)
  if hit then
    chat:say(hit.answer)
    return chat:close "answered"
  end
  local order = chat:ask("Which order?", { match = "^%d+$", hint = "Digits, please." })
  local found = http.get("https://orders.acme.example/" .. order.text)
  if found.ok then
    chat:say("It is " .. found.json.status .. ".")
  end
  local seen = store.get("seen") or 0
  store.set("seen", seen + 1)
  chat:say("You are number " .. (seen + 1) .. ". Your luck: " .. math.random(1000))
  local outcome = chat:handoff { skill = "care", reason = "wants more" }
  chat:say("The agent was " .. outcome.kind .. ".")
  local again = chat:ask("Anything else?", { timeout = 3600 })
  if again.timed_out then return chat:close "silent" end
  chat:say("You said " .. again.text .. " at " .. os.date("%H:%M"))
end
`

const questions = "## What does shipping cost?\n\n- shipping price\n\nNothing at all.\n"

func stage() simulate.Stage { return simulate.Stage{Runtime: runtime(), Store: memory.New} }

func runtime() *botscripts.Runtime {
	limits := sandbox.DefaultLimits()
	limits.Wall = time.Minute // a slow test machine must not look like a slow bot
	return botscripts.New(botscripts.Config{Limits: limits})
}

// recorded plays three conversations on a real store and reads what it kept.
func recorded(t *testing.T) (timetravel.Version, []recording.Recording) {
	t.Helper()
	db := sqlitetest.Open(t)
	files := map[string]string{"bots/main.lua": concierge, "faq/shop.md": questions}
	w := enginetest.New(t, db, runtime()).Seed(files)
	w.Update(func(tx engine.Tx) error {
		b, err := tx.Brands().Get(enginetest.Brand)
		if err != nil {
			return err
		}
		b.Settings.HTTPHosts = []string{"orders.acme.example"}
		return tx.Brands().Save(b)
	})
	w.Delivery.Fetch = func(context.Context, outbox.Call) outbox.Answer {
		return outbox.Answer{HTTPResponse: engine.HTTPResponse{Status: 200, Body: `{"status":"shipped"}`}}
	}
	ann := w.Agent("ann", engine.RoleAgent, "care")

	w.Say("hi")
	first := w.Say("what does shipping cost?")
	w.Clock.Advance(time.Hour)

	w.Say("hi again")
	w.Say("where is my bike?")
	w.Say("no idea")
	second := w.Say("48213")
	pump(t, w, second.ID)
	w.Assign(second.ID, ann)
	conv := w.Conversation(second.ID)
	if _, err := w.Desk.Return(t.Context(), ann, conv.ID, conv.Rev, "over to you"); err != nil {
		t.Fatal(err)
	}
	w.Visit(conv.ID)
	w.Clock.Advance(25 * time.Minute)
	w.Say("thanks")

	w.Clock.Advance(time.Hour)
	w.Say("hello?")

	var recs []recording.Recording
	err := recording.Each(t.Context(), db, runtime().Traits, recording.Period{Brand: enginetest.Brand}, func(r recording.Recording) error {
		recs = append(recs, r)
		return nil
	})
	if err != nil || len(recs) != 3 || recs[0].Conversation != first.ID {
		t.Fatalf("%d recordings, error %v", len(recs), err)
	}
	v := timetravel.Version{Stage: stage()}
	w.View(func(tx engine.Tx) error {
		if v.Brand, err = tx.Brands().Get(enginetest.Brand); err != nil {
			return err
		}
		if v.Channels, err = tx.Brands().Channels(enginetest.Brand); err != nil {
			return err
		}
		if v.Skills, err = tx.Brands().Skills(enginetest.Brand); err != nil {
			return err
		}
		v.Bundle, err = tx.Bundles().Get(enginetest.Brand, v.Brand.Version)
		return err
	})
	return v, recs
}

// pump lets the outside call of a conversation happen.
func pump(t *testing.T, w *enginetest.World, id string) {
	t.Helper()
	answered := make(chan struct{}, 1)
	cancel := w.Bus.Subscribe(engine.TopicDialog, func(engine.Signal) {
		select {
		case answered <- struct{}{}:
		default:
		}
	})
	defer cancel()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Delivery.Run(ctx) }()
	<-answered
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	w.Visit(id)
}

func edited(v timetravel.Version, pairs ...string) timetravel.Version {
	v.Bundle.Files = map[string]string{
		"bots/main.lua": strings.NewReplacer(pairs...).Replace(concierge), "faq/shop.md": strings.NewReplacer(pairs...).Replace(questions),
	}
	v.Bundle.Hash = fmt.Sprintf("%x", pairs)
	return v
}

func replay(t *testing.T, v timetravel.Version, recs []recording.Recording) ([]timetravel.Result, timetravel.Summary) {
	t.Helper()
	var out []timetravel.Result
	sum, err := timetravel.Replay(t.Context(), v, func(fn func(recording.Recording) error) error {
		for _, r := range recs {
			if err := fn(r); err != nil {
				return err
			}
		}
		return nil
	}, func(r timetravel.Result) error { out = append(out, r); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return out, sum
}

// TestSameVersion: what was recorded comes out again, random numbers, stored
// values and times included.
func TestSameVersion(t *testing.T) {
	t.Parallel()
	v, recs := recorded(t)
	if got := len(recs[1].Turns); got != 6 {
		t.Errorf("%d turns: %+v", got, recs[1].Turns)
	}
	results, sum := replay(t, v, recs)
	if sum.Same != 3 || sum.Conversations != 3 {
		t.Errorf("%+v\n%+v", sum, results)
	}
	// An export is the same.
	var file bytes.Buffer
	for _, r := range recs {
		if err := json.NewEncoder(&file).Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	var read []recording.Recording
	if err := recording.Decode(&file, 0, func(r recording.Recording) error { read = append(read, r); return nil }); err != nil {
		t.Fatal(err)
	}
	if _, sum := replay(t, v, read); sum.Same != 3 {
		t.Errorf("after an export: %+v", sum)
	}
}

func TestChangedVersion(t *testing.T) {
	t.Parallel()
	v, recs := recorded(t)
	for name, tt := range map[string]struct {
		edit []string
		want []string // "conversation kind was → is"
	}{
		"reply":   {[]string{`chat:say("It is "`, `chat:say("Now it is "`}, []string{"1 reply It is shipped. → Now it is shipped."}},
		"answer":  {[]string{"Nothing at all.", "Five euros."}, []string{"0 reply Nothing at all. → Five euros."}},
		"handoff": {[]string{`skill = "care"`, `skill = "sales"`}, []string{"1 handoff care → sales"}},
		"close":   {[]string{`chat:close "answered"`, `chat:close "faq"`}, []string{"0 close answered → faq"}},
		"gone":    {[]string{"  chat:say \"Hello!\"\n", ""}, []string{"0 reply Hello! → ", "1 reply Hello! → ", "2 reply Hello! → "}},
		"fault":   {[]string{`chat:say("It is " .. found.json.status .. ".")`, `chat:say(found.json.nothing.x)`}, nil},
		"call":    {[]string{"orders.acme.example/", "orders.acme.example/v2/"}, []string{"1 reply It is shipped. → ", "1 call  → GET https://orders.acme.example/v2/48213"}},
		"faq":     {[]string{"## What does shipping cost?", "## How are you?", "- shipping price", "- how do you do"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			results, sum := replay(t, edited(v, tt.edit...), recs)
			var got []string
			for i, r := range results {
				for _, d := range r.Differences {
					got = append(got, fmt.Sprintf("%d %s %s → %s", i, d.Kind, d.Was, d.Is))
				}
			}
			if sum.Different == 0 || sum.Same+sum.Different != 3 {
				t.Errorf("%+v", sum)
			}
			if tt.want != nil {
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Error(diff)
				}
				return
			}
			kind := map[string]string{"fault": "1 fault  → error:", "faq": "0 answer What does shipping cost? → nothing"}[name]
			if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, kind) }) {
				t.Errorf("no %q in %q", kind, got)
			}
		})
	}
}

// TestUnusable: a recording that cannot be run says why, and holds up nobody.
func TestUnusable(t *testing.T) {
	t.Parallel()
	v, recs := recorded(t)
	recs[0].Channel = "acme.gone"
	recs[1].Turns = nil
	results, sum := replay(t, v, recs)
	if sum.Skipped != 2 || sum.Same != 1 || results[0].Error == "" || results[1].Error == "" {
		t.Errorf("%+v\n%+v", sum, results)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"conversation":"c","turns":[{"at":"2026-11-22T09:00:00Z","message":{"text":"hi"}}]}` + "\n"))
	f.Add([]byte("\n{}\nnull\n"))
	v := timetravel.Version{Stage: stage(), Channels: []engine.Channel{{ID: "c", Bot: "main"}}, Bundle: engine.Bundle{Hash: "h", Files: map[string]string{"bots/main.lua": concierge}}}
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = recording.Decode(bytes.NewReader(data), 3, func(r recording.Recording) error {
			r.Channel = "c"
			if len(r.Turns) > 4 {
				r.Turns = r.Turns[:4]
			}
			timetravel.One(v, r)
			return nil
		})
	})
}

// BenchmarkReplay runs recorded conversations of ten turns.
func BenchmarkReplay(b *testing.B) {
	v, rec := long()
	b.ReportAllocs()
	n := 0
	sum, err := timetravel.Replay(b.Context(), v, func(fn func(recording.Recording) error) error {
		for b.Loop() {
			n++
			if err := fn(rec); err != nil {
				return err
			}
		}
		return nil
	}, func(timetravel.Result) error { return nil })
	if err != nil || sum.Skipped > 0 || sum.Conversations != n {
		b.Fatal(sum, err)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "conversations/s")
}

// long is a recording of ten turns against a bot that asks and looks up.
func long() (timetravel.Version, recording.Recording) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	rec := recording.Recording{Conversation: "c", Channel: "acme.web", Kind: "webchat", Bot: "main", Seeds: []int64{1}, Opened: at}
	for i := range 10 {
		rec.Turns = append(rec.Turns, recording.Turn{At: at.Add(time.Duration(i) * time.Minute), Message: &engine.Content{Text: fmt.Sprint("message ", i)}})
	}
	v := timetravel.Version{
		Stage: stage(), Brand: engine.Brand{ID: "acme", Settings: engine.BrandSettings{TimeZone: "Europe/Berlin", Languages: []string{"en"}}},
		Channels: []engine.Channel{{Brand: "acme", ID: "acme.web", Kind: "webchat", Bot: "main"}},
		Bundle: engine.Bundle{Hash: "long", Brand: "acme", Files: map[string]string{"bots/main.lua": `return function(chat)
  for i = 1, 9 do
    local answer = chat:ask("Question " .. i)
    chat:set("last", answer.text)
    chat:say("You said " .. answer.text)
  end
  chat:close "done"
end`}},
	}
	return v, rec
}
