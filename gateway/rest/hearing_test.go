package rest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/versions"
	"parley/gateway/api"
)

// said counts what a consumer said of an FAQ entry's answer.
func (w *world) said(brand, question string, helped bool) {
	w.t.Helper()
	f := engine.FAQFeedback{Brand: brand, Question: question, Unhelped: 1, At: w.clock()}
	if helped {
		f.Helped, f.Unhelped = 1, 0
	}
	w.update(func(tx engine.Tx) error { return tx.Feedback().Add(f) })
}

func tone(m *api.Mood) engine.Tone {
	if m == nil {
		return "none"
	}
	return m.Tone
}

type thread struct{ Messages []api.Message }

func (l thread) of(text string) api.Message {
	for _, m := range l.Messages {
		if m.Content.Text == text {
			return m
		}
	}
	return api.Message{}
}

// An angry consumer is heard; an agent knows better, and the mood follows.
func TestHearing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push("acme", "one")
	w.activate("acme", "one")
	ana := w.as("acme-ana")
	socket, polled := ana.live(w.end()), w.end()
	socket.until(isType("live"))
	const angry, plain = "This is terrible, I am very angry!", "it is the blue one"
	w.talk("acme", "c1", plain)
	if c := must[detail](t, ana.send("GET", "/conversations/c1", nil), 200).Conversation; c.Mood != nil {
		t.Errorf("a neutral message makes the mood %+v", c.Mood)
	}
	w.talk("acme", "c1", angry)

	heard := func(f liveFrame) bool { return f.Message != nil && f.Message.Content.Text == angry }
	if f := socket.until(heard); f.Message.Heard == nil || f.Message.Heard.Tone != engine.ToneNegative || tone(f.Mood) != engine.ToneNegative {
		t.Errorf("got %+v with %+v", f.Message, f.Mood)
	}
	if f := socket.until(func(f liveFrame) bool { return f.Kind == "mood" }); tone(f.Mood) != engine.ToneNegative || f.Detail != "now negative" || f.Conversation != "c1" {
		t.Errorf("got %+v", f)
	}
	page := must[struct{ Events []api.Event }](t, ana.send("GET", "/events?after="+polled, nil), 200)
	moods := 0
	for _, ev := range page.Events {
		if ev.Kind == api.EventKindMood {
			moods++
		}
	}
	if moods != 1 {
		t.Errorf("polled %d moods", moods)
	}
	list := must[thread](t, ana.send("GET", "/conversations/c1/messages", nil), 200)
	if m := list.of(angry); m.Heard == nil || m.Heard.Tone != engine.ToneNegative || m.Heard.Score >= 0 || m.Heard.By != nil || m.Heard.Language != nil {
		t.Errorf("got %+v", m.Heard)
	}
	if m := list.of(plain); m.Heard != nil {
		t.Errorf("heard %+v", m.Heard)
	}
	rows := must[struct{ Conversations []api.Conversation }](t, ana.send("GET", "/conversations?view=all", nil), 200)
	if len(rows.Conversations) != 1 || tone(rows.Conversations[0].Mood) != engine.ToneNegative || rows.Conversations[0].Mood.Score >= 0 {
		t.Errorf("got %+v", rows)
	}

	judge := func(message string) string { return "/conversations/c1/messages/" + message + "/tone" }
	is := func(tone string) fields { return fields{"tone": tone} }
	refused(t, ana.send("POST", judge(list.of(angry).Id), is("furious")), 400, engine.Invalid, "tone")
	refused(t, ana.send("POST", judge("nothing"), is("positive")), 404, engine.NotFound, "")
	refused(t, ana.send("POST", judge(strings.Repeat("x", 41)), is("positive")), 404, engine.NotFound, "")
	refused(t, ana.send("POST", judge(list.of("Hello one").Id), is("positive")), 404, engine.NotFound, "") // the bot's
	w.open("acme", "c2", "elsewhere")
	refused(t, ana.send("POST", judge(w.firstMessage("acme", "c2")), is("positive")), 404, engine.NotFound, "")
	w.open("other", "o1", "not ours")
	refused(t, ana.send("POST", "/conversations/o1/messages/"+w.firstMessage("other", "o1")+"/tone", is("positive")), 404, engine.NotFound, "")

	m := must[api.Message](t, ana.send("POST", judge(list.of(angry).Id), is("positive")), 200)
	if m.Heard == nil || m.Heard.Tone != engine.TonePositive || m.Heard.Score != 1 || m.Heard.By == nil || *m.Heard.By != "agent:acme-ana" {
		t.Errorf("judged: got %+v", m.Heard)
	}
	if f := socket.until(func(f liveFrame) bool { return f.Kind == "mood" }); tone(f.Mood) != engine.TonePositive || f.Detail != "now positive" || f.Actor != "agent:acme-ana" {
		t.Errorf("got %+v", f)
	}
	m = must[api.Message](t, ana.send("POST", judge(list.of(plain).Id), is("neutral")), 200)
	if m.Heard == nil || m.Heard.Tone != engine.ToneNeutral || m.Heard.Score != 0 || m.Heard.By == nil {
		t.Errorf("judged neutral: got %+v", m.Heard)
	}
	if c := must[detail](t, ana.send("GET", "/conversations/c1", nil), 200).Conversation; tone(c.Mood) != engine.TonePositive || c.Mood.Score <= 0 {
		t.Errorf("mood %+v", c.Mood)
	}
}

const answersLua = `local faq = require "faq"
return function(chat)
  local about = chat:ask "What is it about?"
  local hit = faq.search(about.text)
  faq.feedback(hit, chat:confirm(hit.answer .. " Did that help?"))
  chat:say "Noted."
end
`

const answersMd = `## When do you open?

- What are your opening hours?
- At what time do you open?

At nine.

## Do you repair bikes?

Yes, all of them.
`

type faqList struct{ Entries []api.FAQEntry }

// What consumers say of answers is told over the API, the least helpful first.
func TestAnswersThatHelp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	files := folder("acme", "answers")
	files["bots/concierge.lua"], files["faq/shop.md"] = answersLua, answersMd
	delete(files, "tests/hello.chat")
	hash := brandfolder.Hash(files)
	_, err := w.shelf.Push(context.Background(), engine.Bundle{Hash: hash, Brand: "acme", Files: files}, versions.By{})
	w.use(err)
	_, err = w.shelf.Activate(context.Background(), "acme", hash, versions.By{})
	w.use(err)
	sue := w.as("acme-sue")
	socket := sue.live(w.end())
	socket.until(isType("live"))
	w.talk("acme", "c1", "hi", "When do you open?", "yes")
	w.talk("acme", "c2", "hi", "Do you repair all bikes?", "no")

	for i, want := range []api.EventFeedback{{Question: "When do you open?", Helped: true}, {Question: "Do you repair bikes?", Helped: false}} {
		f := socket.until(func(f liveFrame) bool { return f.Kind == "faq_feedback" })
		if f.Feedback == nil || *f.Feedback != want || f.Conversation != fmt.Sprint("c", i+1) {
			t.Errorf("got %+v with %+v, want %+v", f, f.Feedback, want)
		}
	}
	w.said("acme", "How late are you?", false)
	w.said("acme", "How late are you?", false)
	w.said("other", "Is this ours?", false)
	got := ""
	for _, e := range must[faqList](t, sue.send("GET", "/faq", nil), 200).Entries {
		if e.At == nil || *e.At != w.clock().UnixMilli() {
			t.Errorf("%s: at %v", e.Question, e.At)
		}
		got += fmt.Sprintln(e.Question, e.Wordings, e.Helped, e.Unhelped, e.Active)
	}
	if want := "How late are you? 0 0 2 false\nDo you repair bikes? 0 0 1 true\nWhen do you open? 2 1 0 true\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	unhelped := sue.send("GET", "/utterances", nil)
	if must[any](t, unhelped, 200); !strings.Contains(string(unhelped.raw), `"source":"answer"`) {
		t.Errorf("what was not answered is not learnt from: %s", unhelped.raw)
	}
	if other := must[faqList](t, w.as("other-sue").send("GET", "/faq", nil), 200); len(other.Entries) != 1 || other.Entries[0].Question != "Is this ours?" || other.Entries[0].Active {
		t.Errorf("another brand: got %+v", other)
	}
}
