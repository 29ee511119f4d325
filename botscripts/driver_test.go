package botscripts

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/sandbox"
	"parley/engine"
)

// driver plays dialog's part for one session. Session and journal go through
// JSON between turns, so that every test also tests durability, and every
// turn runs twice, so that every test also tests determinism.
type driver struct {
	t       testing.TB
	bot     engine.Bot
	session engine.Session
	journal []engine.JournalEntry
	brand   engine.Brand
	skills  []engine.Skill
	conv    engine.Conversation
	who     engine.Consumer
	now     time.Time
	fault   *engine.Fault
	restart []byte
	used    bool
	watch   func(engine.Turn, engine.Outcome) // sees each turn that is committed
}

// testLimits leaves time out: a slow test machine must not look like a slow bot.
func testLimits() sandbox.Limits {
	limits := sandbox.DefaultLimits()
	limits.Wall = time.Minute
	return limits
}

func sunday() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }

func testBrand() engine.Brand {
	return engine.Brand{ID: "acme", Name: "Acme", Settings: engine.BrandSettings{
		TimeZone:     "Europe/Berlin",
		Languages:    []string{"en", "de"},
		DefaultSkill: "care",
		EscapeWords: map[string][]string{
			"en": {"agent", "human", "real person"},
			"de": {"Mitarbeiter"},
		},
	}}
}

func load(t testing.TB, rt *Runtime, files map[string]string, name string) engine.Bot {
	t.Helper()
	hash := fmt.Sprintf("%x", len(fmt.Sprint(files))) + t.Name()
	b, err := rt.Bot(hash, name, func() (engine.Bundle, error) { return engine.Bundle{Hash: hash, Files: files}, nil })
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newDriver(t testing.TB, files map[string]string) *driver {
	t.Helper()
	return driverFor(t, load(t, New(Config{Limits: testLimits()}), files, "main"))
}

func driverFor(t testing.TB, b engine.Bot) *driver {
	return &driver{
		t: t, bot: b, now: sunday(), brand: testBrand(),
		skills: []engine.Skill{{ID: "care", Name: "Care"}, {ID: "sales", Name: "Sales", Hours: &engine.Hours{
			Shifts: []engine.Shift{{Days: []time.Weekday{time.Monday}, Span: engine.Span{From: 9 * 60, Until: 17 * 60}}},
		}}},
		session: engine.Session{ID: "s1", Brand: "acme", Conversation: "c1", Bot: "main", Version: "b1", Seed: 42},
		conv:    engine.Conversation{ID: "c1", Brand: "acme", Channel: "acme.web", Kind: "webchat", Address: "v1", Attributes: map[string]string{"from": "web"}},
		who:     engine.Consumer{ID: "p1", Name: "Kim", Attributes: map[string]string{"tier": "gold"}},
	}
}

func script(lua string) map[string]string { return map[string]string{"bots/main.lua": lua} }

func (d *driver) turn(input *engine.InboxEntry, first *engine.Content) engine.Turn {
	return engine.Turn{
		Session: roundTrip(d.t, d.session), Journal: roundTrip(d.t, d.journal), Input: input, First: first,
		Now: d.now, Brand: d.brand, Consumer: d.who, Conversation: d.conv, Skills: d.skills,
		Channels: []string{"acme.sms", "acme.web"},
	}
}

// step runs a turn and commits it.
func (d *driver) step(input *engine.InboxEntry, first *engine.Content) []engine.Effect {
	d.t.Helper()
	out := d.dry(input, first)
	if d.watch != nil {
		d.watch(d.turn(input, first), out)
	}
	for _, e := range out.Journal {
		switch {
		case e.N < len(d.journal):
			d.journal[e.N] = e
		case e.N == len(d.journal):
			d.journal = append(d.journal, e)
		default:
			d.t.Fatalf("journal entry %d leaves a gap", e.N)
		}
	}
	for _, e := range out.Effects {
		if s := e.Set; s != nil && s.Scope == "conversation" {
			attributes := map[string]string{}
			for k, v := range d.conv.Attributes {
				attributes[k] = v
			}
			attributes[s.Name] = s.Value
			d.conv.Attributes = attributes
		}
	}
	d.session.State, d.session.Wait, d.session.Steps = out.State, out.Wait, len(d.journal)
	d.fault, d.restart, d.used = out.Fault, out.Restart, out.UsedInput
	return out.Effects
}

// dry runs a turn twice, compares, and commits nothing.
func (d *driver) dry(input *engine.InboxEntry, first *engine.Content) engine.Outcome {
	d.t.Helper()
	out, err := d.bot.Step(d.turn(input, first))
	if err != nil {
		d.t.Fatal(err)
	}
	again, err := d.bot.Step(d.turn(input, first))
	if err != nil {
		d.t.Fatal(err)
	}
	if a, b := mustJSON(d.t, out), mustJSON(d.t, again); a != b {
		d.t.Fatalf("the same turn gave two outcomes:\n%s", cmp.Diff(a, b))
	}
	return out
}

func (d *driver) start(text string) []engine.Effect {
	d.t.Helper()
	return d.step(nil, &engine.Content{Text: text})
}

func (d *driver) say(text string) []engine.Effect {
	d.t.Helper()
	return d.content(engine.Content{Text: text})
}

func (d *driver) content(c engine.Content) []engine.Effect {
	d.t.Helper()
	return d.input(engine.InboxMessage, c)
}

func (d *driver) input(kind engine.InboxKind, data any) []engine.Effect {
	d.t.Helper()
	return d.step(d.entry(kind, data), nil)
}

func (d *driver) entry(kind engine.InboxKind, data any) *engine.InboxEntry {
	return &engine.InboxEntry{
		Conversation: "c1", Kind: kind, Session: "s1", Step: d.session.Wait.Step,
		Data: []byte(mustJSON(d.t, data)), At: d.now,
	}
}

func mustJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func roundTrip[T any](t testing.TB, v T) T {
	t.Helper()
	var out T
	if err := json.Unmarshal([]byte(mustJSON(t, v)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func spaced(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

// lines shows effects for people and golden files.
func lines(effects []engine.Effect) []string {
	var out []string
	for _, e := range effects {
		out = append(out, line(e))
	}
	return out
}

func line(e engine.Effect) string {
	switch {
	case e.Say != nil:
		s := "say " + e.Say.Text
		if len(e.Say.Choices) > 0 {
			var labels []string
			for _, c := range e.Say.Choices {
				labels = append(labels, c.Label)
			}
			s += " [" + strings.Join(labels, " | ") + "]"
		}
		for _, m := range e.Say.Media {
			s += fmt.Sprintf(" <%s %s%s%s>", m.Kind, m.URL, spaced(m.Name), spaced(m.MIME))
		}
		for _, c := range e.Say.Cards {
			s += fmt.Sprintf(" (%s%s%s)", c.Title, spaced(c.Subtitle), spaced(c.Image))
		}
		if l := e.Say.Location; l != nil {
			s += fmt.Sprintf(" @%v,%v%s%s", l.Lat, l.Lon, spaced(l.Name), spaced(l.Address))
		}
		return s
	case e.Note != nil:
		return "note " + *e.Note
	case e.Typing != nil:
		return fmt.Sprintf("typing %v", *e.Typing)
	case e.Tag != nil:
		return "tag " + *e.Tag
	case e.Set != nil:
		return fmt.Sprintf("set %s.%s=%s", e.Set.Scope, e.Set.Name, e.Set.Value)
	case e.Handoff != nil:
		h := e.Handoff
		s := fmt.Sprintf("handoff skill=%q reason=%q summary=%q await=%v", h.Skill, h.Reason, h.Summary, h.Await)
		if h.Level > 0 || h.Language != "" || h.Agent != "" || h.Priority > 0 {
			s += fmt.Sprintf(" level=%d language=%q agent=%q priority=%d", h.Level, h.Language, h.Agent, h.Priority)
		}
		for _, f := range h.Expects {
			s += fmt.Sprintf(" expects %s:%s%v%v%s", f.Name, f.Kind, f.Choices, f.Required, spaced(f.Label))
		}
		for _, f := range h.Facts {
			s += fmt.Sprintf(" %s=%s", f.Name, f.Value)
		}
		for _, a := range h.Tried {
			s += fmt.Sprintf(" (%s: %v)", a.What, a.OK)
		}
		return s
	case e.Close != nil:
		return fmt.Sprintf("close %q %q", e.Close.Outcome, e.Close.Summary)
	case e.HTTP != nil:
		return strings.TrimSpace("http " + e.HTTP.Method + " " + e.HTTP.URL + " " + e.HTTP.Body)
	case e.Timer != nil:
		return "timer " + e.Timer.UTC().Format(time.RFC3339)
	case e.Log != nil:
		return "log " + *e.Log
	case e.Query != nil && e.Query.Schedule != nil:
		f := e.Query.Schedule
		return strings.TrimSpace(fmt.Sprintf("schedule %q at %s channel=%q bot=%q %s", f.Name, f.At.UTC().Format(time.RFC3339), f.Channel, f.Bot, f.State))
	case e.Query != nil:
		return "query " + queryLine(*e.Query)
	case e.Cancel != nil:
		return "cancel " + *e.Cancel
	case e.Recall != nil:
		return "recall " + *e.Recall
	case e.Feedback != nil:
		return fmt.Sprintf("feedback %q searched=%q helped=%v", e.Feedback.Question, e.Feedback.Text, e.Feedback.Helped)
	}
	return "nothing"
}

func queryLine(q engine.Query) string {
	switch {
	case q.Value != nil:
		v := q.Value
		s := strings.TrimSpace(fmt.Sprintf("%s %s %s", v.Op, v.Key, v.Data))
		if v.Check {
			s += fmt.Sprintf(" version=%d", v.Version)
		}
		if v.TTL > 0 {
			s += fmt.Sprintf(" ttl=%v", v.TTL)
		}
		return s
	case q.Queue != nil:
		return "queue " + *q.Queue
	case q.History != nil:
		return fmt.Sprintf("history %d", q.History.Limit)
	case q.Identities:
		return "identities"
	}
	return "nothing"
}
