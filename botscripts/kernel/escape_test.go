package kernel

import (
	"testing"

	"parley/engine"
)

func TestWantsPerson(t *testing.T) {
	t.Parallel()
	r := &Run{Turn: engine.Turn{Brand: engine.Brand{Settings: engine.BrandSettings{EscapeWords: map[string][]string{"en": {"agent", "human", "real person"}, "de": {"Mitarbeiter"}}}}}}
	for text, want := range map[string]bool{
		"agent": true, " AGENT!! ": true, "a human, please": true, "Mitarbeiter?": true, "Mitarbeiterin": true, "real person": true, "agents": true,
		"may I please see a real person": true, "I want a real person": true, "why can't I talk to a human": true,
		"person": false, "": false, "!!!": false, "humane": false, "I asked the travel agent about my order": false, "the agent was rude": false,
		"I don't want a human": false, "are you a human?": false, "1 person": false,
	} {
		if got := r.WantsPerson(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestStoppedStepsRunAgain counts how often a bot's line runs when the clock stops the step at once.
