package engine_test

import (
	"context"
	"errors"
	"testing"

	"parley/engine"
)

// forgetful runs updates and keeps nothing.
type forgetful struct{ engine.Store }

func (forgetful) Update(_ context.Context, fn func(engine.Tx) error) error {
	return errors.Join(fn(nil), engine.Errorf(engine.Unavailable, "The database was lost in the middle of a change."))
}

// Who claims work and cannot keep the claim has none: another one claims it, too.
func TestWhatIsNotKeptIsNotTold(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]error{"lost": nil, "refused": engine.Errorf(engine.Conflict, "It is somebody else's.")} {
		got, err := engine.Update(t.Context(), forgetful{}, func(engine.Tx) (string, error) { return "claimed", refused })
		want := ""
		if refused != nil {
			want = "claimed" // what write tells beside its error is its own affair
		}
		if got != want || err == nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
