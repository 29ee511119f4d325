package kernel

import (
	"testing"

	"parley/engine"
)

func TestWantsPerson(t *testing.T) {
	t.Parallel()
	r := &Run{Turn: engine.Turn{Brand: engine.Brand{Settings: engine.BrandSettings{EscapeWords: map[string][]string{"en": {"agent", "human", "real person"}, "de": {"Mitarbeiter"}}}}}}
	for text, want := range map[string]bool{
		"agent": true, " AGENT!! ": true, "a human, please": true, "Mitarbeiter?": true, "real person": true,
		"may I please see a real person": false, "I want a real person": true, "person": false, "": false, "!!!": false, "agents": false, "humane": false,
		"I asked the travel agent about my order": false, "real nice person": false,
	} {
		if got := r.WantsPerson(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestStoppedStepsRunAgain counts how often a bot's line runs when the clock stops the step at once.
