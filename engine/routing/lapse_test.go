package routing_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/routing"
)

func (w *world) user(id string) (u engine.User) {
	w.t.Helper()
	w.view(func(tx engine.Tx) (err error) { u, err = tx.Users().Get(brand, id); return err })
	return u
}

// offered puts an offer to the agent into the queue.
func (w *world) offered(id, agent string) {
	w.t.Helper()
	w.update(func(tx engine.Tx) error {
		e, err := tx.Queue().Get(id)
		if err != nil {
			return err
		}
		e.OfferedTo, e.OfferExpires = agent, w.clock().Add(time.Minute)
		return tx.Queue().Put(e)
	})
}

func (w *world) end(id, end string) {
	w.t.Helper()
	w.update(func(tx engine.Tx) error {
		e, err := tx.Queue().Get(id)
		if err != nil {
			return err
		}
		return conversation.EndOffer(tx, w.clock(), e, end)
	})
}

// TestLapsesSetAway: three offers in a row that nobody answered set her away,
// she and the team are told, and what else is offered to her waits again.
func TestLapsesSetAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, engine.Skill{ID: "care", AcceptSeconds: 30})
	w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 9})
	for _, id := range []string{"c1", "c2", "c3", "c4", "c5"} {
		w.addWaiting(id, "care")
		w.offered(id, "ana")
	}
	w.end("c1", conversation.Expired)
	w.end("c2", conversation.Expired)
	w.end("c3", conversation.Declined) // she is there after all
	if u := w.user("ana"); u.Presence != engine.Online || u.Lapses != 0 {
		t.Fatalf("after a decline she is %+v", u)
	}
	w.offered("c1", "ana")
	w.offered("c2", "ana")
	w.offered("c3", "ana")
	for i, id := range []string{"c1", "c2", "c3"} {
		if u := w.user("ana"); u.Presence != engine.Online || u.Lapses != i {
			t.Fatalf("after %d she is %+v", i, u)
		}
		w.end(id, conversation.Expired)
	}
	u := w.user("ana")
	if u.Presence != engine.Away || u.PresenceReason != engine.PresenceLapsed || u.Lapses != 0 || !u.PresenceSince.Equal(w.clock()) {
		t.Errorf("she is %+v", u)
	}
	for _, id := range []string{"c4", "c5"} {
		if e := w.entry(id); e.OfferedTo != "" || len(e.Avoid) != 0 {
			t.Errorf("%s is still hers: %+v", id, e)
		}
	}
	var told []engine.Notice
	w.view(func(tx engine.Tx) (err error) { told, err = tx.Notices().List(brand, "ana"); return err })
	if len(told) != 1 || told[0].Kind != engine.NoticeLapsed {
		t.Errorf("she is told %+v", told)
	}
	var presence []engine.PresenceData
	notices := 0
	for _, e := range w.events() {
		switch e.Kind {
		case engine.EventPresence:
			presence = append(presence, decode[engine.PresenceData](t, e))
		case engine.EventNotice:
			notices++
		}
	}
	want := []engine.PresenceData{{Agent: "ana", Presence: engine.Away, Seen: true, Reason: engine.PresenceLapsed}}
	if diff := cmp.Diff(want, presence); diff != "" || notices != 1 {
		t.Errorf("the team sees %s and %d notices", diff, notices)
	}
}

func TestLapsesAreASetting(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		setting, lapses int
		want            engine.Presence
	}{
		{1, 1, engine.Away},
		{2, 1, engine.Online},
		{-1, 20, engine.Online},
	} {
		w := newWorld(t, engine.Skill{ID: "care", AcceptSeconds: 30})
		w.update(func(tx engine.Tx) error {
			b, err := tx.Brands().Get(brand)
			if err != nil {
				return err
			}
			b.Settings.Desk.LapsedOffers = tt.setting
			return tx.Brands().Save(b)
		})
		w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 9})
		w.addWaiting("c1", "care")
		for range tt.lapses {
			w.offered("c1", "ana")
			w.end("c1", conversation.Expired)
		}
		if got := w.user("ana").Presence; got != tt.want {
			t.Errorf("%+v: she is %s", tt, got)
		}
	}
}

// TestAWaitForOneAgentEnds: when the agent lets the time go by, turns it down, is
// disabled or removed, anybody with the skill gets it, and the log says so.
func TestAWaitForOneAgentEnds(t *testing.T) {
	t.Parallel()
	gone := func(fn func(*engine.User)) func(*world) {
		return func(w *world) {
			u := w.user("ana")
			fn(&u)
			w.update(func(tx engine.Tx) error { return tx.Users().Save(u) })
		}
	}
	for name, tt := range map[string]struct {
		happens func(*world)
		reason  string
	}{
		"the time is over": {func(w *world) {
			w.advance(3 * time.Minute)
			w.update(func(tx engine.Tx) error { return tx.Users().Seen(brand, "bo", w.clock()) })
		}, "ANA did not take it, so anybody with the skill may"},
		"she declines": {func(w *world) {
			w.offered("c1", "ana")
			w.end("c1", conversation.Declined)
		}, "ANA did not take it, so anybody with the skill may"},
		"she lets it lapse": {func(w *world) {
			w.offered("c1", "ana")
			w.end("c1", conversation.Expired)
		}, "ANA did not take it, so anybody with the skill may"},
		"she is disabled": {gone(func(u *engine.User) { u.Disabled = true }), "ANA did not take it, so anybody with the skill may"},
		"she is removed": {func(w *world) {
			w.update(func(tx engine.Tx) error { return tx.Users().Remove(brand, "ana") })
		}, "The agent that it waited for is gone, so anybody with the skill may take it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engine.Skill{ID: "care"})
			w.addAgent(engine.User{ID: "bo", Skills: []string{"care"}, Slots: 1})
			w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 1})
			gone(func(u *engine.User) { u.Presence = engine.Away })(w)
			w.addWaiting("c1", "care")
			w.update(func(tx engine.Tx) error {
				e, err := tx.Queue().Get("c1")
				if err != nil {
					return err
				}
				e.Agent, e.AgentUntil = "ana", w.clock().Add(3*time.Minute)
				return tx.Queue().Put(e)
			})
			tt.happens(w)
			w.work(func() bool { return w.conversation("c1").Agent == "bo" })
			var reasons []string
			for _, e := range w.events() {
				if e.Kind == engine.EventOwner {
					reasons = append(reasons, decode[engine.ConversationData](t, e).Reason)
				}
			}
			if diff := cmp.Diff([]string{tt.reason, "assigned"}, reasons); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAsksAgainWhenOthersAreFull is how two conversations once waited twelve
// minutes: she had let them lapse, and the other agent was there but full.
func TestAsksAgainWhenOthersAreFull(t *testing.T) {
	t.Parallel()
	w := newWorld(t, engine.Skill{ID: "care", AcceptSeconds: 30})
	w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 4})
	w.addAgent(engine.User{ID: "bo", Skills: []string{"care"}, Slots: 0.5})
	w.addWaiting("c1", "care")
	w.addWaiting("c2", "care")
	for _, id := range []string{"c1", "c2"} {
		w.offered(id, "ana")
		w.end(id, conversation.Expired)
	}
	w.advance(routing.AvoidPause)
	w.update(func(tx engine.Tx) error { return tx.Users().Seen(brand, "ana", w.clock()) })
	w.work(func() bool { return w.entry("c1").OfferedTo == "ana" && w.entry("c2").OfferedTo == "ana" })
}
