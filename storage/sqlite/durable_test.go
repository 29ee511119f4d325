package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley/engine"
	"parley/storage/sqlite"
)

func addTimer(db engine.Store, id string) error {
	return db.Update(context.Background(), func(t engine.Tx) error {
		if err := t.Events().Add(&engine.Event{Brand: "acme", Kind: engine.EventBotLog, Data: []byte(id)}); err != nil {
			return err
		}
		return t.Timers().Add(engine.Timer{ID: id, Brand: "acme"})
	})
}

// stored gives the ids of timers, and of the events beside them, as counts.
func stored(t *testing.T, db engine.Store) map[string]int {
	t.Helper()
	found := map[string]int{}
	err := db.View(context.Background(), func(tx engine.Tx) error {
		timers, err := tx.Timers().Due(time0.AddDate(100, 0, 0), 1<<30)
		if err != nil {
			return err
		}
		for _, i := range timers {
			found[i.ID]++
		}
		events, err := tx.Events().List(engine.EventFilter{Brand: "acme", Limit: 1 << 30})
		if err != nil {
			return err
		}
		for _, e := range events {
			found[string(e.Data)]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestReopen(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a folder", "with %20?#&=ü")
	db, err := sqlite.Open(context.Background(), sqlite.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := addTimer(db, "a"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "parley.db")); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, openDir(t, dir)); got["a"] != 2 {
		t.Fatalf("found %v after reopening", got)
	}
}

func TestLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, err := sqlite.Open(context.Background(), sqlite.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	_, err = sqlite.Open(context.Background(), sqlite.Config{Dir: dir})
	if want := fmt.Sprintf("process %d uses the data folder %s", os.Getpid(), dir); err == nil || engine.CodeOf(err) != engine.Unavailable || !strings.Contains(err.Error(), want) {
		t.Fatalf("a second opening gave %v, want %q", err, want)
	}
	if err := addTimer(db, "a"); err != nil {
		t.Fatalf("the first one is disturbed: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	openDir(t, dir)
}

const childDir = "PARLEY_STORAGE_TEST_CHILD"

// TestKilledChild is the child of TestKill: 32 writers that print what was
// acknowledged, until somebody kills the process.
func TestKilledChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		t.Skip("runs as a child process only")
	}
	db := openDir(t, dir)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range 32 {
		wg.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), w, n)
				if err := addTimer(db, id); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				_, err := fmt.Println("ack", id)
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var acked []string
	for round := range 3 {
		acked = append(acked, killedRun(t, dir, 300+round*211)...)
	}
	db := openDir(t, dir)
	found := stored(t, db)
	for _, id := range acked {
		if found[id] != 2 {
			t.Errorf("%s was acknowledged, and %d of its 2 rows are there", id, found[id])
		}
	}
	for id, n := range found {
		if n != 2 {
			t.Errorf("%s is there by half", id)
		}
	}
	if err := db.Integrity(context.Background()); err != nil {
		t.Error(err)
	}
}

// killedRun starts the child, kills it after that many acknowledgements and
// gives all that it printed.
func killedRun(t *testing.T, dir string, after int) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledChild$", "-test.v")
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var acked []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		id, ok := strings.CutPrefix(lines.Text(), "ack ")
		if !ok || strings.Count(id, "-") != 2 {
			continue
		}
		if acked = append(acked, id); len(acked) == after {
			if _, err := sqlite.Open(context.Background(), sqlite.Config{Dir: dir}); engine.CodeOf(err) != engine.Unavailable {
				t.Errorf("opening beside the child gave %v", err)
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the child ended by relational.Itself")
	}
	if len(acked) < after {
		t.Fatalf("the child acknowledged only %d", len(acked))
	}
	return acked[:len(acked)-1] // the last line may be cut
}
