package conversation

import (
	"strings"
	"time"

	"parley/engine"
	"parley/engine/notice"
)

// Close ends the conversation for good: nobody owns it, nothing waits for it.
// actor is who ends it, as the event log names them. When nobody of the team
// does, a session that waits for an agent's outcome learns that its handoff was
// abandoned: the conversation is Ready for that one turn.
func (c *Change) Close(actor, outcome, summary string) error {
	from, err := c.holding()
	if err != nil {
		return err
	}
	withTeam := c.Owner == engine.OwnerQueue || c.Owner == engine.OwnerAgent
	if c.Owner == engine.OwnerQueue {
		if _, err := c.leaveQueue(engine.User{}); err != nil {
			return err
		}
	}
	if err := c.lost(engine.NoticeClosed, actor, ""); err != nil {
		return err
	}
	by, _, _ := strings.Cut(actor, ":")
	c.State, c.Owner, c.Agent, c.Ready, c.BySkill = engine.Closed, engine.OwnerNone, "", false, false
	c.ClosedAt, c.Pending = c.Now, nil
	if c.Outcome == "" { // an agent's outcome outlives the bot's epilogue
		c.ClosedBy, c.Outcome = by, outcome
	}
	c.WaitingSince = time.Time{}
	if summary != "" {
		c.Summary = summary
	}
	told := false
	if withTeam && by != "agent" {
		if told, err = c.abandon(outcome); err != nil {
			return err
		}
	}
	if !told {
		if err := c.clear(); err != nil {
			return err
		}
		if err := c.EndSession(); err != nil {
			return err
		}
	}
	return c.passed(engine.EventClosed, from, actor, c.state(""))
}

// abandon tells the session that waits for an outcome that there is none. It
// says false when no session does.
func (c *Change) abandon(outcome string) (bool, error) {
	s, ok, err := c.awaits()
	if err != nil || !ok {
		return false, err
	}
	if err := c.tx.Timers().RemoveSession(s.ID); err != nil {
		return false, err
	}
	if err := c.clear(); err != nil {
		return false, err
	}
	return true, c.Put(engine.InboxEntry{
		Kind: engine.InboxOutcome, Session: s.ID, Data: engine.JSON(engine.HandoffOutcome{Kind: engine.OutcomeAbandoned, Outcome: outcome}),
	})
}

// lost tells the agent who has the conversation that it goes.
func (c *Change) lost(kind engine.NoticeKind, actor, to string) error {
	return notice.Lost(c.tx, c.Now, c.Conversation, kind, actor, to)
}
