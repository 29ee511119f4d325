package desk_test

import (
	"strings"
	"testing"

	"parley/engine"
)

// What an agent was told is kept with who and how.
func TestConsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	c := w.mine()
	ledger := func() []engine.Consent {
		t.Helper()
		list, err := engine.View(t.Context(), w.Store, func(tx engine.Tx) ([]engine.Consent, error) { return tx.Consumers().Consents("acme", c.Consumer, 10) })
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	for _, bad := range []string{"", " ", strings.Repeat("x", 501)} {
		_, err := w.Desk.Consent(t.Context(), w.sam, c.ID, true, bad)
		w.code(engine.Invalid, err)
	}
	if len(ledger()) > 0 {
		t.Fatal("a record without proof was kept")
	}
	record := func(u engine.User, out bool, source string) {
		t.Helper()
		if _, err := w.Desk.Consent(t.Context(), u, c.ID, out, source); err != nil {
			t.Fatal(err)
		}
	}
	record(w.kim, true, "On the phone: no more messages")
	record(w.kim, true, "On the phone: no more messages") // pressed twice
	list := ledger()
	if len(list) != 1 || !list[0].OptedOut || list[0].By != "agent:kim" || list[0].Source != "On the phone: no more messages" || list[0].At.IsZero() {
		t.Fatalf("%+v", list)
	}
	record(w.sam, false, "Asked for it again")
	if list := ledger(); len(list) != 2 || list[0].OptedOut || !list[1].OptedOut {
		t.Errorf("%+v", list)
	}
	_, err := w.Desk.Consent(t.Context(), engine.User{ID: "eve", Brand: "other"}, c.ID, true, "x")
	w.code(engine.NotFound, err)
}
