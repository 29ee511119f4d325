package postgres

import (
	"context"
	"sync/atomic"
	"time"
)

// Clock is the server's time, which processes on different machines share: leases, what is
// due and who is there are told to others as times. It goes as this machine's clock does,
// and is set anew by Measure.
type Clock struct {
	db      *DB
	machine func() time.Time
	behind  atomic.Int64 // nanoseconds that this machine's clock is behind
}

const (
	// alike: so far apart clocks may be, and count as one. Less cannot be told from a slow answer.
	alike = 500 * time.Millisecond
	// slowAnswer comes too late to tell a time.
	slowAnswer = time.Second
)

// Clock gives it; it is this machine's until it is measured.
func (db *DB) Clock() *Clock { return &Clock{db: db, machine: time.Now} }

// Now is the server's time.
func (c *Clock) Now() time.Time { return c.machine().Add(time.Duration(c.behind.Load())) }

// Measure looks how far this machine's clock is behind; less than nothing is ahead.
func (c *Clock) Measure(ctx context.Context) (behind time.Duration, err error) {
	var micros int64
	began, asked := time.Now(), c.machine()
	if err := c.db.pool.QueryRow(ctx, `select (extract(epoch from clock_timestamp()) * 1000000)::bigint`).Scan(&micros); err != nil {
		return 0, unreached(err)
	}
	took := time.Since(began)
	if took > slowAnswer {
		return time.Duration(c.behind.Load()), nil
	}
	if behind = time.UnixMicro(micros).Sub(asked.Add(took / 2)); behind.Abs() < alike {
		behind = 0
	}
	c.behind.Store(int64(behind))
	return behind, nil
}
