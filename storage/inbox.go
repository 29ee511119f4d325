package storage

import "parley/engine"

type inbox struct{ c *conn }

func (f inbox) Add(e engine.InboxEntry) error {
	return f.c.insert("inbox entry",
		`insert into inbox (conversation, n, kind, message, session, step, data, at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
		e.Conversation, e.N, string(e.Kind), e.Message, e.Session, int64(e.Step), string(e.Data), ms(e.At))
}

func (f inbox) List(conversation string) ([]engine.InboxEntry, error) {
	return all(f.c.query(`select conversation, n, kind, message, session, step, data, at from inbox where conversation = $1 order by n`, conversation),
		func(r *rows) engine.InboxEntry {
			return engine.InboxEntry{
				Conversation: r.text(0), N: r.int(1), Kind: engine.InboxKind(r.text(2)), Message: r.text(3), Session: r.text(4),
				Step: int(r.int(5)), Data: r.bytes(6), At: r.time(7),
			}
		})
}

func (f inbox) Remove(conversation string, n int64) error {
	return f.c.execOne("inbox entry", `delete from inbox where conversation = $1 and n = $2`, conversation, n)
}

func (f inbox) Clear(conversation string) error {
	_, err := f.c.exec(`delete from inbox where conversation = $1`, conversation)
	return err
}
