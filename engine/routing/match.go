package routing

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/engine"
)

// AvoidPause is how long the agents on a conversation's avoid list do not get it
// back although nobody else could take it, counted from when it last came to the
// queue or an offer of it last ended: what was just turned down must not bounce.
const AvoidPause = time.Minute

// maxSkipped bounds the agents named in MatchReasons.Skipped.
const maxSkipped = 20

// Words for MatchReasons.Skipped.
const (
	skippedAway  = "not available"
	skippedFull  = "no room"
	skippedAvoid = "had it before"
	skippedHeld  = "kept for a heavier conversation"
)

// Snapshot is everything that Match may depend on, for one brand. Ids are unique.
type Snapshot struct {
	Now     time.Time
	Skills  []engine.Skill
	Waiting []engine.QueueEntry // without those that are offered
	Agents  []Agent
}

// Agent is somebody who may get conversations.
type Agent struct {
	ID         string
	Skills     []string
	Levels     map[string]int // by skill; 1 when there is none
	Languages  []string       // BCP 47; none speaks all
	Load       float64        // summed weight of what the agent owns or is offered
	Slots      float64
	Available  bool
	AssignedAt time.Time // zero: never
}

// Assignment gives a waiting conversation to an agent.
type Assignment struct {
	Conversation string
	Agent        string
	// Via is the skill that the agent was found by: the conversation's own or a
	// fallback of it, "" when the conversation wanted this agent or any.
	Via string
	Why engine.MatchReasons
}

// Match decides who gets which conversation. It is pure, and the order of the
// slices in s does not matter.
//
// Conversations are served by priority (1 first), then by the longest wait, then
// by id. An agent is eligible who is available, has the skill and has room for
// the skill's weight; of those the one with the least share of slots taken
// gets it, then the longest idle, then the first by id. Loads grow as Match goes.
//
//   - When nobody with the skill is available, full or not, the chain of
//     fallback skills is tried. The weight stays that of the conversation's own
//     skill. Who has fewer slots than that weight can never take it and does not count.
//   - A conversation without a skill may go to anybody.
//   - A conversation that needs a level goes to agents who have it in the skill
//     that they are found by; one that needs a language to those who speak it.
//     Somebody who does not meet them counts as not having the skill.
//   - A conversation that wants one agent waits for that agent, whatever the
//     agent's skills, levels and languages are, until the agent turned it down, is no longer in the
//     snapshot, or AgentUntil is over; then its skill decides.
//   - Agents on the avoid list are passed over as long as anybody else could take
//     it now: is available, has the skill and room. When nobody could, they may
//     get it again after AvoidPause. So nothing waits longer than that for
//     want of an offer while an agent has room for it.
//   - The first conversation of a skill that is too heavy for the room left
//     keeps one agent free of anything behind it, so that lighter conversations
//     cannot starve it.
func Match(s Snapshot) []Assignment {
	if len(s.Waiting) == 0 || len(s.Agents) == 0 {
		return nil
	}
	m := newMatcher(s)
	waiting := slices.Clone(s.Waiting)
	slices.SortFunc(waiting, func(a, b engine.QueueEntry) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.EnteredAt.Compare(b.EnteredAt), strings.Compare(a.Conversation, b.Conversation))
	})
	var out []Assignment
	for i := range waiting {
		if a, ok := m.place(&waiting[i]); ok {
			out = append(out, a)
		}
	}
	return out
}

// matcher is the working state of one Match.
type matcher struct {
	now    time.Time
	skills map[string]engine.Skill
	agents []candidate // by id
	byID   map[string]int
	pools  map[poolKey]*pool
}

type candidate struct {
	Agent
	share float64 // Load / Slots
	held  bool    // kept free for something heavier
}

func (c *candidate) fits(weight float64) bool { return fits(c.Load, weight, c.Slots) }

// fits admits a conversation. The tolerance takes up the rounding of sums of weights like 0.1.
func fits(load, weight, slots float64) bool { return load+weight <= slots+1e-9 }

// poolKey names those with a skill ("" for everybody), at least at a level, who
// speak a language. The zero level and language ask for nothing.
type poolKey struct {
	skill    string
	level    int
	language string
}

// pool is the agents of one key, as indexes, in the order of their ids.
type pool struct {
	whole   *pool // those of the skill alone, when the key asks for more
	present []int
	away    []int
	// full is the least weight that found no room among present, whoever is avoided; 0 when none did.
	full float64
}

func newMatcher(s Snapshot) *matcher {
	m := &matcher{
		now:    s.Now,
		skills: make(map[string]engine.Skill, len(s.Skills)),
		agents: make([]candidate, 0, len(s.Agents)),
		byID:   make(map[string]int, len(s.Agents)),
		pools:  make(map[poolKey]*pool, len(s.Skills)+1),
	}
	for _, sk := range s.Skills {
		m.skills[sk.ID] = sk
	}
	for _, a := range s.Agents {
		c := candidate{Agent: a}
		if a.Slots > 0 {
			c.share = a.Load / a.Slots
		} else {
			c.Available = false // takes no conversations at all
		}
		m.agents = append(m.agents, c)
	}
	slices.SortFunc(m.agents, func(a, b candidate) int { return strings.Compare(a.ID, b.ID) })
	for i := range m.agents {
		a := &m.agents[i]
		m.byID[a.ID] = i
		m.join("", i, a.Available)
		for _, id := range a.Skills {
			if id != "" {
				m.join(id, i, a.Available)
			}
		}
	}
	return m
}

func (m *matcher) join(skill string, agent int, available bool) {
	p := m.pools[poolKey{skill: skill}]
	if p == nil {
		p = &pool{}
		m.pools[poolKey{skill: skill}] = p
	}
	if available {
		p.present = append(p.present, agent)
	} else {
		p.away = append(p.away, agent)
	}
}

// of gives those with a skill who meet what the conversation needs; nil when
// nobody has the skill.
func (m *matcher) of(skill string, e *engine.QueueEntry) *pool {
	whole := m.pools[poolKey{skill: skill}]
	n := needs(e, skill)
	if whole == nil || n == (poolKey{skill: skill}) {
		return whole
	}
	if p, ok := m.pools[n]; ok {
		return p
	}
	meets := func(list []int) []int {
		return slices.DeleteFunc(slices.Clone(list), func(i int) bool { return m.agents[i].lacks(n) != "" })
	}
	p := &pool{whole: whole, present: meets(whole.present), away: meets(whole.away)}
	m.pools[n] = p
	return p
}

// needs is what an agent found by the skill must have.
func needs(e *engine.QueueEntry, skill string) poolKey {
	n := poolKey{skill: skill, language: baseOf(e.Language)}
	if skill != "" && e.Level > 1 { // everybody with a skill has level 1
		n.level = e.Level
	}
	return n
}

// lacks says in words what the agent misses, "" when nothing; the skill is not looked at.
func (a Agent) lacks(n poolKey) string {
	if n.level > max(1, a.Levels[n.skill]) {
		return "below level " + strconv.Itoa(n.level)
	}
	if n.language != "" && len(a.Languages) > 0 && !slices.ContainsFunc(a.Languages, func(l string) bool { return baseOf(l) == n.language }) {
		return "does not speak " + n.language
	}
	return ""
}

// baseOf is the language of a tag without script and region: "pt" of "pt-BR".
func baseOf(tag string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	return strings.ToLower(base)
}

// isFull says whether it is known that nothing of the weight fits.
func (p *pool) isFull(need float64) bool {
	return p.full > 0 && need >= p.full || p.whole != nil && p.whole.isFull(need)
}

// weight is the share of a slot that a conversation of the skill takes.
func weight(sk engine.Skill) float64 {
	if sk.Weight <= 0 {
		return 1
	}
	return sk.Weight
}

func (m *matcher) place(e *engine.QueueEntry) (Assignment, bool) {
	need := weight(m.skills[e.Skill])
	if i, ok := m.wanted(e); ok {
		a := &m.agents[i]
		if !a.Available || a.held {
			return Assignment{}, false
		}
		if !a.fits(need) {
			a.held = a.Slots >= need
			return Assignment{}, false
		}
		return m.give(e, i, -1, need), true
	}
	via, p := m.pool(e)
	if p == nil || p.isFull(need) {
		return Assignment{}, false
	}
	avoid := m.avoided(e, p, need)
	best, second := m.rank(p, avoid, need)
	if best < 0 {
		if len(avoid) == 0 || !m.roomFor(p, need) {
			m.hold(p, avoid, need)
		}
		return Assignment{}, false
	}
	skipped := m.skipped(e, via, avoid, need)
	out := m.give(e, best, second, need)
	out.Via, out.Why.Skipped = via, skipped
	return out, true
}

// wanted finds the agent that the conversation insists on.
func (m *matcher) wanted(e *engine.QueueEntry) (int, bool) {
	if e.Agent == "" || slices.Contains(e.Avoid, e.Agent) || !m.now.Before(agentUntil(e)) {
		return 0, false
	}
	i, ok := m.byID[e.Agent]
	return i, ok
}

// agentUntil is how long a conversation waits for the one agent that it wants.
func agentUntil(e *engine.QueueEntry) time.Time {
	if e.AgentUntil.IsZero() {
		return e.EnteredAt.Add(engine.DefaultTransferWait)
	}
	return e.AgentUntil
}

// pool finds the agents for a conversation: those of its skill, or of the first
// in the chain of fallbacks that has anybody present.
func (m *matcher) pool(e *engine.QueueEntry) (via string, p *pool) {
	skill, need := e.Skill, weight(m.skills[e.Skill])
	able := func(i int) bool { return fits(0, need, m.agents[i].Slots) }
	// A chain longer than the brand has skills has gone in a circle.
	for range len(m.skills) + 1 {
		if p := m.of(skill, e); p != nil && slices.ContainsFunc(p.present, able) {
			return skill, p
		}
		if skill = m.skills[skill].Fallback; skill == "" {
			break
		}
	}
	return "", nil
}

// avoided gives the indexes of present agents to pass over: those to avoid,
// unless nobody else could take it and it has rested.
func (m *matcher) avoided(e *engine.QueueEntry, p *pool, need float64) []int {
	var out []int
	for _, id := range e.Avoid {
		i, ok := m.byID[id]
		if !ok || slices.Contains(out, i) {
			continue
		}
		if _, ok := slices.BinarySearch(p.present, i); ok {
			out = append(out, i)
		}
	}
	if len(out) == 0 || m.now.Sub(settledAt(e)) < AvoidPause {
		return out
	}
	if best, _ := m.rank(p, out, need); best >= 0 {
		return out
	}
	return nil
}

// settledAt is when a conversation last came to the queue, from wherever, or an
// offer of it last ended.
func settledAt(e *engine.QueueEntry) time.Time {
	at := e.EnteredAt
	for _, t := range []time.Time{e.TriedAt, e.ReturnedAt} {
		if t.After(at) {
			at = t
		}
	}
	return at
}

// rank finds the best and the second-best agent with room; -1 when there is none.
func (m *matcher) rank(p *pool, avoid []int, need float64) (best, second int) {
	best, second = -1, -1
	for _, i := range p.present {
		a := &m.agents[i]
		if a.held || !a.fits(need) || slices.Contains(avoid, i) {
			continue
		}
		switch {
		case best < 0 || m.before(a, &m.agents[best]):
			best, second = i, best
		case second < 0 || m.before(a, &m.agents[second]):
			second = i
		}
	}
	return best, second
}

// before ranks; equal ones stay in the order of their ids.
func (m *matcher) before(a, b *candidate) bool {
	if a.share != b.share {
		return a.share < b.share
	}
	return a.AssignedAt.Before(b.AssignedAt)
}

func (m *matcher) roomFor(p *pool, need float64) bool {
	return slices.ContainsFunc(p.present, func(i int) bool { return !m.agents[i].held && m.agents[i].fits(need) })
}

// hold remembers that nothing of this weight fits any more, and keeps the
// agent free that will have room first.
func (m *matcher) hold(p *pool, avoid []int, need float64) {
	p.full = need
	least := -1
	for _, i := range p.present {
		a := &m.agents[i]
		if a.held || a.Slots < need || slices.Contains(avoid, i) {
			continue
		}
		if least < 0 || m.before(a, &m.agents[least]) {
			least = i
		}
	}
	if least >= 0 {
		m.agents[least].held = true
	}
}

func (m *matcher) give(e *engine.QueueEntry, best, second int, need float64) Assignment {
	why := engine.MatchReasons{
		WaitedMS: max(0, m.now.Sub(e.EnteredAt).Milliseconds()),
		Priority: e.Priority,
		Raised:   e.Raised,
		Chosen:   m.score(best),
	}
	if second >= 0 {
		score := m.score(second)
		why.RunnerUp = &score
	}
	a := &m.agents[best]
	a.Load += need
	a.share = a.Load / a.Slots
	a.AssignedAt = m.now
	return Assignment{Conversation: e.Conversation, Agent: a.ID, Why: why}
}

// score is what the agent is ranked by. IdleMS is -1 for somebody who never got anything.
func (m *matcher) score(i int) engine.AgentScore {
	a := &m.agents[i]
	s := engine.AgentScore{Agent: a.ID, Load: a.share, IdleMS: -1}
	if !a.AssignedAt.IsZero() {
		s.IdleMS = max(0, m.now.Sub(a.AssignedAt).Milliseconds())
	}
	return s
}

// skipped tells why others with the skill did not get it: those to avoid
// first, then the full, then, also in the skills before the fallback, those who
// lack something and the absent.
func (m *matcher) skipped(e *engine.QueueEntry, via string, avoid []int, need float64) map[string]string {
	out := make(map[string]string)
	tell := func(i int, why string) {
		id := m.agents[i].ID
		if _, told := out[id]; !told && why != "" && len(out) < maxSkipped {
			out[id] = why
		}
	}
	for _, i := range avoid {
		tell(i, skippedAvoid)
	}
	for _, i := range m.of(via, e).present {
		switch a := &m.agents[i]; {
		case a.held:
			tell(i, skippedHeld)
		case !a.fits(need):
			tell(i, skippedFull)
		}
	}
	skill := e.Skill
	for range len(m.skills) + 1 {
		if p, n := m.pools[poolKey{skill: skill}], needs(e, skill); p != nil {
			if n != (poolKey{skill: skill}) {
				for _, i := range p.present {
					tell(i, m.agents[i].lacks(n))
				}
			}
			for _, i := range p.away {
				tell(i, skippedAway)
			}
		}
		if skill == via {
			break
		}
		skill = m.skills[skill].Fallback
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
