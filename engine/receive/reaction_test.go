package receive_test

import (
	"encoding/json"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/receive"
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

// sent lets the provider know a message by an id.
func sent(w *enginetest.World, m engine.Message, provider string) {
	w.T.Helper()
	ch, _, err := w.Catalog.Channel(w.T.Context(), m.Channel)
	if err == nil {
		err = w.Receiver.Status(w.T.Context(), ch, engine.StatusUpdate{Item: engine.SendID(m.ID, 0, 0), ProviderID: provider, State: engine.Sent})
	}
	if err != nil {
		w.T.Fatal(err)
	}
}

func reaction(of, emoji string, at int) engine.Inbound {
	return engine.Inbound{Kind: engine.InboundReaction, From: enginetest.Address, Of: of, Emoji: emoji, ProviderAt: enginetest.Noon().Add(time.Duration(at) * time.Second)}
}

// A reaction that the provider tells as one is kept on its message, and means to the bot what the text of one does.
func TestReactionsOfProviders(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.WriteAs(enginetest.Phone, in("m0", "hi")).Conversation.ID
	earlier, question := w.Queue(id, "Hello!")[0], w.Queue(id, "Shall I cancel the order?")[0]
	sent(w, earlier, "m1")
	sent(w, question, "m2")
	lines, rev := w.Lines(id), w.Conversation(id).Rev
	for _, r := range []engine.Inbound{
		reaction("m1", "❤️", 1), reaction("m0", "😂", 1), // not what was asked
		reaction("m2", "👎", 3), reaction("m2", "👎", 4), reaction("m2", "👍", 2), // told twice, and late
	} {
		w.WriteAs(enginetest.Phone, r)
	}
	equal(t, []string{"hi", "👎"}, heard(w, id))
	equal(t, rev+1, w.Conversation(id).Rev)
	marks := func(m engine.Message) []engine.Reaction { return w.Message(m.ID).Marks.Reactions }
	by := func(emoji string, at int) []engine.Reaction {
		return []engine.Reaction{{By: engine.AuthorConsumer, Emoji: emoji, At: enginetest.Noon().Add(time.Duration(at) * time.Second).UnixMilli()}}
	}
	equal(t, by("❤️", 1), marks(earlier))
	equal(t, by("👎", 3), marks(question))
	w.WriteAs(enginetest.Phone, reaction("m2", "", 5))
	w.WriteAs(enginetest.Phone, reaction("m2", "👎", 3)) // came once more
	equal(t, by("", 5), marks(question))
	equal(t, []string{"hi", "👎"}, heard(w, id))
	equal(t, lines, w.Lines(id)) // nothing was said
	equal(t, 4, len(w.Events(id, engine.EventMarked)))

	// Of others' messages, unknown ones and none it is left out.
	left := 0
	w.Receiver.Observe = func(n int, why receive.LeftOut) {
		equal(t, receive.LeftAbout, why)
		left += n
	}
	w.WriteAs(enginetest.Phone, engine.Inbound{From: "+15550002", ProviderID: "m3", Content: engine.Content{Text: "hi"}})
	stranger := reaction("m2", "👍", 9)
	stranger.From = "+15550002"
	for _, r := range []engine.Inbound{stranger, reaction("m9", "👍", 9), reaction("", "👍", 9), {Kind: engine.InboundReaction, From: "+15550003", Of: "m2", Emoji: "👍"}} {
		w.WriteAs(enginetest.Phone, r)
	}
	equal(t, 4, left)
	equal(t, by("", 5), marks(question))
}

// Where a person has the conversation, or it is over, a reaction is kept and nothing more.
func TestReactionsWhereNoBotListens(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.WriteAs(enginetest.Phone, in("m0", "hi")).Conversation.ID
	m := w.Queue(id, "Goodbye!")[0]
	sent(w, m, "m1")
	w.Close(id)
	w.WriteAs(enginetest.Phone, reaction("m1", "❤️", 1))
	c := w.Conversation(id)
	if got := w.Message(m.ID).Marks.Reactions; len(got) != 1 || len(all(w)) != 1 || c.State != engine.Closed || c.Ready {
		t.Errorf("reactions %+v of %+v", got, c)
	}
	// A text that is a reaction is kept on its message, too.
	w.Clock.Advance(time.Minute)
	w.Write("Liked “Goodbye!”")
	if got := w.Message(m.ID).Marks.Reactions; len(got) != 1 || got[0].Emoji != "👍" {
		t.Errorf("the text of a reaction left %+v", got)
	}
}

// A message that answers another one says which, when it is one of the consumer's thread.
func TestAnswersNameTheirMessage(t *testing.T) {
	t.Parallel()
	w := world(t)
	first := w.WriteAs(enginetest.Phone, in("m0", "hi"))
	ours := w.Queue(first.Conversation.ID, "Which one?")[0]
	sent(w, ours, "m1")
	stranger := engine.Inbound{From: "+15550002", ProviderID: "m3", Of: "m1", Content: engine.Content{Text: "hi"}}
	equal(t, "", w.WriteAs(enginetest.Phone, stranger).Message.Marks.Answers)
	for of, want := range map[string]string{"m0": first.Message.ID, "m1": ours.ID, "m9": "", "": ""} {
		answer := in("to"+of, "this")
		answer.Of = of
		m := w.WriteAs(enginetest.Phone, answer).Message
		equal(t, want, m.Marks.Answers)
		equal(t, m, w.Message(m.ID))
	}
}
