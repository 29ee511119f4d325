package simulate

import (
	"fmt"
	"strconv"
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
// cfg may have another bundle.
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
	sessions := s.store.now.sessions
	if session < 0 || session >= len(sessions) {
		return 0, engine.FieldError("session", "there are %d sessions", len(sessions))
	}
	id := sessions[session].ID
	if step < 0 || step >= len(s.store.now.journals[id]) {
		return 0, engine.FieldError("step", "the session has %d steps", len(s.store.now.journals[id]))
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

// Settle lets the consumer's silence pass that ends a burst of messages, so
// that the bot answers.
func (s *Simulation) Settle() error {
	for range maxTurns {
		due := s.burst()
		if due.IsZero() {
			return nil
		}
		if err := s.Advance(due.Sub(s.now)); err != nil {
			return err
		}
	}
	return nil
}

// burst is when the silence is long enough that ends a burst of messages, zero
// when there is none.
func (s *Simulation) burst() time.Time {
	var due time.Time
	for _, e := range s.store.now.inbox {
		c, _ := s.find(e.Conversation)
		if e.Kind != engine.InboxMessage || !c.Ready || c.Owner != engine.OwnerBot {
			continue
		}
		if at := e.At.Add(s.gather()); at.After(s.now) {
			due = earlier(due, at)
		}
	}
	return due
}

// gather is the silence that ends a burst.
func (s *Simulation) gather() time.Duration {
	seconds := s.cfg.Brand.Settings.Gather
	if own, err := strconv.ParseFloat(s.cfg.Channel.Config["gather"], 64); err == nil {
		seconds = own
	}
	return time.Duration(seconds * float64(time.Second))
}
