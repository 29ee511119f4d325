package botscripts

import "parley/engine/understanding/language"

// languageDetect is language.detect(text): one of the brand's languages, or nil.
func (r *Run) languageDetect(a Args) int {
	text := a.Text(a.At(1), "text", MaxRead)
	return r.Found(a, a.Fn, Fields{"text": text}, func() any {
		heard := string(Cut([]byte(text), MaxHeard))
		r.VM.Work(int64(200 + len(heard)))
		code, _, ok := language.Detect(heard, r.Turn.Brand.Settings.Languages, r.spoken())
		if !ok {
			return nil
		}
		return code
	})
}

// spoken is in which languages the consumer wrote so far. Before anything was
// heard, the conversation's language counts as one message.
func (r *Run) spoken() map[string]float64 {
	if heard := r.Turn.Conversation.Mood.Languages; len(heard) > 0 {
		return heard
	}
	if known := r.Start.Conversation.Language; known != "" {
		return map[string]float64{known: 1}
	}
	return nil
}
