package postgres_test

import (
	"testing"
	"time"

	"parley/storage/postgres/postgrestest"
)

// TestClock: whatever a machine's clock says, processes have the server's time.
func TestClock(t *testing.T) {
	t.Parallel()
	db := openURL(t, postgrestest.Open(t))
	for name, tt := range map[string]struct{ off, want time.Duration }{
		"an hour behind": {-time.Hour, time.Hour}, "a day ahead": {24 * time.Hour, -24 * time.Hour}, "as it should be": {100 * time.Millisecond, 0},
	} {
		t.Run(name, func(t *testing.T) {
			clock := db.Clock()
			clock.Set(func() time.Time { return time.Now().Add(tt.off) })
			got, err := clock.Measure(t.Context())
			if err != nil || (got-tt.want).Abs() > time.Second {
				t.Errorf("it is behind by %s: %v", got, err)
			}
			if off := time.Until(clock.Now()); off.Abs() > time.Second {
				t.Errorf("the time is off by %s", off)
			}
			clock.Set(time.Now) // somebody has set it
			if got, err = clock.Measure(t.Context()); err != nil || got != 0 {
				t.Errorf("then it is behind by %s: %v", got, err)
			}
		})
	}
}
