package migrations_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"parley/storage/postgres/migrations"
	"parley/storage/postgres/postgrestest"
)

const addEvent = `insert into events (seq, at, brand, conversation, kind, actor, data, version)
	values (event_seq($1, $2), 1, 'acme', $3, 'message', '', '', 1) returning seq`

// TestEventEnd: what commits late is not passed over, though others that began later
// were committed before it.
func TestEventEnd(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	late, soon, reader := connect(t, url), connect(t, url), connect(t, url)
	base := number(t, reader, `select prepare_events()`)
	exec(t, late, `begin`)
	first := number(t, late, addEvent, base, 0, "a")
	second := number(t, late, addEvent, base, 1, "a")
	other := number(t, soon, addEvent, base, 0, "b")
	if !(first < second && second < other) {
		t.Fatalf("%d, %d, %d", first, second, other)
	}
	const read = `select count(*) from events where seq > 0 and seq <= (select event_end($1))`
	if n := number(t, reader, read, base); n != 0 {
		t.Errorf("%d events are read before one that comes later", n)
	}
	exec(t, late, `commit`)
	if n := number(t, reader, read, base); n != 3 {
		t.Errorf("%d events are read", n)
	}
}

// TestOthersHoldNothing: a transaction of another database of the same server is
// nothing to readers of this one.
func TestOthersHoldNothing(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.New(t, postgrestest.Settings{})
	other, c := connect(t, cluster.Open(t)), connect(t, cluster.Open(t))
	exec(t, other, `begin`)
	exec(t, other, `insert into probe (at) values (1)`)
	base := number(t, c, `select prepare_events()`)
	seq := number(t, c, addEvent, base, 0, "a")
	if n := number(t, c, `select count(*) from events where seq <= (select event_end($1))`, base); n != 1 {
		t.Errorf("the event %d is not read", seq)
	}
	exec(t, other, `rollback`)
}

// TestPreparedElsewhere: neither is one that was prepared there for two phases, which nobody
// runs, and which may be forgotten for days.
func TestPreparedElsewhere(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.New(t, postgrestest.Settings{More: []string{"max_prepared_transactions=2"}})
	other, c := connect(t, cluster.Open(t)), connect(t, cluster.Open(t))
	base := number(t, c, `select prepare_events()`)
	read := func() int64 {
		return number(t, c, `select count(*) from events where seq <= (select event_end($1))`, base)
	}
	prepare := func(in *pgx.Conn) {
		exec(t, in, `begin`)
		exec(t, in, `insert into probe (at) values (1)`)
		exec(t, in, `prepare transaction 'forgotten'`)
	}
	prepare(other)
	number(t, c, addEvent, base, 0, "a")
	if n := read(); n != 1 {
		t.Errorf("%d events are read", n)
	}
	exec(t, other, `rollback prepared 'forgotten'`)
	prepare(c)
	number(t, c, addEvent, base, 0, "b")
	if n := read(); n != 1 {
		t.Errorf("%d events are read beside one that may be written to the log", n)
	}
	exec(t, c, `rollback prepared 'forgotten'`)
	if n := read(); n != 2 {
		t.Errorf("%d events are read in the end", n)
	}
}

// TestEventsAreFollowed by a reader while many write, in transactions that end in
// another order than they began in, some of them by a rollback.
func TestEventsAreFollowed(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 60
	url := postgrestest.Open(t)
	reader := connect(t, url)
	base := number(t, reader, `select prepare_events()`)
	var written atomic.Int64
	var all sync.WaitGroup
	for w := range writers {
		c := connect(t, url)
		all.Go(func() {
			for i := range each {
				own := fmt.Sprint(w, "-", i)
				err := pgx.BeginFunc(context.Background(), c, func(tx pgx.Tx) error {
					for n := range 1 + i%3 {
						if _, err := tx.Exec(context.Background(), addEvent, base, n, own); err != nil {
							return err
						}
					}
					if i%7 == 0 {
						return pgx.ErrTxClosed // and so all of it is rolled back
					}
					return nil
				})
				if err == nil {
					written.Add(int64(1 + i%3))
				}
			}
		})
	}
	ended := make(chan struct{})
	go func() { all.Wait(); close(ended) }()
	seen, after := int64(0), int64(0)
	for over := false; !over; {
		select {
		case <-ended:
			over = true
		default:
		}
		rows, err := reader.Query(t.Context(), `select seq from events where seq > $1 and seq <= (select event_end($2)) order by seq limit 50`, after, base)
		if err != nil {
			t.Fatal(err)
		}
		got, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			t.Fatal(err)
		}
		if len(got) > 0 {
			seen, after, over = seen+int64(len(got)), slices.Max(got), false
		}
	}
	if seen != written.Load() {
		t.Errorf("%d of %d events were seen", seen, written.Load())
	}
}

// TestEventParts: the log goes on in another part, and beyond what it held in a
// database whose transactions had higher numbers.
func TestEventParts(t *testing.T) {
	t.Parallel()
	c := connect(t, postgrestest.Open(t))
	base := number(t, c, `select prepare_events()`)
	if again := number(t, c, `select prepare_events()`); base != 0 || again != 0 {
		t.Errorf("the base is %d, and then %d", base, again)
	}
	before := number(t, c, addEvent, base, 0, "a")
	exec(t, c, `update event_base set base = 1000000000000`)
	base = number(t, c, `select prepare_events()`)
	far := number(t, c, addEvent, base, 0, "a")
	exec(t, c, `update event_base set base = 0`) // as in a dump that was read elsewhere, where the numbers are low
	base = number(t, c, `select prepare_events()`)
	last := number(t, c, addEvent, base, 0, "a")
	if !(before < far && far < last) || base == 0 {
		t.Errorf("%d, %d, %d from %d", before, far, last, base)
	}
	if n := number(t, c, `select count(distinct tableoid) from events where conversation = 'a' and seq <= (select event_end($1))`, base); n != 2 {
		t.Errorf("the events lie in %d parts", n)
	}
	if err := migrations.Apply(t.Context(), c.Config()); err != nil {
		t.Error(err)
	}
}

// TestCountsAreKept: what is kept is what counting gives, while many change
// conversations at once and what was noted is added up.
func TestCountsAreKept(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	c := connect(t, url)
	exec(t, c, someConversations, 1, 40)
	var all sync.WaitGroup
	for w := range 6 {
		c := connect(t, url)
		all.Go(func() {
			for i := range 60 {
				owner := []string{"bot", "queue", "agent"}[i%3]
				state := []string{"open", "open", "closed"}[(w+i)%3]
				if _, err := c.Exec(context.Background(), `update conversations set owner = $1, agent = $2, state = $3 where id = $4`,
					owner, fmt.Sprint("u", i%2), state, fmt.Sprint("c", (w*7+i)%40+1)); err != nil {
					t.Error(err)
				}
				if i%20 == 0 {
					if _, err := c.Exec(context.Background(), `select fold_counts()`); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	exec(t, c, `delete from conversations where id = 'c3'`)
	for range 2 {
		if n := number(t, c, `select count(*) from (
			(select brand, owner, agent, count(*) from conversations where state = 'open' group by 1, 2, 3 except select brand, owner, agent, n from open_counts where n <> 0)
			union all
			(select brand, owner, agent, n from open_counts where n <> 0 except select brand, owner, agent, count(*) from conversations where state = 'open' group by 1, 2, 3)) d`); n != 0 {
			t.Errorf("%d counts differ", n)
		}
		exec(t, c, `select fold_counts()`)
	}
	if n, groups := number(t, c, `select count(*) from open_changes`), number(t, c, `select count(*) from open_counts`); n != groups {
		t.Errorf("%d rows are left of %d groups", n, groups)
	}
}

// someConversations makes the conversations from $1 to $2.
const someConversations = `insert into conversations (id, brand, channel, kind, consumer, address, state, owner, agent, skill, priority, rev, language, ready, ready_at,
		last_inbox, last_seq, preview, preview_author, waiting_since, last_at, created_at, closed_at, extra, pulse, had_agent)
	select 'c' || i, 'acme', 'acme.sms', 'twilio', 'p' || i, '+1555' || i, 'open', 'bot', '', '', 0, 0, '', 0, 0,
		0, 0, 'hello', 'consumer', 0, i, i, 0, '', '', 0 from generate_series($1::bigint, $2::bigint) i`
