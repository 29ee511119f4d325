package sqlite

import (
	"cmp"
	"slices"
	"strings"

	"parley/engine"
)

type inbox struct{ c *conn }

const inboxColumns = `n, kind, message, session, step, data, at`

func (f inbox) Add(e engine.InboxEntry) error {
	last, err := f.c.chains.of(f.c, e.Conversation)
	if err != nil {
		return err
	}
	if last.waiting.more() > 0 || last.waiting.chained() >= maxChain {
		err := f.c.insert("inbox entry", `insert into inbox_more (conversation, `+inboxColumns+`, other) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
			e.Conversation, e.N, string(e.Kind), e.Message, e.Session, int64(e.Step), string(e.Data), ms(e.At), flag(e.Kind != engine.InboxMessage))
		if err == nil {
			f.c.chains.moveEntry(e.Conversation, last.entry, last.waiting.plus(0, 1))
		}
		return err
	}
	seq, err := f.c.dialect.insertSeq(f.c, "inbox entry",
		`insert into inbox (conversation, `+inboxColumns+`, previous) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.Conversation, e.N, string(e.Kind), e.Message, e.Session, int64(e.Step), string(e.Data), ms(e.At), last.entry)
	if err == nil {
		f.c.chains.moveEntry(e.Conversation, seq, last.waiting.plus(1, 0))
	}
	return err
}

// link is a row's place in the chain.
type link struct{ seq, n, previous int64 }

// A bot reads nearly always the one entry that waits, and the recursion costs more than that.
const (
	chainOfOne = `select e.seq, e.n, e.previous, e.kind, e.message, e.session, e.step, e.data, e.at
		from inbox e where e.seq = $1 and e.conversation = $2`
	wholeChain = `with recursive chain (seq) as (
			select $1
			union all
			select e.previous from chain cross join inbox e where e.seq = chain.seq and e.previous > 0
		)
		select e.seq, e.n, e.previous, e.kind, e.message, e.session, e.step, e.data, e.at
		from chain cross join inbox e where e.seq = chain.seq and e.conversation = $2 order by e.seq desc`
)

// chain gives a conversation's entries, last first.
func (f inbox) chain(conversation string) ([]engine.InboxEntry, []link, error) {
	last, err := f.c.chains.of(f.c, conversation)
	if err != nil || last.entry == 0 {
		return nil, nil, err
	}
	q := chainOfOne
	if last.waiting.chained() > 1 {
		q = wholeChain
	}
	r := f.c.query(q, last.entry, conversation)
	var entries []engine.InboxEntry
	var links []link
	for r.next() {
		links = append(links, link{r.int(0), r.int(1), r.int(2)})
		entries = append(entries, engine.InboxEntry{
			Conversation: conversation, N: r.int(1), Kind: engine.InboxKind(r.text(3)), Message: r.text(4), Session: r.text(5),
			Step: int(r.int(6)), Data: r.bytes(7), At: r.time(8),
		})
	}
	return entries, links, r.close()
}

// more reads the entries that are not in the chain.
func (f inbox) more(conversation, where string, args ...any) ([]engine.InboxEntry, error) {
	table := `inbox_more`
	if strings.Contains(where, "other") { // the key has the order too, and all the messages
		table += ` indexed by inbox_more_others`
	}
	q := `select ` + inboxColumns + ` from ` + table + ` where conversation = $1` + where
	return all(f.c.query(q, append([]any{conversation}, args...)...), func(r *rows) engine.InboxEntry {
		return engine.InboxEntry{
			Conversation: conversation, N: r.int(0), Kind: engine.InboxKind(r.text(1)), Message: r.text(2), Session: r.text(3),
			Step: int(r.int(4)), Data: r.bytes(5), At: r.time(6),
		}
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
	entries, _, err := f.chain(conversation)
	slices.Reverse(entries)
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
			more, err := f.more(conversation, ` order by n limit $2`, int64(n))
			if err != nil {
				return nil, err
			}
			first = append(first, more...)
		}
		more, err := f.more(conversation, ` and other = 1 order by n limit $2`, int64(limit))
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
		gone, err := all(f.c.queryChange(`delete from inbox where seq = $1 and conversation = $2 and n = $3 returning previous`, last.entry, conversation, n),
			func(r *rows) int64 { return r.int(0) })
		if err != nil {
			return err
		}
		if len(gone) > 0 {
			f.c.chains.moveEntry(conversation, gone[0], last.waiting.plus(-1, 0))
			return nil
		}
	}
	_, links, err := f.chain(conversation)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(links, func(l link) bool { return l.n == n })
	if i < 0 {
		if last.waiting.more() == 0 {
			return notFound("inbox entry")
		}
		err := f.c.execOne("inbox entry", `delete from inbox_more where conversation = $1 and n = $2`, conversation, n)
		if err == nil {
			f.c.chains.moveEntry(conversation, last.entry, last.waiting.plus(0, -1))
		}
		return err
	}
	if err := f.c.execOne("inbox entry", `delete from inbox where seq = $1`, links[i].seq); err != nil {
		return err
	}
	size := last.waiting.plus(-1, 0)
	if i == 0 {
		f.c.chains.moveEntry(conversation, links[i].previous, size)
		return nil
	}
	f.c.chains.moveEntry(conversation, last.entry, size)
	// SQLite gives the number out again, so nothing may point to it.
	return f.c.execOne("inbox entry", `update inbox set previous = $1 where seq = $2`, links[i].previous, links[i-1].seq)
}

func (f inbox) Clear(conversation string) error {
	_, links, err := f.chain(conversation)
	for _, l := range links {
		if err == nil {
			err = f.c.execOne("inbox entry", `delete from inbox where seq = $1`, l.seq)
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
		if _, err := f.c.exec(`delete from inbox_more where conversation = $1`, conversation); err != nil {
			return err
		}
	}
	if last.waiting != 0 {
		f.c.chains.moveEntry(conversation, 0, 0)
	}
	return nil
}
