package botscripts

import "parley/engine/language"

// languageDetect is language.detect(text): one of the brand's languages, or nil.
func (r *run) languageDetect(a args) int {
	text := a.text(a.at(1), "text", textLimit)
	return r.found(a, a.fn, fields{"text": text}, func() any {
		heard := string(cut([]byte(text), maxHeard))
		r.vm.Work(int64(200 + len(heard)))
		spoken := map[string]float64{}
		if r.start.Conversation.Language != "" {
			spoken[r.start.Conversation.Language] = 1
		}
		code, _, ok := language.Detect(heard, r.turn.Brand.Settings.Languages, spoken)
		if !ok {
			return nil
		}
		return code
	})
}
