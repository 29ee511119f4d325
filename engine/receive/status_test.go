package receive_test

import (
	"strings"
	"testing"

	"parley/engine"
	"parley/engine/enginetest"
)

func TestStatus(t *testing.T) {
	t.Parallel()
	type report struct {
		part  int
		state engine.DeliveryState
	}
	tests := []struct {
		name    string
		text    string
		reports []report
		want    engine.DeliveryState
		failure string
	}{
		{"in order", "a", []report{{0, engine.Sent}, {0, engine.Delivered}, {0, engine.Read}}, engine.Read, ""},
		{"out of order", "a", []report{{0, engine.Read}, {0, engine.Sent}, {0, engine.Delivered}}, engine.Read, ""},
		{"twice", "a", []report{{0, engine.Delivered}, {0, engine.Delivered}}, engine.Delivered, ""},
		{"failed", "a", []report{{0, engine.Sent}, {0, engine.Failed}}, engine.Failed, "why 0"},
		{"failed, then delivered", "a", []report{{0, engine.Failed}, {0, engine.Delivered}}, engine.Delivered, ""},
		{"delivered, then failed", "a", []report{{0, engine.Delivered}, {0, engine.Failed}}, engine.Delivered, ""},
		{"sent after failed", "a", []report{{0, engine.Failed}, {0, engine.Sent}}, engine.Failed, "why 0"},
		{"the first of two parts", "a|b", []report{{0, engine.Delivered}}, engine.Queued, ""},
		{"both parts", "a|b", []report{{0, engine.Delivered}, {1, engine.Sent}}, engine.Sent, ""},
		{"the first part fails", "a|b", []report{{0, engine.Failed}}, engine.Failed, "Part 1 of 2: why 0"},
		{"the first part fails, the second arrives", "a|b", []report{{0, engine.Failed}, {1, engine.Sent}, {1, engine.Delivered}}, engine.Failed, "Part 1 of 2: why 0"},
		{"the second part fails", "a|b", []report{{0, engine.Delivered}, {1, engine.Failed}}, engine.Failed, "why 1"},
		{"the first fails after the second arrived", "a|b", []report{{0, engine.Sent}, {1, engine.Delivered}, {0, engine.Failed}}, engine.Failed, "Part 1 of 2: why 0"},
		{"the failed part arrives after all", "a|b", []report{{0, engine.Failed}, {1, engine.Delivered}, {0, engine.Delivered}}, engine.Delivered, ""},
		{"words that look like a mark", "a|b", []report{{1, engine.Failed}, {1, engine.Delivered}}, engine.Delivered, ""},
		{"two parts fail", "a|b|c", []report{{1, engine.Failed}, {0, engine.Failed}, {2, engine.Read}}, engine.Failed, "Part 1 of 3: why 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			c := w.Write("hi").Conversation
			m := w.Queue(c.ID, tt.text)[0]
			items := outbox(w)
			for _, r := range tt.reports {
				st := engine.StatusUpdate{Item: items[r.part].ID, ProviderID: "SM" + items[r.part].ID, State: r.state}
				if r.state == engine.Failed {
					st.Message = "why " + string(rune('0'+r.part))
					if strings.HasPrefix(tt.name, "words") { // of a provider
						st.Message = "Part of the number is missing."
					}
				}
				if err := w.Receiver.Status(t.Context(), engine.Channel{ID: enginetest.Phone}, st); err != nil {
					t.Fatal(err)
				}
			}
			got := w.Message(m.ID)
			if got.State != tt.want || got.Failure != tt.failure {
				t.Errorf("the message is %s %q, want %s %q", got.State, got.Failure, tt.want, tt.failure)
			}
		})
	}
}

// outbox leases what waits to be sent, part by part, and gives it.
func outbox(w *enginetest.World) (items []engine.OutboxItem) {
	w.Update(func(tx engine.Tx) error {
		for {
			part, err := tx.Outbox().Claim(w.Clock.Now(), w.Clock.Now(), 10)
			if err != nil || len(part) == 0 {
				break
			}
			items = append(items, part...)
			for _, i := range part { // so that the next one can be claimed
				i.State = engine.OutboxDone
				if err := tx.Outbox().Save(i); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return items
}

func TestStatusOfSomebodyElse(t *testing.T) {
	t.Parallel()
	w := world(t)
	c := w.Write("hi").Conversation
	m := w.Queue(c.ID, "hello")[0]
	w.Update(func(tx engine.Tx) error {
		return tx.Outbox().Add(&engine.OutboxItem{
			ID: "call", Brand: c.Brand, Channel: c.Channel, Conversation: c.ID, Kind: engine.OutboxHTTP, State: engine.OutboxPending,
			DueAt: w.Clock.Now(), CreatedAt: w.Clock.Now(),
		})
	})
	before := w.Cursor()
	item := outbox(w)[0]
	for name, tt := range map[string]struct {
		channel string
		st      engine.StatusUpdate
	}{
		"unknown item":                {enginetest.Phone, engine.StatusUpdate{Item: "none", State: engine.Delivered}},
		"unknown provider id":         {enginetest.Phone, engine.StatusUpdate{ProviderID: "none", State: engine.Delivered}},
		"nothing named":               {enginetest.Phone, engine.StatusUpdate{State: engine.Delivered}},
		"the item of another channel": {enginetest.Web, engine.StatusUpdate{Item: item.ID, State: engine.Failed}},
		"an outside call":             {enginetest.Phone, engine.StatusUpdate{Item: "call", State: engine.Delivered}},
	} {
		if err := w.Receiver.Status(t.Context(), engine.Channel{ID: tt.channel}, tt.st); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if w.Cursor() != before || w.Message(m.ID).State != engine.Queued {
		t.Error("a foreign receipt left something")
	}
}

func TestStatusOptsOut(t *testing.T) {
	t.Parallel()
	w := world(t)
	c := w.Write("hi").Conversation
	w.Queue(c.ID, "hello")
	st := engine.StatusUpdate{Item: outbox(w)[0].ID, State: engine.Failed, Class: engine.SendOptedOut, Code: "21610", Message: "opted out"}
	for range 2 {
		if err := w.Receiver.Status(t.Context(), engine.Channel{ID: enginetest.Phone}, st); err != nil {
			t.Fatal(err)
		}
	}
	consent := enginetest.Read(w, func(tx engine.Tx) (engine.Consent, error) {
		return tx.Consumers().Consent(enginetest.Brand, enginetest.Phone, enginetest.Address)
	})
	if !consent.OptedOut || consent.Source != "provider: 21610" || len(w.Events(c.ID, engine.EventConsent)) != 1 {
		t.Errorf("consent is %+v", consent)
	}
}

func TestStatusFreesAnItemThatIsInDoubt(t *testing.T) {
	t.Parallel()
	w := world(t)
	c := w.Write("hi").Conversation
	w.Queue(c.ID, "hello")
	var item engine.OutboxItem
	w.Update(func(tx engine.Tx) error {
		items, err := tx.Outbox().Claim(w.Clock.Now(), w.Clock.Now(), 1)
		if err != nil {
			return err
		}
		item = items[0]
		item.State, item.Receipt = engine.OutboxUnsure, engine.Unknown
		return tx.Outbox().Save(item)
	})
	if err := w.Receiver.Status(t.Context(), engine.Channel{ID: enginetest.Phone}, engine.StatusUpdate{Item: item.ID, ProviderID: "SM1", State: engine.Sent}); err != nil {
		t.Fatal(err)
	}
	item = enginetest.Read(w, func(tx engine.Tx) (engine.OutboxItem, error) { return tx.Outbox().Get(item.ID) })
	if item.State != engine.OutboxDone || item.ProviderID != "SM1" || item.Receipt != engine.Sent {
		t.Errorf("the item is %+v", item)
	}
}
