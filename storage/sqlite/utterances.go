package sqlite

import "parley/engine"

type utterances struct{ c *conn }

const utteranceColumns = `brand, n, conversation, message, text, source, state, guesses, intent, question, bundle, judge, at`

func scanUtterance(r *rows) engine.Utterance {
	u := engine.Utterance{
		Brand: r.text(0), N: r.int(1), Conversation: r.text(2), Message: r.text(3), Text: r.text(4),
		Source: engine.UtteranceSource(r.text(5)), State: engine.UtteranceState(r.text(6)),
		Intent: r.text(8), Question: r.text(9), Bundle: r.text(10), By: r.text(11), At: r.time(12),
	}
	if r.text(7) != "[]" {
		r.json(7, &u.Guesses)
	}
	return u
}

func (f utterances) Add(u *engine.Utterance) error {
	guesses, err := encodeList(u.Guesses)
	if err != nil {
		return err
	}
	found, err := all(f.c.queryChange(`insert into utterances (`+utteranceColumns+`)
		values ($1, (select coalesce(max(n), 0) + 1 from utterances where brand = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict do nothing returning n`,
		u.Brand, u.Conversation, u.Message, u.Text, string(u.Source), string(u.State), guesses, u.Intent, u.Question, u.Bundle, u.By, ms(u.At)),
		func(r *rows) int64 { return r.int(0) })
	if err == nil && len(found) == 0 {
		err = taken("utterance")
	}
	if err != nil {
		return err
	}
	u.N = found[0]
	return nil
}

func (f utterances) Get(brand string, n int64) (engine.Utterance, error) {
	return one(f.c.query(`select `+utteranceColumns+` from utterances where brand = $1 and n = $2`, brand, n), "utterance", scanUtterance)
}

func (f utterances) Find(brand, conversation, text string) (engine.Utterance, error) {
	return one(f.c.query(`select `+utteranceColumns+` from utterances where conversation = $1 and text = $2 and brand = $3`,
		conversation, text, brand), "utterance", scanUtterance)
}

func (f utterances) Save(u engine.Utterance) error {
	return f.c.execOne("utterance",
		`update utterances set message = $1, source = $2, state = $3, intent = $4, question = $5, bundle = $6, judge = $7, at = $8 where brand = $9 and n = $10`,
		u.Message, string(u.Source), string(u.State), u.Intent, u.Question, u.Bundle, u.By, ms(u.At), u.Brand, u.N)
}

func (f utterances) List(q engine.UtteranceFilter) ([]engine.Utterance, error) {
	w := newWhere("brand = ", q.Brand)
	if q.State != "" {
		w.and("state = ", string(q.State))
	}
	if q.Below > 0 {
		w.and("n < ", q.Below)
	}
	w.raw(" order by n desc limit ").arg(int64(q.Limit))
	return all(f.c.query(`select `+utteranceColumns+` from utterances where `+w.String(), w.args...), scanUtterance)
}

func (f utterances) Drop(brand string, upTo int64) error {
	_, err := f.c.exec(`delete from utterances where brand = $1 and n <= $2`, brand, upTo)
	return err
}
