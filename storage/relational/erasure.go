package relational

import "parley/engine"

// Erasure removes what a consumer said and was told.
type Erasure struct {
	C      *Conn
	Inbox  engine.Inbox
	Begin  func() error // writes what the events' chain needs
	Events string       // the statement that empties those of the conversation $1
}

func (f Erasure) Conversations(brand, consumer, after string, limit int) ([]string, error) {
	return All(f.C.Query(`select id from conversations where consumer = $1 and brand = $2 and id > $3 order by id limit $4`, consumer, brand, after, limit),
		Itself[string])
}

func (f Erasure) Outbox(brand, consumer string) ([]int64, error) {
	return All(f.C.QueryLong(`select o.seq from outbox o where o.brand = $1 and o.conversation in (select id from conversations where consumer = $2 and brand = $1)`,
		brand, consumer), Itself[int64])
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
	`update blobs set state = 'gone', name = '', source = '', reason = '', due_at = 1, attempt = attempt + 1 where conversation = $1`,
}

func (f Erasure) Conversation(brand, id string) (int, error) {
	state, err := One(f.C.Query(`select state from conversations where id = $1 and brand = $2`+Keep, id, brand), "conversation", Itself[string])
	if err != nil {
		return 0, err
	}
	if engine.State(state) != engine.Closed {
		return 0, engine.Errorf(engine.Conflict, "the conversation is open")
	}
	if err := f.Inbox.Clear(id); err != nil {
		return 0, err
	}
	messages, err := f.C.Exec(`delete from messages where conversation = $1`, id)
	if err != nil {
		return 0, err
	}
	if f.Begin != nil {
		if err := f.Begin(); err != nil {
			return 0, err
		}
	}
	for _, q := range append(conversationErasure[:], f.Events) {
		if err := f.C.Run(q, id); err != nil {
			return 0, err
		}
	}
	f.C.Wake(engine.Signal{Topic: engine.TopicMedia})
	var was, is engine.Conversation // of what no query asks for, how it ended stays
	fields := func(c *engine.Conversation, to []any) []any { return append(to, extra{c}) }
	if was, err = One(f.C.Query(`select extra from conversations where id = $1`+Keep, id), "conversation", fields); err != nil {
		return 0, err
	}
	is.Outcome, is.ClosedBy = was.Outcome, was.ClosedBy
	return int(messages), f.C.Run(`update conversations set rev = rev + 1, address = '', preview = '', preview_author = '', ready = 0, ready_at = 0, waiting_since = 0, pulse = '', extra = $2 where id = $1`, id, extra{&is})
}

func (f Erasure) Consumer(brand, id string, outbox []int64) error {
	for _, seq := range outbox {
		if err := f.C.Run(`delete from outbox where seq = $1 and brand = $2`, seq, brand); err != nil {
			return err
		}
	}
	for _, q := range [...]string{
		`delete from consents where brand = $2 and address in (select address from identities where consumer = $1 and brand = $2)`,
		`delete from identities where consumer = $1 and brand = $2`,
		`delete from followups where consumer = $1 and brand = $2`,
	} {
		if err := f.C.Run(q, id, brand); err != nil {
			return err
		}
	}
	return f.C.ExecOne("consumer", f.C.dialect.eraseConsumer, id, brand)
}
