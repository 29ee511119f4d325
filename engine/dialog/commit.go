package dialog

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/gist"
	"parley/engine/learning"
	"parley/engine/loop"
)

// commit writes a decided turn. It may be applied more than once: it works on
// copies of what was read.
type commit struct {
	*Worker
	look     look
	decision decision
	turn     engine.Turn
	out      engine.Outcome
	pace     engine.Pace
	queues   map[string]engine.QueueStatus // those that the turn asks for, by skill
}

// draft is what a commit is about to leave behind.
type draft struct {
	*conversation.Change
	tx   engine.Tx
	rest []engine.InboxEntry // the inbox without what the turn takes, with what it puts there
	next
}

// next says how the conversation goes on after the commit.
type next struct {
	ready bool
	query bool      // the same turn goes on with a query's answer
	due   time.Time // not before this, zero when nothing is held
	until time.Time // it is ours; zero when that has not changed
}

// left is what a commit has left behind.
type left struct {
	engine.Conversation
	session engine.Session
	rest    []engine.InboxEntry
	next
}

func (c commit) apply(tx engine.Tx) (left, error) {
	d := draft{Change: c.Writer.Change(tx, c.turn.Now, c.look.conv).In(c.look.entry), tx: tx, rest: without(c.look.inbox, c.decision.entries)}
	d.Attributes, d.Tags = maps.Clone(d.Attributes), slices.Clone(d.Tags)
	session, err := c.write(&d)
	if err == nil {
		err = d.Save()
	}
	d.until = d.ReadyAt
	return left{d.Conversation, session, d.rest, d.next}, err
}

func (c commit) write(d *draft) (engine.Session, error) {
	if err := d.Take(c.decision.entries); err != nil {
		return engine.Session{}, err
	}
	session, err := c.session(d.tx)
	if err != nil {
		return session, err
	}
	if c.unanswered() {
		if err := d.Recall("bot:"+session.Bot, c.recallReason()); err != nil {
			return session, err
		}
	}
	loop.Said(&d.Pulse, c.look.entry.Brand.Settings.Loops, messages(c.out.Effects), c.turn.Now)
	for i := range c.out.Effects {
		if err := c.effect(d, c.out.Effects[i]); err != nil {
			return session, err
		}
	}
	return session, c.finish(d, session)
}

// session saves the session as the turn leaves it, with its journal.
func (c commit) session(tx engine.Tx) (engine.Session, error) {
	session, old := c.turn.Session, c.look.session
	fresh := c.decision.action == start && len(c.decision.entries) > 0
	if !session.Wait.Until.IsZero() {
		if err := tx.Timers().RemoveSession(session.ID); err != nil {
			return session, err
		}
	}
	if fresh && old != nil && old.State == engine.SessionWaiting { // a follow-up takes its place
		if err := tx.Timers().RemoveSession(old.ID); err != nil {
			return session, err
		}
		over := *old
		over.State, over.Wait = engine.SessionDone, engine.Wait{}
		if err := tx.Sessions().Save(over); err != nil {
			return session, err
		}
	}
	session.State, session.Wait = c.out.State, c.out.Wait
	if session.State == engine.SessionWaiting {
		session.Wait.Pace = c.pace
		if session.Wait.Interrupt {
			session.Wait.After = c.look.conv.LastInbox
		}
	}
	session.Steps = len(c.turn.Journal)
	for _, e := range c.out.Journal {
		session.Steps = max(session.Steps, e.N+1)
	}
	save := tx.Sessions().Save
	if fresh {
		save = tx.Sessions().Add
	}
	if err := save(session); err != nil {
		return session, err
	}
	if err := tx.Sessions().Record(c.out.Journal); err != nil {
		return session, err
	}
	return session, learning.Collect(tx, c.look.conv, c.out.Journal)
}

func without(inbox, entries []engine.InboxEntry) []engine.InboxEntry {
	return slices.DeleteFunc(slices.Clone(inbox), func(e engine.InboxEntry) bool {
		return slices.ContainsFunc(entries, func(o engine.InboxEntry) bool { return o.N == e.N })
	})
}

// unread says whether something waits that a bot has to hear: a consumer's
// message or a follow-up. Such a conversation does not end: a fresh session
// begins with it.
func (d draft) unread() bool {
	return slices.ContainsFunc(d.rest, func(e engine.InboxEntry) bool {
		return e.Kind == engine.InboxMessage || e.Kind == engine.InboxFollowup
	})
}

// input is the kind of what the turn took, "" for none.
func (c commit) input() engine.InboxKind {
	if len(c.decision.entries) == 0 {
		return ""
	}
	return c.decision.entries[0].Kind
}

// unanswered says that the time for somebody to take the conversation is over.
func (c commit) unanswered() bool {
	return c.decision.action == step && c.input() == engine.InboxTimer && c.look.conv.Owner == engine.OwnerQueue
}

func (c commit) recallReason() string {
	for _, e := range c.out.Effects {
		if e.Recall != nil && *e.Recall != "" {
			return *e.Recall
		}
	}
	return "nobody took it in time"
}

// finish brings the conversation to where the session's state leaves it.
func (c commit) finish(d *draft, session engine.Session) error {
	switch {
	case c.look.conv.State == engine.Closed:
		return c.last(d, session)
	case c.out.Fault != nil:
		return c.fail(d)
	case c.out.Restart != nil:
		fresh := session
		fresh.ID, fresh.Steps, fresh.Start = c.NewID(), 0, c.out.Restart
		fresh.Seed, fresh.CreatedAt = seed(fresh.ID), engine.Later(c.turn.Now, session.CreatedAt)
		fresh.State, fresh.Wait = engine.SessionWaiting, engine.Wait{Kind: engine.WaitStart, Pace: c.pace}
		d.Wake(d.Now)
		d.ready = true
		return d.tx.Sessions().Add(fresh)
	case c.out.State == engine.SessionDone && d.Owner == engine.OwnerBot && !d.unread():
		return d.Close("bot:"+c.turn.Session.Bot, "completed", "")
	case d.Owner != engine.OwnerBot:
		return nil
	}
	then := plan(d.Conversation, &session, d.rest, c.look.gather, c.turn.Now)
	if d.Ready = then.action != idle; d.Ready {
		d.Wake(then.due)
	}
	d.ready, d.due = d.Ready && then.action != hold, then.due
	return nil
}

// last ends the one turn that a session has after its conversation was closed
// by nobody of the team; the answers of its queries still reach it.
func (c commit) last(d *draft, session engine.Session) error {
	goesOn := session.State == engine.SessionWaiting && len(d.rest) > 0 && session.Wait.Takes(session.ID, d.rest[len(d.rest)-1])
	d.Ready, d.ready = goesOn, goesOn
	if goesOn {
		d.Wake(d.Now)
		return nil
	}
	if c.out.Fault != nil {
		if err := c.record(d); err != nil {
			return err
		}
	}
	return d.EndSession()
}

func (c commit) enqueue(d *draft, h engine.HandoffEffect, trace string) error {
	bot := c.turn.Session.Bot
	e := conversation.Entering{
		Actor: "bot:" + bot,
		Handoff: engine.Handoff{
			From:    cmp.Or(c.look.entry.Brand.Settings.BotName, bot),
			Version: c.turn.Session.Version, Skill: h.Skill, Priority: h.Priority,
			Reason:  cmp.Or(h.Reason, "The bot handed over"), // an agent is never left without a why
			Summary: h.Summary, Facts: h.Facts, Tried: h.Tried, Trace: trace,
			Level: h.Level, Language: h.Language, Expects: h.Expects,
		},
	}
	if e.Handoff.Summary == "" {
		var err error
		if e.Handoff.Summary, err = c.gist(d.tx, d.Conversation); err != nil {
			return err
		}
	}
	if e.Handoff.Facts == nil {
		for _, name := range slices.Sorted(maps.Keys(d.Attributes)) {
			e.Handoff.Facts = append(e.Handoff.Facts, engine.Fact{Name: name, Value: d.Attributes[name]})
		}
	}
	if h.Agent != "" {
		u, err := findAgent(d.tx, d.Brand, h.Agent)
		if err != nil {
			return err
		}
		e.Agent, e.Name = u.ID, u.Name
	}
	return d.HandOver(e)
}

// gistOf is how many messages the summary of a handoff is made from.
const gistOf = 200

// gist is what the conversation is about, for a bot that did not say it.
func (c commit) gist(tx engine.Tx, conv engine.Conversation) (string, error) {
	said, err := tx.Messages().List(conv.Brand, conv.ID, max(0, conv.LastSeq-gistOf), gistOf)
	if err != nil {
		return "", err
	}
	settings := c.look.entry.Brand.Settings
	journal := slices.Concat(c.turn.Journal, c.out.Journal)
	return gist.Of(gist.Story{Messages: said, Escapes: settings.EscapeWords, Journal: journal, Language: settings.Language()}), nil
}

// findAgent takes an id or an e-mail. Nobody by that name is not an error:
// anyone with the skill gets the conversation.
func findAgent(tx engine.Tx, brand, who string) (engine.User, error) {
	u, err := tx.Users().Get(brand, who)
	if engine.CodeOf(err) == engine.NotFound {
		u, err = tx.Users().ByEmail(strings.ToLower(who))
	}
	if engine.CodeOf(err) == engine.NotFound || (err == nil && (u.Brand != brand || u.Disabled)) {
		return engine.User{}, nil
	}
	return u, err
}
