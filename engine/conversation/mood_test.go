package conversation_test

import (
	"testing"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/enginetest"
)

// TestUnhappyConsumersAreServedSooner: a negative mood raises the priority that the
// conversation enters a queue with, every time from the same one.
func TestUnhappyConsumersAreServedSooner(t *testing.T) {
	t.Parallel()
	angry, glad := "this is terrible, I am furious", "thank you so much, perfect"
	for name, tt := range map[string]struct {
		settings         engine.SentimentSettings
		says             string
		handoff          engine.Handoff
		priority, raised int
	}{
		"by default not":         {engine.SentimentSettings{}, angry, engine.Handoff{Skill: "care"}, 5, 0},
		"of the skill":           {engine.SentimentSettings{Priority: 2}, angry, engine.Handoff{Skill: "care"}, 3, 2},
		"of the handoff":         {engine.SentimentSettings{Priority: 2}, angry, engine.Handoff{Skill: "care", Priority: 9}, 7, 2},
		"not before the first":   {engine.SentimentSettings{Priority: 9}, angry, engine.Handoff{Skill: "care"}, 1, 4},
		"the first already":      {engine.SentimentSettings{Priority: 1}, angry, engine.Handoff{Skill: "care", Priority: 1}, 1, 0},
		"neutral":                {engine.SentimentSettings{Priority: 2}, "hello", engine.Handoff{Skill: "care"}, 5, 0},
		"positive":               {engine.SentimentSettings{Priority: 2}, glad, engine.Handoff{Skill: "care"}, 5, 0},
		"nobody wants it heard":  {engine.SentimentSettings{Priority: 2, Off: true}, angry, engine.Handoff{Skill: "care"}, 5, 0},
		"of a skill of its own":  {engine.SentimentSettings{Priority: 2}, angry, engine.Handoff{Skill: "sales"}, 1, 2},
		"of the default's skill": {engine.SentimentSettings{Priority: 1}, angry, engine.Handoff{Skill: "gone"}, 4, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			w.Configure(func(s *engine.BrandSettings) { s.Sentiment = tt.settings })
			id := w.Write(tt.says).Conversation.ID
			// Twice: what is put back, or given to another agent, is not raised again.
			for range 2 {
				if err := enqueue(w, id, conversation.Entering{Handoff: tt.handoff}); err != nil {
					t.Fatal(err)
				}
				e, _ := w.Queued(id)
				equal(t, [2]int{tt.priority, tt.raised}, [2]int{e.Priority, e.Raised})
				c := w.Conversation(id)
				equal(t, [2]int{tt.priority, tt.handoff.Priority}, [2]int{c.Priority, c.Handoff.Priority})
			}
		})
	}
}

// TestTurned: a conversation that nobody waits with is only told about.
func TestTurned(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("hi").Conversation.ID
	w.Configure(func(s *engine.BrandSettings) { s.Sentiment = engine.SentimentSettings{Priority: 3} })
	turn := func(mood engine.Mood, was engine.Tone) (raised bool) {
		t.Helper()
		err := w.Change(id, func(c *conversation.Change) error {
			before := c.Priority
			c.Mood = mood
			err := c.Turned(was, "system")
			raised = c.Priority != before
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return raised
	}
	negative := engine.Mood{Sum: -2, Weight: 2, Tone: engine.ToneNegative}
	if turn(negative, engine.ToneNegative) || len(w.Events(id, engine.EventMood)) != 0 {
		t.Error("the same band was told")
	}
	if turn(negative, "") || len(w.Events(id, engine.EventMood)) != 1 {
		t.Error("a change with the bot raised it, or was not told once")
	}
	w.Update(func(tx engine.Tx) error { // a conversation in a queue whose entry is gone
		c, err := tx.Conversations().Get(enginetest.Brand, id)
		if err != nil {
			return err
		}
		c.Owner = engine.OwnerQueue
		return tx.Conversations().Save(&c)
	})
	if turn(negative, engine.TonePositive) {
		t.Error("raised what does not wait")
	}
}
