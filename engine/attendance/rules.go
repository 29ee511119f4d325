package attendance

import (
	"cmp"
	"context"
	"time"

	"parley/engine"
	"parley/engine/conversation"
)

// Rules give conversations back. They are immutable and safe for concurrent use.
type Rules struct {
	Store  engine.Store
	Clock  engine.Clock
	Writer conversation.Writer
}

// Release gives everything that an agent has back to the queues, each in a
// transaction of its own, and says how many they were. why is told to the agent
// and to the next one. Errors are those of the store; what was given back until then is.
func (r Rules) Release(ctx context.Context, u engine.User, why engine.NoticeKind) (int, error) {
	return r.sweep(ctx, u.Brand, u.ID, func(engine.Conversation, *engine.User, engine.DeskSettings) engine.NoticeKind { return why })
}

// decide says why a conversation goes back, "" when it stays.
type decide func(engine.Conversation, *engine.User, engine.DeskSettings) engine.NoticeKind

// page is how many conversations are looked at in one reading.
const page = 200

// sweep asks about each conversation of an agent, first in a reading and then,
// for those that leave, again in the transaction that gives them back.
func (r Rules) sweep(ctx context.Context, brand, agent string, ask decide) (int, error) {
	var leaving []string
	err := r.Store.View(ctx, func(tx engine.Tx) error {
		leaving = nil
		u, s, err := read(tx, brand, agent)
		if err != nil {
			return err
		}
		all, err := held(tx, brand, agent)
		for _, conv := range all {
			if ask(conv, u, s) != "" {
				leaving = append(leaving, conv.ID)
			}
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	n := 0
	for _, id := range leaving {
		done, err := r.back(ctx, brand, id, agent, ask)
		if err != nil {
			return n, err
		}
		if done {
			n++
		}
	}
	return n, nil
}

// read gives the agent, nil when there is none, and the brand's settings.
func read(tx engine.Tx, brand, agent string) (*engine.User, engine.DeskSettings, error) {
	b, err := tx.Brands().Get(brand)
	if err != nil {
		return nil, engine.DeskSettings{}, err
	}
	u, err := tx.Users().Get(brand, agent)
	if engine.CodeOf(err) == engine.NotFound {
		return nil, b.Settings.Desk, nil
	}
	return &u, b.Settings.Desk, err
}

// held lists an agent's open conversations.
func held(tx engine.Tx, brand, agent string) ([]engine.Conversation, error) {
	var out []engine.Conversation
	f := engine.ConversationFilter{Brand: brand, State: engine.Open, Owner: engine.OwnerAgent, Agent: agent, Limit: page}
	seen := map[string]bool{}
	for {
		part, err := tx.Conversations().List(f)
		if err != nil {
			return nil, err
		}
		fresh := 0
		for _, conv := range part {
			if !seen[conv.ID] {
				seen[conv.ID] = true
				out = append(out, conv)
				fresh++
			}
		}
		if len(part) < page || fresh == 0 {
			return out, nil
		}
		f.Before = part[len(part)-1].LastAt.Add(time.Millisecond) // those of the same moment, too
	}
}

// back gives one conversation back to its queue. It says false when it need not
// go any more, or when the brand has no queue for it.
func (r Rules) back(ctx context.Context, brand, id, agent string, ask decide) (bool, error) {
	done := false
	err := r.Store.Update(ctx, func(tx engine.Tx) error {
		done = false
		conv, err := r.Writer.Load(tx, r.Clock(), brand, id)
		if engine.CodeOf(err) == engine.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if conv.State != engine.Open || conv.Owner != engine.OwnerAgent || conv.Agent != agent {
			return nil
		}
		u, s, err := read(tx, brand, agent)
		if err != nil {
			return err
		}
		why := ask(conv.Conversation, u, s)
		if why == "" {
			return nil
		}
		entry, err := conv.Entry()
		if err != nil {
			return err
		}
		if _, ok := conversation.SkillFor(entry, conv.Skill); !ok {
			return nil
		}
		if err := r.requeue(tx, conv, u, why); err != nil {
			return err
		}
		done = true
		return conv.Save()
	})
	return done && err == nil, err
}

func (r Rules) requeue(tx engine.Tx, conv *conversation.Change, u *engine.User, why engine.NoticeKind) error {
	name := "The agent"
	if u != nil {
		name = u.Name
	}
	h := engine.Handoff{Skill: conv.Skill}
	if conv.Handoff != nil { // what is known stays known
		h = *conv.Handoff
		h.Skill = cmp.Or(conv.Skill, h.Skill)
	}
	h.From, h.Reason = name, reason(why, name)
	actor := "system"
	if why == engine.NoticeSignedOut || why == engine.NoticeOffline {
		actor = "agent:" + conv.Agent
	}
	optedOut, err := conversation.OptedOut(tx, conv.Brand, conv.Channel, conv.Address)
	if err != nil {
		return err
	}
	return conv.HandOver(conversation.Entering{
		Handoff: h, Actor: actor, Back: true, Why: why, Left: name, Silent: u == nil || optedOut || !notices(conv.Conversation, conv.Now),
	})
}
