package dialog_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/enginetest"
)

// asking answers from the FAQ, counts whether that helped, and goes on.
func asking(t *testing.T) *enginetest.World {
	w := with(t, "return function() end")
	return w.Seed(map[string]string{"bots/main.lua": `local faq = require "faq"
return function(chat)
  local hit = faq.search(chat.opening.text)
  local helped = chat:confirm(hit.answer .. " Did that help?")
  faq.feedback(hit, helped)
  consumer:set("asked", "yes")
  chat:ask "What else?"
  chat:ask "And then?"
end`, "faq/shop.md": "## When are you open?\n\nFrom nine to five.\n"})
}

// told is what was counted, logged and kept.
func told(w *enginetest.World, id string) []string {
	out := []string{}
	counts := enginetest.Read(w, func(tx engine.Tx) ([]engine.FAQFeedback, error) { return tx.Feedback().List(enginetest.Brand) })
	for _, f := range counts {
		out = append(out, fmt.Sprintf("%s %d/%d at %s", f.Question, f.Helped, f.Unhelped, f.At.Format("15:04")))
	}
	for _, e := range w.Events(id, engine.EventFeedback) {
		var d engine.FeedbackData
		if err := json.Unmarshal(e.Data, &d); err != nil {
			w.T.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s: %s %v", e.Actor, d.Question, d.Helped))
	}
	kept := enginetest.Read(w, func(tx engine.Tx) ([]engine.Utterance, error) {
		return tx.Utterances().List(engine.UtteranceFilter{Brand: enginetest.Brand, Limit: 10})
	})
	for _, u := range kept {
		out = append(out, fmt.Sprint(u.Source, " ", u.State, " ", u.Text, " ", u.Question))
	}
	return out
}

func TestFeedback(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"yes", "no"} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			w := asking(t)
			id := w.Say("when are you open").ID
			w.Say(answer)
			want := []string{"When are you open? 1/0 at 12:00", "bot:main: When are you open? true"}
			if answer == "no" {
				want = []string{"When are you open? 0/1 at 12:00", "bot:main: When are you open? false", "answer open when are you open When are you open?"}
			}
			equal(t, want, told(w, id))
		})
	}
}

// A turn that fails while it is written, is done by two processes at once and is
// replayed by later turns counts once.
func TestFeedbackIsCountedOnce(t *testing.T) {
	t.Parallel()
	w := asking(t)
	id := w.Say("when are you open").ID
	w.Write("no")
	ref := engine.ConversationRef{Brand: enginetest.Brand, ID: id}
	failing := *w.Dialog
	failing.Store = &breaking{Store: w.Store, err: engine.Errorf(engine.Unavailable, "disk full")} // after the feedback
	if _, err := failing.Visit(t.Context(), ref); engine.CodeOf(err) != engine.Unavailable {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff([]string{}, told(w, id)); diff != "" {
		t.Fatalf("half of the turn was written:\n%s", diff)
	}
	other := *w.Dialog // another process
	m := &meddling{Store: w.Store}
	m.before, other.Store = func() { w.Visit(id) }, m
	if _, err := other.Visit(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	w.Say("hm")
	w.Say("hm")
	is(t, w.Conversation(id), engine.Closed, engine.OwnerNone)
	equal(t, []string{"When are you open? 0/1 at 12:00", "bot:main: When are you open? false", "answer open when are you open When are you open?"}, told(w, id))
}

// Who tries a draft is not counted. The log tells what they said all the same.
func TestFeedbackOnADraft(t *testing.T) {
	t.Parallel()
	w := asking(t)
	active := enginetest.Read(w, func(tx engine.Tx) (engine.Brand, error) { return tx.Brands().Get(enginetest.Brand) }).Version
	var id string
	for _, text := range []string{"when are you open", "no"} {
		id = w.WriteAs(enginetest.Web, engine.Inbound{From: "tester", ProviderID: text, Draft: active, Content: engine.Content{Text: text}}).Conversation.ID
		w.Visit(id)
	}
	equal(t, []string{"bot:main: When are you open? false"}, told(w, id))
}
