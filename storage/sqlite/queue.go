package sqlite

import (
	"cmp"
	"slices"

	"parley/engine"
)

type queue struct{ c *conn }

const queueColumns = `conversation, brand, skill, priority, entered_at, agent, avoid, offered_to, offer_expires, level, language, raised, agent_until, tried_at, returned_at`

func scanQueue(r *rows) engine.QueueEntry {
	e := engine.QueueEntry{
		Conversation: r.text(0), Brand: r.text(1), Skill: r.text(2), Priority: int(r.int(3)), EnteredAt: r.time(4), Agent: r.text(5),
		OfferedTo: r.text(7), OfferExpires: r.time(8), Level: int(r.int(9)), Language: r.text(10), Raised: int(r.int(11)),
		AgentUntil: r.time(12), TriedAt: r.time(13), ReturnedAt: r.time(14),
	}
	r.json(6, &e.Avoid)
	return e
}

func (f queue) Put(e engine.QueueEntry) error {
	avoid, err := encodeList(e.Avoid)
	if err != nil {
		return err
	}
	f.c.wake(engine.Signal{Topic: engine.TopicRouting, Brand: e.Brand, Key: e.Brand})
	_, err = f.c.exec(
		`insert into queue (`+queueColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		on conflict (conversation) do update set brand = excluded.brand, skill = excluded.skill, priority = excluded.priority, entered_at = excluded.entered_at,
			agent = excluded.agent, avoid = excluded.avoid, offered_to = excluded.offered_to, offer_expires = excluded.offer_expires,
			level = excluded.level, language = excluded.language, raised = excluded.raised, agent_until = excluded.agent_until,
			tried_at = excluded.tried_at, returned_at = excluded.returned_at`,
		e.Conversation, e.Brand, e.Skill, int64(e.Priority), ms(e.EnteredAt), e.Agent, avoid, e.OfferedTo, ms(e.OfferExpires), int64(e.Level), e.Language, int64(e.Raised),
		ms(e.AgentUntil), ms(e.TriedAt), ms(e.ReturnedAt))
	return err
}

func (f queue) Get(conversation string) (engine.QueueEntry, error) {
	return one(f.c.query(`select `+queueColumns+` from queue where conversation = $1`, conversation), "queue entry", scanQueue)
}

func (f queue) Remove(conversation string) error {
	return f.c.execOne("queue entry", `delete from queue where conversation = $1`, conversation)
}

func (f queue) List(brand string) ([]engine.QueueEntry, error) {
	return all(f.c.query(`select `+queueColumns+` from queue where brand = $1 order by priority, entered_at, conversation`, brand), scanQueue)
}

func (f queue) Meant(brand, agent string) ([]engine.QueueEntry, error) {
	if agent == "" {
		return nil, nil
	}
	found, err := all(f.c.query(`select `+queueColumns+` from queue where brand = $1 and offered_to = $2 and offered_to <> ''
		union select `+queueColumns+` from queue where brand = $1 and agent = $2 and agent <> ''`, brand, agent), scanQueue)
	slices.SortFunc(found, func(a, b engine.QueueEntry) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.EnteredAt.Compare(b.EnteredAt), cmp.Compare(a.Conversation, b.Conversation))
	})
	return found, err
}

func (f queue) Waiting(brand string) (map[string]int, error) {
	n := map[string]int{}
	r := f.c.query(`select skill, n from queue_counts where brand = $1 and n > 0`, brand)
	for r.next() {
		n[r.text(0)] = int(r.int(1))
	}
	return n, r.close()
}

func (f queue) Brands() ([]string, error) {
	return all(f.c.query(`select distinct brand from queue order by brand`), func(r *rows) string { return r.text(0) })
}

func (f queue) Position(conversation string) (int, error) {
	e, err := f.Get(conversation)
	if err != nil {
		return 0, err
	}
	n, err := f.c.number(
		`select count(*) from queue where brand = $1 and skill = $2 and (priority < $3
			or (priority = $3 and (entered_at < $4 or (entered_at = $4 and conversation < $5))))`,
		e.Brand, e.Skill, int64(e.Priority), ms(e.EnteredAt), conversation)
	return int(n) + 1, err
}
