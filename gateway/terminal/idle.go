package terminal

import (
	"time"

	"parley/engine"
)

// busy says whether something will happen soon without anybody's doing: a
// conversation has news for its bot, a send or an outside call is due or under
// way, a timer or a follow-up is due, or this conversation's bot pauses (chat:wait). Each of
// these ends in the transaction that begins what follows it, so a snapshot in
// which nothing is busy stays as it is until somebody writes, a question's
// time is over or an agent comes online.
func busy(tx engine.Tx, conv string, now time.Time) (bool, error) {
	if ready, err := tx.Ready().List(1); err != nil || len(ready) > 0 {
		return true, err
	}
	if at, err := tx.Outbox().Next(); err != nil || (!at.IsZero() && !at.After(now)) {
		return true, err
	}
	// An item under way is leased: it is stale when its lease will have ended.
	if leased, err := tx.Outbox().Stale(now.Add(24*time.Hour), 1); err != nil || len(leased) > 0 {
		return true, err
	}
	if due, err := tx.Timers().Due(now, 1); err != nil || len(due) > 0 {
		return true, err
	}
	if due, err := tx.Followups().Due(now, 1); err != nil || len(due) > 0 {
		return true, err
	}
	s, err := tx.Sessions().Current(conv)
	if engine.CodeOf(err) == engine.NotFound {
		return false, nil
	}
	return s.State == engine.SessionWaiting && s.Wait.Kind == engine.WaitTimer && s.Wait.Until.Before(now.Add(settleTime)), err
}
