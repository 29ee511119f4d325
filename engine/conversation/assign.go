package conversation

import (
	"slices"
	"time"

	"parley/engine"
	"parley/engine/texts"
)

// Assign gives the conversation to an agent: the queue entry and its offer end,
// the handoff stays for the agent to read, the consumer is told. why is nil when
// the agent took or accepted it, and the match when routing assigned it without
// an offer. Room and presence are the caller's to check. When the conversation
// comes from its bot, the caller ends the bot's part first.
//
// Errors: NotFound for another brand's agent, Conflict when the conversation is
// closed or is the agent's already.
func (c *Change) Assign(agent engine.User, why *engine.MatchReasons) error {
	switch {
	case agent.Brand != c.Brand:
		return engine.Errorf(engine.NotFound, "There is no such agent.")
	case c.State != engine.Open:
		return engine.Errorf(engine.Conflict, "The conversation is closed.")
	case c.Owner == engine.OwnerAgent && c.Agent == agent.ID:
		return engine.Errorf(engine.Conflict, "The conversation is with this agent already.")
	}
	from, err := c.holding()
	if err != nil {
		return err
	}
	actor := "agent:" + agent.ID
	if why != nil {
		actor = "system"
	}
	waited, err := c.leaveQueue(agent)
	if err != nil {
		return err
	}
	if err := c.lost(engine.NoticeTaken, actor, agent.Name); err != nil {
		return err
	}
	if why != nil {
		if err := c.Log(engine.EventOffered, actor, engine.OfferData{Agent: agent.ID, AgentName: agent.Name, Why: why}); err != nil {
			return err
		}
	}
	if err := c.tx.Users().Assigned(agent.Brand, agent.ID, c.Now); err != nil {
		return err
	}
	c.Owner, c.Agent = engine.OwnerAgent, agent.ID
	c.BySkill = slices.Contains(agent.Skills, c.Skill)
	if err := c.System(texts.Assigned, map[string]string{"agent": agent.Name}); err != nil {
		return err
	}
	data := c.state("assigned")
	data.AgentName, data.Waited = agent.Name, waited
	return c.passed(engine.EventOwner, from, actor, data)
}

// leaveQueue removes the queue entry, if there is one, and tells how its offer
// ended: accepted by the agent who gets the conversation, or withdrawn from
// somebody else. It gives the wait that is over.
func (c *Change) leaveQueue(agent engine.User) (*engine.Waited, error) {
	e, err := c.tx.Queue().Get(c.ID)
	if err != nil {
		return nil, engine.UnlessGone(err)
	}
	switch e.OfferedTo {
	case "":
	case agent.ID:
		if err = answered(c.tx, agent.Brand, agent.ID); err == nil {
			err = offerEnded(c.tx, c.Now, e, Accepted, agent.Name)
		}
	default:
		err = ended(c.tx, c.Now, e, Withdrawn)
	}
	if err != nil {
		return nil, err
	}
	since := e.EnteredAt
	if e.ReturnedAt.After(since) { // an agent had it until then
		since = e.ReturnedAt
	}
	return &engine.Waited{Since: since.UnixMilli(), For: e.Agent}, c.tx.Queue().Remove(c.ID)
}

// Offer reserves the waiting conversation for an agent. It counts as an
// assignment for the order among agents, so that one who lets offers expire
// does not stay the longest idle. The conversation itself does not change.
func (c *Change) Offer(e engine.QueueEntry, agent engine.User, seconds int, why *engine.MatchReasons) error {
	e.OfferedTo, e.OfferExpires = agent.ID, c.Now.Add(time.Duration(seconds)*time.Second)
	if err := c.tx.Queue().Put(e); err != nil {
		return err
	}
	if err := c.tx.Users().Assigned(agent.Brand, agent.ID, c.Now); err != nil {
		return err
	}
	return c.Log(engine.EventOffered, "system", engine.OfferData{
		Agent: agent.ID, AgentName: agent.Name, Expires: e.OfferExpires.UnixMilli(), Why: why,
	})
}

// Widen lets everybody with the skill have a conversation that waited for one
// agent; why is told in the log. The conversation itself does not change.
func (c *Change) Widen(e engine.QueueEntry, why string) error {
	if c.Owner == engine.OwnerQueue {
		data := c.state(why)
		data.Rev = c.Rev
		if err := c.Log(engine.EventOwner, "system", data); err != nil {
			return err
		}
	}
	e.Agent, e.AgentUntil = "", time.Time{}
	return c.tx.Queue().Put(e)
}
