package relational

import (
	"cmp"
	"slices"
	"strings"

	"parley/engine"
)

// Conversations is their facet. Save is SaveOwn in a database that keeps columns of its own.
type Conversations struct{ C *Conn }

// ConversationColumns are the columns that each database has.
const ConversationColumns = `id, brand, channel, kind, consumer, address, state, owner, agent, skill, priority, rev, language, ready, ready_at, last_inbox, last_seq, preview, preview_author, waiting_since, last_at, created_at, closed_at, extra, pulse`

// ConversationFields are where ConversationColumns lie.
func ConversationFields(c *engine.Conversation, to []any) []any {
	return append(to,
		&c.ID, &c.Brand, &c.Channel, (*string)(&c.Kind), &c.Consumer, &c.Address, (*string)(&c.State), (*string)(&c.Owner), &c.Agent, &c.Skill,
		&c.Priority, &c.Rev, &c.Language, &c.Ready, &c.ReadyAt, &c.LastInbox, &c.LastSeq, &c.Preview, (*string)(&c.PreviewAuthor), &c.WaitingSince, &c.LastAt,
		&c.CreatedAt, &c.ClosedAt, extra{c}, pulse{&c.Pulse},
	)
}

// extra is what no query asks for. It is one JSON column, because each column
// costs every read.
type extra struct{ c *engine.Conversation }

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
	HeardAt    int64                  `json:"heard_at,omitempty"`
}

func (x extra) write() (any, error) {
	c := x.c
	return inJSON(&conversationExtra{
		c.Tags, c.Attributes, c.Handoff, c.Pending, c.Outcome, c.Summary, c.ClosedBy, c.Draft, c.Mood, MS(c.QueuedAt), c.BySkill, MS(c.OwnedAt), MS(c.HeardAt),
	}).write()
}

func (x extra) read(r *Rows, i int) {
	var v conversationExtra
	if len(r.cursor.View(i)) > 0 { // as seldom
		read := conversationExtra{}
		inJSON(&read).read(r, i)
		v = read
	}
	c := x.c
	c.Tags, c.Attributes, c.Handoff, c.Pending = v.Tags, v.Attributes, v.Handoff, v.Pending
	c.Outcome, c.Summary, c.ClosedBy, c.Draft, c.Mood = v.Outcome, v.Summary, v.ClosedBy, v.Draft, v.Mood
	c.QueuedAt, c.BySkill, c.OwnedAt, c.HeardAt = FromMS(v.QueuedAt), v.BySkill, FromMS(v.OwnedAt), FromMS(v.HeardAt)
}

func (f Conversations) Get(brand, id string) (engine.Conversation, error) {
	d := &f.C.dialect.conversation
	return One(f.C.Query(d.get, id, brand), "conversation", f.C.ConversationFields)
}

func (f Conversations) OpenByAddress(channel, address string) (engine.Conversation, error) {
	d := &f.C.dialect.conversation
	return One(f.C.Query(d.open, channel, address), "conversation", f.C.ConversationFields)
}

func (f Conversations) Add(c engine.Conversation) error {
	return f.C.InsertLater("conversation", f.C.dialect.conversation.add, ConversationFields(&c, f.C.list)...)
}

func (f Conversations) Save(c *engine.Conversation) error { return f.SaveOwn(c) }

// SaveOwn leaves id, brand, channel, kind, address and created_at alone: they never
// change. Most saves change no owner either, and those go a shorter way: SQLite
// rewrites the entry of every index whose columns are set, even to what they
// were, and each entry is a page in the log. own are the values of the database's own
// columns.
func (f Conversations) SaveOwn(c *engine.Conversation, own ...any) error {
	args := append([]any{
		&c.Skill, &c.Priority, &c.Language, &c.Ready, &c.LastInbox, &c.LastSeq, &c.Preview, (*string)(&c.PreviewAuthor), &c.WaitingSince, &c.LastAt,
		extra{c}, pulse{&c.Pulse}, &c.ReadyAt, &c.ID, &c.Brand, &c.Rev, &c.Consumer, (*string)(&c.State), (*string)(&c.Owner), &c.Agent, &c.ClosedAt,
	}, own...)
	if once := f.C.dialect.conversation.saveOnce; once != "" {
		err := f.C.later(None{What: "conversation", Knows: true}, once, args)
		c.Rev++
		f.C.Undone = append(f.C.Undone, func() { c.Rev-- })
		return err
	}
	for _, q := range f.C.dialect.conversation.save {
		n, err := f.C.Exec(q, args...)
		if err != nil {
			return err
		}
		if n == 1 {
			c.Rev++
			return nil
		}
	}
	n, err := f.C.Number(`select count(*) from conversations where id = $1 and brand = $2`, c.ID, c.Brand)
	if err != nil {
		return err
	}
	if n == 0 {
		return NotFound("conversation")
	}
	return engine.Errorf(engine.Conflict, "the conversation has changed meanwhile")
}

// List asks for each state and owner by itself, because each has an index in
// the order of the list, and merges the answers.
func (f Conversations) List(w engine.ConversationFilter) ([]engine.Conversation, error) {
	if w.Limit < 1 {
		return nil, nil
	}
	var out []engine.Conversation
	for _, part := range FilterParts(w) {
		q := ConversationsWhere(part)
		q.Raw(" order by last_at desc, id desc limit ").Arg(w.Limit)
		found, err := All(f.C.QueryLong("select "+f.C.dialect.conversation.columns+" from conversations where "+q.String(), q.Args...), f.C.ConversationFields)
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

func (f Conversations) Count(w engine.ConversationFilter) (int, error) {
	if w.State == engine.Open && len(w.Skills) == 0 && w.Consumer == "" && w.Before.IsZero() { // kept by triggers
		q := NewWhere("brand = ", w.Brand)
		if w.Owner != "" {
			q.And("owner = ", string(w.Owner))
		}
		if w.Agent != "" {
			q.And("agent = ", w.Agent)
		}
		n, err := f.C.Number("select coalesce(sum(n), 0) from open_counts where "+q.String(), q.Args...)
		return int(n), err
	}
	total := 0
	for _, part := range FilterParts(w) {
		q := ConversationsWhere(part)
		n, _, err := First(f.C.QueryLong("select count(*) from conversations where "+q.String(), q.Args...), Itself[int])
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// FilterParts splits a filter into filters with one state, and one owner for
// open conversations. A consumer's are few, and have an index of their own.
func FilterParts(w engine.ConversationFilter) []engine.ConversationFilter {
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

// ConversationsWhere is the condition of one part of a filter.
func ConversationsWhere(w engine.ConversationFilter) *Where {
	q := NewWhere("brand = ", w.Brand)
	// Literals let SQLite take the indexes of one state; as arguments, which it
	// cannot see, they keep it from them.
	switch {
	case w.State == "":
	case w.Consumer != "":
		q.And("state = ", string(w.State))
	case w.State == engine.Open:
		q.Raw(" and state = 'open'")
	case w.State == engine.Closed:
		q.Raw(" and state = 'closed'")
	}
	switch {
	case w.Owner == "":
	case w.Owner == engine.OwnerAgent && w.Consumer == "":
		q.Raw(" and owner = 'agent'")
	default:
		q.And("owner = ", string(w.Owner))
	}
	if w.Agent != "" {
		q.And("agent = ", w.Agent)
	}
	if w.Consumer != "" {
		q.And("consumer = ", w.Consumer)
	}
	if !w.Before.IsZero() {
		q.And("last_at < ", w.Before)
	}
	return In(q, "skill", w.Skills)
}

func (f Conversations) Load(brand string) (map[string]float64, error) {
	r := f.C.Query(`
		select agent, sum(weight) from (
			select c.agent as agent, case when coalesce(s.weight, 0) = 0 then 1.0 else s.weight end as weight
			from conversations c left join skills s on s.brand = c.brand and s.id = c.skill
			where c.brand = $1 and c.state = 'open' and c.owner = 'agent'
			union all
			select q.offered_to, case when coalesce(s.weight, 0) = 0 then 1.0 else s.weight end
			from queue q left join skills s on s.brand = q.brand and s.id = q.skill
			where q.brand = $1 and q.offered_to <> ''
		) as held group by agent`, brand)
	return ByName[float64](r)
}
