package storagetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"parley/engine"
)

func testLeases(_ *testing.T, f fixture) {
	get := func(name string) engine.Lease {
		return read(f, func(t engine.Tx) (engine.Lease, error) { return t.Leases().Get(name) })
	}
	take := func(name, holder string, now, until int) (l engine.Lease) {
		f.t.Helper()
		f.update(func(t engine.Tx) (err error) {
			l, err = t.Leases().Take(name, holder, at(now), at(until))
			return err
		})
		f.equal(get(name), l)
		return l
	}
	f.missing(func(t engine.Tx) error { _, err := t.Leases().Get("routing"); return err })
	lease := func(holder string, fence int64, until int) engine.Lease {
		return engine.Lease{Name: "routing", Holder: holder, Fence: fence, Until: at(until)}
	}
	f.equal(take("routing", "one", 0, 10), lease("one", 1, 10))
	f.equal(take("routing", "two", 9, 19), lease("one", 1, 10)) // another's
	f.equal(take("routing", "one", 9, 19), lease("one", 1, 19)) // longer
	f.equal(take("routing", "two", 19, 29), lease("two", 2, 29))
	f.equal(take("routing", "two", 40, 50), lease("two", 3, 50)) // it had ended between
	f.equal(take("retention", "one", 40, 50), engine.Lease{Name: "retention", Holder: "one", Fence: 1, Until: at(50)})
	release := func(name, holder string) {
		f.update(func(t engine.Tx) error { return t.Leases().Release(name, holder) })
	}
	release("routing", "one")
	f.equal(get("routing"), lease("two", 3, 50))
	release("routing", "two")
	release("routing", "two")
	release("never", "two")
	f.equal(get("routing"), engine.Lease{Name: "routing", Fence: 3})
	f.equal(take("routing", "one", 41, 51), lease("one", 4, 51))
	f.equal(take("routing", "one", 4100, 4110), lease("one", 5, 4110)) // by a clock that has jumped
	f.equal(take("routing", "two", 55, 65), lease("two", 6, 65))       // and is set again
}

// testLeaseRace: of many who take a lease at once one has it, also when it has ended.
func testLeaseRace(_ *testing.T, f fixture) {
	for round := range 3 {
		got := make([]engine.Lease, 12)
		errs := concurrently(len(got), func(i int) error {
			return f.store.Update(context.Background(), func(t engine.Tx) (err error) {
				got[i], err = t.Leases().Take("one", fmt.Sprint("process ", i), at(100*round), at(100*round+50))
				return err
			})
		})
		f.equal(count(errs, ""), len(errs))
		for _, l := range got {
			f.equal(l, got[0])
		}
		f.equal(got[0].Fence, int64(round+1))
	}
}

func testMarks(_ *testing.T, f fixture) {
	get := func(key string) time.Time {
		return read(f, func(t engine.Tx) (time.Time, error) { return t.Marks().Get(key) })
	}
	set := func(key string, ms int) {
		f.update(func(t engine.Tx) error { return t.Marks().Set(key, at(ms)) })
	}
	f.equal(get("a"), time.Time{})
	set("a", 5)
	set("a", 7)
	set("b", 9)
	set("c", 10)
	f.equal(get("a"), at(7))
	f.update(func(t engine.Tx) error { return t.Marks().Remove("b") })
	f.update(func(t engine.Tx) error { return t.Marks().Remove("b") })
	f.equal(get("b"), time.Time{})
	for i := range 6 {
		set(fmt.Sprint("old ", i), i)
	}
	left := func() (n int) {
		for i := range 6 {
			if !get(fmt.Sprint("old ", i)).IsZero() {
				n++
			}
		}
		return n
	}
	expire := func(now, limit int) (n int) {
		f.update(func(t engine.Tx) (err error) {
			n, err = t.Marks().Expire(at(now), limit)
			return err
		})
		return n
	}
	f.equal(expire(7, 0), 0)
	f.equal(left(), 6)
	f.equal(expire(3, 3), 3)
	f.equal(left(), 3)
	f.equal(expire(3, 100), 1)
	f.equal(left(), 2)
	f.equal(get("a"), at(7))
	f.equal(expire(7, 100), 3)
	f.equal(left(), 0)
	f.equal(get("a"), time.Time{})
	f.equal(get("c"), at(10))
}

// testMarkRace: who changes what it has read loses nothing of what others write, also
// where there is nothing yet.
func testMarkRace(_ *testing.T, f fixture) {
	errs := concurrently(24, func(i int) error {
		return f.store.Update(context.Background(), func(t engine.Tx) error {
			until, err := t.Marks().Get("a")
			if err != nil {
				return err
			}
			if until.IsZero() {
				until = at(0)
			}
			return t.Marks().Set("a", until.Add(time.Millisecond))
		})
	})
	f.equal(errors.Join(errs...), nil)
	f.equal(read(f, func(t engine.Tx) (time.Time, error) { return t.Marks().Get("a") }), at(len(errs)))
}

// testKeys: a key is made once, whoever makes it.
func testKeys(_ *testing.T, f fixture) {
	get := func(name string) []byte {
		return read(f, func(t engine.Tx) ([]byte, error) { return t.Keys().Get(name) })
	}
	f.missing(func(t engine.Tx) error { _, err := t.Keys().Get("visitors"); return err })
	made := make([][]byte, 8)
	errs := concurrently(len(made), func(i int) error {
		made[i] = []byte{byte(i), 0, 255, '\'', 128}
		return f.store.Update(context.Background(), func(t engine.Tx) error { return t.Keys().Add("visitors", made[i]) })
	})
	f.equal(count(errs, ""), 1)
	f.equal(count(errs, engine.Conflict), len(errs)-1)
	for i, err := range errs {
		if err == nil {
			f.equal(get("visitors"), made[i])
		}
	}
	f.missing(func(t engine.Tx) error { _, err := t.Keys().Get("others"); return err })
}

// testDueRace: what an update finds due is no other's while it runs.
func testDueRace(_ *testing.T, f fixture) {
	const n = 60
	f.update(func(t engine.Tx) error {
		for i := range n {
			timer := engine.Timer{ID: fmt.Sprint("t", i), Brand: "acme", Conversation: "c1", Session: "s1", At: at(i % 7)}
			plan := engine.Followup{ID: fmt.Sprint("f", i), Brand: "acme", Consumer: "ann", Channel: "acme.sms", At: at(i % 7), FollowupData: engine.FollowupData{Name: fmt.Sprint(i)}}
			if err := errors.Join(t.Timers().Add(timer), t.Followups().Add(plan)); err != nil {
				return err
			}
		}
		return nil
	})
	for left := n; left > 0; {
		got := make([]int, 6)
		errs := concurrently(len(got), func(i int) error {
			return f.store.Update(context.Background(), func(t engine.Tx) error {
				timers, err := t.Timers().Due(at(9), 4)
				if err != nil {
					return err
				}
				for _, one := range timers {
					if err := t.Timers().Remove(one.ID); err != nil {
						return err
					}
				}
				plans, err := t.Followups().Due(at(9), 4)
				if err != nil {
					return err
				}
				for _, one := range plans {
					if err := t.Followups().Remove(one.ID); err != nil {
						return err
					}
				}
				got[i] = len(timers)
				return nil
			})
		})
		f.equal(errors.Join(errs...), nil)
		for _, n := range got {
			left -= n
		}
	}
	next, err := at(0), error(nil)
	f.view(func(t engine.Tx) error { next, err = t.Timers().Next(); return err })
	f.equal(next, time.Time{})
}
