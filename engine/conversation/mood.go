package conversation

import (
	"cmp"

	"parley/engine"
	"parley/engine/understanding/language"
)

// Begin is the mood of a new conversation with a consumer whose language is
// known, "" for unknown: it counts as one message.
func Begin(brand engine.Brand, known string) (m engine.Mood) {
	if spoken := brand.Settings.Languages; len(spoken) > 1 {
		if i := language.Index(spoken, known); i >= 0 {
			m.Languages = map[string]float64{spoken[i]: 1}
		}
	}
	return m
}

// raise is a priority with the hint that an unhappy consumer's mood gives, and
// how many steps that is. It is never above the first, 1.
func raise(base int, mood engine.Mood, s engine.SentimentSettings) (priority, steps int) {
	if s.Off || mood.Tone != engine.ToneNegative {
		return base, 0
	}
	steps = max(0, min(s.Priority, base-1))
	return base - steps, steps
}

// Turned tells that the mood changed from the band was, when it did. One that
// waits and turns negative is raised in its queue.
func (c *Change) Turned(was engine.Tone, actor string) error {
	mood := c.Mood
	if mood.Tone == was {
		return nil
	}
	data := engine.MoodData{Score: mood.Score(), Tone: cmp.Or(mood.Tone, engine.ToneNeutral), Was: cmp.Or(was, engine.ToneNeutral)}
	if err := c.Log(engine.EventMood, actor, data); err != nil || c.Owner != engine.OwnerQueue {
		return err
	}
	e, err := c.tx.Queue().Get(c.ID)
	if engine.CodeOf(err) == engine.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	entry, err := c.Entry()
	if err != nil {
		return err
	}
	// What it was given stays with it as long as it waits, when the mood gets better too.
	priority, steps := raise(e.Priority+e.Raised, mood, entry.Brand.Settings.Sentiment)
	if steps <= e.Raised {
		return nil
	}
	e.Priority, e.Raised = priority, steps
	c.Priority = priority
	return c.tx.Queue().Put(e)
}
