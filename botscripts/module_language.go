package botscripts

import "parley/engine/understanding/language"

// languageDetect is language.detect(text): one of the brand's languages, or nil.
func (r *run) languageDetect(a args) int {
	text := a.text(a.at(1), "text", textLimit)
	return r.found(a, a.fn, fields{"text": text}, func() any {
		heard := string(cut([]byte(text), maxHeard))
		r.vm.Work(int64(200 + len(heard)))
		code, _, ok := language.Detect(heard, r.turn.Brand.Settings.Languages, r.spoken())
		if !ok {
			return nil
		}
		return code
	})
}

// spoken is in which languages the consumer wrote so far. Before anything was
// heard, the conversation's language counts as one message.
func (r *run) spoken() map[string]float64 {
	if heard := r.turn.Conversation.Mood.Languages; len(heard) > 0 {
		return heard
	}
	if known := r.start.Conversation.Language; known != "" {
		return map[string]float64{known: 1}
	}
	return nil
}
