package receive_test

import (
	"encoding/json"
	"testing"

	"parley/engine"
	"parley/engine/enginetest"
)

// heard is what the bot's inbox has of the consumer's texts.
func heard(w *enginetest.World, id string) []string {
	w.T.Helper()
	var out []string
	for _, e := range w.Inbox(id) {
		var c engine.Content
		if err := json.Unmarshal(e.Data, &c); err != nil {
			w.T.Fatal(err)
		}
		out = append(out, c.Text)
	}
	return out
}

// A reaction that a phone writes as a text is no text of the consumer: to the last message it is its emoji, to an
// earlier one it is nothing to a bot. The transcript has it as it came.
func TestReactions(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("hi").Conversation.ID
	w.Queue(id, "Write “agent” for a person.")
	w.Queue(id, "Shall I cancel the order?")
	for _, text := range []string{
		"Liked “Shall I cancel the order?”", "Loved “Write “agent” for a person.”", "Removed a like from “Shall I cancel the order?”",
		"Liked “Nobody wrote that”", "\u200a\u200b👎\u200b to “\u200aShall I cancel the order?\u200a”\u200a",
	} {
		w.Write(text)
	}
	equal(t, []string{"hi", "👍", "Liked “Nobody wrote that”", "👎"}, heard(w, id))
	lines := w.Lines(id)
	if lines[3] != "consumer: Liked “Shall I cancel the order?”" || len(lines) != 8 || len(all(w)) != 1 {
		t.Errorf("the transcript is %q", lines)
	}
}

// A reaction picks a choice as its emoji does.
func TestReactionPicks(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("hi").Conversation.ID
	w.Offer(id, "How was it?", engine.Choice{ID: "good", Label: "👍 Good"}, engine.Choice{ID: "bad", Label: "👎 Bad"})
	m := w.Write("Disliked “How was it?”").Message
	if m.Content.Picked == nil || m.Content.Picked.ID != "bad" {
		t.Errorf("picked %+v", m.Content.Picked)
	}
}

// A reaction to a goodbye begins nothing.
func TestReactionToAClosedConversation(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("hi").Conversation.ID
	w.Queue(id, "Goodbye!")
	w.Close(id)
	before := w.Conversation(id)
	first := w.WriteAs(enginetest.Phone, in("SM1", "Loved “Goodbye!”"))
	if again := w.WriteAs(enginetest.Phone, in("SM1", "Loved “Goodbye!”")); !again.Duplicate || first.Duplicate {
		t.Error("the same one twice is not known")
	}
	after := w.Conversation(id)
	if len(all(w)) != 1 || after.State != engine.Closed || after.Ready || !after.WaitingSince.Equal(before.WaitingSince) || after.LastSeq != before.LastSeq+1 {
		t.Errorf("it is %+v", after)
	}
	if w.Write("Loved “Hello!”"); len(all(w)) != 2 {
		t.Error("another text opens none")
	}
}

// On a channel of our own nobody writes reactions as texts, and people who have a conversation read what came.
func TestReactionsElsewhere(t *testing.T) {
	t.Parallel()
	w := world(t)
	web := w.WriteAs(enginetest.Web, in("", "hi")).Conversation.ID
	w.Queue(web, "Shall I cancel the order?")
	w.WriteAs(enginetest.Web, in("", "Liked “Shall I cancel the order?”"))
	equal(t, []string{"hi", "Liked “Shall I cancel the order?”"}, heard(w, web))
}

// The signature that a phone puts below each message is no part of an answer, and does not hide a keyword.
func TestSignatures(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("Where is my order?\n-- \nJohn Doe").Conversation.ID
	w.Offer(id, "Which one?", engine.Choice{ID: "a", Label: "The bike"}, engine.Choice{ID: "b", Label: "The bell"})
	m := w.Write("2\n\nSent from my iPhone").Message
	if m.Content.Picked == nil || m.Content.Picked.ID != "b" || m.Content.Text != "2\n\nSent from my iPhone" {
		t.Errorf("the answer is %+v", m.Content)
	}
	equal(t, []string{"Where is my order?", "2"}, heard(w, id))
	if w.Write("STOP\nSent from my iPhone"); w.Conversation(id).Outcome != "opted_out" {
		t.Error("STOP with a signature is not obeyed")
	}
	if last := w.Lines(id); last[len(last)-1][:7] != "system:" {
		t.Errorf("nobody answers what the provider does not know: %q", last)
	}
}
