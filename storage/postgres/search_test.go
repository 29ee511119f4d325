package postgres_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"parley/engine"
	"parley/storage/folding"
	"parley/storage/postgres"
	"parley/storage/postgres/postgrestest"
	"parley/storage/storagetest"
)

func openIndex(t testing.TB, db *postgres.DB) *postgres.Index {
	t.Helper()
	x, err := postgres.OpenIndex(t.Context(), db)
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

func settle(t testing.TB, x *postgres.Index) {
	t.Helper()
	if err := x.Fill(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestSearchContract(t *testing.T) {
	storagetest.RunSearch(t, func(t testing.TB) storagetest.Searching {
		db := postgrestest.Store(t)
		x := openIndex(t, db)
		return storagetest.Searching{Store: db, Searcher: x, Settle: func() { settle(t, x) }}
	})
}

// TestSearchInSegments finds what storagetest finds, over many segments, with words
// that are common, rare, and common with rare.
func TestSearchInSegments(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	db := openURL(t, url)
	x := openIndex(t, db)
	raw := connect(t, url)
	exec(t, raw, `alter table conversations alter column n set increment by 9`)
	const n = 1500 // in four segments
	texts := func(i int) (out []string) {
		out = []string{"common hello"}
		for word, each := range map[string]int{"often": 2, "third": 3, "rare": 300, "bird": 7} {
			if i%each == 0 {
				out = append(out, word)
			}
		}
		return out
	}
	tell(t, db, n, texts)
	settle(t, x)
	for text, each := range map[string]int{
		"common": 1, "often": 2, "rare": 300, "bird": 7, "common often": 2, "often third": 6, "rare common": 300,
		"common rare bird": 2100, "often third common hello": 6, "common nothing": 0,
	} {
		for _, state := range []engine.State{"", engine.Open} { // the second looks at what is open
			var want, got []string
			for i := n - 1; i >= 0 && each > 0; i-- {
				if i%each == 0 {
					want = append(want, fmt.Sprintf("c%05d", i))
				}
			}
			q := engine.SearchQuery{Brand: "acme", Text: text, Limit: 70, State: state}
			for q.After = ""; ; {
				page, err := x.Search(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range page.Conversations {
					got = append(got, c.ID)
				}
				if q.After = page.Next; q.After == "" {
					break
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%q differs (+ got): %s", text, d)
			}
		}
	}
}

// tell makes conversations in which the texts are said.
func tell(t testing.TB, db engine.Store, n int, texts func(i int) []string) {
	t.Helper()
	err := db.Update(t.Context(), func(tx engine.Tx) error {
		for i := range n {
			id := fmt.Sprintf("c%05d", i)
			p := engine.Consumer{ID: "p" + id, Brand: "acme", Name: fmt.Sprint("Visitor ", i)}
			if err := tx.Consumers().Add(p, engine.Identity{Kind: "twilio", Address: "+1555" + id}); err != nil {
				return err
			}
			c := engine.Conversation{ID: id, Brand: "acme", Channel: "acme.sms", Kind: "twilio", Consumer: p.ID, Address: "+1555" + id, State: engine.Open, Owner: engine.OwnerBot}
			if err := tx.Conversations().Add(c); err != nil {
				return err
			}
			for s, text := range texts(i) {
				m := engine.Message{ID: fmt.Sprint(id, "-", s), Brand: "acme", Conversation: id, Consumer: p.ID, Seq: int64(s + 1), Author: engine.AuthorConsumer, Content: engine.Content{Text: text}}
				if err := tx.Messages().Add(m); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func found(t testing.TB, x *postgres.Index, text string) string {
	t.Helper()
	page, err := x.Search(t.Context(), engine.SearchQuery{Brand: "acme", Text: text, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range page.Conversations {
		out = append(out, c.ID)
	}
	return strings.Join(out, " ")
}

func say(t testing.TB, c *pgx.Conn, conversation string, seq int, text string) {
	t.Helper()
	exec(t, c, `insert into messages (id, brand, conversation, consumer, seq, author, author_id, author_name, note, content, heard, judged, state, failure, channel, provider_id, client_id, at, provider_at)
		values ($1, 'acme', $2, 'p', $3, 'consumer', '', '', 0, $4, '', 0, '', '', '', '', '', 0, 0)`, fmt.Sprint("m", seq), conversation, seq, `"`+text+`"`)
}

// TestIndexMissesNothing that commits late, when others' later messages have long been
// looked at.
func TestIndexMissesNothing(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	db := openURL(t, url)
	x := openIndex(t, db)
	tell(t, db, 2, func(int) []string { return nil })
	late, soon := connect(t, url), connect(t, url)
	exec(t, late, `begin`)
	say(t, late, "c00000", 1, "late")
	say(t, soon, "c00001", 2, "soon")
	settle(t, x)
	if got := found(t, x, "late") + found(t, x, "soon"); got != "c00001" {
		t.Errorf("got %q", got)
	}
	exec(t, late, `commit`)
	settle(t, x)
	if got := found(t, x, "late"); got != "c00000" {
		t.Errorf("got %q", got)
	}
}

// TestIndexForgets what is erased, with the erasure itself, and also what was being
// looked at just then.
func TestIndexForgets(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	db := openURL(t, url)
	x := openIndex(t, db)
	tell(t, db, 2, func(int) []string { return []string{"a secret"} })
	settle(t, x)
	err := db.Update(t.Context(), func(tx engine.Tx) error {
		c, err := tx.Conversations().Get("acme", "c00000")
		if err != nil {
			return err
		}
		c.State, c.Owner = engine.Closed, engine.OwnerNone
		if err := tx.Conversations().Save(&c); err != nil {
			return err
		}
		if _, err := tx.Erasure().Conversation("acme", c.ID); err != nil {
			return err
		}
		return tx.Erasure().Consumer("acme", c.Consumer, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	raw := connect(t, url)
	for range 2 { // before and after it is looked at
		if got := found(t, x, "secret") + found(t, x, "visitor"); got != "c00001c00001" {
			t.Errorf("got %q", got)
		}
		if n := number(t, raw, `select count(*) from search s join conversations c on c.n = s.conversation where c.id = 'c00000'`); n != 0 {
			t.Errorf("%d documents are left", n)
		}
		settle(t, x)
	}
	// as if somebody had put it in while it was erased
	exec(t, raw, `insert into search select n, 1, 'x' from conversations where id = 'c00000'`)
	exec(t, raw, `insert into search_pending values ('c00000', 1, '')`)
	settle(t, x)
	if n := number(t, raw, `select count(*) from search s join conversations c on c.n = s.conversation where c.id = 'c00000'`); n != 0 {
		t.Errorf("%d documents are left", n)
	}
}

// TestIndexIsMadeAnew by a program whose tokens are others, and left alone by an older one.
func TestIndexIsMadeAnew(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	db := openURL(t, url)
	x := openIndex(t, db)
	tell(t, db, 250, func(int) []string { return []string{"hello"} })
	settle(t, x)
	raw := connect(t, url)
	exec(t, raw, `update search_state set version = -1`)
	exec(t, raw, `update search set tokens = 'x'`)
	settle(t, x)
	if n := number(t, raw, `select count(*) from search where tokens <> 'x'`); n != 500 {
		t.Errorf("%d documents were made", n)
	}
	if got := len(strings.Fields(found(t, x, "hello"))); got != 200 {
		t.Errorf("%d are found", got)
	}
	exec(t, raw, `update search_state set version = $1`, folding.Version+1)
	say(t, raw, "c00000", 2, "later")
	settle(t, x)
	if n := number(t, raw, `select count(*) from search_pending`); n != 1 {
		t.Errorf("%d notes are left", n)
	}
}

// TestIndexTogether: several processes fill one index, and nothing is lost or stays.
func TestIndexTogether(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	db := openURL(t, url)
	tell(t, db, 40, func(int) []string { return nil })
	ctx, stop := context.WithCancel(t.Context())
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	var runs, writers sync.WaitGroup
	for range 3 {
		x := openIndex(t, db)
		runs.Go(func() {
			if err := x.Run(ctx, log); err != nil {
				t.Error(err)
			}
		})
	}
	for w := range 4 {
		c := connect(t, url)
		writers.Go(func() {
			for i := range 40 {
				_, err := c.Exec(context.Background(), `insert into messages (id, brand, conversation, consumer, seq, author, author_id, author_name, note, content, heard, judged, state, failure, channel, provider_id, client_id, at, provider_at)
					values ($1, 'acme', $2, 'p', $3, 'consumer', '', '', 0, '"hello"', '', 0, '', '', '', '', '', 0, 0)`, fmt.Sprint(w, "-", i), fmt.Sprintf("c%05d", i), w+1)
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	stop()
	runs.Wait()
	x := openIndex(t, db)
	settle(t, x)
	if n := number(t, connect(t, url), `select count(*) from search where seq > 0`); n != 160 {
		t.Errorf("there are %d documents", n)
	}
	if n := len(strings.Fields(found(t, x, "hello"))); n != 40 {
		t.Errorf("%d are found", n)
	}
}

// TestIndexAfterACrash of the server goes on where it was, and a damaged message keeps
// no other one out.
func TestIndexAfterACrash(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.New(t, postgrestest.Settings{Durable: true})
	url := cluster.Open(t)
	db := openURL(t, url)
	x := openIndex(t, db)
	tell(t, db, 20, func(int) []string { return []string{"hello"} })
	settle(t, x)
	raw := connect(t, url)
	say(t, raw, "c00007", 2, `"`) // no JSON
	say(t, raw, "c00008", 3, "again")
	cluster.Kill(t)
	if err := x.Fill(t.Context()); err == nil {
		t.Error("the index is filled without a server")
	}
	if _, err := x.Search(t.Context(), engine.SearchQuery{Brand: "acme", Text: "hello", Limit: 10}); err == nil {
		t.Error("something is found without a server")
	}
	cluster.Start(t)
	settle(t, x)
	if got := found(t, x, "again"); got != "c00008" {
		t.Errorf("got %q", got)
	}
	if got := len(strings.Fields(found(t, x, "hello"))); got != 20 {
		t.Errorf("%d are found", got)
	}
}

// TestSearchAfterClose: nobody waits for what is gone.
func TestSearchAfterClose(t *testing.T) {
	t.Parallel()
	db := postgrestest.Store(t)
	x, err := postgres.OpenIndex(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Search(t.Context(), engine.SearchQuery{Brand: "acme", Text: "x", Limit: 1}); engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("got %v", err)
	}
}

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return c
}

func exec(t testing.TB, c *pgx.Conn, q string, args ...any) {
	t.Helper()
	if _, err := c.Exec(t.Context(), q, args...); err != nil {
		t.Fatalf("%v in %s", err, q)
	}
}

func number(t testing.TB, c *pgx.Conn, q string) (n int) {
	t.Helper()
	if err := c.QueryRow(t.Context(), q).Scan(&n); err != nil {
		t.Fatalf("%v in %s", err, q)
	}
	return n
}
