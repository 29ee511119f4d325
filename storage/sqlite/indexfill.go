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
	"parley/storage/relational"
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
		return false, isClosed("index")
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
	over, err := c.snapshot(ctx)
	if err != nil {
		return b, err
	}
	defer over()
	b.place = x.place
	if x.place == (position{}) { // who is named from now on is named as of now, or later
		if b.place.consumer, err = c.Number(`select coalesce(max(changed), 0) from consumers`); err != nil {
			return b, err
		}
	}
	named := map[int64]bool{}
	people, err := relational.All(c.Query(changedPeople, b.place.consumer, fillPeople),
		func(p *person, to []any) []any { return append(to, &p.id, &p.brand, &p.changed) })
	if err != nil {
		return b, err
	}
	for _, p := range people {
		b.place.consumer = p.changed
		own, err := relational.All(c.Query(namesOfPerson, p.id, p.brand, x.place.conversation, fillOwn), namedFields)
		if err != nil {
			return b, err
		}
		if err := b.name(c, own, named); err != nil {
			return b, err
		}
	}
	fresh, err := relational.All(c.Query(newConversations, x.place.conversation, fillNames), namedFields)
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
	r := c.Query(newMessages, x.place.message, fillMessages)
	for r.Next() {
		messages++
		var e entry
		var said engine.Content
		r.Scan(&b.place.message, &e.conversation, &e.seq, &e.brand, relational.Content{C: &said})
		if e.tokens = folding.Message(said); e.tokens != "" && e.seq > 0 && e.seq <= maxSeq {
			b.messages = append(b.messages, e)
		}
	}
	b.more = len(people) == fillPeople || len(fresh) == fillNames || messages == fillMessages
	return b, r.Close()
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

func namedFields(v *named, to []any) []any {
	return append(to, &v.n, &v.brand, &v.consumer, &v.name, &v.address)
}

// name adds the names and addresses of conversations.
func (b *batch) name(c *conn, all []named, known map[int64]bool) error {
	for _, v := range all {
		if known[v.n] || v.n > maxConversation {
			continue
		}
		known[v.n] = true
		ids, err := c.tx().Consumers().Identities(v.brand, v.consumer)
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

// write puts a batch into the index, in the order that costs it least.
func (x *Index) write(b batch) error {
	return x.transact(func() error {
		gone, err := relational.All(x.target.Query(`select document from gone`), relational.Itself[int64])
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
		return x.target.Run(`update place set message = $1, conversation = $2, consumer = $3`, b.place.message, b.place.conversation, b.place.consumer)
	})
}

type placed struct {
	document int64
	entry
}

func (x *Index) put(p placed) error {
	if p.seq == 0 {
		old, known, err := x.named(p.document)
		if err != nil || known && old == p.tokens {
			return err
		}
		if err := x.unname(p.document); err != nil {
			return err
		}
		if p.tokens == "" {
			return nil
		}
		if err := x.target.Run(`insert into names (document, tokens) values ($1, $2)`, p.document, p.tokens); err != nil {
			return err
		}
	}
	return x.target.Run(`insert into documents (rowid, tokens) values ($1, $2)`, p.document, p.tokens)
}

// named gives the tokens of a conversation's names, and whether it has some.
func (x *Index) named(document int64) (string, bool, error) {
	return relational.First(x.target.Query(`select tokens from names where document = $1`, document), relational.Itself[string])
}

// unname takes the names of a conversation out. The index must be told what it
// has of them.
func (x *Index) unname(document int64) error {
	old, known, err := x.named(document)
	if err != nil || !known {
		return err
	}
	if err := x.drop(document, old); err != nil {
		return err
	}
	return x.target.Run(`delete from names where document = $1`, document)
}

func (x *Index) drop(document int64, tokens string) error {
	return x.target.Run(`insert into documents (documents, rowid, tokens) values ('delete', $1, $2)`, document, tokens)
}

// Forget takes conversations out of the index and runs then, which takes them
// out of the store, before anything is filled again. When it fails they are not
// found any more; call it again until it does not.
func (x *Index) Forget(_ context.Context, brand string, conversations []string, then func() error) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.target == nil {
		return isClosed("index")
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
		if err := x.target.Run(`delete from gone where document = $1`, d); err != nil {
			return err
		}
	}
	return nil
}

// forget takes one conversation out, and notes it: it must not be taken out twice.
func (x *Index) forget(brand, id string) (int64, error) {
	n, ok := x.brands[brand]
	conv, known, err := relational.First(x.source.Query(`select n from conversations where id = $1 and brand = $2`, id, brand), relational.Itself[int64])
	if err != nil || !ok || !known {
		return 0, err // it has nothing of it
	}
	names := document(n, conv, 0)
	_, before, err := relational.First(x.target.Query(`select document from gone where document = $1`, names), relational.Itself[int64])
	if err != nil || before {
		return names, err
	}
	messages, err := relational.All(x.source.Query(`select seq, content from messages where conversation = $1 and n <= $2 and seq between 1 and $3`, id, x.place.message, maxSeq),
		func(m *engine.Message, to []any) []any { return append(to, &m.Seq, relational.Content{C: &m.Content}) })
	if err != nil {
		return 0, err
	}
	return names, x.transact(func() error {
		if err := x.target.Run(`insert into gone (document) values ($1)`, names); err != nil {
			return err
		}
		if err := x.unname(names); err != nil {
			return err
		}
		for _, m := range messages {
			if tokens := folding.Message(m.Content); tokens != "" {
				if err := x.drop(document(n, conv, m.Seq), tokens); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
