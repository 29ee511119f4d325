package sqlite

import (
	"time"

	"parley/engine"
)

type history struct{ c *conn }

// Waiting asks for the sessions first: each cross join is one look-up.
func (f history) Waiting(brand, after string, limit int) ([]engine.Session, error) {
	return all(f.c.query(`select s.id, s.brand, s.conversation, s.bot, s.bundle, s.state, s.wait, s.seed, s.steps, s.start, s.created_at
		from sessions s cross join conversations c
		where s.brand = $1 and s.state = 'waiting' and s.id > $2 and c.id = s.conversation and c.brand = s.brand and c.state = 'open'
		order by s.id limit $3`, brand, after, int64(limit)), scanSession)
}

func (f history) Sessions(brand, conversation string) ([]engine.Session, error) {
	return all(f.c.query(`select `+sessionColumns+` from sessions where conversation = $1 and brand = $2 order by created_at, id`, conversation, brand), scanSession)
}

func (f history) Conversations(brand string, from, until time.Time, after string, limit int) ([]engine.Conversation, error) {
	q := `select ` + conversationColumns + ` from conversations where brand = $1 and created_at >= $2 and created_at < $3`
	if after == "" {
		return all(f.c.queryLong(q+` order by created_at, id limit $4`, brand, ms(from), ms(until), int64(limit)), scanConversation)
	}
	last, err := conversations(f).Get(brand, after)
	if err != nil {
		return nil, err
	}
	if last.CreatedAt.After(from) {
		from = last.CreatedAt
	}
	return all(f.c.queryLong(q+` and (created_at > $4 or id > $5) order by created_at, id limit $6`,
		brand, ms(from), ms(until), ms(last.CreatedAt), after, int64(limit)), scanConversation)
}

// Figures hops from bundle to bundle in the index: a brand has few of them, and
// the sessions of old ones need not be read.
func (f history) Figures(brand string, since time.Time) ([]engine.VersionFigures, error) {
	return all(f.c.queryLong(`
		with recursive versions (bundle) as (
			select min(bundle) from sessions where brand = $1
			union all
			select (select min(n.bundle) from sessions n where n.brand = $1 and n.bundle > versions.bundle) from versions where versions.bundle is not null
		)
		select s.bundle, s.bot, count(distinct s.conversation),
			count(distinct case when s.state = 'waiting' and c.state = 'open' then c.id end),
			count(distinct case when c.state = 'closed' and c.had_agent = 0 then c.id end),
			count(distinct case when c.had_agent = 1 then c.id end),
			count(distinct case when s.state = 'parked' then c.id end)
		from versions cross join sessions s cross join conversations c
		where s.brand = $1 and s.bundle = versions.bundle and s.created_at >= $2 and c.id = s.conversation and c.brand = s.brand
		group by s.bundle, s.bot order by s.bundle, s.bot`, brand, ms(since)), func(r *rows) engine.VersionFigures {
		return engine.VersionFigures{
			Bundle: r.text(0), Bot: r.text(1), Conversations: int(r.int(2)), Waiting: int(r.int(3)), Contained: int(r.int(4)), HandedOver: int(r.int(5)), Failed: int(r.int(6)),
		}
	})
}

// maxBegun is how many sessions tell enough of a version: the writer counts them
// after each fault.
const maxBegun = 2000

func (f history) Begun(brand, bundle string, since time.Time) (all, failed int, err error) {
	r := f.c.query(`select count(*), coalesce(sum(case when state = 'parked' then 1 else 0 end), 0)
		from (select state from sessions where brand = $1 and bundle = $2 and created_at >= $3 order by created_at desc limit $4)`,
		brand, bundle, ms(since), int64(maxBegun))
	if r.next() {
		all, failed = int(r.int(0)), int(r.int(1))
	}
	return all, failed, r.close()
}
