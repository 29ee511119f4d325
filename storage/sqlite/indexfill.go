package sqlite

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"parley/engine"
	"parley/storage/folding"
)

// How the index follows the store.
const (
	fillMessages = 1000 // of one batch, as with the next two
	fillNames    = 500
	fillPeople   = 100
	fillOwn      = 1000                   // conversations of one consumer whose names change
	fillPause    = 300 * time.Millisecond // between a message and its batch, so that few are made
	fillRetry    = 5 * time.Second
	// How long it rests after a batch, in times that the batch took: nearly always
	// while others write, and half of the time otherwise.
	restBusy = 49
	restIdle = 1
)

// Run fills the index until ctx ends.
func (x *Index) Run(ctx context.Context, log *slog.Logger) error {
	for {
		began := time.Now()
		more, err := x.fill(ctx)
		took := time.Since(began)
		if ctx.Err() != nil {
			return nil
		}
		busy := false
		select {
		case <-x.db.writer.news:
			busy = true
		default:
		}
		pause := restIdle * took
		switch {
		case err != nil:
			log.Error("filling the search index", "error", err)
			pause = fillRetry
		case busy:
			pause = max(fillPause, restBusy*took)
		case !more:
			select {
			case <-ctx.Done():
				return nil
			case <-x.db.writer.news:
			}
			pause = fillPause
		}
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			t.Stop()
			return nil
		case <-t.C:
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

// entry is a document with its tokens.
type entry struct {
	brand             string
	conversation, seq int64
	tokens            string
}

// batch is what one step takes from the store.
type batch struct {
	names    []entry // replace what is there
	messages []entry
	place    position
	more     bool
}

// fill takes one batch into the index and says whether there is more.
func (x *Index) fill(ctx context.Context) (more bool, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.target == nil {
		return false, engine.Errorf(engine.Unavailable, "the index is closed")
	}
	b, err := x.read(ctx)
	if err != nil || b.place == x.place {
		return false, err
	}
	if err := x.write(b); err != nil {
		x.brands = map[string]int64{}
		return false, errors.Join(err, x.load()) // numbers that were given may be gone
	}
	x.place = b.place
	return b.more, nil
}

// read takes the next batch out of one snapshot of the store.
func (x *Index) read(ctx context.Context) (b batch, err error) {
	c := x.source
	if err := c.control(c.dialect.beginRead); err != nil {
		return b, err
	}
	c.ctx = ctx
	defer func() {
		c.ctx = context.Background()
		_ = c.control("rollback") // a snapshot has nothing to lose
	}()
	b.place = x.place
	if x.place == (position{}) { // who is named from now on is named as of now, or later
		if b.place.consumer, err = c.number(`select coalesce(max(changed), 0) from consumers`); err != nil {
			return b, err
		}
	}
	named := map[int64]bool{}
	people, err := all(c.query(changedPeople, b.place.consumer, int64(fillPeople)),
		func(r *rows) person { return person{id: r.text(0), brand: r.text(1), changed: r.int(2)} })
	if err != nil {
		return b, err
	}
	for _, p := range people {
		b.place.consumer = p.changed
		own, err := all(c.query(namesOfPerson,
			p.id, p.brand, x.place.conversation, int64(fillOwn)), scanNamed)
		if err != nil {
			return b, err
		}
		if err := b.name(c, own, named); err != nil {
			return b, err
		}
	}
	fresh, err := all(c.query(newConversations,
		x.place.conversation, int64(fillNames)), scanNamed)
	if err != nil {
		return b, err
	}
	if len(fresh) > 0 {
		b.place.conversation = fresh[len(fresh)-1].n
	}
	if err := b.name(c, fresh, named); err != nil {
		return b, err
	}
	messages := 0
	r := c.query(newMessages, x.place.message, int64(fillMessages))
	for r.next() {
		messages++
		b.place.message = r.int(0)
		if text := written(readContent(r, 4)); text != "" && r.int(2) > 0 && r.int(2) <= maxSeq {
			b.messages = append(b.messages, entry{r.text(3), r.int(1), r.int(2), text})
		}
	}
	b.more = len(people) == fillPeople || len(fresh) == fillNames || messages == fillMessages
	return b, r.close()
}

// person is a consumer that has changed.
type person struct {
	id, brand string
	changed   int64
}

// named is a conversation with what its consumer is found by.
type named struct {
	n               int64
	brand, consumer string
	name, address   string
}

// What a batch takes; the cross join keeps SQLite from reading all conversations.
const (
	nameColumns      = `c.n, c.brand, c.consumer, coalesce(p.name, ''), c.address`
	changedPeople    = `select id, brand, changed from consumers where changed > $1 order by changed limit $2`
	namesOfPerson    = `select ` + nameColumns + ` from conversations c left join consumers p on p.id = c.consumer where c.consumer = $1 and c.brand = $2 and c.n <= $3 order by c.n desc limit $4`
	newConversations = `select ` + nameColumns + ` from conversations c left join consumers p on p.id = c.consumer where c.n > $1 order by c.n limit $2`
	newMessages      = `select m.n, c.n, m.seq, m.brand, m.content from messages m cross join conversations c where m.n > $1 and c.id = m.conversation order by m.n limit $2`
)

func scanNamed(r *rows) named { return named{r.int(0), r.text(1), r.text(2), r.text(3), r.text(4)} }

// name adds the names and addresses of conversations.
func (b *batch) name(c *conn, all []named, known map[int64]bool) error {
	for _, v := range all {
		if known[v.n] || v.n > maxConversation {
			continue
		}
		known[v.n] = true
		ids, err := consumers{c}.Identities(v.brand, v.consumer)
		if err != nil {
			return err
		}
		lines := []string{v.name, v.address}
		for _, id := range ids {
			if id.Address != v.address {
				lines = append(lines, id.Address)
			}
		}
		b.names = append(b.names, entry{v.brand, v.n, 0, folding.Name(strings.Join(lines, "\n"))})
	}
	return nil
}

// written gives the tokens of what somebody reads in a message.
func written(c engine.Content) string {
	lines := []string{c.Text}
	if c.Picked != nil {
		lines = append(lines, c.Picked.Label)
	}
	for _, card := range c.Cards {
		lines = append(lines, card.Title, card.Subtitle)
	}
	for _, m := range c.Media {
		lines = append(lines, m.Name)
	}
	if c.Location != nil {
		lines = append(lines, c.Location.Name)
	}
	return folding.Text(strings.Join(lines, "\n"))
}

// write puts a batch into the index, in the order that costs it least.
func (x *Index) write(b batch) error {
	return x.transact(func() error {
		gone, err := all(x.target.query(`select document from gone`), func(r *rows) int64 { return r.int(0) })
		if err != nil {
			return err
		}
		added := make([]placed, 0, len(b.names)+len(b.messages))
		for _, e := range append(b.names, b.messages...) {
			brand, err := x.brand(e.brand)
			if err != nil {
				return err
			}
			if slices.Contains(gone, document(brand, e.conversation, 0)) {
				continue
			}
			added = append(added, placed{document(brand, e.conversation, e.seq), e})
		}
		slices.SortFunc(added, func(a, b placed) int { return cmp.Compare(a.document, b.document) })
		for _, p := range added {
			if err := x.put(p); err != nil {
				return err
			}
		}
		_, err = x.target.exec(`update place set message = $1, conversation = $2, consumer = $3`, b.place.message, b.place.conversation, b.place.consumer)
		return err
	})
}

type placed struct {
	document int64
	entry
}

func (x *Index) put(p placed) error {
	if p.seq == 0 {
		old, err := all(x.target.query(`select tokens from names where document = $1`, p.document), func(r *rows) string { return r.text(0) })
		if err != nil || len(old) == 1 && old[0] == p.tokens {
			return err
		}
		if err := x.unname(p.document); err != nil {
			return err
		}
		if p.tokens == "" {
			return nil
		}
		if _, err := x.target.exec(`insert into names (document, tokens) values ($1, $2)`, p.document, p.tokens); err != nil {
			return err
		}
	}
	_, err := x.target.exec(`insert into documents (rowid, tokens) values ($1, $2)`, p.document, p.tokens)
	return err
}

// unname takes the names of a conversation out. The index must be told what it
// has of them.
func (x *Index) unname(document int64) error {
	old, err := all(x.target.query(`select tokens from names where document = $1`, document), func(r *rows) string { return r.text(0) })
	if err != nil || len(old) == 0 {
		return err
	}
	if err := x.drop(document, old[0]); err != nil {
		return err
	}
	_, err = x.target.exec(`delete from names where document = $1`, document)
	return err
}

func (x *Index) drop(document int64, tokens string) error {
	_, err := x.target.exec(`insert into documents (documents, rowid, tokens) values ('delete', $1, $2)`, document, tokens)
	return err
}

// Forget takes conversations out of the index and runs then, which takes them
// out of the store, before anything is filled again. When it fails they are not
// found any more; call it again until it does not.
func (x *Index) Forget(_ context.Context, brand string, conversations []string, then func() error) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.target == nil {
		return engine.Errorf(engine.Unavailable, "the index is closed")
	}
	var gone []int64
	for _, id := range conversations {
		d, err := x.forget(brand, id)
		if err != nil {
			return err
		}
		if d != 0 {
			gone = append(gone, d)
		}
	}
	if err := then(); err != nil {
		return err
	}
	for _, d := range gone {
		if _, err := x.target.exec(`delete from gone where document = $1`, d); err != nil {
			return err
		}
	}
	return nil
}

// forget takes one conversation out, and notes it: it must not be taken out twice.
func (x *Index) forget(brand, id string) (int64, error) {
	n, ok := x.brands[brand]
	number := func(r *rows) int64 { return r.int(0) }
	conv, err := all(x.source.query(`select n from conversations where id = $1 and brand = $2`, id, brand), number)
	if err != nil || !ok || len(conv) == 0 {
		return 0, err // it has nothing of it
	}
	names := document(n, conv[0], 0)
	before, err := all(x.target.query(`select document from gone where document = $1`, names), number)
	if err != nil || len(before) > 0 {
		return names, err
	}
	messages, err := all(x.source.query(`select seq, content from messages where conversation = $1 and n <= $2 and seq between 1 and $3`, id, x.place.message, int64(maxSeq)),
		func(r *rows) entry { return entry{seq: r.int(0), tokens: written(readContent(r, 1))} })
	if err != nil {
		return 0, err
	}
	return names, x.transact(func() error {
		if _, err := x.target.exec(`insert into gone (document) values ($1)`, names); err != nil {
			return err
		}
		if err := x.unname(names); err != nil {
			return err
		}
		for _, m := range messages {
			if m.tokens == "" {
				continue
			}
			if err := x.drop(document(n, conv[0], m.seq), m.tokens); err != nil {
				return err
			}
		}
		return nil
	})
}
