package botscripts

import (
	"cmp"

	"parley/engine"
	"parley/engine/understanding/sentiment"
)

// sentimentScore is sentiment.score(text): {score, label}.
func (r *Run) sentimentScore(a Args) int {
	text := a.Text(a.At(1), "text", MaxRead)
	return r.Found(a, a.Fn, Fields{"text": text}, func() any {
		heard := string(Cut([]byte(text), MaxHeard))
		r.VM.Work(int64(200 + len(heard)))
		s := sentiment.Score(heard, r.Start.Language)
		return map[string]any{"score": s.Score, "label": string(s.Label)}
	})
}

// sentimentConversation is sentiment.conversation(): {score, label} of what the
// consumer wrote so far.
func (r *Run) sentimentConversation(a Args) int {
	return r.Found(a, a.Fn, Fields{}, func() any {
		mood := r.Turn.Conversation.Mood
		return map[string]any{"score": Share(mood.Score()), "label": string(cmp.Or(mood.Tone, engine.ToneNeutral))}
	})
}
