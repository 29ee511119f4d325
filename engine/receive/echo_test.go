package receive_test

import (
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

func echoed(id, text string) engine.Inbound {
	e := in(id, text)
	e.Kind, e.FromName = engine.InboundEcho, "Ben"
	return e
}

// What somebody of the brand writes in another app joins the transcript, is not sent, and
// nobody answers it. Of our own send the echo is the receipt.
func TestEchoes(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.WriteAs(enginetest.Phone, in("m0", "hi")).Conversation.ID
	ours := w.Queue(id, "Hello!")[0]
	w.Update(func(tx engine.Tx) error { // the provider has it, and its receipt is on the way
		item, err := tx.Outbox().Get(engine.SendID(ours.ID, 0, 0))
		if err != nil {
			return err
		}
		item.ProviderID = "m1"
		return tx.Outbox().Save(item)
	})
	w.WriteAs(enginetest.Phone, echoed("m1", "Hello!"))
	equal(t, engine.Sent, w.Message(ours.ID).State)
	w.Write("and my bike?")
	for range 2 { // it comes twice
		w.WriteAs(enginetest.Phone, echoed("m2", "It is ready."))
	}
	equal(t, []string{"consumer: hi", "bot: Hello!", "consumer: and my bike?", "agent: It is ready."}, w.Lines(id))
	c, last := w.Conversation(id), w.Messages(id)[3]
	if !c.WaitingSince.IsZero() || c.Owner != engine.OwnerBot || len(heard(w, id)) != 2 {
		t.Errorf("it is %+v, and the bot hears %q", c, heard(w, id))
	}
	if !last.Marks.Elsewhere || last.State != engine.Sent || last.AuthorName != "Ben" || last.AuthorID != "" {
		t.Errorf("the echo is %+v", last)
	}
	parts := enginetest.Read(w, func(tx engine.Tx) ([]engine.OutboxItem, error) { return tx.Sends().Of(last.ID) })
	equal(t, 0, len(parts))
	// A reaction may be about it.
	w.WriteAs(enginetest.Phone, reaction("m2", "❤️", 1))
	equal(t, 1, len(w.Message(last.ID).Marks.Reactions))

	// After the end it belongs to what ended, and before anything was said it begins.
	w.Close(id)
	w.WriteAs(enginetest.Phone, echoed("m3", "Thank you!"))
	equal(t, "agent: Thank you!", w.Lines(id)[4])
	equal(t, 1, len(all(w)))
	first := echoed("m4", "News!")
	first.From = "+15550009"
	taken := w.WriteAs(enginetest.Phone, first)
	if taken.Conversation.State != engine.Open || len(heard(w, taken.Conversation.ID)) != 0 || !taken.Conversation.HeardAt.IsZero() {
		t.Errorf("it began %+v", taken.Conversation)
	}
}

// While another app has the conversation everything is kept, and nobody here answers.
func TestStandby(t *testing.T) {
	t.Parallel()
	w := world(t)
	standby := func(id, text string) string {
		m := in(id, text)
		m.Standby = true
		return w.WriteAs(enginetest.Phone, m).Conversation.ID
	}
	id := standby("m0", "hi")
	standby("m1", "anybody?")
	c := w.Conversation(id)
	if len(heard(w, id)) != 0 || c.Ready || !c.WaitingSince.IsZero() || c.HeardAt.IsZero() {
		t.Errorf("it is %+v", c)
	}
	w.Write("and now?")
	equal(t, []string{"and now?"}, heard(w, id))
	equal(t, []string{"consumer: hi", "consumer: anybody?", "consumer: and now?"}, w.Lines(id))
	standby("m2", "STOP") // is law, and the other app's to answer
	lines := w.Lines(id)
	equal(t, "consumer: STOP", lines[len(lines)-1])
	equal(t, "opted_out", w.Conversation(id).Outcome)
}

// A receipt for all up to a time advances what was sent to the address by then, and
// nothing else.
func TestReceiptsUpToATime(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.WriteAs(enginetest.Phone, in("m0", "hi")).Conversation.ID
	other := in("m1", "hi")
	other.From = "+15550002"
	others := w.Queue(w.WriteAs(enginetest.Phone, other).Conversation.ID, "for another")[0]
	sent(w, others, "p0")
	var ours []engine.Message
	for i, text := range []string{"one", "two", "three", "four"} {
		m := w.Queue(id, text)[0]
		if i != 1 { // the second has not left yet
			sent(w, m, "p"+text)
		}
		ours = append(ours, m)
		w.Clock.Advance(time.Minute)
	}
	state := func() (out []engine.DeliveryState) {
		for _, m := range append(ours, others) {
			out = append(out, w.Message(m.ID).State)
		}
		return out
	}
	ch, _, err := w.Catalog.Channel(t.Context(), enginetest.Phone)
	if err != nil {
		t.Fatal(err)
	}
	tell := func(address string, until time.Duration, s engine.DeliveryState) {
		t.Helper()
		up := engine.StatusUpdate{Address: address, Until: enginetest.Noon().Add(until), State: s}
		if err := w.Receiver.Status(t.Context(), ch, up); err != nil {
			t.Fatal(err)
		}
	}
	tell("+15550009", time.Hour, engine.Read) // nobody's
	tell(enginetest.Address, time.Hour, engine.Failed)
	equal(t, []engine.DeliveryState{"sent", "queued", "sent", "sent", "sent"}, state())
	tell(enginetest.Address, 2*time.Minute, engine.Read)
	equal(t, []engine.DeliveryState{"read", "queued", "read", "sent", "sent"}, state())
	tell(enginetest.Address, time.Hour, engine.Delivered)
	equal(t, []engine.DeliveryState{"read", "queued", "read", "delivered", "sent"}, state())
	events := w.Cursor()
	tell(enginetest.Address, time.Hour, engine.Delivered)
	equal(t, events, w.Cursor())
}
