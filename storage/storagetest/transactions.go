package storagetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"parley/engine"
)

func timer(id string) engine.Timer {
	return engine.Timer{ID: id, Brand: "acme", Conversation: "c", Session: "s", Step: 3, At: at(1)}
}

func due(t engine.Tx) ([]engine.Timer, error) { return t.Timers().Due(at(1000), 1000) }

func timerIDs(f fixture) string {
	f.t.Helper()
	return ids(read(f, due), func(t engine.Timer) string { return t.ID })
}

func testRollback(t *testing.T, f fixture) {
	own := errors.New("own error")
	err := f.store.Update(context.Background(), func(t engine.Tx) error {
		if err := t.Timers().Add(timer("a")); err != nil {
			return err
		}
		return own
	})
	if !errors.Is(err, own) {
		t.Fatalf("update gave %v, want the function's own error", err)
	}
	err = f.store.Update(context.Background(), func(t engine.Tx) error {
		if err := t.Timers().Add(timer("b")); err != nil {
			return err
		}
		panic("boom")
	})
	if engine.CodeOf(err) != engine.Internal {
		t.Fatalf("a panic gave %v, want the code %s", err, engine.Internal)
	}
	f.update(func(t engine.Tx) error { return t.Timers().Add(timer("c")) })
	f.equal(timerIDs(f), "[c]")
}

// testRollbackAlone has 64 updates at once, a third of which fail or panic
// after they wrote; each leaves nothing, the others leave everything.
func testRollbackAlone(t *testing.T, f fixture) {
	for round := range 5 {
		errs := concurrently(64, func(i int) error {
			return f.store.Update(context.Background(), func(t engine.Tx) error {
				if err := t.Timers().Add(timer(fmt.Sprintf("%d-%02d", round, i))); err != nil {
					return err
				}
				if err := t.Events().Add(&engine.Event{Brand: "acme", Kind: engine.EventBotLog, Data: fmt.Appendf(nil, "%d", i)}); err != nil {
					return err
				}
				switch {
				case i%6 == 0:
					return engine.Errorf(engine.Conflict, "number %d", i)
				case i%6 == 3:
					panic("boom")
				}
				return nil
			})
		})
		for i, err := range errs {
			want := engine.Code("")
			switch {
			case i%6 == 0:
				want = engine.Conflict
			case i%6 == 3:
				want = engine.Internal
			}
			if engine.CodeOf(err) != want {
				t.Fatalf("update %d gave %v, want the code %q", i, err, want)
			}
		}
	}
	good := 0
	for i := range 64 {
		if i%3 != 0 {
			good += 5
		}
	}
	f.equal(len(read(f, due)), good)
	f.settled(good, engine.EventFilter{Brand: "acme", Limit: 1000})
}

func testCancelled(t *testing.T, f fixture) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ran := false
	err := f.store.Update(ctx, func(engine.Tx) error { ran = true; return nil })
	if !errors.Is(err, context.Canceled) || ran {
		t.Fatalf("a cancelled update gave %v, ran: %v", err, ran)
	}

	// One that waits behind a long update is cancelled before its turn.
	ctx, cancel = context.WithCancel(context.Background())
	entered, leave, first, second := make(chan struct{}), make(chan struct{}), make(chan error, 1), make(chan error, 1)
	go func() {
		first <- f.store.Update(context.Background(), func(engine.Tx) error {
			close(entered)
			<-leave
			return nil
		})
	}()
	<-entered
	go func() {
		second <- f.store.Update(ctx, func(t engine.Tx) error { return t.Timers().Add(timer("late")) })
	}()
	cancel()
	if err := <-second; !errors.Is(err, context.Canceled) {
		t.Fatalf("the waiting update gave %v", err)
	}
	close(leave)
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	f.equal(timerIDs(f), "[]")

	ctx, cancel = context.WithCancel(context.Background())
	cancel()
	if err := f.store.View(ctx, func(engine.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Fatalf("a cancelled view gave %v", err)
	}
}

// testGoexit ends the goroutine that runs an update, as a failing test does. It
// may be the caller's; nothing of the update stays, and everybody else goes on.
func testGoexit(t *testing.T, f fixture) {
	ended := make(chan struct{})
	err := error(engine.Errorf(engine.Internal, "it was the caller's goroutine"))
	go func() {
		defer close(ended)
		err = f.store.Update(context.Background(), func(t engine.Tx) error {
			if err := t.Timers().Add(timer("a")); err != nil {
				return err
			}
			runtime.Goexit()
			return nil
		})
	}()
	<-ended
	if engine.CodeOf(err) != engine.Internal {
		t.Errorf("the update gave %v, want the code %s", err, engine.Internal)
	}
	f.update(func(t engine.Tx) error { return t.Timers().Add(timer("b")) })
	f.equal(timerIDs(f), "[b]")
}

func testViewReadOnly(t *testing.T, f fixture) {
	f.update(func(t engine.Tx) error { return t.Timers().Add(timer("a")) })
	item := engine.OutboxItem{ID: "x", State: engine.OutboxPending}
	for name, write := range map[string]func(engine.Tx) error{
		"insert": func(t engine.Tx) error { return t.Timers().Add(timer("b")) },
		"delete": func(t engine.Tx) error { return t.Timers().Remove("a") },
		"event":  func(t engine.Tx) error { return t.Events().Add(&engine.Event{}) },
		"outbox": func(t engine.Tx) error { return t.Outbox().Add(&item) },
		"claim": func(t engine.Tx) error {
			_, err := t.Outbox().Claim(at(1), at(2), 1)
			return err
		},
	} {
		if err := f.store.View(context.Background(), write); engine.CodeOf(err) != engine.Internal {
			t.Errorf("%s in a view gave %v, want the code %s", name, err, engine.Internal)
		}
	}
	f.equal(timerIDs(f), "[a]")
}

func testViewSnapshot(_ *testing.T, f fixture) {
	f.view(func(v engine.Tx) error {
		before, err := due(v)
		if err != nil {
			return err
		}
		f.update(func(t engine.Tx) error { return t.Timers().Add(timer("a")) })
		after, err := due(v)
		f.equal(after, before)
		return err
	})
	f.equal(timerIDs(f), "[a]")
}

func testClose(t *testing.T, f fixture) {
	errs := concurrently(32, func(i int) error {
		if i == 16 {
			return f.store.Close()
		}
		return f.store.Update(context.Background(), func(t engine.Tx) error { return t.Timers().Add(timer(fmt.Sprint(i))) })
	})
	for _, err := range errs {
		if code := engine.CodeOf(err); code != "" && code != engine.Unavailable {
			t.Errorf("an update beside Close gave %v", err)
		}
	}
	if err := f.store.View(context.Background(), func(engine.Tx) error { return nil }); engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("a view after Close gave %v", err)
	}
	if err := f.store.Update(context.Background(), func(engine.Tx) error { return nil }); engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("an update after Close gave %v", err)
	}
	if err := f.store.Close(); err != nil {
		t.Errorf("a second Close gave %v", err)
	}
}
