package sqlite

import (
	"cmp"
	"slices"
	"strings"

	"parley/engine"
)

type conversations struct{ c *conn }

const conversationColumns = `id, brand, channel, kind, consumer, address, state, owner, agent, skill, priority, rev, language, ready, last_inbox, last_seq, preview, preview_author, waiting_since, last_at, created_at, closed_at, extra, pulse, last_event, last_entry, waiting`

// conversationExtra is what no query asks for. It is one JSON column, because
// each column costs every read.
type conversationExtra struct {
	Tags       []string               `json:"tags,omitempty"`
	Attributes map[string]string      `json:"attributes,omitempty"`
	Handoff    *engine.Handoff        `json:"handoff,omitempty"`
	Pending    *engine.PendingChoices `json:"pending,omitempty"`
	Outcome    string                 `json:"outcome,omitempty"`
	Summary    string                 `json:"summary,omitempty"`
	ClosedBy   string                 `json:"closed_by,omitempty"`
	Draft      string                 `json:"draft,omitempty"`
	Mood       engine.Mood            `json:"mood,omitzero"`
	QueuedAt   int64                  `json:"queued_at,omitempty"`
	BySkill    bool                   `json:"by_skill,omitempty"`
	OwnedAt    int64                  `json:"owned_at,omitempty"`
}

func writeExtra(c *engine.Conversation) (string, error) {
	if len(c.Tags) == 0 && len(c.Attributes) == 0 && c.Handoff == nil && c.Pending == nil && c.Outcome == "" && c.Summary == "" && c.ClosedBy == "" && c.Draft == "" && c.Mood.Weight == 0 && c.Mood.Languages == nil && c.QueuedAt.IsZero() && !c.BySkill && c.OwnedAt.IsZero() {
		return "", nil
	}
	return encode(conversationExtra{c.Tags, c.Attributes, c.Handoff, c.Pending, c.Outcome, c.Summary, c.ClosedBy, c.Draft, c.Mood, ms(c.QueuedAt), c.BySkill, ms(c.OwnedAt)})
}

func scanConversation(r *rows) engine.Conversation {
	c := engine.Conversation{
		ID: r.text(0), Brand: r.text(1), Channel: r.text(2), Kind: engine.ChannelKind(r.text(3)), Consumer: r.text(4), Address: r.text(5),
		State: engine.State(r.text(6)), Owner: engine.Owner(r.text(7)), Agent: r.text(8), Skill: r.text(9), Priority: int(r.int(10)), Rev: r.int(11),
		Language: r.text(12), Ready: r.bool(13), LastInbox: r.int(14), LastSeq: r.int(15), Preview: r.text(16), PreviewAuthor: engine.Author(r.text(17)),
		WaitingSince: r.time(18), LastAt: r.time(19), CreatedAt: r.time(20), ClosedAt: r.time(21),
	}
	if r.text(22) != "" {
		var x conversationExtra
		r.json(22, &x)
		c.Tags, c.Attributes, c.Handoff, c.Pending = x.Tags, x.Attributes, x.Handoff, x.Pending
		c.Outcome, c.Summary, c.ClosedBy, c.Draft, c.Mood = x.Outcome, x.Summary, x.ClosedBy, x.Draft, x.Mood
		c.QueuedAt, c.BySkill, c.OwnedAt = fromMS(x.QueuedAt), x.BySkill, fromMS(x.OwnedAt)
	}
	c.Pulse = r.pulse(23)
	r.c.chains.read(c.ID, r.int(24), r.int(25), r.int(26))
	return c
}

func (f conversations) Get(brand, id string) (engine.Conversation, error) {
	return one(f.c.query(`select `+conversationColumns+` from conversations where id = $1 and brand = $2`, id, brand), "conversation", scanConversation)
}

func (f conversations) OpenByAddress(channel, address string) (engine.Conversation, error) {
	return one(f.c.query(`select `+conversationColumns+` from conversations where channel = $1 and address = $2 and state = 'open'`, channel, address), "conversation", scanConversation)
}

func (f conversations) Add(c engine.Conversation) error {
	extra, err := writeExtra(&c)
	if err != nil {
		return err
	}
	return f.c.insert("conversation",
		`insert into conversations (`+conversationColumns+`, had_agent) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, 0, 0, 0, $25) on conflict do nothing`,
		c.ID, c.Brand, c.Channel, string(c.Kind), c.Consumer, c.Address, string(c.State), string(c.Owner), c.Agent, c.Skill, int64(c.Priority), c.Rev,
		c.Language, flag(c.Ready), c.LastInbox, c.LastSeq, c.Preview, string(c.PreviewAuthor), ms(c.WaitingSince), ms(c.LastAt), ms(c.CreatedAt), ms(c.ClosedAt), extra, writePulse(c.Pulse), flag(c.Owner == engine.OwnerAgent))
}

// Save leaves id, brand, channel, kind, address and created_at alone: they never
// change. Most saves change no owner either, and those go a shorter way: SQLite
// rewrites the entry of every index whose columns are set, even to what they
// were, and each entry is a page in the log.
func (f conversations) Save(c *engine.Conversation) error {
	extra, err := writeExtra(c)
	if err != nil {
		return err
	}
	last, err := f.c.chains.of(f.c, c.ID)
	if err != nil {
		return err
	}
	const (
		set   = `rev = rev + 1, skill = $1, priority = $2, language = $3, ready = $4, last_inbox = $5, last_seq = $6, preview = $7, preview_author = $8, waiting_since = $9, last_at = $10, extra = $11, pulse = $12, last_event = $13, last_entry = $14, waiting = $15`
		where = ` where id = $16 and brand = $17 and rev = $18`
		owned = `consumer = $19, state = $20, closed_at = $23, owner = $21, agent = $22, had_agent = case when $21 = 'agent' then 1 else had_agent end`
	)
	args := []any{
		c.Skill, int64(c.Priority), c.Language, flag(c.Ready), c.LastInbox, c.LastSeq, c.Preview, string(c.PreviewAuthor), ms(c.WaitingSince), ms(c.LastAt),
		extra, writePulse(c.Pulse), last.event, last.entry, int64(last.waiting), c.ID, c.Brand, c.Rev, c.Consumer, string(c.State), string(c.Owner), c.Agent, ms(c.ClosedAt),
	}
	for _, q := range []string{
		`update conversations set ` + set + where + ` and consumer = $19 and state = $20 and owner = $21 and agent = $22 and closed_at = $23`,
		`update conversations set ` + set + `, ` + owned + where,
	} {
		n, err := f.c.exec(q, args...)
		if err != nil {
			return err
		}
		if n == 1 {
			f.c.chains.saved(c.ID)
			c.Rev++
			return nil
		}
	}
	n, err := f.c.number(`select count(*) from conversations where id = $1 and brand = $2`, c.ID, c.Brand)
	if err != nil {
		return err
	}
	if n == 0 {
		return notFound("conversation")
	}
	return engine.Errorf(engine.Conflict, "the conversation has changed meanwhile")
}

// List asks for each state and owner by itself, because each has an index in
// the order of the list, and merges the answers.
func (f conversations) List(w engine.ConversationFilter) ([]engine.Conversation, error) {
	if w.Limit < 1 {
		return nil, nil
	}
	var out []engine.Conversation
	for _, part := range filterParts(w) {
		q := f.where(part)
		q.raw(" order by last_at desc, id desc limit ").arg(int64(w.Limit))
		found, err := all(f.c.queryLong("select "+conversationColumns+" from conversations where "+q.String(), q.args...), scanConversation)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	slices.SortFunc(out, func(a, b engine.Conversation) int {
		return cmp.Or(b.LastAt.Compare(a.LastAt), strings.Compare(b.ID, a.ID))
	})
	return out[:min(w.Limit, len(out))], nil
}

func (f conversations) Count(w engine.ConversationFilter) (int, error) {
	if w.State == engine.Open && len(w.Skills) == 0 && w.Consumer == "" && w.Before.IsZero() { // kept by triggers
		q := newWhere("brand = ", w.Brand)
		if w.Owner != "" {
			q.and("owner = ", string(w.Owner))
		}
		if w.Agent != "" {
			q.and("agent = ", w.Agent)
		}
		n, err := f.c.number("select coalesce(sum(n), 0) from open_counts where "+q.String(), q.args...)
		return int(n), err
	}
	total := 0
	for _, part := range filterParts(w) {
		q := f.where(part)
		r := f.c.queryLong("select count(*) from conversations where "+q.String(), q.args...)
		if r.next() {
			total += int(r.int(0))
		}
		if err := r.close(); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// filterParts splits a filter into filters with one state, and one owner for
// open conversations. A consumer's are few, and have an index of their own.
func filterParts(w engine.ConversationFilter) []engine.ConversationFilter {
	if w.Consumer != "" {
		return []engine.ConversationFilter{w}
	}
	states := []engine.State{engine.Open, engine.Closed}
	if w.State != "" {
		states = []engine.State{w.State}
	}
	var out []engine.ConversationFilter
	for _, s := range states {
		w.State = s
		if s != engine.Open || w.Owner != "" {
			out = append(out, w)
			continue
		}
		for _, o := range []engine.Owner{engine.OwnerBot, engine.OwnerQueue, engine.OwnerAgent, engine.OwnerNone} {
			part := w
			part.Owner = o
			out = append(out, part)
		}
	}
	return out
}

func (f conversations) where(w engine.ConversationFilter) *where {
	q := newWhere("brand = ", w.Brand)
	// Literals let SQLite take the indexes of one state; as arguments, which it
	// cannot see, they keep it from them.
	switch {
	case w.State == "":
	case w.Consumer != "":
		q.and("state = ", string(w.State))
	case w.State == engine.Open:
		q.raw(" and state = 'open'")
	case w.State == engine.Closed:
		q.raw(" and state = 'closed'")
	}
	switch {
	case w.Owner == "":
	case w.Owner == engine.OwnerAgent && w.Consumer == "":
		q.raw(" and owner = 'agent'")
	default:
		q.and("owner = ", string(w.Owner))
	}
	if w.Agent != "" {
		q.and("agent = ", w.Agent)
	}
	if w.Consumer != "" {
		q.and("consumer = ", w.Consumer)
	}
	if !w.Before.IsZero() {
		q.and("last_at < ", ms(w.Before))
	}
	for i, s := range w.Skills {
		if i == 0 {
			q.and("skill in (", s)
		} else {
			q.raw(", ").arg(s)
		}
		if i == len(w.Skills)-1 {
			q.raw(")")
		}
	}
	return q
}

func (f conversations) Ready(limit int) ([]engine.ConversationRef, error) {
	return all(f.c.query(`select brand, id from conversations where ready = 1 order by last_at, id limit $1`, int64(limit)),
		func(r *rows) engine.ConversationRef { return engine.ConversationRef{Brand: r.text(0), ID: r.text(1)} })
}

func (f conversations) Load(brand string) (map[string]float64, error) {
	r := f.c.query(`
		select agent, sum(weight) from (
			select c.agent as agent, case when coalesce(s.weight, 0) = 0 then 1.0 else s.weight end as weight
			from conversations c left join skills s on s.brand = c.brand and s.id = c.skill
			where c.brand = $1 and c.state = 'open' and c.owner = 'agent'
			union all
			select q.offered_to, case when coalesce(s.weight, 0) = 0 then 1.0 else s.weight end
			from queue q left join skills s on s.brand = q.brand and s.id = q.skill
			where q.brand = $1 and q.offered_to <> ''
		) as held group by agent`, brand)
	load := map[string]float64{}
	for r.next() {
		load[r.text(0)] = r.float(1)
	}
	return load, r.close()
}
