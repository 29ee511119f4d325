package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/engine"
	"parley/storage/folding"
	"parley/storage/relational"
)

// How the index follows the store.
const (
	fillNotes  = 500                    // that one batch takes
	fillOwn    = 1000                   // conversations of one consumer whose names change
	fillReread = 100                    // conversations that one batch notes
	fillPause  = 500 * time.Millisecond // between looks, when there is nothing
	fillRetry  = 5 * time.Second
	fillTime   = 5 * time.Minute // of a batch, which ends then with its connection
	maxTokens  = 900_000         // bytes: PostgreSQL takes a million
)

// Run fills the index until ctx ends. Any number of processes may; one of them works.
func (x *Index) Run(ctx context.Context, log *slog.Logger) error {
	for {
		began := time.Now()
		more, err := x.fill(ctx)
		if ctx.Err() != nil {
			return nil
		}
		pause := fillPause
		switch {
		case err != nil:
			log.Error("filling the search index", "error", err)
			pause = fillRetry
		case more:
			pause = time.Since(began) // half of the time is others'
		}
		if !engine.Sleep(ctx, pause) {
			return nil
		}
	}
}

// Fill brings the index up to what the store holds now.
func (x *Index) Fill(ctx context.Context) error {
	for {
		if more, err := x.fill(ctx); err != nil || !more {
			return err
		}
	}
}

// fill takes one batch of notes into the index, and says whether there may be more.
func (x *Index) fill(ctx context.Context) (more bool, err error) {
	during, cancel := context.WithTimeout(ctx, fillTime)
	defer cancel()
	err = pgx.BeginFunc(during, x.filling, func(tx pgx.Tx) error {
		f := filler{ctx: during, tx: tx, x: x}
		more, err = f.batch()
		return err
	})
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("storage: fill the search index: %w", err)
	}
	return more, err
}

// filler is one batch.
type filler struct {
	ctx context.Context
	tx  pgx.Tx
	x   *Index
}

// note says what is to be looked at.
type note struct {
	conversation string
	seq          int64
	consumer     string
}

func (f filler) batch() (more bool, err error) {
	var mine bool
	if err := f.tx.QueryRow(f.ctx, `select pg_try_advisory_xact_lock(hashtextextended('parley search', 0))`).Scan(&mine); err != nil || !mine {
		return false, err
	}
	from, until, err := f.state()
	if err != nil || until < 0 {
		return false, err
	}
	notes, err := collect(f, `delete from search_pending where ctid = any(array(select ctid from search_pending limit $1)) returning conversation, seq, consumer`,
		func(r pgx.Rows, n *note) error { return r.Scan(&n.conversation, &n.seq, &n.consumer) }, fillNotes)
	if err != nil {
		return false, err
	}
	if err := f.look(notes); err != nil {
		return false, err
	}
	if len(notes) < fillNotes && from < until { // what is new goes before what is read again
		return true, f.reread(from, until)
	}
	return len(notes) == fillNotes, nil
}

// state says which conversations are to be read again, up to -1 when all of it is a
// newer program's work. An index of an older one is begun anew.
func (f filler) state() (from, until int64, err error) {
	var version int64
	if err := f.tx.QueryRow(f.ctx, `select version, reread, until from search_state`).Scan(&version, &from, &until); err != nil || version == folding.Version {
		return from, until, err
	}
	if version > folding.Version {
		return 0, -1, nil
	}
	if _, err := f.tx.Exec(f.ctx, `truncate search, search_segments`); err != nil {
		return 0, 0, err
	}
	err = f.tx.QueryRow(f.ctx, `update search_state set version = $1, reread = 0, until = (select coalesce(max(n), 0) from conversations) returning reread, until`,
		folding.Version).Scan(&from, &until)
	return from, until, err
}

// reread notes some of the conversations that are to be read again.
func (f filler) reread(from, until int64) error {
	_, err := f.tx.Exec(f.ctx, `with part as (select id, n from conversations where n > $1 and n <= $2 order by n limit $3),
		names as (insert into search_pending select id, 0, '' from part),
		said as (insert into search_pending select m.conversation, m.seq, '' from part join messages m on m.conversation = part.id)
		update search_state set reread = coalesce((select max(n) from part), until)`, from, until, fillReread)
	return err
}

// document is one of the index.
type document struct {
	conversation, seq int64
	brand             string
	tokens            string // none: it is taken out
}

// look reads what is noted and writes its documents.
func (f filler) look(notes []note) error {
	var people, named, spoken []string
	var seqs []int64
	for _, n := range notes {
		switch {
		case n.consumer != "":
			people = append(people, n.consumer)
		case n.seq == 0:
			named = append(named, n.conversation)
		default:
			spoken, seqs = append(spoken, n.conversation), append(seqs, n.seq)
		}
	}
	said, err1 := f.said(spoken, seqs)
	names, err2 := f.names(named, people)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	return f.write(append(names, said...))
}

func (f filler) said(conversations []string, seqs []int64) ([]document, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	return collect(f, `select distinct c.n, c.brand, u.seq, coalesce(m.content, '')
		from unnest($1::text[], $2::bigint[]) as u(conversation, seq) join conversations c on c.id = u.conversation
		left join messages m on m.conversation = u.conversation and m.seq = u.seq`,
		func(r pgx.Rows, d *document) error {
			var stored string
			if err := r.Scan(&d.conversation, &d.brand, &d.seq, &stored); err != nil {
				return err
			}
			if content, err := relational.ReadContent(stored); err == nil {
				d.tokens = folding.Message(content)
			} // a damaged one has no words: it must not keep the others out
			return nil
		}, conversations, seqs)
}

// names are the names and addresses of conversations, and of all of the people.
func (f filler) names(conversations, people []string) ([]document, error) {
	if len(conversations)+len(people) == 0 {
		return nil, nil
	}
	return collect(f, `with wanted as (
			select n from conversations where id = any($1)
			union select own.n from unnest($2::text[]) as p(id), lateral (select n from conversations where consumer = p.id order by n desc limit $3) as own
		)
		select c.n, c.brand, coalesce(p.name, ''), c.address,
			array(select i.address from identities i where i.consumer = c.consumer and i.brand = c.brand and i.address <> c.address order by i.kind, i.address)
		from wanted w join conversations c on c.n = w.n left join consumers p on p.id = c.consumer`,
		func(r pgx.Rows, d *document) error {
			var name, address string
			var others []string
			err := r.Scan(&d.conversation, &d.brand, &name, &address, &others)
			d.tokens = folding.Name(strings.Join(append([]string{name, address}, others...), "\n"))
			return err
		}, conversations, people, fillOwn)
}

// write puts documents in the place of what was there.
func (f filler) write(all []document) error {
	if len(all) == 0 {
		return nil
	}
	brands, err := f.brands(all)
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b document) int {
		return cmp.Or(cmp.Compare(a.conversation, b.conversation), cmp.Compare(a.seq, b.seq))
	})
	var b pgx.Batch
	known := map[[2]int64]bool{}
	for _, d := range all {
		brand, segment := brands[d.brand], d.conversation>>segmentBits
		if d.tokens == "" {
			b.Queue(`delete from search where conversation = $1 and seq = $2`, d.conversation, d.seq)
			continue
		}
		if in := [2]int64{brand, segment}; !known[in] {
			known[in] = true
			b.Queue(`insert into search_segments (brand, segment) values ($1, $2) on conflict do nothing`, brand, segment)
		}
		b.Queue(`insert into search as s (conversation, seq, tokens) values ($1, $2, array_to_tsvector($3::text[]))
			on conflict (conversation, seq) do update set tokens = excluded.tokens where s.tokens <> excluded.tokens`,
			d.conversation, d.seq, lexemes(brand, segment, d.tokens))
	}
	return f.tx.SendBatch(f.ctx, &b).Close()
}

// lexemes are tokens as they are kept, as many as fit.
func lexemes(brand, segment int64, tokens string) (out []string) {
	in, size := scope(brand, segment), 0
	for t := range strings.FieldsSeq(tokens) {
		if size += len(in) + len(t); size > maxTokens {
			break
		}
		out = append(out, in+t)
	}
	return out
}

// brands are the numbers of the documents' brands, which they get when they are new.
func (f filler) brands(all []document) (map[string]int64, error) {
	ids := map[string]bool{}
	for _, d := range all {
		ids[d.brand] = true
	}
	list := make([]string, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	if _, err := f.tx.Exec(f.ctx, `insert into search_brands (id) select id from unnest($1::text[]) as u(id) where not exists (select 1 from search_brands b where b.id = u.id)`, list); err != nil {
		return nil, err
	}
	type numbered struct {
		id string
		n  int64
	}
	found, err := collect(f, `select id, n from search_brands where id = any($1)`, func(r pgx.Rows, v *numbered) error { return r.Scan(&v.id, &v.n) }, list)
	out := map[string]int64{}
	for _, v := range found {
		out[v.id] = v.n
	}
	return out, err
}

// collect reads every row of a statement.
func collect[T any](f filler, q string, scan func(pgx.Rows, *T) error, args ...any) ([]T, error) {
	rows, err := f.tx.Query(f.ctx, q, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (v T, err error) {
		err = scan(rows, &v)
		return v, err
	})
}
