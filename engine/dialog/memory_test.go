package dialog_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/dialog"
	"parley/engine/enginetest"
)

// rememberer is a bot that uses everything a turn leaves behind.
const rememberer = `
local store = require "store"
return function(chat)
	chat:set("n", "0")
	chat:tag "begun"
	local n = 0
	while true do
		local a = chat:ask("Question " .. n .. "?")
		n = n + 1
		chat:set("n", tostring(n))
		if a.text == "name" then consumer:set("name", "Ann " .. n) end
		if a.text == "store" then store.set("k" .. n, a.text) end
		if a.text == "person" then chat:handoff { skill = "care" } end
		if a.text == "bye" then return chat:close "done" end
	end
end`

// inform takes the news of the consumer's words off the bus.
func inform(w *enginetest.World, channel, from, text string) (engine.ConversationRef, *conversation.News) {
	var news *conversation.News
	defer w.Bus.Subscribe(engine.TopicDialog, func(s engine.Signal) { news, _ = s.Local.(*conversation.News) })()
	c := w.WriteAs(channel, engine.Inbound{From: from, ProviderID: w.ID(), Content: engine.Content{Text: text}}).Conversation
	return engine.ConversationRef{Brand: c.Brand, ID: c.ID}, news
}

// What a worker remembers is what the store would tell, and where it cannot be it
// says so.
func TestMemoryIsWhatTheStoreTells(t *testing.T) {
	t.Parallel()
	w := with(t, rememberer)
	w.Dialog.Remember()
	// Stores keep milliseconds.
	w.Clock.Advance(1234567 * time.Nanosecond)
	for i, step := range []struct {
		text     string
		recalled bool // what was written before is known without the store
	}{
		{"hello", true}, {"one", true}, {"store", true}, {"two", true}, {"name", true}, {"after the name", false}, {"three", true},
		{"person", true}, {"to a person", false},
	} {
		w.Clock.Advance(time.Second + 1234567*time.Nanosecond)
		ref, news := inform(w, enginetest.Phone, enginetest.Address, step.text)
		got, ok := w.Dialog.Recalled(ref, news)
		if ok != step.recalled {
			t.Fatalf("%d, %q: recalled %t", i, step.text, ok)
		}
		if want, err := w.Dialog.Stored(t.Context(), ref); err != nil {
			t.Fatal(err)
		} else if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(0)); ok && diff != "" {
			t.Errorf("%d, %q: the store (-) and the memory (+) differ:\n%s", i, step.text, diff)
		}
		if err := w.Dialog.Tell(t.Context(), ref, news); err != nil {
			t.Fatal(err)
		}
	}
}

// A turn that was made from what is no longer so is made again.
func TestMemoryLosesRaces(t *testing.T) {
	t.Parallel()
	w := with(t, rememberer)
	w.Dialog.Remember()
	ref, news := inform(w, enginetest.Phone, enginetest.Address, "hello")
	if err := w.Dialog.Tell(t.Context(), ref, news); err != nil {
		t.Fatal(err)
	}
	_, first := inform(w, enginetest.Phone, enginetest.Address, "first")
	inform(w, enginetest.Phone, enginetest.Address, "second")
	if err := w.Dialog.Tell(t.Context(), ref, first); err != nil { // the second has come meanwhile
		t.Fatal(err)
	}
	want := "consumer: hello, bot: Question 0?, consumer: first, consumer: second, bot: Question 1?, bot: Question 2?"
	if got := strings.Join(w.Lines(ref.ID), ", "); got != want {
		t.Errorf("it went %q", got)
	}
	// Another process has given it to a person.
	w.Enqueue(ref.ID, 0)
	_, late := inform(w, enginetest.Phone, enginetest.Address, "late")
	if err := w.Dialog.Tell(t.Context(), ref, late); err != nil {
		t.Fatal(err)
	}
	if lines := w.Lines(ref.ID); lines[len(lines)-1] != "consumer: late" {
		t.Errorf("it went %q", lines)
	}
}

// What is remembered is bounded, in size and in time.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	if n, bytes := dialog.Fill(100, 1<<20); n == 0 || n > 32 || bytes > 32<<20 {
		t.Errorf("%d conversations of %d bytes are kept", n, bytes)
	}
	if n, bytes := dialog.Fill(100_000, 10); n == 100_000 || bytes > 32<<20 {
		t.Errorf("%d small conversations of %d bytes are kept", n, bytes)
	}
	w := with(t, rememberer)
	w.Dialog.Remember()
	for _, after := range []time.Duration{0, time.Second, time.Minute} {
		w.Clock.Advance(after)
		ref, news := inform(w, enginetest.Phone, enginetest.Address, fmt.Sprint("after ", after))
		if _, ok := w.Dialog.Recalled(ref, news); ok != (after < time.Minute) {
			t.Errorf("after %s recalled %t", after, ok)
		}
		if err := w.Dialog.Tell(t.Context(), ref, news); err != nil {
			t.Fatal(err)
		}
	}
}
