package relational

import (
	"cmp"
	"slices"

	"parley/engine"
)

type queue struct{ C *Conn }

const queueColumns = `conversation, brand, skill, priority, entered_at, agent, avoid, offered_to, offer_expires, level, language, raised, agent_until, tried_at, returned_at`

var putQueued = Replacement("queue", "conversation", queueColumns)

func queueFields(e *engine.QueueEntry, to []any) []any {
	return append(to,
		&e.Conversation, &e.Brand, &e.Skill, &e.Priority, &e.EnteredAt, &e.Agent, inJSON(&e.Avoid), &e.OfferedTo, &e.OfferExpires,
		&e.Level, &e.Language, &e.Raised, &e.AgentUntil, &e.TriedAt, &e.ReturnedAt,
	)
}

func (f queue) Put(e engine.QueueEntry) error {
	f.C.Wake(engine.Signal{Topic: engine.TopicRouting, Brand: e.Brand, Key: e.Brand})
	return f.C.Run(putQueued, queueFields(&e, f.C.list)...)
}

func (f queue) Get(conversation string) (engine.QueueEntry, error) {
	return One(f.C.Query(`select `+queueColumns+` from queue where conversation = $1`+Keep, conversation), "queue entry", queueFields)
}

func (f queue) Remove(conversation string) error {
	return f.C.ExecOne("queue entry", `delete from queue where conversation = $1`, conversation)
}

func (f queue) List(brand string) ([]engine.QueueEntry, error) {
	return All(f.C.Query(`select `+queueColumns+` from queue where brand = $1 order by priority, entered_at, conversation`, brand), queueFields)
}

func (f queue) Meant(brand, agent string) ([]engine.QueueEntry, error) {
	if agent == "" {
		return nil, nil
	}
	found, err := All(f.C.Query(`select `+queueColumns+` from queue where brand = $1 and offered_to = $2 and offered_to <> ''
		union select `+queueColumns+` from queue where brand = $1 and agent = $2 and agent <> ''`, brand, agent), queueFields)
	slices.SortFunc(found, func(a, b engine.QueueEntry) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.EnteredAt.Compare(b.EnteredAt), cmp.Compare(a.Conversation, b.Conversation))
	})
	return found, err
}

func (f queue) Waiting(brand string) (map[string]int, error) {
	return ByName[int](f.C.Query(`select skill, n from queue_counts where brand = $1 and n > 0`, brand))
}

func (f queue) Brands() ([]string, error) {
	return All(f.C.Query(`select distinct brand from queue order by brand`), Itself[string])
}

func (f queue) Position(conversation string) (int, error) {
	e, err := f.Get(conversation)
	if err != nil {
		return 0, err
	}
	n, err := f.C.Number(
		`select count(*) from queue where brand = $1 and skill = $2 and (priority < $3
			or (priority = $3 and (entered_at < $4 or (entered_at = $4 and conversation < $5))))`,
		e.Brand, e.Skill, e.Priority, e.EnteredAt, conversation)
	return int(n) + 1, err
}
