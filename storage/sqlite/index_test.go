package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/storage/sqlite"
	"parley/storage/storagetest"
)

func openIndex(t testing.TB, db *sqlite.DB) *sqlite.Index {
	t.Helper()
	x, err := sqlite.OpenIndex(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func settle(t testing.TB, x *sqlite.Index) {
	t.Helper()
	if err := x.Fill(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestSearchContract(t *testing.T) {
	storagetest.RunSearch(t, func(t testing.TB) storagetest.Searching {
		db := openDir(t, t.TempDir())
		x := openIndex(t, db)
		return storagetest.Searching{Store: db, Searcher: x, Settle: func() { settle(t, x) }}
	})
}

// tell opens conversations from..to-1, in each of which the text is said.
func tell(t testing.TB, db *sqlite.DB, from, to int, text string) {
	t.Helper()
	err := db.Update(context.Background(), func(tx engine.Tx) error {
		for i := from; i < to; i++ {
			id := fmt.Sprintf("c%06d", i)
			address := fmt.Sprintf("+1555%07d", i)
			p := engine.Consumer{ID: "p" + id, Brand: "acme", Name: fmt.Sprint("Visitor ", i)}
			if err := tx.Consumers().Add(p, engine.Identity{Kind: "twilio", Address: address}); err != nil {
				return err
			}
			c := engine.Conversation{ID: id, Brand: "acme", Channel: "acme.sms", Kind: "twilio", Consumer: p.ID, Address: address, State: engine.Open, Owner: engine.OwnerBot, LastSeq: 1}
			if err := tx.Conversations().Add(c); err != nil {
				return err
			}
			m := engine.Message{ID: "m" + id, Brand: "acme", Conversation: id, Consumer: p.ID, Seq: 1, Author: engine.AuthorConsumer, Content: engine.Content{Text: text}}
			if err := tx.Messages().Add(m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func found(t testing.TB, x *sqlite.Index, text string) string {
	t.Helper()
	page, err := x.Search(context.Background(), engine.SearchQuery{Brand: "acme", Text: text, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range page.Conversations {
		out = append(out, c.ID)
	}
	return strings.Join(out, " ")
}

// TestIndexGoesOn: it is filled from where it ended, whenever that was, and
// nothing is found twice.
func TestIndexGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := openDir(t, dir)
	tell(t, db, 0, 3, "before there was an index")
	x := openIndex(t, db)
	if got := found(t, x, "before"); got != "" {
		t.Fatalf("got %q", got)
	}
	settle(t, x)
	tell(t, db, 3, 5, "before a restart")
	if err := errors.Join(x.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
	db = openDir(t, dir)
	x = openIndex(t, db)
	settle(t, x)
	settle(t, x)
	if got := found(t, x, "before"); got != "c000004 c000003 c000002 c000001 c000000" {
		t.Errorf("got %q", got)
	}
}

// TestIndexIsMadeAnew when it is damaged, of another store, or ahead of its own.
func TestIndexIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	copyFile := func(to, from string) {
		t.Helper()
		b, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(to, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	main, search, saved := filepath.Join(dir, "parley.db"), filepath.Join(dir, "parley-search.db"), filepath.Join(dir, "saved.db")
	with := func(change func(db *sqlite.DB, x *sqlite.Index)) {
		t.Helper()
		db := openDir(t, dir)
		x := openIndex(t, db)
		settle(t, x)
		change(db, x)
		if err := errors.Join(x.Close(), db.Close()); err != nil {
			t.Fatal(err)
		}
	}
	with(func(db *sqlite.DB, x *sqlite.Index) {
		tell(t, db, 0, 2, "old")
		settle(t, x)
	})
	copyFile(saved, main)
	with(func(db *sqlite.DB, x *sqlite.Index) {
		tell(t, db, 2, 4, "lost")
		settle(t, x)
	})
	copyFile(main, saved) // back to the backup
	with(func(db *sqlite.DB, x *sqlite.Index) {
		if got := found(t, x, "visitor"); got != "c000001 c000000" {
			t.Errorf("from a backup: got %q", got)
		}
	})
	if err := os.WriteFile(search, bytes.Repeat([]byte("nonsense"), 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	with(func(_ *sqlite.DB, x *sqlite.Index) {
		if got := found(t, x, "old"); got != "c000001 c000000" {
			t.Errorf("damaged: got %q", got)
		}
	})
	other := t.TempDir()
	db := openDir(t, other)
	tell(t, db, 0, 9, "foreign")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	copyFile(filepath.Join(other, "parley-search.db"), search)
	dir = other
	with(func(_ *sqlite.DB, x *sqlite.Index) {
		if got := found(t, x, "old"); got != "" {
			t.Errorf("of another store: got %q", got)
		}
		if got := found(t, x, "foreign"); len(got) != 9*8-1 {
			t.Errorf("of another store: got %q", got)
		}
	})
}

// TestIndexFollows what is written, by itself.
func TestIndexFollows(t *testing.T) {
	t.Parallel()
	db := openDir(t, t.TempDir())
	x := openIndex(t, db)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- x.Run(ctx, slog.New(slog.NewTextHandler(io.Discard, nil))) }()
	for i := range 3 {
		tell(t, db, i, i+1, "hello")
		deadline := time.After(20 * time.Second)
		for strings.Count(found(t, x, "hello"), "c") != i+1 {
			select {
			case <-deadline:
				t.Fatal("it is not found")
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestForget leaves nothing in the file, and goes on where it failed.
func TestForget(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := openDir(t, dir)
	x := openIndex(t, db)
	tell(t, db, 0, 200, "zanzibarian secretword")
	tell(t, db, 200, 400, "hello")
	settle(t, x)
	var ids []string
	for i := range 200 {
		ids = append(ids, fmt.Sprintf("c%06d", i))
	}
	failure := errors.New("no")
	if err := x.Forget(context.Background(), "acme", ids, func() error { return failure }); !errors.Is(err, failure) {
		t.Fatal(err)
	}
	settle(t, x)
	if got := found(t, x, "zanzibarian"); got != "" {
		t.Errorf("got %q", got)
	}
	if err := x.Forget(context.Background(), "acme", ids, func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	if got := found(t, x, "hello"); strings.Count(got, "c") != 200 {
		t.Errorf("the others: got %q", got)
	}
	if err := x.Check(); err != nil {
		t.Error(err)
	}
	if err := errors.Join(x.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "parley-search.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"zanzib", "anzib", "secretw", "ecretw"} {
		if bytes.Contains(b, []byte(word)) {
			t.Errorf("%q is still in the file", word)
		}
	}
}

// TestSearchIsBounded: a search whose client has gone, or that takes too long, ends.
func TestSearchIsBounded(t *testing.T) {
	t.Parallel()
	db := openDir(t, t.TempDir())
	x := openIndex(t, db)
	tell(t, db, 0, 10, "hello")
	settle(t, x)
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	<-ctx.Done()
	if _, err := x.Search(ctx, engine.SearchQuery{Brand: "acme", Text: "hello", Limit: 5}); engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("got %v", err)
	}
	if err := x.Close(); err != nil {
		t.Error(err)
	}
	if _, err := x.Search(context.Background(), engine.SearchQuery{Brand: "acme", Text: "hello", Limit: 5}); engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("closed: got %v", err)
	}
	if err := x.Fill(context.Background()); engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("closed: got %v", err)
	}
}
