package sqlite

import "parley/engine"

type tones struct{ c *conn }

// writeHeard is "" for nothing, which most messages are.
func writeHeard(h engine.Heard) (string, error) {
	if h == (engine.Heard{}) {
		return "", nil
	}
	return encode(h)
}

func (f tones) Judge(brand, message string, h engine.Heard) error {
	heard, err := writeHeard(h)
	if err != nil {
		return err
	}
	err = f.c.execOne("message", `update messages set heard = $1, judged = $2 where id = $3 and brand = $4`, heard, flag(h.By != ""), message, brand)
	if err != nil {
		return err
	}
	_, err = f.c.exec(`insert into tone_versions (brand, version) values ($1, 1) on conflict (brand) do update set version = tone_versions.version + 1`, brand)
	return err
}

func (f tones) Judged(brand string, limit int) ([]engine.Message, error) {
	return all(f.c.query(`select `+messageColumns+` from messages where brand = $1 and judged > 0 order by n desc limit $2`, brand, int64(limit)), scanMessage)
}

func (f tones) Version(brand string) (int64, error) {
	found, err := all(f.c.query(`select version from tone_versions where brand = $1`, brand), func(r *rows) int64 { return r.int(0) })
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return found[0], nil
}

type feedback struct{ c *conn }

func (f feedback) Add(b engine.FAQFeedback) error {
	_, err := f.c.exec(
		`insert into faq_feedback (brand, question, helped, unhelped, at) values ($1, $2, $3, $4, $5)
		on conflict (brand, question) do update set helped = faq_feedback.helped + excluded.helped, unhelped = faq_feedback.unhelped + excluded.unhelped,
			at = case when excluded.at > faq_feedback.at then excluded.at else faq_feedback.at end`,
		b.Brand, b.Question, int64(b.Helped), int64(b.Unhelped), ms(b.At))
	return err
}

func (f feedback) List(brand string) ([]engine.FAQFeedback, error) {
	return all(f.c.query(`select question, helped, unhelped, at from faq_feedback where brand = $1 order by question`, brand), func(r *rows) engine.FAQFeedback {
		return engine.FAQFeedback{Brand: brand, Question: r.text(0), Helped: int(r.int(1)), Unhelped: int(r.int(2)), At: r.time(3)}
	})
}
