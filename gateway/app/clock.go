package app

import (
	"context"
	"time"

	"parley/engine"
)

const clockEvery = 5 * time.Second

// setClock takes the time from the database, when others share it. Their clocks may differ
// from this machine's, and what one of them holds for a second must end for all in a second.
func (a *App) setClock(ctx context.Context) error {
	if a.opt.Clock != nil {
		return nil
	}
	a.opt.Clock = time.Now
	if a.database.Clock == nil {
		return nil
	}
	a.opt.Clock = a.database.Clock.Now
	return a.measureClock(ctx)
}

// followClock looks now and then whether somebody has set one of the two clocks.
func (a *App) followClock(ctx context.Context) error {
	return engine.Every(ctx, clockEvery, func() {
		_ = a.measureClock(ctx) // a database that is away is told by others
	})
}

func (a *App) measureClock(ctx context.Context) error {
	if a.database.Clock == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, clockEvery)
	defer cancel()
	behind, err := a.database.Clock.Measure(ctx)
	if err == nil && behind != 0 {
		a.clocks.Do(func() {
			a.log.Warn("this machine's clock differs from the database's, whose time is used: set both by the network", "behind", behind.Round(time.Millisecond))
		})
	}
	return err
}
