package storagetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"parley/engine"
)

// number reads a value that counts; none is 0.
func number(t engine.Tx, key string) (int, error) {
	v, err := t.Values().Get("acme", key, at(0))
	if engine.CodeOf(err) == engine.NotFound {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(v.Data))
}

func setNumber(t engine.Tx, key string, n int) error {
	_, err := t.Values().Put(engine.Value{Brand: "acme", Key: key, Data: fmt.Append(nil, n)}, false, at(0))
	return err
}

// testOwnWrites: an update sees what it wrote, and nobody else does before it is committed.
func testOwnWrites(_ *testing.T, f fixture) {
	f.update(func(t engine.Tx) error { return setNumber(t, "n", 1) })
	f.update(func(t engine.Tx) error {
		if err := errors.Join(setNumber(t, "n", 2), t.Timers().Add(timer("a"))); err != nil {
			return err
		}
		n, err := number(t, "n")
		f.equal(n, 2)
		f.equal(read(f, func(v engine.Tx) (int, error) { return number(v, "n") }), 1)
		f.equal(timerIDs(f), "[]")
		mine, listed := due(t)
		f.equal(len(mine), 1)
		return errors.Join(err, listed)
	})
	f.equal(read(f, func(v engine.Tx) (int, error) { return number(v, "n") }), 2)
	f.equal(timerIDs(f), "[a]")
}

// testSerial has updates whose decision rests on what they read, and which write
// something else: it comes out as if one had run after the other. Of those that
// may fail, some do, so that a store which then runs others again is seen.
func testSerial(t *testing.T, f fixture) {
	const doctors, each = 8, 6
	f.update(func(t engine.Tx) error {
		for i := range doctors {
			if err := setNumber(t, fmt.Sprint("on call ", i), 1); err != nil {
				return err
			}
		}
		return nil
	})
	own := errors.New("own error")
	errs := concurrently(doctors*each, func(i int) error {
		return f.store.Update(context.Background(), func(t engine.Tx) error {
			n, err := number(t, "tries that counted")
			if err != nil {
				return err
			}
			if err := setNumber(t, "tries that counted", n+1); err != nil {
				return err
			}
			if i%4 == 3 {
				return own
			}
			others := 0 // each leaves only when somebody else stays
			for d := range doctors {
				on, err := number(t, fmt.Sprint("on call ", d))
				if err != nil {
					return err
				}
				if d != i%doctors {
					others += on
				}
			}
			if others == 0 {
				return nil
			}
			return setNumber(t, fmt.Sprint("on call ", i%doctors), 0)
		})
	})
	failed := 0
	for i, err := range errs {
		if (i%4 == 3) != errors.Is(err, own) || i%4 != 3 && err != nil {
			t.Fatalf("update %d gave %v", i, err)
		}
		if err != nil {
			failed++
		}
	}
	left := 0
	f.view(func(t engine.Tx) error {
		for d := range doctors {
			on, err := number(t, fmt.Sprint("on call ", d))
			if err != nil {
				return err
			}
			left += on
		}
		return nil
	})
	if left == 0 {
		t.Error("nobody is on call: two decided on what the other changed")
	}
	f.equal(read(f, func(t engine.Tx) (int, error) { return number(t, "tries that counted") }), doctors*each-failed)
}

// testClaimOnce lets many claim what is due: each item goes to one of them, with
// the first attempt and the lease of who has it, and again when that has ended
// and it was given back.
func testClaimOnce(t *testing.T, f fixture) {
	const items, claimers = 40, 16
	var all []*engine.OutboxItem
	for i := range items {
		all = append(all, item(fmt.Sprintf("i%02d", i), fmt.Sprintf("c%02d", i), 0))
	}
	f.put(all...)
	got := make([][]engine.OutboxItem, claimers)
	errs := concurrently(claimers, func(i int) error {
		return f.store.Update(context.Background(), func(t engine.Tx) (err error) {
			got[i], err = t.Outbox().Claim(at(1), at(100+i), 3)
			return err
		})
	})
	if count(errs, "") != claimers {
		t.Fatalf("claims failed: %v", errs)
	}
	holder := map[string]int{}
	for i, claimed := range got {
		for _, o := range claimed {
			if by, twice := holder[o.ID]; twice {
				t.Errorf("%s went to %d and to %d", o.ID, by, i)
			}
			holder[o.ID] = i
			stored := read(f, func(t engine.Tx) (engine.OutboxItem, error) { return t.Outbox().Get(o.ID) })
			if o.Attempt != 1 || o.State != engine.OutboxLeased || !o.LeaseUntil.Equal(at(100+i)) {
				t.Errorf("claimed as %+v", o)
			}
			f.equal(stored, o)
		}
	}
	f.equal(len(holder), items)
	f.equal(f.claimed(1000, 10), "[]") // a lease that has ended is looked into, and not claimed
	back := got[holder["i00"]]
	for _, o := range back {
		f.settle(o, engine.OutboxPending)
	}
	again := f.claim(1000, 10)
	f.equal(len(again), len(back))
	for _, o := range again {
		f.equal(o.Attempt, 2)
	}
}
