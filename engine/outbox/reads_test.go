package outbox

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
)

// deaf is a transaction in which nothing is read.
type deaf struct{ engine.Tx }

func (deaf) AheadOfSends([]engine.OutboxItem) {}

// Those who ask while somebody reads are read for together, after they asked,
// and each gets its own error.
func TestReadsTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r reads
		views := 0
		view := func(fn func(engine.Tx) error) error {
			views++
			time.Sleep(time.Second)
			return fn(deaf{})
		}
		odd := errors.New("odd")
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() {
				began, ran := time.Now(), time.Time{}
				err := r.do(view, engine.OutboxItem{}, func(*glance) error {
					ran = time.Now()
					if i%2 == 1 {
						return odd
					}
					return nil
				})
				if !ran.After(began) || errors.Is(err, odd) != (i%2 == 1) {
					t.Errorf("%d was read at %v, asked at %v, and got %v", i, ran, began, err)
				}
			})
		}
		all.Wait()
		if views != 2 {
			t.Errorf("%d views", views)
		}
	})
}

// A failed or broken view fails those that it was for, and no others.
func TestReadsFail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r reads
		broken := errors.New("broken")
		view := func(fn func(engine.Tx) error) error { return errors.Join(fn(deaf{}), broken) }
		nothing := func(*glance) error { return nil }
		if err := r.do(view, engine.OutboxItem{}, nothing); !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
		var all sync.WaitGroup
		all.Go(func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic is lost")
				}
			}()
			_ = r.do(func(func(engine.Tx) error) error { time.Sleep(time.Second); panic("view") }, engine.OutboxItem{}, nothing)
		})
		synctest.Wait()
		all.Go(func() {
			if err := r.do(func(fn func(engine.Tx) error) error { return fn(deaf{}) }, engine.OutboxItem{}, nothing); err != nil {
				t.Errorf("the one after it got %v", err)
			}
		})
		all.Wait()
	})
}
