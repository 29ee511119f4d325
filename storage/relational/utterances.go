package relational

import "parley/engine"

type utterances struct{ C *Conn }

const utteranceColumns = `brand, n, conversation, message, text, source, state, guesses, intent, question, version, judge, at`

var addUtterance = Insertion("utterances", utteranceColumns)

func utteranceFields(u *engine.Utterance, to []any) []any {
	return append(to,
		&u.Brand, &u.N, &u.Conversation, &u.Message, &u.Text, (*string)(&u.Source), (*string)(&u.State), inJSON(&u.Guesses),
		&u.Intent, &u.Question, &u.Version, &u.By, &u.At,
	)
}

func (f utterances) Add(u *engine.Utterance) (err error) {
	if err := f.C.alone("utterances", u.Brand); err != nil {
		return err
	}
	if u.N, err = f.C.Number(`select coalesce(max(n), 0) + 1 from utterances where brand = $1`, u.Brand); err != nil {
		return err
	}
	return f.C.Insert("utterance", addUtterance, utteranceFields(u, f.C.list)...)
}

func (f utterances) Get(brand string, n int64) (engine.Utterance, error) {
	return One(f.C.Query(`select `+utteranceColumns+` from utterances where brand = $1 and n = $2`+Keep, brand, n), "utterance", utteranceFields)
}

func (f utterances) Find(brand, conversation, text string) (engine.Utterance, error) {
	return One(f.C.Query(`select `+utteranceColumns+` from utterances where conversation = $1 and text = $2 and brand = $3`,
		conversation, text, brand), "utterance", utteranceFields)
}

func (f utterances) Save(u engine.Utterance) error {
	return f.C.ExecOne("utterance",
		`update utterances set message = $1, source = $2, state = $3, intent = $4, question = $5, version = $6, judge = $7, at = $8 where brand = $9 and n = $10`,
		u.Message, string(u.Source), string(u.State), u.Intent, u.Question, u.Version, u.By, u.At, u.Brand, u.N)
}

func (f utterances) List(q engine.UtteranceFilter) ([]engine.Utterance, error) {
	w := NewWhere("brand = ", q.Brand)
	if q.State != "" {
		w.And("state = ", string(q.State))
	}
	if q.Below > 0 {
		w.And("n < ", q.Below)
	}
	w.Raw(" order by n desc limit ").Arg(q.Limit)
	return All(f.C.Query(`select `+utteranceColumns+` from utterances where `+w.String(), w.Args...), utteranceFields)
}

func (f utterances) Drop(brand string, upTo int64) error {
	return f.C.Run(`delete from utterances where brand = $1 and n <= $2`, brand, upTo)
}
