package routing

import (
	"slices"
	"time"

	"parley/engine"
	"parley/engine/conversation"
)

// chunk is how many assignments share one transaction, and one reading of the loads.
const chunk = 16

// task is an assignment with the entry that Match saw.
type task struct {
	Assignment
	entry engine.QueueEntry
}

// carryOut makes assignments true, those that still hold. It writes nothing
// for the others: they are stale, and the next Match decides again.
func (r Rules) carryOut(tx engine.Tx, brand string, tasks []task) error {
	load, err := tx.Conversations().Load(brand)
	if err != nil {
		return err
	}
	skills, err := tx.Brands().Skills(brand)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		skill := engine.Skill{}
		if i := slices.IndexFunc(skills, func(s engine.Skill) bool { return s.ID == t.entry.Skill }); i >= 0 {
			skill = skills[i]
		}
		given, err := r.give(tx, brand, t, skill, load[t.Agent])
		if err != nil {
			return err
		}
		if given {
			load[t.Agent] += weight(skill)
		}
	}
	return nil
}

// give checks again everything that Match relied on, then offers or assigns.
func (r Rules) give(tx engine.Tx, brand string, t task, skill engine.Skill, load float64) (bool, error) {
	e, err := tx.Queue().Get(t.Conversation)
	if err != nil {
		return false, unlessGone(err)
	}
	if e.Brand != brand || !sameWait(e, t.entry) {
		return false, nil
	}
	conv, err := tx.Conversations().Get(brand, t.Conversation)
	if err != nil && engine.CodeOf(err) != engine.NotFound {
		return false, err
	}
	if err != nil || conv.State != engine.Open || conv.Owner != engine.OwnerQueue {
		return false, tx.Queue().Remove(e.Conversation) // it does not wait any more, whatever the queue says
	}
	agent, err := tx.Users().Get(brand, t.Agent)
	if err != nil {
		return false, unlessGone(err)
	}
	if !agent.Available(r.Now()) || !fits(load, weight(skill), agent.Slots) || t.Via != "" && !slices.Contains(agent.Skills, t.Via) {
		return false, nil
	}
	if (t.Via != "" || e.Agent != agent.ID) && agentOf(agent, load, r.Now()).lacks(needs(&e, t.Via)) != "" {
		return false, nil
	}
	if skill.AcceptSeconds > 0 && !agent.AutoAccept {
		return true, r.offer(tx, &conv, e, agent, skill.AcceptSeconds, &t.Why)
	}
	return true, r.Assign(tx, &conv, agent, &t.Why)
}

func unlessGone(err error) error {
	if engine.CodeOf(err) == engine.NotFound {
		return nil
	}
	return err
}

// endWants opens conversations that waited for one agent to everybody with the
// skill, and says so in the log.
func (r Rules) endWants(tx engine.Tx, entries []engine.QueueEntry) error {
	now := r.Now()
	for _, old := range entries {
		e, err := tx.Queue().Get(old.Conversation)
		if engine.CodeOf(err) == engine.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		if !sameWait(e, old) {
			continue
		}
		agent, err := tx.Users().Get(e.Brand, e.Agent)
		if unlessGone(err) != nil {
			return err
		}
		if !wantOver(e, agent, now) {
			continue
		}
		conv, err := tx.Conversations().Get(e.Brand, e.Conversation)
		if unlessGone(err) != nil {
			return err
		}
		if err == nil && conv.Owner == engine.OwnerQueue {
			data := conversation.Change(conv, nobodyTook(agent))
			data.Rev = conv.Rev // only the queue's entry changes
			if err := conversation.Log(tx, now, conv, engine.EventOwner, "system", data); err != nil {
				return err
			}
		}
		e.Agent, e.AgentUntil = "", time.Time{}
		if err := tx.Queue().Put(e); err != nil {
			return err
		}
	}
	return nil
}

func nobodyTook(agent engine.User) string {
	if agent.ID == "" {
		return "The agent that it waited for is gone, so anybody with the skill may take it"
	}
	return agent.Name + " did not take it, so anybody with the skill may"
}

// endLapsed ends those of the offers that are still the same and still lapsed.
func (r Rules) endLapsed(tx engine.Tx, offers []engine.QueueEntry) error {
	now := r.Now()
	for _, o := range offers {
		e, err := tx.Queue().Get(o.Conversation)
		if engine.CodeOf(err) == engine.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		if e.OfferedTo != o.OfferedTo || !e.OfferExpires.Equal(o.OfferExpires) {
			continue
		}
		agent, err := tx.Users().Get(e.Brand, e.OfferedTo)
		if unlessGone(err) != nil {
			return err
		}
		if end := lapse(e, agent, now); end != "" {
			if err := r.EndOffer(tx, e, end); err != nil {
				return err
			}
		}
	}
	return nil
}
