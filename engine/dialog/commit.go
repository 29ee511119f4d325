package dialog

import (
	"maps"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/lifecycle"
	"parley/engine/texts"
	"parley/engine/transcript"
)

// commit writes a decided turn. It may be applied more than once: it works on
// copies of what was read.
type commit struct {
	*Worker
	look    look
	turn    engine.Turn
	out     engine.Outcome
	entry   *engine.InboxEntry
	entryOf catalog.Entry
	action  action
}

// wakes says whom to wake after the commit.
type wakes struct {
	ready, delivery, routing, timers bool
	typing                           []bool
}

func (k wakes) send(bus engine.Bus, ref engine.ConversationRef) {
	bus.Publish(engine.Signal{Topic: engine.TopicEvents})
	if k.delivery {
		bus.Publish(engine.Signal{Topic: engine.TopicDelivery})
	}
	if k.routing {
		bus.Publish(engine.Signal{Topic: engine.TopicRouting, Brand: ref.Brand, Key: ref.Brand})
	}
	if k.timers {
		bus.Publish(engine.Signal{Topic: engine.TopicTimers})
	}
	for _, on := range k.typing {
		bus.Publish(engine.Typing(ref, engine.AuthorBot, "", "", on))
	}
}

func (c commit) apply(tx engine.Tx) (wakes, error) {
	var k wakes
	conv := c.look.conv
	conv.Attributes, conv.Tags = maps.Clone(conv.Attributes), slices.Clone(conv.Tags)
	session := c.turn.Session
	if c.entry != nil {
		if err := taken(tx.Inbox().Remove(conv.ID, c.entry.N)); err != nil {
			return k, err
		}
	}
	if !session.Wait.Until.IsZero() {
		if err := tx.Timers().RemoveSession(session.ID); err != nil {
			return k, err
		}
	}
	session.State, session.Wait = c.out.State, c.out.Wait
	session.Steps = len(c.turn.Journal)
	for _, e := range c.out.Journal {
		session.Steps = max(session.Steps, e.N+1)
	}
	save := tx.Sessions().Save
	if c.action == start && c.entry != nil {
		save = tx.Sessions().Add
	}
	if err := save(session); err != nil {
		return k, err
	}
	if err := tx.Sessions().Record(c.out.Journal); err != nil {
		return k, err
	}
	for i := range c.out.Effects {
		if err := c.effect(tx, &conv, &k, c.out.Effects[i]); err != nil {
			return k, err
		}
	}
	if err := c.finish(tx, &conv, &k, session); err != nil {
		return k, err
	}
	return k, tx.Conversations().Save(&conv)
}

// taken makes a missing inbox entry what it is: somebody else took it.
func taken(err error) error {
	if engine.CodeOf(err) == engine.NotFound {
		return engine.Errorf(engine.Conflict, "The inbox entry was taken meanwhile.").Because(err)
	}
	return err
}

// rest is the inbox without what this turn takes.
func (c commit) rest() []engine.InboxEntry {
	if c.entry == nil {
		return c.look.inbox
	}
	return slices.DeleteFunc(slices.Clone(c.look.inbox), func(e engine.InboxEntry) bool { return e.N == c.entry.N })
}

// unread says whether the consumer wrote something that the bot has not read.
// Such a conversation does not end: a fresh session begins with it.
func (c commit) unread() bool {
	return slices.ContainsFunc(c.rest(), func(e engine.InboxEntry) bool { return e.Kind == engine.InboxMessage })
}

// finish brings the conversation to where the session's state leaves it.
func (c commit) finish(tx engine.Tx, conv *engine.Conversation, k *wakes, session engine.Session) error {
	switch {
	case c.out.Fault != nil:
		return c.fail(tx, conv, k)
	case c.out.Restart != nil:
		next := session
		next.ID, next.Steps, next.Start = c.NewID(), 0, c.out.Restart
		next.Seed, next.CreatedAt = seed(next.ID), later(c.turn.Now, session.CreatedAt)
		next.State, next.Wait = engine.SessionWaiting, engine.Wait{Kind: engine.WaitStart}
		conv.Ready, k.ready = true, true
		return tx.Sessions().Add(next)
	case c.out.State == engine.SessionDone && conv.Owner == engine.OwnerBot && !c.unread():
		return lifecycle.Close(tx, c.turn.Now, conv, "bot:"+c.turn.Session.Bot, "completed", "")
	case conv.Owner != engine.OwnerBot:
		return nil
	}
	a, _ := plan(*conv, &session, c.rest())
	conv.Ready = a != idle
	k.ready = conv.Ready
	return nil
}

// fail hands a failed bot's conversation to a person, with the trace.
func (c commit) fail(tx engine.Tx, conv *engine.Conversation, k *wakes) error {
	f := c.out.Fault
	actor := "bot:" + f.Bot
	c.Log.Warn("bot failed", "conversation", conv.ID, "kind", f.Kind, "file", f.File, "line", f.Line)
	if err := transcript.Log(tx, c.turn.Now, *conv, engine.EventBotFailed, actor, f); err != nil {
		return err
	}
	if conv.Owner != engine.OwnerBot {
		return nil // it had given the conversation away before it failed
	}
	if c.epilogue(*conv) {
		return lifecycle.Close(tx, c.turn.Now, conv, "system", "bot_failed", "")
	}
	k.routing, k.delivery = true, true
	err := c.Writer.System(tx, c.turn.Now, c.entryOf.Brand, c.turn.Channel, conv, texts.BotFailed, nil)
	if err != nil {
		return err
	}
	trace := f.Traceback
	if trace == "" {
		trace = f.Message
	}
	err = c.enqueue(tx, conv, engine.HandoffEffect{Reason: "The bot failed: " + f.Message}, trace)
	if engine.CodeOf(err) == engine.Invalid { // a brand without skills has nobody to ask
		return lifecycle.Close(tx, c.turn.Now, conv, "system", "bot_failed", "")
	}
	return err
}

// epilogue says whether only the bot's last words after an agent's close are
// lost: nobody needs a person for them.
func (c commit) epilogue(conv engine.Conversation) bool {
	return c.entry != nil && c.entry.Kind == engine.InboxOutcome && conv.ClosedBy == "agent" && !c.unread()
}

func (c commit) enqueue(tx engine.Tx, conv *engine.Conversation, h engine.HandoffEffect, trace string) error {
	bot := c.turn.Session.Bot
	name := c.entryOf.Brand.Settings.BotName
	if name == "" {
		name = bot
	}
	e := lifecycle.Entering{
		Entry: c.entryOf, Channel: c.turn.Channel, Actor: "bot:" + bot,
		Handoff: engine.Handoff{
			From: name, Bundle: c.turn.Session.Bundle, Skill: h.Skill, Reason: h.Reason, Priority: h.Priority,
			Summary: h.Summary, Facts: h.Facts, Tried: h.Tried, Trace: trace,
		},
	}
	if e.Handoff.Reason == "" { // an agent is never left without a why
		e.Handoff.Reason = "The bot handed over"
	}
	if e.Handoff.Summary == "" {
		first, err := tx.Messages().List(conv.Brand, conv.ID, 0, 1)
		if err != nil {
			return err
		}
		if len(first) > 0 {
			e.Handoff.Summary = "Wrote first: “" + transcript.Preview(first[0].Content) + "”"
		}
	}
	if e.Handoff.Facts == nil {
		for _, name := range slices.Sorted(maps.Keys(conv.Attributes)) {
			e.Handoff.Facts = append(e.Handoff.Facts, engine.Fact{Name: name, Value: conv.Attributes[name]})
		}
	}
	if h.Agent != "" {
		u, err := findAgent(tx, conv.Brand, h.Agent)
		if err != nil {
			return err
		}
		e.Agent, e.Name = u.ID, u.Name
	}
	return lifecycle.Enqueue(tx, c.Writer, c.turn.Now, conv, e)
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
