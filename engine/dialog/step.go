package dialog

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"parley/engine"
	"parley/engine/versions"
)

// step lets the bot decide. A bot that cannot even be loaded is a fault like
// any other: the conversation goes to a person.
func (w *Worker) step(ctx context.Context, l look, d decision) (engine.Turn, engine.Outcome, error) {
	e := l.entry
	ch, _ := e.Channel(l.conv.Channel) // a channel that was removed has no bot: a fault below
	t := engine.Turn{
		Journal: l.journal, Now: w.Clock(), Brand: e.Brand.Bare(), Channel: ch.Bare(),
		Consumer: l.consumer, Conversation: l.conv, Skills: e.Skills,
	}
	for _, c := range e.Channels {
		t.Channels = append(t.Channels, c.ID)
	}
	switch {
	case d.action == step:
		t.Session = *l.session
	case len(d.entries) == 0:
		t.Session = *l.session // begun by chat:restart
	default:
		t.Session = w.session(l, ch, t.Now)
	}
	if err := take(&t, d); err != nil {
		return t, fault(t, "internal", "the inbox entry is damaged: "+err.Error()), nil
	}
	var lost error // the store could not answer
	load := func() (engine.Bundle, error) {
		b, err := engine.View(ctx, w.Store, func(tx engine.Tx) (engine.Bundle, error) {
			return tx.Bundles().Get(l.conv.Brand, t.Session.Version)
		})
		if err != nil && engine.CodeOf(err) != engine.NotFound {
			lost = err
		}
		return b, err
	}
	if p, ok := w.Runtime.(engine.BotPreparer); ok && !p.Ready(t.Session.Version, load) {
		return t, engine.Outcome{}, errNotReady
	}
	bot, err := w.Runtime.Bot(t.Session.Version, t.Session.Bot, load)
	if err == nil {
		var out engine.Outcome
		if out, err = decide(bot, t); err == nil {
			out, err = w.checkAgent(ctx, t, check(t, d.action, out))
			return t, out, err
		}
	}
	if lost = cmp.Or(ctx.Err(), lost); lost != nil {
		return t, engine.Outcome{}, lost
	}
	return t, fault(t, "internal", err.Error()), nil
}

// errNotReady says that the version is still being made. The turn stays in the
// store and is taken up again: the conversation waits, and nobody else does.
var errNotReady = errors.New("dialog: the version is being made ready")

// readyAgain is after how long it is asked for again.
const readyAgain = 250 * time.Millisecond

// session makes the session that a start begins.
func (w *Worker) session(l look, ch engine.Channel, now time.Time) engine.Session {
	id := w.NewID()
	s := engine.Session{
		ID: id, Brand: l.conv.Brand, Conversation: l.conv.ID, Bot: ch.Bot, Version: versions.Pick(l.entry.Brand, l.conv),
		State: engine.SessionWaiting, Seed: seed(id), CreatedAt: now,
	}
	if l.session != nil {
		s.CreatedAt = engine.Later(now, l.session.CreatedAt) // in order also when another machine's clock is ahead
		s.Wait.Pace = l.session.Wait.Pace
	}
	return s
}

// take gives the turn what the decision takes from the inbox.
func take(t *engine.Turn, d decision) error {
	if len(d.entries) == 0 {
		return nil
	}
	entry, err := together(d.entries)
	if err != nil {
		return err
	}
	switch {
	case d.action == step:
		t.Input = &entry
	case entry.Kind == engine.InboxFollowup:
		var f engine.FollowupData
		if err := json.Unmarshal(entry.Data, &f); err != nil {
			return err
		}
		t.Followup, t.Session.Start = f.Name, f.State
		t.Session.Bot = cmp.Or(f.Bot, t.Session.Bot)
	default:
		t.First = new(engine.Content)
		return json.Unmarshal(entry.Data, t.First)
	}
	return nil
}

// decide steps the bot. A panic is an error of this bot, and of nobody else's.
func decide(bot engine.Bot, t engine.Turn) (out engine.Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the bot's runtime panicked: %v", p)
		}
	}()
	return bot.Step(t)
}

// check turns what would spin for ever into a fault.
func check(t engine.Turn, a action, out engine.Outcome) engine.Outcome {
	if out.Restart != nil && a == start {
		return fault(t, "budget", "chat:restart was called before the bot waited for anything")
	}
	return out
}

// checkAgent turns a handoff to a person who is not there into a fault: the conversation still goes to people, with
// the trace, and its author learns of it.
func (w *Worker) checkAgent(ctx context.Context, t engine.Turn, out engine.Outcome) (engine.Outcome, error) {
	for _, e := range out.Effects {
		if w.AnyAgent || e.Handoff == nil || e.Handoff.Agent == "" {
			continue
		}
		u, err := engine.View(ctx, w.Store, func(tx engine.Tx) (engine.User, error) { return findAgent(tx, t.Brand.ID, e.Handoff.Agent) })
		if err != nil {
			return out, err
		}
		if u.ID == "" {
			return fault(t, "error", fmt.Sprintf("chat:handoff: there is no agent %q", e.Handoff.Agent)), nil
		}
	}
	return out, nil
}

func fault(t engine.Turn, kind, message string) engine.Outcome {
	return parked(&engine.Fault{
		Kind: kind, Message: message, Bot: t.Session.Bot, Version: t.Session.Version, Step: len(t.Journal),
	})
}

func parked(f *engine.Fault) engine.Outcome {
	return engine.Outcome{State: engine.SessionParked, UsedInput: true, Fault: f}
}

func seed(id string) int64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return int64(h.Sum64())
}
