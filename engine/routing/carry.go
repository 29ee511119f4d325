package routing

import (
	"slices"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
)

// chunk is how many assignments share one transaction, and one reading of the loads.
const chunk = 16

// task is an assignment with the entry that Match saw.
type task struct {
	Assignment
	entry engine.QueueEntry
}

// carrier makes assignments true in one transaction.
type carrier struct {
	tx     engine.Tx
	now    time.Time
	writer conversation.Writer
	entry  catalog.Entry
}

// carryOut carries out those that still hold. It writes nothing for the others:
// they are stale, and the next Match decides again.
func (c carrier) carryOut(tasks []task) error {
	if err := c.keep(tasks); err != nil {
		return err
	}
	load, err := c.tx.Conversations().Load(c.entry.Brand.ID)
	if err != nil {
		return err
	}
	skills, err := c.tx.Brands().Skills(c.entry.Brand.ID)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		skill := engine.Skill{}
		if i := slices.IndexFunc(skills, func(s engine.Skill) bool { return s.ID == t.entry.Skill }); i >= 0 {
			skill = skills[i]
		}
		given, err := c.give(t, skill, load[t.Agent])
		if err != nil {
			return err
		}
		if given {
			load[t.Agent] += weight(skill)
		}
	}
	return nil
}

// keep has the conversations and then the agents for this update alone, each in one order
// for all who do so. What an agent takes meanwhile is in the loads that are read after it.
func (c carrier) keep(tasks []task) error {
	var conversations, agents []string
	for _, t := range tasks {
		conversations, agents = append(conversations, t.Conversation), append(agents, t.Agent)
	}
	slices.Sort(conversations)
	slices.Sort(agents)
	for _, id := range conversations {
		if _, err := c.tx.Conversations().Get(c.entry.Brand.ID, id); engine.UnlessGone(err) != nil {
			return err
		}
	}
	for _, id := range slices.Compact(agents) {
		if _, err := c.tx.Users().Get(c.entry.Brand.ID, id); engine.UnlessGone(err) != nil {
			return err
		}
	}
	return nil
}

// give checks again everything that Match relied on, then offers or assigns.
func (c carrier) give(t task, skill engine.Skill, load float64) (bool, error) {
	brand := c.entry.Brand.ID
	e, err := c.tx.Queue().Get(t.Conversation)
	if err != nil {
		return false, engine.UnlessGone(err)
	}
	if e.Brand != brand || !sameWait(e, t.entry) {
		return false, nil
	}
	conv, err := c.writer.Load(c.tx, c.now, brand, t.Conversation)
	if engine.UnlessGone(err) != nil {
		return false, err
	}
	if err != nil || conv.State != engine.Open || conv.Owner != engine.OwnerQueue {
		return false, conversation.Unqueue(c.tx, e) // it does not wait any more, whatever the queue says
	}
	agent, err := c.tx.Users().Get(brand, t.Agent)
	if err != nil {
		return false, engine.UnlessGone(err)
	}
	if !agent.Available(c.now) || !fits(load, weight(skill), agent.Slots) || t.Via != "" && !slices.Contains(agent.Skills, t.Via) {
		return false, nil
	}
	if (t.Via != "" || e.Agent != agent.ID) && agentOf(agent, load, c.now).lacks(needs(&e, t.Via)) != "" {
		return false, nil
	}
	if skill.AcceptSeconds > 0 && !agent.AutoAccept {
		return true, conv.Offer(e, agent, skill.AcceptSeconds, &t.Why)
	}
	if err := conv.In(c.entry).Assign(agent, &t.Why); err != nil {
		return false, err
	}
	return true, conv.Save()
}

// endWants opens conversations that waited for one agent to everybody with the
// skill, and says so in the log.
func endWants(tx engine.Tx, now time.Time, entries []engine.QueueEntry) error {
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
		if engine.UnlessGone(err) != nil {
			return err
		}
		if !wantOver(e, agent, now) {
			continue
		}
		conv, err := conversation.Writer{}.Load(tx, now, e.Brand, e.Conversation)
		if engine.UnlessGone(err) != nil {
			return err
		}
		if err := conv.Widen(e, nobodyTook(agent)); err != nil {
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
func endLapsed(tx engine.Tx, now time.Time, offers []engine.QueueEntry) error {
	for _, o := range offers {
		if _, err := tx.Conversations().Get(o.Brand, o.Conversation); engine.UnlessGone(err) != nil {
			return err
		}
		if _, err := tx.Users().Get(o.Brand, o.OfferedTo); engine.UnlessGone(err) != nil {
			return err
		}
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
		if engine.UnlessGone(err) != nil {
			return err
		}
		if end := lapse(e, agent, now); end != "" {
			if err := conversation.EndOffer(tx, now, e, end); err != nil {
				return err
			}
		}
	}
	return nil
}
