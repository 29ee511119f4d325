package simulate

import (
	"fmt"
	"time"

	"parley/engine"
)

// Replay makes a simulation and does the inputs. With an error the simulation
// is where the input that was not possible left it.
func Replay(cfg Config, inputs []Input) (*Simulation, error) {
	s, err := New(cfg)
	if err != nil {
		return nil, err
	}
	for i, in := range inputs {
		if err := s.Do(in); err != nil {
			return s, fmt.Errorf("input %d: %w", i+1, err)
		}
	}
	return s, nil
}

// Fork gives a new simulation with the same history up to a journal step of a
// session (counted from 0, in the order of Journal), as far as Before says.
// cfg may have another version.
func (s *Simulation) Fork(cfg Config, session, step int) (*Simulation, error) {
	n, err := s.Before(session, step)
	if err != nil {
		return nil, err
	}
	return Replay(cfg, s.inputs[:n])
}

// Before says how many inputs lead up to a journal step: to where the bot waits
// at it, or, when it did not wait there, up to the input during which it was made.
func (s *Simulation) Before(session, step int) (int, error) {
	sessions := s.began.sessions
	if session < 0 || session >= len(sessions) {
		return 0, engine.FieldError("session", "there are %d sessions", len(sessions))
	}
	id := sessions[session]
	if step < 0 || step >= len(s.lines[id]) {
		return 0, engine.FieldError("step", "the session has %d steps", len(s.lines[id]))
	}
	for i, m := range s.seen.marks {
		if at, waits := m.waits[id]; m.steps[id] > step {
			if waits && at == step {
				return i + 1, nil
			}
			return i, nil
		}
	}
	return len(s.inputs), nil
}

// Pause says when things go on without anybody doing something: a burst of
// messages ends, a pause of the bot is over, or an answer comes that is on its way.
func (s *Simulation) Pause() (time.Time, bool) {
	var next time.Time
	for _, at := range s.held {
		next = earlier(next, at)
	}
	for _, c := range s.calls {
		if c.reply != nil {
			next = earlier(next, c.due)
		}
	}
	if o, ok := s.session(); ok && o.State == engine.SessionWaiting && o.Wait.Kind == engine.WaitTimer {
		next = earlier(next, o.Wait.Until)
	}
	return next, !next.IsZero()
}

// Settle lets time pass as long as nobody else has to do something, in steps
// of at most longest.
func (s *Simulation) Settle(longest time.Duration) error {
	for range maxTurns {
		at, ok := s.Pause()
		if !ok || at.Sub(s.now) > longest {
			return nil
		}
		if err := s.Advance(max(0, at.Sub(s.now))); err != nil {
			return err
		}
	}
	return nil
}
