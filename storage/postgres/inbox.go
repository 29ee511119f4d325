package postgres

import (
	"parley/engine"
	"parley/storage/relational"
)

// inbox has a key by conversation and number. The conversation's row, which every
// writer holds, keeps two from one number.
type inbox struct{ c *relational.Conn }

const inboxColumns = `n, kind, message, session, step, data, at`

const addEntry = `insert into inbox (conversation, ` + inboxColumns + `)
	select $1::text, $2::bigint, $3::text, $4::text, $5::text, $6::bigint, $7::text, $8::bigint where exists (select 1 from conversations where id = $1::text)`

func inboxFields(e *engine.InboxEntry, to []any) []any {
	return append(to, &e.N, (*string)(&e.Kind), &e.Message, &e.Session, &e.Step, &e.Data, &e.At)
}

func (f inbox) Add(e engine.InboxEntry) error {
	return f.c.ExecOneLater("conversation", addEntry, inboxFields(&e, append(f.c.List(), &e.Conversation))...)
}

func (f inbox) read(conversation, q string, args ...any) ([]engine.InboxEntry, error) {
	return relational.All(f.c.Query(q, append([]any{conversation}, args...)...), func(e *engine.InboxEntry, to []any) []any {
		e.Conversation = conversation
		return inboxFields(e, to)
	})
}

func (f inbox) List(conversation string) ([]engine.InboxEntry, error) {
	return f.read(conversation, `select `+inboxColumns+` from inbox where conversation = $1 order by n`)
}

const (
	ofInbox   = `(select ` + inboxColumns + ` from inbox where conversation = $1`
	lookInbox = ofInbox + ` order by n limit $2) union ` + ofInbox + ` and kind <> 'message' order by n limit $2) union ` + ofInbox + ` order by n desc limit 1) order by n`
)

func (f inbox) Look(conversation string, limit int) ([]engine.InboxEntry, error) {
	return f.read(conversation, lookInbox, limit)
}

// Remove keeps the conversation's row first, as who adds to it does: a turn takes what it
// answers from the inbox before it writes the rest, and the conversation itself last.
func (f inbox) Remove(conversation string, n int64) error {
	if err := f.c.Run(`select 1 from conversations where id = $1`+relational.Keep, conversation); err != nil {
		return err
	}
	// One that is gone was handled by somebody who was faster.
	return f.c.ExecOneInTime("inbox entry", `delete from inbox where conversation = $1 and n = $2`, conversation, n)
}

func (f inbox) Clear(conversation string) error {
	return f.c.Run(`delete from inbox where conversation = $1`, conversation)
}
