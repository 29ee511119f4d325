package sqlite

import (
	"context"
	"errors"
	"fmt"

	"parley/engine"
)

// erasure removes what a consumer said and was told. SQLite overwrites what is
// deleted (secure_delete), also in rows that only change.
type erasure struct{ c *conn }

func (f erasure) Conversations(brand, consumer, after string, limit int) ([]string, error) {
	return all(f.c.query(`select id from conversations where consumer = $1 and brand = $2 and id > $3 order by id limit $4`, consumer, brand, after, int64(limit)),
		func(r *rows) string { return r.text(0) })
}

func (f erasure) Outbox(brand, consumer string) ([]int64, error) {
	return all(f.c.queryLong(`select o.seq from outbox o where o.brand = $1 and o.conversation in (select id from conversations where consumer = $2 and brand = $1)`,
		brand, consumer), func(r *rows) int64 { return r.int(0) })
}

// conversationErasure is what goes with a conversation $1.
var conversationErasure = [...]string{
	`delete from journal where session in (select id from sessions where conversation = $1)`,
	`delete from timers where session in (select id from sessions where conversation = $1)`,
	`update sessions set wait = '', start = '' where conversation = $1`,
	`delete from queue where conversation = $1`,
	`delete from outbox where active = 1 and conversation = $1`,
	`delete from utterances where conversation = $1`,
	`delete from faults where sample = $1`,
	`update events set data = '' where seq in (with recursive chain (seq) as (
		select last_event from conversations where id = $1 and last_event > 0
		union all select e.previous from chain cross join events e where e.seq = chain.seq and e.previous > 0) select seq from chain)`,
}

func (f erasure) Conversation(brand, id string) (int, error) {
	state, err := one(f.c.query(`select state from conversations where id = $1 and brand = $2`, id, brand), "conversation", func(r *rows) string { return r.text(0) })
	if err != nil {
		return 0, err
	}
	if engine.State(state) != engine.Closed {
		return 0, engine.Errorf(engine.Conflict, "the conversation is open")
	}
	if err := inbox(f).Clear(id); err != nil {
		return 0, err
	}
	messages, err := f.c.exec(`delete from messages where conversation = $1`, id)
	if err != nil {
		return 0, err
	}
	if err := f.c.chains.save(f.c); err != nil { // the events' chain below begins where this update has got to
		return 0, err
	}
	for _, q := range conversationErasure {
		if _, err := f.c.exec(q, id); err != nil {
			return 0, err
		}
	}
	extra := `case when json_valid(extra) then json_object('outcome', extra ->> 'outcome', 'closed_by', extra ->> 'closed_by') else '' end`
	_, err = f.c.exec(`update conversations set rev = rev + 1, address = '', preview = '', preview_author = '', ready = 0, waiting_since = 0, pulse = '', extra = `+extra+` where id = $1`, id)
	return int(messages), err
}

func (f erasure) Consumer(brand, id string, outbox []int64) error {
	for _, seq := range outbox {
		if _, err := f.c.exec(`delete from outbox where seq = $1 and brand = $2`, seq, brand); err != nil {
			return err
		}
	}
	for _, q := range [...]string{
		`delete from consents where brand = $2 and address in (select address from identities where consumer = $1 and brand = $2)`,
		`delete from identities where consumer = $1 and brand = $2`,
		`delete from followups where consumer = $1 and brand = $2`,
	} {
		if _, err := f.c.exec(q, id, brand); err != nil {
			return err
		}
	}
	return f.c.execOne("consumer", `update consumers set name = '', language = '', attributes = '', changed = `+nextChange+` where id = $1 and brand = $2`, id, brand)
}

// Scrub folds the log into the database and empties it, so that the files hold
// nothing of what was removed.
func (db *DB) Scrub(ctx context.Context) (err error) {
	c, err := connect(newSource(db.path, "rw"), sqliteDialect(), false)
	if err != nil {
		return fmt.Errorf("storage: open %s: %w", db.path, err)
	}
	defer func() { err = errors.Join(err, c.close()) }()
	return fold(ctx, c)
}

// Scrub does the same with the index.
func (x *Index) Scrub(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.target == nil {
		return engine.Errorf(engine.Unavailable, "the index is closed")
	}
	return fold(ctx, x.target)
}

// foldTries is how often it is tried while readers keep the log.
const foldTries = 5

func fold(ctx context.Context, c *conn) error {
	c.ctx = ctx
	defer func() { c.ctx = context.Background() }()
	for range foldTries {
		busy, err := one(c.queryLong(`pragma wal_checkpoint(truncate)`), "answer", func(r *rows) bool { return r.int(0) != 0 })
		if err != nil || !busy {
			return err
		}
	}
	return engine.Errorf(engine.Unavailable, "What was removed is still in the database's log, because it is read all the time. It goes with the next erasure, or at the next stop.")
}
