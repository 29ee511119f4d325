package sqlite

import "parley/engine"

type sessions struct{ c *conn }

const sessionColumns = `id, brand, conversation, bot, bundle, state, wait, seed, steps, start, created_at`

func scanSession(r *rows) engine.Session {
	s := engine.Session{
		ID: r.text(0), Brand: r.text(1), Conversation: r.text(2), Bot: r.text(3), Bundle: r.text(4), State: engine.SessionState(r.text(5)),
		Seed: r.int(7), Steps: int(r.int(8)), Start: r.bytes(9), CreatedAt: r.time(10),
	}
	r.json(6, &s.Wait)
	return s
}

func writeWait(w engine.Wait) (string, error) {
	if w.Kind == "" && w.Step == 0 && w.Until.IsZero() {
		return "", nil
	}
	return encode(w)
}

func (f sessions) Add(s engine.Session) error {
	wait, err := writeWait(s.Wait)
	if err != nil {
		return err
	}
	return f.c.insert("session",
		`insert into sessions (`+sessionColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`,
		s.ID, s.Brand, s.Conversation, s.Bot, s.Bundle, string(s.State), wait, s.Seed, int64(s.Steps), string(s.Start), ms(s.CreatedAt))
}

// Save writes state, wait and steps; the rest of a session never changes. Most
// turns leave the state alone, and so the index over what waits.
func (f sessions) Save(s engine.Session) error {
	wait, err := writeWait(s.Wait)
	if err != nil {
		return err
	}
	n, err := f.c.exec(`update sessions set wait = $1, steps = $2 where id = $3 and state = $4`, wait, int64(s.Steps), s.ID, string(s.State))
	if err != nil || n == 1 {
		return err
	}
	return f.c.execOne("session", `update sessions set wait = $1, steps = $2, state = $4 where id = $3`, wait, int64(s.Steps), s.ID, string(s.State))
}

func (f sessions) Get(id string) (engine.Session, error) {
	return one(f.c.query(`select `+sessionColumns+` from sessions where id = $1`, id), "session", scanSession)
}

func (f sessions) Current(conversation string) (engine.Session, error) {
	return one(f.c.query(`select `+sessionColumns+` from sessions where conversation = $1 order by created_at desc, id desc limit 1`, conversation), "session", scanSession)
}

func (f sessions) Record(entries []engine.JournalEntry) error {
	for _, e := range entries {
		var answer any
		if e.Answer != nil {
			answer = string(e.Answer)
		}
		_, err := f.c.exec(
			`insert into journal (session, n, call, hash, args, answer, line, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
			on conflict (session, n) do update set answer = excluded.answer`,
			e.Session, int64(e.N), e.Call, e.Hash, string(e.Args), answer, e.Line, ms(e.At))
		if err != nil {
			return err
		}
	}
	return nil
}

func (f sessions) Journal(session string) ([]engine.JournalEntry, error) {
	return all(f.c.query(`select n, call, hash, args, answer, line, at from journal where session = $1 order by n`, session), func(r *rows) engine.JournalEntry {
		return engine.JournalEntry{
			Session: session, N: int(r.int(0)), Call: r.text(1), Hash: r.text(2), Args: r.bytes(3), Answer: r.bytes(4), Line: r.text(5), At: r.time(6),
		}
	})
}
