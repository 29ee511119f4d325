package sqlite

import (
	"cmp"
	"slices"
	"strings"

	"parley/engine"
	"parley/storage/relational"
)

type inbox struct{ c *conn }

const inboxColumns = `n, kind, message, session, step, data, at`

var (
	addChained = relational.Insertion("inbox", "conversation, "+inboxColumns+", previous")
	addMore    = relational.Insertion("inbox_more", "conversation, "+inboxColumns+", other")
)

func inboxFields(e *engine.InboxEntry, to []any) []any {
	return append(to, &e.N, (*string)(&e.Kind), &e.Message, &e.Session, &e.Step, &e.Data, &e.At)
}

func (f inbox) Add(e engine.InboxEntry) error {
	last, err := f.c.chains.of(f.c, e.Conversation)
	if err != nil {
		return err
	}
	own := append(f.c.List(), &e.Conversation)
	if last.waiting.more() > 0 || last.waiting.chained() >= maxChain {
		err := f.c.Insert("inbox entry", addMore, append(inboxFields(&e, own), e.Kind != engine.InboxMessage)...)
		if err == nil {
			f.c.chains.moveEntry(e.Conversation, last.entry, last.waiting.plus(0, 1))
		}
		return err
	}
	seq, err := f.c.InsertSeq("inbox entry", addChained, append(inboxFields(&e, own), last.entry)...)
	if err == nil {
		f.c.chains.moveEntry(e.Conversation, seq, last.waiting.plus(1, 0))
	}
	return err
}

// chained is an entry with its place in the chain.
type chained struct {
	engine.InboxEntry
	seq, previous int64
}

// A bot reads nearly always the one entry that waits, and the recursion costs more than that.
const (
	chainOfOne = `select ` + inboxColumns + `, e.seq, previous from inbox e where e.seq = $1 and conversation = $2`
	wholeChain = `with recursive chain (seq) as (
			select $1
			union all
			select e.previous from chain cross join inbox e where e.seq = chain.seq and e.previous > 0
		)
		select ` + inboxColumns + `, e.seq, previous from chain cross join inbox e where e.seq = chain.seq and conversation = $2 order by e.seq desc`
)

// chain gives a conversation's entries, last first.
func (f inbox) chain(conversation string) ([]chained, error) {
	last, err := f.c.chains.of(f.c, conversation)
	if err != nil || last.entry == 0 {
		return nil, err
	}
	q := chainOfOne
	if last.waiting.chained() > 1 {
		q = wholeChain
	}
	return relational.All(f.c.Query(q, last.entry, conversation), func(e *chained, to []any) []any {
		e.Conversation = conversation
		return append(inboxFields(&e.InboxEntry, to), &e.seq, &e.previous)
	})
}

// more reads the entries that are not in the chain.
func (f inbox) more(conversation, where string, args ...any) ([]engine.InboxEntry, error) {
	table := `inbox_more`
	if strings.Contains(where, "other") { // the key has the order too, and all the messages
		table += ` indexed by inbox_more_others`
	}
	q := `select ` + inboxColumns + ` from ` + table + ` where conversation = $1` + where
	return relational.All(f.c.Query(q, append([]any{conversation}, args...)...), func(e *engine.InboxEntry, to []any) []any {
		e.Conversation = conversation
		return inboxFields(e, to)
	})
}

func (f inbox) List(conversation string) ([]engine.InboxEntry, error) {
	entries, last, err := f.oldest(conversation)
	if err != nil || last.waiting.more() == 0 {
		return entries, err
	}
	more, err := f.more(conversation, ` order by n`)
	return append(entries, more...), err
}

// oldest gives the chain in the order of its numbers, and what is behind it.
func (f inbox) oldest(conversation string) ([]engine.InboxEntry, heads, error) {
	last, err := f.c.chains.of(f.c, conversation)
	if engine.CodeOf(err) == engine.NotFound {
		return nil, last, nil
	}
	if err != nil {
		return nil, last, err
	}
	chain, err := f.chain(conversation)
	var entries []engine.InboxEntry
	for _, e := range slices.Backward(chain) {
		entries = append(entries, e.InboxEntry)
	}
	return entries, last, err
}

// Look reads the chain, which is short, and a bounded part of what is behind it.
func (f inbox) Look(conversation string, limit int) ([]engine.InboxEntry, error) {
	first, last, err := f.oldest(conversation)
	if err != nil {
		return nil, err
	}
	var others, end []engine.InboxEntry
	for _, e := range first {
		if e.Kind != engine.InboxMessage {
			others = append(others, e)
		}
	}
	if n := len(first); n > 0 {
		end = first[n-1:]
	}
	if last.waiting.more() > 0 {
		if n := limit - len(first); n > 0 {
			more, err := f.more(conversation, ` order by n limit $2`, n)
			if err != nil {
				return nil, err
			}
			first = append(first, more...)
		}
		more, err := f.more(conversation, ` and other = 1 order by n limit $2`, limit)
		if err != nil {
			return nil, err
		}
		others = append(others, more...)
		if end, err = f.more(conversation, ` order by n desc limit 1`); err != nil {
			return nil, err
		}
	}
	found := slices.Concat(first[:min(limit, len(first))], others[:min(limit, len(others))], end)
	slices.SortFunc(found, func(a, b engine.InboxEntry) int { return cmp.Compare(a.N, b.N) })
	return slices.CompactFunc(found, func(a, b engine.InboxEntry) bool { return a.N == b.N }), nil
}

func (f inbox) Remove(conversation string, n int64) error {
	last, err := f.c.chains.of(f.c, conversation)
	if err != nil {
		return err
	}
	if last.waiting.chained() == 1 { // as nearly always
		previous, gone, err := relational.First(f.c.QueryChange(`delete from inbox where seq = $1 and conversation = $2 and n = $3 returning previous`, last.entry, conversation, n),
			relational.Itself[int64])
		if err != nil {
			return err
		}
		if gone {
			f.c.chains.moveEntry(conversation, previous, last.waiting.plus(-1, 0))
			return nil
		}
	}
	links, err := f.chain(conversation)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(links, func(l chained) bool { return l.N == n })
	if i < 0 {
		if last.waiting.more() == 0 {
			return relational.NotFound("inbox entry")
		}
		err := f.c.ExecOne("inbox entry", `delete from inbox_more where conversation = $1 and n = $2`, conversation, n)
		if err == nil {
			f.c.chains.moveEntry(conversation, last.entry, last.waiting.plus(0, -1))
		}
		return err
	}
	if err := f.c.ExecOne("inbox entry", `delete from inbox where seq = $1`, links[i].seq); err != nil {
		return err
	}
	size := last.waiting.plus(-1, 0)
	if i == 0 {
		f.c.chains.moveEntry(conversation, links[i].previous, size)
		return nil
	}
	f.c.chains.moveEntry(conversation, last.entry, size)
	// SQLite gives the number out again, so nothing may point to it.
	return f.c.ExecOne("inbox entry", `update inbox set previous = $1 where seq = $2`, links[i].previous, links[i-1].seq)
}

func (f inbox) Clear(conversation string) error {
	links, err := f.chain(conversation)
	for _, l := range links {
		if err == nil {
			err = f.c.ExecOne("inbox entry", `delete from inbox where seq = $1`, l.seq)
		}
	}
	if err != nil {
		return err
	}
	last, err := f.c.chains.of(f.c, conversation)
	if err != nil {
		return err
	}
	if last.waiting.more() > 0 {
		if err := f.c.Run(`delete from inbox_more where conversation = $1`, conversation); err != nil {
			return err
		}
	}
	if last.waiting != 0 {
		f.c.chains.moveEntry(conversation, 0, 0)
	}
	return nil
}
