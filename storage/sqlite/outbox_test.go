package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/engine"
	"parley/storage/relational"
)

// outboxModel is what the outbox promises, in its simplest form.
type outboxModel struct {
	items []engine.OutboxItem // by Seq
	now   time.Time
}

func activeState(s engine.OutboxState) bool {
	return s == engine.OutboxPending || s == engine.OutboxLeased || s == engine.OutboxUnsure
}

// claim leases what the contract allows, the longest due first.
func (m *outboxModel) claim(lease time.Time, limit int) []engine.OutboxItem {
	var free []*engine.OutboxItem
	busy := map[string]bool{}
	for i := range m.items {
		o := &m.items[i]
		line := o.Conversation + "/" + string(o.Kind)
		if !busy[line] && o.State == engine.OutboxPending && !o.DueAt.After(m.now) {
			free = append(free, o)
		}
		busy[line] = busy[line] || activeState(o.State)
	}
	slices.SortStableFunc(free, func(a, b *engine.OutboxItem) int { return a.DueAt.Compare(b.DueAt) })
	var out []engine.OutboxItem
	for _, o := range free[:min(limit, len(free))] {
		o.State, o.LeaseUntil = engine.OutboxLeased, lease
		if o.TriedAt.IsZero() {
			o.TriedAt = m.now
		}
		o.Attempt++
		out = append(out, *o)
	}
	return out
}

func TestOutboxStateMachine(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	if err := migrate(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	c := rawConn(t, writerSource(path))
	f := relational.Outbox{C: c.Conn}
	rapid.Check(t, func(t *rapid.T) {
		m := &outboxModel{now: time.UnixMilli(1_000_000).UTC()}
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		// One transaction a run, never committed: no fsync, nothing left behind.
		must(c.control("begin immediate"))
		defer func() { _ = c.control("rollback") }()
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				o := engine.OutboxItem{
					ID: fmt.Sprint(len(m.items)), Brand: "acme", Conversation: fmt.Sprint("c", rapid.IntRange(0, 2).Draw(t, "conversation")),
					Kind:  rapid.SampledFrom([]engine.OutboxKind{engine.OutboxMessage, engine.OutboxHTTP}).Draw(t, "kind"),
					State: engine.OutboxPending, DueAt: m.now.Add(time.Duration(rapid.IntRange(-3, 3).Draw(t, "due")) * time.Second), CreatedAt: m.now,
				}
				must(f.Add(&o))
				m.items = append(m.items, o)
			},
			"claim": func(t *rapid.T) {
				lease, limit := m.now.Add(2*time.Second), rapid.IntRange(1, 4).Draw(t, "limit")
				got, err := f.Claim(m.now, lease, limit)
				must(err)
				if d := cmp.Diff(m.claim(lease, limit), got); d != "" {
					t.Fatalf("claimed (+) differs from the model (-):\n%s", d)
				}
			},
			"save": func(t *rapid.T) {
				if len(m.items) == 0 {
					t.Skip("nothing to save")
				}
				known := &m.items[rapid.IntRange(0, len(m.items)-1).Draw(t, "item")]
				o := *known
				o.State = rapid.SampledFrom([]engine.OutboxState{engine.OutboxPending, engine.OutboxUnsure, engine.OutboxDone, engine.OutboxFailed}).Draw(t, "state")
				o.DueAt = m.now.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "due")) * time.Second)
				o.Attempt -= rapid.IntRange(0, 1).Draw(t, "behind")
				err := f.Save(o)
				if o.Attempt != known.Attempt || activeState(o.State) && !activeState(known.State) {
					if engine.CodeOf(err) != engine.Conflict {
						t.Fatalf("saving what has moved on gave %v", err)
					}
					return
				}
				must(err)
				*known = o
			},
			"wait": func(t *rapid.T) {
				m.now = m.now.Add(time.Duration(rapid.IntRange(1, 3).Draw(t, "seconds")) * time.Second)
			},
			"": func(t *rapid.T) {
				for _, want := range m.items {
					got, err := f.Get(want.ID)
					must(err)
					if d := cmp.Diff(want, got); d != "" {
						t.Fatalf("stored (+) differs from the model (-):\n%s", d)
					}
				}
			},
		})
	})
}
