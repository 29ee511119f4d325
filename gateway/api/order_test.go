package api_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"parley/engine"
)

// TestDeliveryStatesInOrder holds the contract's order, which the web follows, to the engine's.
func TestDeliveryStatesInOrder(t *testing.T) {
	t.Parallel()
	contract, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`\n    DeliveryState:\n(?: {6}.*\n)*? {6}enum: \[(.*)\]`).FindSubmatch(contract)
	if found == nil {
		t.Fatal("the contract names no delivery states")
	}
	states := strings.Split(string(found[1]), ", ")
	if len(states) != 7 {
		t.Errorf("%d states, want 7", len(states))
	}
	for i, a := range states {
		for _, b := range states[i+1:] {
			if got := engine.DeliveryState(a).Advance(engine.DeliveryState(b)); string(got) != b {
				t.Errorf("%s comes before %s in the contract, and after it in the engine", a, b)
			}
		}
	}
}
