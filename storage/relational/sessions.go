package relational

import "parley/engine"

type sessions struct{ C *Conn }

const sessionColumns = `id, brand, conversation, bot, version, state, wait, seed, steps, start, created_at`

var addSession = Insertion("sessions", sessionColumns)

func sessionFields(s *engine.Session, to []any) []any {
	return append(to,
		&s.ID, &s.Brand, &s.Conversation, &s.Bot, &s.Version, (*string)(&s.State), inJSON(&s.Wait), &s.Seed, &s.Steps, &s.Start, &s.CreatedAt,
	)
}

func (f sessions) Add(s engine.Session) error {
	return f.C.InsertLater("session", addSession, sessionFields(&s, f.C.list)...)
}

const saveSession = `update sessions set wait = $1, steps = $2, state = $4 where id = $3`

// Save writes state, wait and steps; the rest of a session never changes. Most
// turns leave the state alone, and so the index over what waits.
func (f sessions) Save(s engine.Session) error {
	if f.C.dialect.conversation.saveOnce != "" {
		return f.C.ExecOneLater("session", saveSession, inJSON(&s.Wait), s.Steps, s.ID, string(s.State))
	}
	n, err := f.C.Exec(`update sessions set wait = $1, steps = $2 where id = $3 and state = $4`, inJSON(&s.Wait), s.Steps, s.ID, string(s.State))
	if err != nil || n == 1 {
		return err
	}
	return f.C.ExecOne("session", saveSession, inJSON(&s.Wait), s.Steps, s.ID, string(s.State))
}

func (f sessions) Get(id string) (engine.Session, error) {
	return One(f.C.Query(`select `+sessionColumns+` from sessions where id = $1`+Keep, id), "session", sessionFields)
}

func (f sessions) Current(conversation string) (engine.Session, error) {
	return One(f.C.Query(CurrentSession, conversation), "session", sessionFields)
}

// What a turn reads of a session, for a database that reads it ahead.
const (
	JournalColumns = `session, n, call, hash, args, answer, line, at`
	CurrentSession = `select ` + sessionColumns + ` from sessions where conversation = $1 order by created_at desc, id desc limit 1` + Keep
	JournalOf      = `select ` + JournalColumns + ` from journal where session = $1 order by n`
)

func journalFields(e *engine.JournalEntry, to []any) []any {
	return append(to, &e.Session, &e.N, &e.Call, &e.Hash, &e.Args, &e.Answer, &e.Line, &e.At)
}

func (f sessions) Record(entries []engine.JournalEntry) error {
	for _, e := range entries {
		fields := journalFields(&e, f.C.list)
		if e.Answer == nil {
			fields[5] = nil
		}
		err := f.C.Run(`insert into journal (`+JournalColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8)
			on conflict (session, n) do update set answer = excluded.answer`, fields...)
		if err != nil {
			return err
		}
	}
	return nil
}

func (f sessions) Journal(session string) ([]engine.JournalEntry, error) {
	return All(f.C.Query(JournalOf, session), journalFields)
}
