package lifecycle

import (
	"cmp"
	"time"

	"parley/engine"
	"parley/engine/conversation"
)

// raise is a priority with the hint that an unhappy consumer's mood gives, and
// how many steps that is. It is never above the first, 1.
func raise(base int, mood engine.Mood, s engine.SentimentSettings) (priority, steps int) {
	if s.Off || mood.Tone != engine.ToneNegative {
		return base, 0
	}
	steps = max(0, min(s.Priority, base-1))
	return base - steps, steps
}

// Turned tells that the conversation's mood changed from the band was, when it
// did. One that waits and turns negative is raised in its queue; the caller then
// wakes TopicRouting. The caller saves conv.
func Turned(tx engine.Tx, now time.Time, conv *engine.Conversation, s engine.SentimentSettings, was engine.Tone, actor string) (raised bool, err error) {
	mood := conv.Mood
	if mood.Tone == was {
		return false, nil
	}
	data := engine.MoodData{Score: mood.Score(), Tone: cmp.Or(mood.Tone, engine.ToneNeutral), Was: cmp.Or(was, engine.ToneNeutral)}
	if err := conversation.Log(tx, now, *conv, engine.EventMood, actor, data); err != nil {
		return false, err
	}
	if conv.Owner != engine.OwnerQueue {
		return false, nil
	}
	e, err := tx.Queue().Get(conv.ID)
	if engine.CodeOf(err) == engine.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	// What it was given stays with it as long as it waits, when the mood gets better too.
	priority, steps := raise(e.Priority+e.Raised, mood, s)
	if steps <= e.Raised {
		return false, nil
	}
	e.Priority, e.Raised = priority, steps
	conv.Priority = priority
	return true, tx.Queue().Put(e)
}
