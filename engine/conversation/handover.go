package conversation

import (
	"cmp"
	"strconv"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/hours"
	"parley/engine/texts"
)

// Entering is a conversation's way into a queue.
type Entering struct {
	Handoff engine.Handoff // Skill "" or unknown takes the brand's default, or its first
	Agent   string         // only this agent, "" for anyone with the skill
	Name    string         // that agent's name, for the consumer
	Avoid   []string       // agents to try last
	Actor   string         // who did it, for the log
	Silent  bool           // the consumer need not know (back to queue)
	Passed  bool           // an agent passes it on, so the consumer is not new to people
	Back    bool           // it comes back to its queue, and keeps its place and its priority
	// Why is what the agent who had it is told; "" for a transfer or a requeue by a person.
	Why engine.NoticeKind
	// Left is the name of the agent who is not there any more; the consumer is told.
	Left string
}

// HandOver puts the conversation into a queue: the owner changes, the consumer is
// told what happens, agents see the handoff. A negative mood raises the priority
// as far as the brand wants it.
// Errors: Invalid when the brand has no skill to hand over to.
func (c *Change) HandOver(e Entering) error {
	entry, err := c.Entry()
	if err != nil {
		return err
	}
	skill, ok := SkillFor(entry, e.Handoff.Skill)
	if !ok {
		return engine.FieldError("skill", "The brand has no skill to hand over to.")
	}
	from, err := c.holding()
	if err != nil {
		return err
	}
	e.Handoff.Skill, e.Handoff.At = skill.ID, c.Now
	q := engine.QueueEntry{
		Conversation: c.ID, Brand: c.Brand, Skill: skill.ID, EnteredAt: c.Now, Agent: e.Agent, Avoid: e.Avoid,
		Level: e.Handoff.Level, Language: e.Handoff.Language,
	}
	q.Priority, q.Raised = raise(cmp.Or(e.Handoff.Priority, skill.Priority), c.Mood, entry.Brand.Settings.Sentiment)
	if e.Back {
		q.EnteredAt = c.place()
		if c.Skill == skill.ID && c.Priority > 0 && c.Priority < q.Priority {
			q.Priority, q.Raised = c.Priority, q.Raised+q.Priority-c.Priority
		}
	}
	if e.Agent != "" {
		q.AgentUntil = c.Now.Add(entry.Brand.Settings.Desk.TransferWait())
	}
	// What the consumer wrote to the bot and the bot has not read is in the
	// transcript; a person answers it.
	if err := c.clear(); err != nil {
		return err
	}
	switch c.Owner {
	case engine.OwnerQueue:
		if _, err := c.leaveQueue(engine.User{}); err != nil {
			return err
		}
	case engine.OwnerAgent: // somebody took it in time, so the time for that is over
		s, ok, err := c.awaits()
		if err == nil && ok {
			err = c.tx.Timers().RemoveSession(s.ID)
		}
		if err != nil {
			return err
		}
		q.ReturnedAt = c.Now
	}
	if err := c.lost(e.told(), e.Actor, cmp.Or(e.Name, skill.Name)); err != nil {
		return err
	}
	c.Owner, c.Agent, c.Skill, c.Priority = engine.OwnerQueue, "", skill.ID, q.Priority
	c.QueuedAt, c.BySkill = q.EnteredAt, false
	c.Outcome, c.ClosedBy = "", "" // an agent had closed it, but it goes on
	c.Handoff, c.Pending, c.Ready = &e.Handoff, nil, false
	if err := c.tx.Queue().Put(q); err != nil {
		return err
	}
	if !e.Silent {
		if err := c.tell(e, entry, skill); err != nil {
			return err
		}
	}
	return c.passed(engine.EventOwner, from, e.Actor, c.state(e.Handoff.Reason))
}

// place is since when a conversation that comes back waits: since it came to the
// queue before, or else since the consumer's oldest unanswered message.
func (c *Change) place() time.Time {
	for _, at := range []time.Time{c.QueuedAt, c.WaitingSince} {
		if !at.IsZero() && at.Before(c.Now) {
			return at
		}
	}
	return c.Now
}

// told is what the agent who had the conversation learns.
func (e Entering) told() engine.NoticeKind {
	switch {
	case e.Why != "":
		return e.Why
	case e.Passed:
		return engine.NoticeTransferred
	}
	return engine.NoticeRequeued
}

// SkillFor is the skill that a handoff to this one goes to: the brand's
// default, or else its first, when there is no such skill. False when the brand
// has none at all.
func SkillFor(e catalog.Entry, id string) (engine.Skill, bool) {
	for _, id := range []string{id, e.Brand.Settings.DefaultSkill} {
		if s, ok := e.Skill(id); ok {
			return s, true
		}
	}
	if len(e.Skills) == 0 {
		return engine.Skill{}, false
	}
	return e.Skills[0], true
}

// tell says to the consumer where the conversation went.
func (c *Change) tell(e Entering, entry catalog.Entry, skill engine.Skill) error {
	brand := entry.Brand
	vars := map[string]string{"skill": skill.Name, "agent": cmp.Or(e.Left, e.Name)}
	open := brand.Settings.Hours
	if skill.Hours != nil {
		open = *skill.Hours
	}
	key := texts.Connecting
	if e.Passed {
		key = texts.Transferred
	}
	switch {
	case e.Agent != "":
		key = texts.TransferredTo
	case !hours.IsOpen(open, brand.Settings.TimeZone, c.Now):
		key = texts.OffHours
		vars["when"] = hours.Describe(open, brand.Settings.TimeZone, c.Now, c.Language)
	case e.Left != "":
		key = texts.Returned
	default:
		position, err := c.tx.Queue().Position(c.ID)
		if err != nil {
			return err
		}
		if position > 1 {
			key = texts.Queued
			vars["position"] = strconv.Itoa(position)
		}
	}
	return c.System(key, vars)
}
