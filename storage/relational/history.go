package relational

import (
	"time"

	"parley/engine"
)

type history struct{ C *Conn }

// Waiting asks for the sessions first: each conversation is one look-up.
func (f history) Waiting(brand, after string, limit int) ([]engine.Session, error) {
	return All(f.C.Query(`select `+sessionColumns+` from sessions s where brand = $1 and state = 'waiting' and id > $2
		and exists (select 1 from conversations c where c.id = s.conversation and c.brand = s.brand and c.state = 'open')
		order by id limit $3`, brand, after, limit), sessionFields)
}

func (f history) Sessions(brand, conversation string) ([]engine.Session, error) {
	return All(f.C.Query(`select `+sessionColumns+` from sessions where conversation = $1 and brand = $2 order by created_at, id`, conversation, brand), sessionFields)
}

func (f history) Conversations(brand string, from, until time.Time, after string, limit int) ([]engine.Conversation, error) {
	q := `select ` + f.C.dialect.conversation.columns + ` from conversations where brand = $1 and created_at >= $2 and created_at < $3`
	if after == "" {
		return All(f.C.QueryLong(q+` order by created_at, id limit $4`, brand, from, until, limit), f.C.ConversationFields)
	}
	last, err := Conversations(f).Get(brand, after)
	if err != nil {
		return nil, err
	}
	if last.CreatedAt.After(from) {
		from = last.CreatedAt
	}
	return All(f.C.QueryLong(q+` and (created_at > $4 or id > $5) order by created_at, id limit $6`,
		brand, from, until, last.CreatedAt, after, limit), f.C.ConversationFields)
}

// Figures hops from version to version in the index: a brand has few of them, and
// the sessions of old ones need not be read.
func (f history) Figures(brand string, since time.Time) ([]engine.VersionFigures, error) {
	return All(f.C.QueryLong(`
		with recursive versions (version) as (
			select min(version) from sessions where brand = $1
			union all
			select (select min(n.version) from sessions n where n.brand = $1 and n.version > versions.version) from versions where versions.version is not null
		)
		select s.version, s.bot, count(distinct s.conversation),
			count(distinct case when s.state = 'waiting' and c.state = 'open' then c.id end),
			count(distinct case when c.state = 'closed' and c.had_agent = 0 then c.id end),
			count(distinct case when c.had_agent = 1 then c.id end),
			count(distinct case when s.state = 'parked' then c.id end)
		from versions cross join sessions s cross join conversations c
		where s.brand = $1 and s.version = versions.version and s.created_at >= $2 and c.id = s.conversation and c.brand = s.brand
		group by s.version, s.bot order by s.version, s.bot`, brand, since), func(v *engine.VersionFigures, to []any) []any {
		return append(to, &v.Version, &v.Bot, &v.Conversations, &v.Waiting, &v.Contained, &v.HandedOver, &v.Failed)
	})
}

// maxBegun is how many sessions tell enough of a version: the writer counts them
// after each fault.
const maxBegun = 2000

func (f history) Begun(brand, version string, since time.Time) (all, failed int, err error) {
	r := f.C.Query(`select count(*), coalesce(sum(case when state = 'parked' then 1 else 0 end), 0)
		from (select state from sessions where brand = $1 and version = $2 and created_at >= $3 order by created_at desc limit $4) newest`,
		brand, version, since, maxBegun)
	if r.Next() {
		r.Scan(&all, &failed)
	}
	return all, failed, r.Close()
}
