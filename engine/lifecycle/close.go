package lifecycle

import (
	"encoding/json"
	"time"

	"parley/engine"
	"parley/engine/transcript"
)

// Close ends a conversation for good: nobody owns it, nothing waits for it.
// The caller saves conv.
func Close(tx engine.Tx, now time.Time, conv *engine.Conversation, by, outcome, summary string) error {
	queued := conv.Owner == engine.OwnerQueue
	conv.State, conv.Owner, conv.Agent, conv.Ready = engine.Closed, engine.OwnerNone, "", false
	conv.ClosedAt, conv.Pending = now, nil
	if conv.Outcome == "" { // an agent's outcome outlives the bot's epilogue
		conv.ClosedBy, conv.Outcome = by, outcome
	}
	conv.WaitingSince = time.Time{}
	if summary != "" {
		conv.Summary = summary
	}
	if queued {
		if err := tx.Queue().Remove(conv.ID); err != nil {
			return err
		}
	}
	if err := tx.Inbox().Clear(conv.ID); err != nil {
		return err
	}
	s, err := tx.Sessions().Current(conv.ID)
	if err == nil && s.State == engine.SessionWaiting {
		if err := tx.Timers().RemoveSession(s.ID); err != nil {
			return err
		}
		s.State, s.Wait = engine.SessionDone, engine.Wait{}
		if err := tx.Sessions().Save(s); err != nil {
			return err
		}
	} else if err != nil && engine.CodeOf(err) != engine.NotFound {
		return err
	}
	return transcript.Log(tx, now, *conv, engine.EventClosed, by, transcript.Change(*conv, ""))
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("engine types always encode: " + err.Error())
	}
	return raw
}
