package limits

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"
)

func TestBuckets(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b := NewBuckets(1, time.Second, 3)
	for _, key := range []string{"a", "b", "c"} {
		if wait := b.Take(key, now); wait != 0 {
			t.Errorf("%s waits %s", key, wait)
		}
	}
	if wait := b.Take("a", now); wait != time.Second {
		t.Errorf("a waits %s", wait)
	}
	b.Take("d", now) // b was unused longest
	if len(b.byKey) != 3 || b.byKey["b"] != nil || b.byKey["a"] == nil {
		t.Errorf("kept %v", b.byKey)
	}
	if wait := b.Take("a", now.Add(300*time.Millisecond)); wait != 700*time.Millisecond {
		t.Errorf("a bit later a waits %s", wait)
	}
}

func TestBurst(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b := NewBuckets(20, 6*time.Second, 10)
	for i := range 20 {
		if wait := b.Take("a", now); wait != 0 {
			t.Fatalf("%d: %s", i, wait)
		}
	}
	if wait := b.Take("a", now.Add(time.Second)); wait != 5*time.Second {
		t.Errorf("a second later: %s", wait)
	}
	if wait := b.Take("a", now.Add(6*time.Second)); wait != 0 {
		t.Errorf("when one is back: %s", wait)
	}
}

func TestLanes(t *testing.T) {
	t.Parallel()
	l := NewLanes(1, 2)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	leave, err := l.Enter(over, "a")
	if err != nil { // a free place needs no time
		t.Fatal(err)
	}
	if _, err := l.Enter(over, "a"); !errors.Is(err, context.Canceled) || l.Inside("a") != 1 {
		t.Errorf("%v, %d inside", err, l.Inside("a"))
	}
	second := make(chan func(), 1)
	go func() {
		leave, err := l.Enter(t.Context(), "a")
		if err != nil {
			t.Error(err)
		}
		second <- leave
	}()
	for l.Inside("a") != 2 {
		runtime.Gosched()
	}
	if _, err := l.Enter(t.Context(), "a"); !errors.Is(err, ErrFull) {
		t.Errorf("a third: %v", err)
	}
	if other, err := l.Enter(over, "b"); err != nil {
		t.Errorf("another key: %v", err)
	} else {
		other()
	}
	leave()
	(<-second)()
	if len(l.byKey) != 0 {
		t.Errorf("kept: %v", l.byKey)
	}
}
