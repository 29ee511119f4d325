package storage

import (
	"slices"

	"parley/engine"
)

type inbox struct{ c *conn }

func (f inbox) Add(e engine.InboxEntry) error {
	last, err := f.c.chains.of(f.c, e.Conversation)
	if err != nil {
		return err
	}
	seq, err := f.c.dialect.insertSeq(f.c, "inbox entry",
		`insert into inbox (conversation, n, kind, message, session, step, data, at, previous) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.Conversation, e.N, string(e.Kind), e.Message, e.Session, int64(e.Step), string(e.Data), ms(e.At), last.entry)
	if err == nil {
		f.c.chains.moveEntry(e.Conversation, seq)
	}
	return err
}

// link is a row's place in the chain.
type link struct{ seq, n, previous int64 }

// chain gives a conversation's entries, last first.
func (f inbox) chain(conversation string) ([]engine.InboxEntry, []link, error) {
	last, err := f.c.chains.of(f.c, conversation)
	if err != nil || last.entry == 0 {
		return nil, nil, err
	}
	r := f.c.query(`with recursive chain (seq) as (
			select $1
			union all
			select e.previous from chain cross join inbox e where e.seq = chain.seq and e.previous > 0
		)
		select e.seq, e.n, e.previous, e.kind, e.message, e.session, e.step, e.data, e.at
		from chain cross join inbox e where e.seq = chain.seq and e.conversation = $2 order by e.seq desc`, last.entry, conversation)
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

func (f inbox) List(conversation string) ([]engine.InboxEntry, error) {
	entries, _, err := f.chain(conversation)
	slices.Reverse(entries)
	return entries, err
}

func (f inbox) Remove(conversation string, n int64) error {
	_, links, err := f.chain(conversation)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(links, func(l link) bool { return l.n == n })
	if i < 0 {
		return notFound("inbox entry")
	}
	if err := f.c.execOne("inbox entry", `delete from inbox where seq = $1`, links[i].seq); err != nil {
		return err
	}
	if i == 0 {
		f.c.chains.moveEntry(conversation, links[i].previous)
		return nil
	}
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
	if err == nil && len(links) > 0 {
		f.c.chains.moveEntry(conversation, 0)
	}
	return err
}
