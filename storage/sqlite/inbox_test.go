package sqlite

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/engine"
)

// TestLongInbox: however entries come and go, List gives all of them, and Look what
// a turn needs, as a plain list would.
func TestLongInbox(t *testing.T) {
	t.Parallel()
	db, ctx, at := testDB(t), context.Background(), time.UnixMilli(1_000_000)
	runs := 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		c := benchConversation(runs, at)
		update := func(fn func(engine.Tx) error) {
			if err := db.Update(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		update(func(tx engine.Tx) error { return tx.Conversations().Add(c) })
		var want []engine.InboxEntry
		n := int64(0)
		add := func(t *rapid.T) {
			many := rapid.SampledFrom([]int{1, 2, 70, 200}).Draw(t, "many")
			update(func(tx engine.Tx) error {
				for i := range many {
					n++
					e := engine.InboxEntry{Conversation: c.ID, N: n, Kind: engine.InboxMessage, Data: []byte(fmt.Sprint(n)), At: at}
					if (int(n)+i)%17 == 0 {
						e.Kind = engine.InboxTimer
					}
					if err := tx.Inbox().Add(e); err != nil {
						return err
					}
					want = append(want, e)
				}
				return nil
			})
		}
		remove := func(t *rapid.T) {
			many := min(rapid.SampledFrom([]int{1, 3, 50}).Draw(t, "removed"), len(want))
			for range many {
				i := 0 // as turns do, mostly
				if rapid.IntRange(0, 4).Draw(t, "where") == 0 {
					i = rapid.IntRange(0, len(want)-1).Draw(t, "at")
				}
				gone := want[i].N
				update(func(tx engine.Tx) error { return tx.Inbox().Remove(c.ID, gone) })
				want = slices.Delete(want, i, i+1)
			}
			if err := db.Update(ctx, func(tx engine.Tx) error { return tx.Inbox().Remove(c.ID, n+1) }); engine.CodeOf(err) != engine.NotFound {
				t.Fatalf("removed what is not there: %v", err)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": add, "remove": remove,
			"clear": func(t *rapid.T) {
				if rapid.IntRange(0, 5).Draw(t, "clear") == 0 {
					update(func(tx engine.Tx) error { return tx.Inbox().Clear(c.ID) })
					want = nil
				}
			},
			"": func(t *rapid.T) {
				limit := rapid.SampledFrom([]int{1, 10, 60, 100}).Draw(t, "limit")
				var others, look []engine.InboxEntry
				for i, e := range want {
					other := e.Kind != engine.InboxMessage && len(others) < limit
					if other {
						others = append(others, e)
					}
					if i < limit || other || i == len(want)-1 {
						look = append(look, e)
					}
				}
				err := db.View(ctx, func(tx engine.Tx) error {
					all, err := tx.Inbox().List(c.ID)
					if err != nil {
						return err
					}
					found, err := tx.Inbox().Look(c.ID, limit)
					if diff := cmp.Diff(numbers(want), numbers(all)); diff != "" {
						t.Fatalf("List:\n%s", diff)
					}
					if diff := cmp.Diff(numbers(look), numbers(found)); diff != "" {
						t.Fatalf("Look(%d):\n%s", limit, diff)
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			},
		})
	})
}

func numbers(all []engine.InboxEntry) (out []string) {
	for _, e := range all {
		out = append(out, fmt.Sprint(e.N, e.Kind, string(e.Data)))
	}
	return out
}

// fillInbox puts n messages into a conversation's inbox.
func fillInbox(tx engine.Tx, c engine.Conversation, n int, at time.Time) error {
	for i := range n {
		err := tx.Inbox().Add(engine.InboxEntry{Conversation: c.ID, N: int64(i + 1), Kind: engine.InboxMessage, Data: []byte(`{"text":"hello"}`), At: at})
		if err != nil {
			return err
		}
	}
	return nil
}

// TestInboxPlans: what a turn reads and takes of a long inbox goes by its key.
func TestInboxPlans(t *testing.T) {
	t.Parallel()
	db, at := testDB(t), time.UnixMilli(1_000_000)
	err := db.Update(t.Context(), func(tx engine.Tx) error {
		c := benchConversation(1, at)
		if err := tx.Conversations().Add(c); err != nil {
			return err
		}
		if err := fillInbox(tx, c, 2*maxChain, at); err != nil {
			return err
		}
		conn := db.writer.conn
		before := maps.Clone(conn.stmts)
		if _, err := tx.Inbox().Look(c.ID, 2*maxChain-1); err != nil {
			return err
		}
		if err := tx.Inbox().Remove(c.ID, 2*maxChain); err != nil {
			return err
		}
		seen := 0
		for q := range maps.Clone(conn.stmts) {
			if _, known := before[q]; known || !strings.Contains(q, "inbox_more") {
				continue
			}
			seen++
			plan, err := explain(conn, q)
			if err != nil {
				return err
			}
			want := "SEARCH inbox_more USING PRIMARY KEY (conversation=?"
			if strings.Contains(q, "other = 1") {
				want = "SEARCH inbox_more USING INDEX inbox_more_others (conversation=? AND other=?)"
			}
			if text := strings.Join(plan, "\n"); !strings.Contains(text, want) || strings.Contains(text, "TEMP B-TREE") {
				t.Errorf("%s\n%s\nis not %s", q, text, want)
			}
		}
		if seen != 4 {
			t.Errorf("%d queries were looked at", seen)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkInbox is what a turn costs in an inbox of so many entries: a look, one
// taken, one come.
func BenchmarkInbox(b *testing.B) {
	for _, size := range []int{1, 60, 1000, 10_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			db, at := testDB(b), time.UnixMilli(1_000_000)
			err := db.Update(b.Context(), func(tx engine.Tx) error {
				c := benchConversation(1, at)
				if err := tx.Conversations().Add(c); err != nil {
					return err
				}
				if err := fillInbox(tx, c, size, at); err != nil {
					return err
				}
				n := int64(size)
				for b.Loop() {
					found, err := tx.Inbox().Look(c.ID, 60)
					if err != nil {
						return err
					}
					if err := tx.Inbox().Remove(c.ID, found[0].N); err != nil {
						return err
					}
					n++
					if err := tx.Inbox().Add(engine.InboxEntry{Conversation: c.ID, N: n, Kind: engine.InboxMessage, Data: []byte(`{}`), At: at}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}
