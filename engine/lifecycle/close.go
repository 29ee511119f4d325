package lifecycle

import (
	"strings"
	"time"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/notice"
	"parley/engine/routing"
)

// Close ends a conversation for good: nobody owns it, nothing waits for it.
// actor is who ends it, as the event log names them. When nobody of the team
// does, a session that waits for an agent's outcome learns that its handoff was
// abandoned: conv is Ready for that one turn, and the caller wakes TopicDialog.
// The caller saves conv.
func Close(tx engine.Tx, now time.Time, conv *engine.Conversation, actor, outcome, summary string) error {
	withTeam := conv.Owner == engine.OwnerQueue || conv.Owner == engine.OwnerAgent
	if conv.Owner == engine.OwnerQueue {
		if err := leaveQueue(tx, now, *conv); err != nil {
			return err
		}
	}
	was := *conv
	if err := notice.Lost(tx, now, was, engine.NoticeClosed, actor, ""); err != nil {
		return err
	}
	conv.State, conv.Owner, conv.Agent, conv.Ready, conv.BySkill = engine.Closed, engine.OwnerNone, "", false, false
	conv.ClosedAt, conv.Pending = now, nil
	if conv.Outcome == "" { // an agent's outcome outlives the bot's epilogue
		conv.ClosedBy, _, _ = strings.Cut(actor, ":")
		conv.Outcome = outcome
	}
	conv.WaitingSince = time.Time{}
	if summary != "" {
		conv.Summary = summary
	}
	told := false
	if by, _, _ := strings.Cut(actor, ":"); withTeam && by != "agent" {
		var err error
		if told, err = abandon(tx, now, conv, outcome); err != nil {
			return err
		}
	}
	if !told {
		if err := clearInbox(tx, now, *conv); err != nil {
			return err
		}
		if err := EndSession(tx, *conv); err != nil {
			return err
		}
	}
	data := conversation.Change(*conv, "")
	var err error
	if data.From, data.FromName, err = conversation.Holder(tx, was); err != nil {
		return err
	}
	return conversation.Log(tx, now, *conv, engine.EventClosed, actor, data)
}

// abandon tells the session that waits for an outcome that there is none. It
// says false when no session does.
func abandon(tx engine.Tx, now time.Time, conv *engine.Conversation, outcome string) (bool, error) {
	s, ok, err := awaits(tx, *conv)
	if err != nil || !ok {
		return false, err
	}
	if err := tx.Timers().RemoveSession(s.ID); err != nil {
		return false, err
	}
	if err := clearInbox(tx, now, *conv); err != nil {
		return false, err
	}
	conv.LastInbox++
	conv.Ready = true
	return true, tx.Inbox().Add(engine.InboxEntry{
		Conversation: conv.ID, N: conv.LastInbox, Kind: engine.InboxOutcome, Session: s.ID, At: now,
		Data: engine.JSON(engine.HandoffOutcome{Kind: engine.OutcomeAbandoned, Outcome: outcome}),
	})
}

// awaits gives the conversation's session when it waits for an agent's outcome.
func awaits(tx engine.Tx, conv engine.Conversation) (engine.Session, bool, error) {
	s, err := tx.Sessions().Current(conv.ID)
	if engine.CodeOf(err) == engine.NotFound {
		return s, false, nil
	}
	return s, err == nil && s.State == engine.SessionWaiting && s.Wait.Kind == engine.WaitOutcome, err
}

// EndSession ends what the bot does for a conversation: its waiting session,
// that session's timers and the inbox.
func EndSession(tx engine.Tx, conv engine.Conversation) error {
	if err := tx.Inbox().Clear(conv.ID); err != nil {
		return err
	}
	s, err := tx.Sessions().Current(conv.ID)
	if engine.CodeOf(err) == engine.NotFound {
		return nil
	}
	if err != nil || s.State != engine.SessionWaiting {
		return err
	}
	if err := tx.Timers().RemoveSession(s.ID); err != nil {
		return err
	}
	s.State, s.Wait = engine.SessionDone, engine.Wait{}
	return tx.Sessions().Save(s)
}

// leaveQueue removes a conversation's queue entry; an open offer ends with it.
func leaveQueue(tx engine.Tx, now time.Time, conv engine.Conversation) error {
	e, err := tx.Queue().Get(conv.ID)
	if engine.CodeOf(err) == engine.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if e.OfferedTo != "" {
		end := engine.OfferData{Agent: e.OfferedTo, End: routing.Withdrawn}
		u, err := tx.Users().Get(e.Brand, e.OfferedTo)
		if err == nil {
			end.AgentName = u.Name
		} else if engine.CodeOf(err) != engine.NotFound {
			return err
		}
		if err := conversation.Log(tx, now, conv, engine.EventOfferEnded, "system", end); err != nil {
			return err
		}
	}
	return tx.Queue().Remove(conv.ID)
}
