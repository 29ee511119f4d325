package botscripts

import (
	"parley/botscripts/kernel"
	"parley/botscripts/sandbox"
	"parley/engine"
)

// bot is one bot of a compiled bundle.
type bot struct {
	runtime *Runtime
	bundle  *kernel.Bundle
	name    string
}

// Step decides what the bot does next. See engine.Bot.
func (b *bot) Step(turn engine.Turn) (engine.Outcome, error) {
	if s := turn.Session.State; s == engine.SessionDone || s == engine.SessionParked {
		return engine.Outcome{}, engine.Errorf(engine.Conflict, "session %s is %s", turn.Session.ID, s)
	}
	for i, e := range turn.Journal {
		if e.N != i || (e.Answer == nil && i != len(turn.Journal)-1) {
			return engine.Outcome{}, engine.Errorf(engine.Internal, "the journal of session %s is damaged at entry %d", turn.Session.ID, i)
		}
	}
	turn.Session.Bot = b.name
	limits := b.runtime.limits
	out, transient := b.step(turn, limits)
	if transient && !b.runtime.once {
		// The machine was busy, or another bot filled the heap. A step is
		// pure, so it may run again, one such bot at a time and with more time.
		b.runtime.again.Lock()
		defer b.runtime.again.Unlock()
		limits.Wall *= 4
		out, _ = b.step(turn, limits)
	}
	return out, nil
}

func (b *bot) step(turn engine.Turn, limits sandbox.Limits) (out engine.Outcome, transient bool) {
	r := b.runtime
	r.gate <- struct{}{}
	defer func() { <-r.gate }()
	return kernel.Step(kernel.Job{
		Modules: r.modules, Bundle: b.bundle, Turn: turn, Machine: limits, Session: r.session, Trace: r.trace,
	})
}
