package routing

import (
	"encoding/json"
	"slices"
	"time"

	"parley/engine"
	"parley/engine/notice"
	"parley/engine/texts"
	"parley/engine/conversation"
)

// Ends of an offer, in OfferData.End.
const (
	Accepted  = "accepted"
	Declined  = "declined"
	Expired   = "expired"
	Withdrawn = "withdrawn"
)

// maxAvoid bounds QueueEntry.Avoid; the oldest go first.
const maxAvoid = 50

// Rules move conversations between the queue and agents inside the caller's
// transaction. They are immutable and safe for concurrent use. After the
// commit the caller wakes TopicRouting (the brand), TopicEvents and, when
// something was said, TopicDelivery.
type Rules struct {
	Now engine.Clock
	// Say tells the consumer the text of a key (engine/texts); it changes conv
	// and leaves saving it to its caller. nil says nothing.
	Say func(tx engine.Tx, conv *engine.Conversation, key string, vars map[string]string) error
}

// Assign gives an open conversation to an agent and saves it: the queue entry
// and its offer end, the handoff stays for the agent to read, the consumer is
// told. why is nil when the agent took or accepted it, and the match when
// routing assigned it without an offer. Room and presence are the caller's to
// check. When the conversation comes from its bot, the caller ends the bot's
// part first.
//
// Errors: NotFound for another brand's agent, Conflict when the conversation
// is closed, is the agent's already, or was changed by somebody else.
func (r Rules) Assign(tx engine.Tx, conv *engine.Conversation, agent engine.User, why *engine.MatchReasons) error {
	switch {
	case agent.Brand != conv.Brand:
		return engine.Errorf(engine.NotFound, "There is no such agent.")
	case conv.State != engine.Open:
		return engine.Errorf(engine.Conflict, "The conversation is closed.")
	case conv.Owner == engine.OwnerAgent && conv.Agent == agent.ID:
		return engine.Errorf(engine.Conflict, "The conversation is with this agent already.")
	}
	now, actor := r.Now(), "agent:"+agent.ID
	if why != nil {
		actor = "system"
	}
	waited, err := r.leaveQueue(tx, conv, agent)
	if err != nil {
		return err
	}
	from := *conv
	if err := notice.Lost(tx, now, from, engine.NoticeTaken, actor, agent.Name); err != nil {
		return err
	}
	if why != nil {
		err := conversation.Log(tx, now, *conv, engine.EventOffered, actor, engine.OfferData{Agent: agent.ID, AgentName: agent.Name, Why: why})
		if err != nil {
			return err
		}
	}
	if err := tx.Users().Assigned(agent.Brand, agent.ID, now); err != nil {
		return err
	}
	conv.Owner, conv.Agent = engine.OwnerAgent, agent.ID
	conv.BySkill = slices.Contains(agent.Skills, conv.Skill)
	if r.Say != nil {
		if err := r.Say(tx, conv, texts.Assigned, map[string]string{"agent": agent.Name}); err != nil {
			return err
		}
	}
	data := conversation.Change(*conv, "assigned")
	data.AgentName, data.Waited = agent.Name, waited
	if data.From, data.FromName, err = conversation.Holder(tx, from); err != nil {
		return err
	}
	if err := conversation.Log(tx, now, *conv, engine.EventOwner, actor, data); err != nil {
		return err
	}
	return tx.Conversations().Save(conv)
}

// leaveQueue removes the conversation's queue entry, if it has one, and tells
// how its offer ended: accepted by the agent, or withdrawn from somebody else.
// It gives the wait that is over.
func (r Rules) leaveQueue(tx engine.Tx, conv *engine.Conversation, agent engine.User) (*engine.Waited, error) {
	e, err := tx.Queue().Get(conv.ID)
	if err != nil {
		return nil, unlessGone(err)
	}
	switch e.OfferedTo {
	case "":
	case agent.ID:
		if err = answered(tx, agent.Brand, agent.ID); err == nil {
			err = r.logEnd(tx, e, Accepted, agent.Name)
		}
	default:
		err = r.logEnd(tx, e, Withdrawn, nameOf(tx, e))
	}
	if err != nil {
		return nil, err
	}
	since := e.EnteredAt
	if e.ReturnedAt.After(since) {
		since = e.ReturnedAt
	}
	return &engine.Waited{Since: since.UnixMilli(), For: e.Agent}, tx.Queue().Remove(conv.ID)
}

// offer reserves a waiting conversation for an agent. It counts as an
// assignment for the order among agents, so that one who lets offers expire
// does not stay the longest idle.
func (r Rules) offer(tx engine.Tx, conv *engine.Conversation, e engine.QueueEntry, agent engine.User, seconds int, why *engine.MatchReasons) error {
	now := r.Now()
	e.OfferedTo, e.OfferExpires = agent.ID, now.Add(time.Duration(seconds)*time.Second)
	if err := tx.Queue().Put(e); err != nil {
		return err
	}
	if err := tx.Users().Assigned(agent.Brand, agent.ID, now); err != nil {
		return err
	}
	return conversation.Log(tx, now, *conv, engine.EventOffered, "system", engine.OfferData{
		Agent: agent.ID, AgentName: agent.Name, Expires: e.OfferExpires.UnixMilli(), Why: why,
	})
}

// EndOffer puts an offered conversation back to waiting, where it keeps its
// place. entry is what this transaction read. end is Declined, Expired or
// Withdrawn; after the first two the agent is on the entry's avoid list.
// Conflict when the conversation is not offered.
func (r Rules) EndOffer(tx engine.Tx, entry engine.QueueEntry, end string) error {
	if entry.OfferedTo == "" {
		return engine.Errorf(engine.Conflict, "The conversation is not offered to anybody.")
	}
	offered := entry
	entry.OfferedTo, entry.OfferExpires = "", time.Time{}
	switch end {
	case Withdrawn:
	case Declined, Expired:
		entry.Avoid, entry.TriedAt = avoidToo(entry.Avoid, offered.OfferedTo), r.Now()
	default:
		return engine.Errorf(engine.Invalid, "An offer cannot end as %q.", end)
	}
	if err := tx.Queue().Put(entry); err != nil {
		return err
	}
	if err := r.logEnd(tx, offered, end, nameOf(tx, offered)); err != nil {
		return err
	}
	switch end {
	case Declined:
		return answered(tx, entry.Brand, offered.OfferedTo)
	case Expired:
		return r.lapsed(tx, entry.Brand, offered.OfferedTo)
	}
	return nil
}

// answered ends a row of offers that the agent let expire.
func answered(tx engine.Tx, brand, agent string) error {
	u, err := tx.Users().Get(brand, agent)
	if err != nil || u.Lapses == 0 {
		return unlessGone(err)
	}
	u.Lapses = 0
	return tx.Users().Save(u)
}

// lapsed counts an offer that an agent let expire. After too many in a row she
// is set away, is told so, and what else is offered to her waits again.
func (r Rules) lapsed(tx engine.Tx, brand, agent string) error {
	u, err := tx.Users().Get(brand, agent)
	if err != nil {
		return unlessGone(err)
	}
	b, err := tx.Brands().Get(brand)
	if err != nil {
		return err
	}
	u.Lapses++
	if u.Presence != engine.Online || u.Lapses < b.Settings.Desk.MaxLapses() {
		return tx.Users().Save(u)
	}
	now := r.Now()
	u.Presence, u.PresenceSince, u.PresenceReason, u.Lapses = engine.Away, now, engine.PresenceLapsed, 0
	if err := tx.Users().Save(u); err != nil {
		return err
	}
	if _, err := r.Withdraw(tx, brand, agent); err != nil {
		return err
	}
	data, err := json.Marshal(engine.PresenceData{Agent: agent, Presence: u.Presence, Seen: u.There(now), Reason: u.PresenceReason})
	if err != nil {
		return engine.Errorf(engine.Internal, "event data").Because(err)
	}
	err = tx.Events().Add(&engine.Event{At: now, Brand: brand, Kind: engine.EventPresence, Actor: "system", Data: data})
	if err != nil {
		return err
	}
	return notice.Tell(tx, engine.Notice{Brand: brand, Agent: agent, Kind: engine.NoticeLapsed, At: now})
}

// Withdraw puts all offers of an agent who left back to waiting and says how many they were.
func (r Rules) Withdraw(tx engine.Tx, brand, agent string) (int, error) {
	entries, err := tx.Queue().List(brand)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, e := range entries {
		if e.OfferedTo != agent || agent == "" {
			continue
		}
		if err := r.EndOffer(tx, e, Withdrawn); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (r Rules) logEnd(tx engine.Tx, e engine.QueueEntry, end, name string) error {
	actor := "system"
	if end == Accepted || end == Declined {
		actor = "agent:" + e.OfferedTo
	}
	conv := engine.Conversation{Brand: e.Brand, ID: e.Conversation}
	return conversation.Log(tx, r.Now(), conv, engine.EventOfferEnded, actor, engine.OfferData{Agent: e.OfferedTo, AgentName: name, End: end})
}

// nameOf is the name of who has the offer, "" for somebody removed meanwhile.
func nameOf(tx engine.Tx, e engine.QueueEntry) string {
	u, err := tx.Users().Get(e.Brand, e.OfferedTo)
	if err != nil {
		return ""
	}
	return u.Name
}

func avoidToo(list []string, agent string) []string {
	out := append(slices.DeleteFunc(slices.Clone(list), func(id string) bool { return id == agent }), agent)
	return out[max(0, len(out)-maxAvoid):]
}
