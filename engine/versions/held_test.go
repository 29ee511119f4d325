package versions

import (
	"fmt"
	"testing"

	"parley/engine"
)

func TestHeldVersionsAreBounded(t *testing.T) {
	t.Parallel()
	var b engine.Brand
	var history []engine.VersionChange
	for i := range 3 * maxHeld {
		hash := fmt.Sprint(i)
		history = append([]engine.VersionChange{{Version: hash}}, history...)
		Hold(&b, hash, "bad", history)
	}
	if len(b.Held) != maxHeld || b.Held[fmt.Sprint(3*maxHeld-1)] == "" || b.Held["0"] != "" {
		t.Errorf("%d are held", len(b.Held))
	}
}
