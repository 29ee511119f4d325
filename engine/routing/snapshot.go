package routing

import (
	"slices"
	"time"

	"parley/engine"
	"parley/engine/conversation"
)

// picture is one brand's queue as a transaction sees it.
type picture struct {
	snap   Snapshot
	offers []engine.QueueEntry
	users  map[string]engine.User
}

// look reads the brand. Conversations in skip are left out of the snapshot.
func look(tx engine.Tx, brand string, now time.Time, skip map[string]bool) (picture, error) {
	p := picture{snap: Snapshot{Now: now}}
	entries, err := tx.Queue().List(brand)
	if err != nil || len(entries) == 0 {
		return p, err
	}
	for _, e := range entries {
		switch {
		case e.OfferedTo != "":
			p.offers = append(p.offers, e)
		case !skip[e.Conversation]:
			p.snap.Waiting = append(p.snap.Waiting, e)
		}
	}
	users, err := tx.Users().List(brand)
	if err != nil {
		return p, err
	}
	p.users = make(map[string]engine.User, len(users))
	for _, u := range users {
		p.users[u.ID] = u
	}
	if p.snap.Agents, err = agents(tx, brand, users, now); err != nil {
		return p, err
	}
	p.snap.Skills, err = tx.Brands().Skills(brand)
	return p, err
}

// agents gives the brand's users with their load. Disabled ones are left out, so
// that nobody waits for them in particular.
func agents(tx engine.Tx, brand string, users []engine.User, now time.Time) ([]Agent, error) {
	load, err := tx.Conversations().Load(brand)
	if err != nil {
		return nil, err
	}
	var out []Agent
	for _, u := range users {
		if u.Disabled {
			continue
		}
		out = append(out, agentOf(u, load[u.ID], now))
	}
	return out, nil
}

func agentOf(u engine.User, load float64, now time.Time) Agent {
	return Agent{
		ID: u.ID, Skills: u.Skills, Levels: u.Levels, Languages: u.Languages, Load: load, Slots: u.Slots,
		Available: u.Available(now), AssignedAt: u.AssignedAt,
	}
}

// lapse says how an offer has ended by itself, "" while it stands.
func lapse(e engine.QueueEntry, agent engine.User, now time.Time) string {
	switch {
	case agent.ID == "" || !agent.Available(now):
		return conversation.Withdrawn
	case !now.Before(e.OfferExpires):
		return conversation.Expired
	}
	return ""
}

// lapsed lists the offers that have ended by themselves.
func (p picture) lapsed() []engine.QueueEntry {
	return slices.DeleteFunc(slices.Clone(p.offers), func(e engine.QueueEntry) bool {
		return lapse(e, p.users[e.OfferedTo], p.snap.Now) == ""
	})
}

// wantsOver lists the conversations that wait for one agent no longer: the time
// is over, or the agent turned it down, is disabled or was removed.
func (p picture) wantsOver() []engine.QueueEntry {
	var out []engine.QueueEntry
	for _, e := range p.snap.Waiting {
		if e.Agent != "" && wantOver(e, p.users[e.Agent], p.snap.Now) {
			out = append(out, e)
		}
	}
	return out
}

func wantOver(e engine.QueueEntry, agent engine.User, now time.Time) bool {
	return agent.ID == "" || agent.Disabled || slices.Contains(e.Avoid, e.Agent) || !now.Before(agentUntil(&e))
}

// expires is when the first offer ends; zero when none is out.
func (p picture) expires() time.Time {
	var first time.Time
	for _, e := range p.offers {
		if first.IsZero() || e.OfferExpires.Before(first) {
			first = e.OfferExpires
		}
	}
	return first
}

// sameWait says whether nothing that Match looked at has changed.
func sameWait(a, b engine.QueueEntry) bool {
	return a.Conversation == b.Conversation && a.Skill == b.Skill && a.Priority == b.Priority && a.EnteredAt.Equal(b.EnteredAt) &&
		a.Agent == b.Agent && a.Level == b.Level && a.Language == b.Language && a.OfferedTo == b.OfferedTo && a.AgentUntil.Equal(b.AgentUntil) &&
		a.TriedAt.Equal(b.TriedAt) && a.ReturnedAt.Equal(b.ReturnedAt) && slices.Equal(a.Avoid, b.Avoid)
}
