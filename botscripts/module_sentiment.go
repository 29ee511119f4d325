package botscripts

import (
	"cmp"

	"parley/engine"
	"parley/engine/understanding/sentiment"
)

// sentimentScore is sentiment.score(text): {score, label}.
func (r *run) sentimentScore(a args) int {
	text := a.text(a.at(1), "text", textLimit)
	return r.found(a, a.fn, fields{"text": text}, func() any {
		heard := string(cut([]byte(text), maxHeard))
		r.vm.Work(int64(200 + len(heard)))
		s := sentiment.Score(heard, r.start.Language)
		return map[string]any{"score": s.Score, "label": string(s.Label)}
	})
}

// sentimentConversation is sentiment.conversation(): {score, label} of what the
// consumer wrote so far.
func (r *run) sentimentConversation(a args) int {
	return r.found(a, a.fn, fields{}, func() any {
		mood := r.turn.Conversation.Mood
		return map[string]any{"score": share(mood.Score()), "label": string(cmp.Or(mood.Tone, engine.ToneNeutral))}
	})
}
