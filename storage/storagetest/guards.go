package storagetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"parley/engine"
)

// testGuards has many updates at once decide on a list, a count or on what is missing.
// Each reads what guards it first, and so none decides on what another one changes.
func testGuards(t *testing.T, f fixture) {
	f.update(func(t engine.Tx) error {
		return errors.Join(t.Brands().Save(brand("acme")), t.Users().Save(user("a")),
			t.Consumers().Add(engine.Consumer{ID: "ann", Brand: "acme"}, engine.Identity{Kind: "twilio", Address: "+1555"}))
	})
	const writers = 16
	for name, g := range map[string]struct {
		do    func(t engine.Tx, i int) error
		count func(t engine.Tx) (int, error)
		want  int
	}{
		"an agent's load, by the user": {
			func(t engine.Tx, i int) error {
				if _, err := t.Users().Get("acme", "a"); err != nil {
					return err
				}
				load, err := t.Conversations().Load("acme")
				if err != nil || load["a"] >= 2 {
					return err
				}
				c := conversation(fmt.Sprint("load", i))
				c.Owner, c.Agent = engine.OwnerAgent, "a"
				return t.Conversations().Add(c)
			},
			func(t engine.Tx) (int, error) {
				load, err := t.Conversations().Load("acme")
				return int(load["a"]), err
			},
			2,
		},
		"a brand's tokens, by its revision": {
			func(t engine.Tx, i int) error {
				if _, err := t.Brands().Rev("acme"); err != nil {
					return err
				}
				all, err := t.Logins().Tokens("acme")
				if err != nil || len(all) >= 3 {
					return err
				}
				return t.Logins().AddToken(engine.Token{ID: fmt.Sprint("token", i), Brand: "acme"})
			},
			func(t engine.Tx) (int, error) {
				all, err := t.Logins().Tokens("acme")
				return len(all), err
			},
			3,
		},
		"a consumer's plans, by the consumer": {
			func(t engine.Tx, i int) error {
				if _, err := t.Consumers().Get("acme", "ann"); err != nil {
					return err
				}
				n, err := t.Followups().Count("acme", "ann")
				if err != nil || n >= 3 {
					return err
				}
				name := fmt.Sprint("plan", i)
				return t.Followups().Add(engine.Followup{ID: name, Brand: "acme", Consumer: "ann", At: at(9), FollowupData: engine.FollowupData{Name: name}})
			},
			func(t engine.Tx) (int, error) { return t.Followups().Count("acme", "ann") },
			3,
		},
		"a brand that is missing": {
			func(t engine.Tx, i int) error {
				if _, err := t.Brands().Rev("new"); engine.CodeOf(err) != engine.NotFound {
					return err
				}
				return t.Brands().Save(brand("new"))
			},
			func(t engine.Tx) (int, error) {
				rev, err := t.Brands().Rev("new")
				return int(rev), err
			},
			1,
		},
		"a mark that is missing": {
			func(t engine.Tx, i int) error {
				at, err := t.Marks().Get("key")
				if err != nil {
					return err
				}
				return t.Marks().Set("key", time.UnixMilli(max(0, at.UnixMilli())+1))
			},
			func(t engine.Tx) (int, error) {
				at, err := t.Marks().Get("key")
				return int(at.UnixMilli()), err
			},
			writers,
		},
		"a circuit that is missing": {
			func(t engine.Tx, i int) error {
				c, err := t.Circuits().Get("acme.sms")
				if engine.CodeOf(err) == engine.NotFound {
					return t.Circuits().Add(engine.Circuit{Brand: "acme", Channel: "acme.sms", Failures: 1})
				}
				c.Failures++
				return errors.Join(err, t.Circuits().Save(c))
			},
			func(t engine.Tx) (int, error) {
				c, err := t.Circuits().Get("acme.sms")
				return c.Failures, err
			},
			writers,
		},
		"a provider's id that no send has": {
			func(t engine.Tx, i int) error {
				_, err := t.Outbox().ByProvider("acme.sms", "P1")
				if engine.CodeOf(err) != engine.NotFound {
					return err
				}
				o := item(fmt.Sprint("send", i), fmt.Sprint("c", i), 0)
				o.State, o.ProviderID = engine.OutboxDone, "P1"
				return t.Outbox().Add(o)
			},
			func(t engine.Tx) (n int, _ error) {
				for i := range writers {
					if _, err := t.Outbox().Get(fmt.Sprint("send", i)); err == nil {
						n++
					}
				}
				return n, nil
			},
			1,
		},
		"the highest number of an utterance": {
			func(t engine.Tx, i int) error {
				return t.Utterances().Add(&engine.Utterance{Brand: "acme", Conversation: fmt.Sprint("c", i), Text: "text", At: at(1)})
			},
			func(t engine.Tx) (int, error) {
				all, err := t.Utterances().List(engine.UtteranceFilter{Brand: "acme", Limit: 1})
				if err != nil || len(all) == 0 {
					return 0, err
				}
				return int(all[0].N), nil
			},
			writers,
		},
		"the highest number of a notice": {
			func(t engine.Tx, i int) error {
				return t.Notices().Add(&engine.Notice{Brand: "acme", Agent: "a", Kind: engine.NoticeLost, At: at(1)})
			},
			func(t engine.Tx) (int, error) {
				all, err := t.Notices().List("acme", "a")
				return len(all), err
			},
			writers,
		},
	} {
		t.Run(name, func(t *testing.T) {
			errs := concurrently(writers, func(i int) error {
				return f.store.Update(context.Background(), func(t engine.Tx) error { return g.do(t, i) })
			})
			if err := errors.Join(errs...); err != nil {
				t.Error(err)
			}
			if n := read(f, g.count); n != g.want {
				t.Errorf("%d came of it, want %d", n, g.want)
			}
		})
	}
}
