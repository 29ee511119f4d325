package relational

import "parley/engine"

type tones struct{ C *Conn }

func (f tones) Judge(brand, message string, h engine.Heard) error {
	err := f.C.ExecOne("message", `update messages set heard = $1, judged = $2 where id = $3 and brand = $4`, inJSON(&h), h.By != "", message, brand)
	if err != nil {
		return err
	}
	return f.C.Run(`insert into tone_versions (brand, version) values ($1, 1) on conflict (brand) do update set version = tone_versions.version + 1`, brand)
}

func (f tones) Judged(brand string, limit int) ([]engine.Message, error) {
	return All(f.C.Query(`select `+messageColumns+` from messages where brand = $1 and judged > 0 order by n desc limit $2`, brand, limit), messageFields)
}

func (f tones) Version(brand string) (int64, error) {
	return f.C.Number(`select version from tone_versions where brand = $1`, brand)
}

type feedback struct{ C *Conn }

const feedbackColumns = `brand, question, helped, unhelped, at`

func feedbackFields(b *engine.FAQFeedback, to []any) []any {
	return append(to, &b.Brand, &b.Question, &b.Helped, &b.Unhelped, &b.At)
}

func (f feedback) Add(b engine.FAQFeedback) error {
	return f.C.Run(`insert into faq_feedback (`+feedbackColumns+`) values ($1, $2, $3, $4, $5)
		on conflict (brand, question) do update set helped = faq_feedback.helped + excluded.helped, unhelped = faq_feedback.unhelped + excluded.unhelped,
			at = case when excluded.at > faq_feedback.at then excluded.at else faq_feedback.at end`, feedbackFields(&b, f.C.list)...)
}

func (f feedback) List(brand string) ([]engine.FAQFeedback, error) {
	return All(f.C.Query(`select `+feedbackColumns+` from faq_feedback where brand = $1 order by question`, brand), feedbackFields)
}
