package command

import (
	"strings"
	"testing"
	"time"

	mover "parley/storage/move"
)

// TestMoving: it is told once a second how far a move is, and at the end what differs.
func TestMoving(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	var out strings.Builder
	m := &moving{w: &out, now: func() time.Time { return now }, last: now}
	for _, p := range []mover.Progress{
		{Table: "users", Rows: 3, Of: 3},
		{Table: "messages", Rows: 100, Of: 1000}, // of an earlier part, perhaps
		{Table: "messages", Rows: 300, Of: 1000},
		{Table: "messages", Rows: 500, Of: 1000},
		{Table: "messages", Rows: 1000, Of: 1000, Compared: true},
	} {
		m.tell(p)
		now = now.Add(500 * time.Millisecond)
	}
	if want := "messages: 300 of 1000 rows, 200 rows/s\ncomparing messages: 1000 of 1000 rows, 200 rows/s\n"; out.String() != want {
		t.Errorf("it tells\n%s, not\n%s", out.String(), want)
	}
	out.Reset()
	err := printMoved(&out, mover.Summary{Tables: []mover.Compared{
		{Table: "users", From: mover.Sum{Rows: 3, Hash: 10}, To: mover.Sum{Rows: 3, Hash: 10}},
		{Table: "timers"},
		{Table: "queue", From: mover.Sum{Rows: 2, Hash: 7}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Fields(out.String()); strings.Join(got, " ") != "TABLE ROWS CHECKSUM users 3 000000000000000a queue 2 0000000000000007 differs: 0 rows, 0000000000000000 in the target" {
		t.Errorf("it prints\n%s", out.String())
	}
	out.Reset()
	if err := printEnd(&out, mover.Summary{Went: 5, Tables: []mover.Compared{{Changed: 2}}}, time.Second, ""); err != nil || !strings.Contains(out.String(), "2 texts held zero bytes") || !strings.Contains(out.String(), "with --data") {
		t.Errorf("it ends with\n%s, %v", out.String(), err)
	}
}
