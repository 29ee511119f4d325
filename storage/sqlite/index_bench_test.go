package sqlite

import (
	"context"
	"fmt"
	"testing"
	"time"

	"parley/engine"
)

var benchWords = []string{"order", "bike", "refund", "frame", "late", "colour", "please", "thanks", "hello", "delivery", "address", "change", "return", "paid", "twice", "helmet"}

// talks fills a store with conversations of two messages each.
func talks(tb testing.TB, db *DB, conversations int) {
	tb.Helper()
	at := time.UnixMilli(1_000_000)
	for from := 0; from < conversations; from += 1000 {
		err := db.Update(context.Background(), func(t engine.Tx) error {
			for n := from; n < min(from+1000, conversations); n++ {
				c := benchConversation(n, at)
				p := engine.Consumer{ID: c.Consumer, Brand: c.Brand, Name: fmt.Sprintf("Visitor %x", n*7919)}
				if err := t.Consumers().Add(p, engine.Identity{Kind: c.Kind, Address: c.Address}); err != nil {
					return err
				}
				if n%10 > 0 {
					c.State, c.Owner = engine.Closed, engine.OwnerNone
				}
				if err := t.Conversations().Add(c); err != nil {
					return err
				}
				for seq := range 2 {
					w := func(i int) string { return benchWords[(n*31+seq*7+i*i)%len(benchWords)] }
					m := engine.Message{
						ID: benchID("m", 2*n+seq), Brand: c.Brand, Conversation: c.ID, Consumer: c.Consumer, Seq: int64(seq + 1), Author: engine.AuthorConsumer, At: at,
						Content: engine.Content{Text: fmt.Sprint("Hello, my ", w(1), " ", w(2), " is ", w(3), " and number ", n*7919%1_000_003, " ", w(4))},
					}
					if err := t.Messages().Add(m); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkSearch searches 200,000 conversations; its first line is how long
// their index takes to build.
func BenchmarkSearch(b *testing.B) {
	const conversations = 200_000
	db, ctx := openBench(b), context.Background()
	talks(b, db, conversations)
	x, err := OpenIndex(ctx, db)
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := x.Close(); err != nil {
			b.Error(err)
		}
	}()
	began := time.Now()
	if err := x.Fill(ctx); err != nil {
		b.Fatal(err)
	}
	built := time.Since(began)
	for name, q := range map[string]engine.SearchQuery{
		"nothing":           {Text: "zanzibar"},
		"common":            {Text: "hello"},
		"two common":        {Text: "refund helmet"},
		"prefix of two":     {Text: "re"},
		"never together":    {Text: "hello zanzibar"},
		"common and rare":   {Text: "hello 7919"},
		"common, mine":      {Text: "hello", State: engine.Open, Owner: engine.OwnerAgent, Agent: "a"},
		"number":            {Text: "1555 0123 456"},
		"part of a name":    {Text: "3de"},
		"common in few":     {Text: "hello", Among: []string{benchID("c", 5)}},
		"closed, all words": {Text: "hello refund helmet order", State: engine.Closed},
	} {
		b.Run(name, func(b *testing.B) {
			q.Brand, q.Limit = "acme", 50
			found := 0
			for b.Loop() {
				page, err := x.Search(ctx, q)
				if err != nil {
					b.Fatal(err)
				}
				found = len(page.Conversations)
			}
			b.ReportMetric(float64(found), "found")
			b.ReportMetric(float64(built.Microseconds())/(2*conversations), "µs/message-built")
		})
	}
}

// TestSearchesHaveTheirOwn connections: they wait for no reader of the store, and
// no reader waits for them.
func TestSearchesHaveTheirOwn(t *testing.T) {
	t.Parallel()
	db, ctx := testDB(t), context.Background()
	talks(t, db, 20)
	x, err := OpenIndex(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := x.Fill(ctx); err != nil {
		t.Fatal(err)
	}
	var readers []*conn
	for range db.size {
		readers = append(readers, <-db.readers)
	}
	page, err := x.Search(ctx, engine.SearchQuery{Brand: "acme", Text: "hello", Limit: 50})
	if err != nil || len(page.Conversations) != 20 {
		t.Errorf("without a reader: got %d, %v", len(page.Conversations), err)
	}
	for _, c := range readers {
		db.readers <- c
	}
	var searchers []*searcher
	for range x.size {
		searchers = append(searchers, <-x.searchers)
	}
	waits, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		_, err := x.Search(waits, engine.SearchQuery{Brand: "acme", Text: "hello", Limit: 50})
		ended <- err
	}()
	if err := db.Update(ctx, func(t engine.Tx) error { _, err := t.Conversations().Get("acme", benchID("c", 1)); return err }); err != nil {
		t.Error(err)
	}
	if err := db.View(ctx, func(t engine.Tx) error { _, err := t.Events().Last(); return err }); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-ended; err == nil {
		t.Error("it found something without a connection")
	}
	for _, s := range searchers {
		x.searchers <- s
	}
}

// TestSearchReadsLittle counts the rows of the index that a search takes: a rare
// word beside a common one is looked up, and the common one is not read through.
func TestSearchReadsLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("takes its time")
	}
	t.Parallel()
	const conversations = 5000
	db, ctx := testDB(t), context.Background()
	talks(t, db, conversations)
	x, err := OpenIndex(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := x.Fill(ctx); err != nil {
		t.Fatal(err)
	}
	for text, most := range map[string]int{
		"zanzibar": 0, "zanzibar hello": 0, "hello": 2*51 + 1, "hello 7919": 3000, "7919 hello": 3000,
	} {
		s := <-x.searchers
		m, err := s.merge(ctx, engine.SearchQuery{Brand: "acme", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		at, found := m.low+maxConversation, 0
		for ; found < 51; found++ {
			var ok bool
			if at, ok, err = m.next(at); err != nil {
				t.Fatal(err)
			} else if !ok {
				break
			}
			at--
		}
		read := 0
		for _, s := range m.streams {
			read += s.read
		}
		if read > most {
			t.Errorf("%q: read %d rows to find %d", text, read, found)
		}
		m.close()
		x.searchers <- s
	}
}

// TestSearchPlan: a search goes through the index of one brand's words, within
// the documents that are left.
func TestSearchPlan(t *testing.T) {
	t.Parallel()
	x, err := OpenIndex(context.Background(), testDB(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}()
	for q, want := range map[string]string{
		findDocuments: "SCAN documents VIRTUAL TABLE INDEX 192:M1<>", // match, both bounds, in descending order
	} {
		plan, err := explain(x.target, q)
		if err != nil || len(plan) != 1 || plan[0] != want {
			t.Errorf("%s: %q, %v", q, plan, err)
		}
	}
	for q, want := range map[string]string{
		changedPeople:    "SEARCH consumers USING INDEX consumers_changed (changed>?)",
		namesOfPerson:    "SEARCH c USING INDEX conversations_consumer (consumer=? AND brand=? AND rowid<?)",
		newConversations: "SEARCH c USING INTEGER PRIMARY KEY (rowid>?)",
		newMessages:      "SEARCH m USING INTEGER PRIMARY KEY (rowid>?)",
	} {
		plan, err := explain(x.source, q)
		if err != nil || plan[0] != want {
			t.Errorf("%s: %q, %v", q, plan, err)
		}
	}
}
