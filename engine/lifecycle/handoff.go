package lifecycle

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/hours"
	"parley/engine/notice"
	"parley/engine/texts"
)

// Entering is a conversation's way into a queue.
type Entering struct {
	Entry   catalog.Entry
	Channel engine.Channel
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

// Enqueue hands a conversation over to a queue: the owner changes, the
// consumer is told what happens, agents see the handoff. A negative mood raises
// the priority as far as the brand wants it. The caller saves conv.
// Errors: Invalid when the brand has no skill to hand over to.
func Enqueue(tx engine.Tx, w conversation.Writer, now time.Time, conv *engine.Conversation, e Entering) error {
	skill, ok := SkillFor(e.Entry, e.Handoff.Skill)
	if !ok {
		return engine.FieldError("skill", "The brand has no skill to hand over to.")
	}
	e.Handoff.Skill, e.Handoff.At = skill.ID, now
	priority := e.Handoff.Priority
	if priority == 0 {
		priority = skill.Priority
	}
	priority, raised := raise(priority, conv.Mood, e.Entry.Brand.Settings.Sentiment)
	entered := now
	if e.Back {
		entered = placeOf(*conv, now)
		if conv.Skill == skill.ID && conv.Priority > 0 && conv.Priority < priority {
			priority, raised = conv.Priority, raised+priority-conv.Priority
		}
	}
	var returned, until time.Time
	if e.Agent != "" {
		until = now.Add(e.Entry.Brand.Settings.Desk.TransferWait())
	}
	// What the consumer wrote to the bot and the bot has not read is in the
	// transcript; a person answers it.
	if err := clearInbox(tx, now, *conv); err != nil {
		return err
	}
	switch conv.Owner {
	case engine.OwnerQueue:
		if err := leaveQueue(tx, now, *conv); err != nil {
			return err
		}
	case engine.OwnerAgent: // somebody took it in time, so the time for that is over
		s, ok, err := awaits(tx, *conv)
		if err == nil && ok {
			err = tx.Timers().RemoveSession(s.ID)
		}
		if err != nil {
			return err
		}
		returned = now
	}
	was := *conv
	if err := notice.Lost(tx, now, was, e.told(), e.Actor, cmp.Or(e.Name, skill.Name)); err != nil {
		return err
	}
	conv.Owner, conv.Agent, conv.Skill, conv.Priority = engine.OwnerQueue, "", skill.ID, priority
	conv.QueuedAt, conv.BySkill = entered, false
	conv.Outcome, conv.ClosedBy = "", "" // an agent had closed it, but it goes on
	conv.Handoff, conv.Pending, conv.Ready = &e.Handoff, nil, false
	err := tx.Queue().Put(engine.QueueEntry{
		Conversation: conv.ID, Brand: conv.Brand, Skill: skill.ID, Priority: priority, Raised: raised,
		EnteredAt: entered, Agent: e.Agent, AgentUntil: until, Avoid: e.Avoid, ReturnedAt: returned,
		Level: e.Handoff.Level, Language: e.Handoff.Language,
	})
	if err != nil {
		return err
	}
	if !e.Silent {
		if err := e.tell(tx, w, now, conv, skill); err != nil {
			return err
		}
	}
	data := conversation.Change(*conv, e.Handoff.Reason)
	if data.From, data.FromName, err = conversation.Holder(tx, was); err != nil {
		return err
	}
	return conversation.Log(tx, now, *conv, engine.EventOwner, e.Actor, data)
}

// placeOf is since when a conversation that comes back waits: since it came to
// the queue before, or else since the consumer's oldest unanswered message.
func placeOf(conv engine.Conversation, now time.Time) time.Time {
	for _, at := range []time.Time{conv.QueuedAt, conv.WaitingSince} {
		if !at.IsZero() && at.Before(now) {
			return at
		}
	}
	return now
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

func (e Entering) tell(tx engine.Tx, w conversation.Writer, now time.Time, conv *engine.Conversation, skill engine.Skill) error {
	brand := e.Entry.Brand
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
	case !hours.IsOpen(open, brand.Settings.TimeZone, now):
		key = texts.OffHours
		vars["when"] = hours.Describe(open, brand.Settings.TimeZone, now, conv.Language)
	case e.Left != "":
		key = texts.Returned
	default:
		position, err := tx.Queue().Position(conv.ID)
		if err != nil {
			return err
		}
		if position > 1 {
			key = texts.Queued
			vars["position"] = strconv.Itoa(position)
		}
	}
	return w.System(tx, now, brand, e.Channel, conv, key, vars)
}

// Return gives a conversation from an agent back to its bot, whose session
// gets the outcome in its inbox. It says false when no session waits for one.
// The caller saves conv.
func Return(tx engine.Tx, now time.Time, conv *engine.Conversation, out engine.HandoffOutcome, actor string) (bool, error) {
	s, ok, err := awaits(tx, *conv)
	if err != nil || !ok {
		return false, err
	}
	return true, toBot(tx, now, conv, actor, out.Kind, &engine.InboxEntry{
		Kind: engine.InboxOutcome, Session: s.ID, Data: engine.JSON(out),
	})
}

// Restart gives a conversation to a fresh session of its channel's bot: the
// one that handed it over has ended. It begins with the consumer's last
// message. The caller saves conv.
func Restart(tx engine.Tx, now time.Time, conv *engine.Conversation, actor string) error {
	last, err := lastSaid(tx, *conv)
	if err != nil {
		return err
	}
	return toBot(tx, now, conv, actor, engine.OutcomeReturned, &engine.InboxEntry{
		Kind: engine.InboxMessage, Message: last.ID, Data: engine.JSON(last.Content),
	})
}

// lastSaid finds the consumer's last message, however much others wrote since.
func lastSaid(tx engine.Tx, conv engine.Conversation) (engine.Message, error) {
	const page = 100
	for end := conv.LastSeq; end > 0; end -= page {
		found, err := tx.Messages().List(conv.Brand, conv.ID, max(0, end-page), int(min(page, end)))
		if err != nil {
			return engine.Message{}, err
		}
		for _, m := range slices.Backward(found) {
			if m.Author == engine.AuthorConsumer {
				return m, nil
			}
		}
	}
	return engine.Message{}, nil
}

func toBot(tx engine.Tx, now time.Time, conv *engine.Conversation, actor, reason string, entry *engine.InboxEntry) error {
	was, told := *conv, engine.NoticeToBot
	if reason == engine.OutcomeClosed { // the bot's last words follow
		told = engine.NoticeClosed
	}
	if err := notice.Lost(tx, now, was, told, actor, ""); err != nil {
		return err
	}
	conv.Owner, conv.Agent, conv.Ready, conv.BySkill = engine.OwnerBot, "", true, false
	conv.LastInbox++
	entry.Conversation, entry.N, entry.At = conv.ID, conv.LastInbox, now
	if err := tx.Inbox().Add(*entry); err != nil {
		return err
	}
	data := conversation.Change(*conv, reason)
	var err error
	if data.From, data.FromName, err = conversation.Holder(tx, was); err != nil {
		return err
	}
	return conversation.Log(tx, now, *conv, engine.EventOwner, actor, data)
}
