package bench

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/storage/postgres/postgrestest"
)

// lines is a Progress that tests may read while it is written.
type lines chan string

func (l lines) Write(b []byte) (int, error) {
	select {
	case l <- string(b):
	default: // a test that reads only the first lines
	}
	return len(b), nil
}

// TestRun is the whole benchmark in small. It says nothing about speed.
func TestRun(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("TMPDIR", t.TempDir())
	var progress bytes.Buffer
	duration := time.Second
	r, err := Run(t.Context(), Config{Duration: duration, Conversations: 40, Clients: 4, Progress: &progress})
	if err != nil {
		t.Fatalf("%v\n%s", err, &progress)
	}
	if r.Lost != 0 || r.Duplicated != 0 {
		t.Errorf("lost %d, duplicated %d", r.Lost, r.Duplicated)
	}
	for name, v := range map[string]float64{
		"bare inserts": r.BareInsertsPerSecond, "ingest": r.IngestPerSecond, "ingest ms": r.IngestMS.P99, "turns": r.TurnsPerSecond,
		"turn ms": r.TurnMS.P99, "half load ms": r.WebhookHalfLoadMS.P99, "memory": r.RSSMB,
		"floor": r.FloorPerSecond, "a turn's processor time": r.TurnCoreMS, "lists": r.ListsMS.P99, "searches": r.SearchMS.P99,
	} {
		if v <= 0 {
			t.Errorf("%s was not measured", name)
		}
	}
	for _, phase := range []string{"bare inserts", "floor", "ingest", "full turns", "half load"} {
		if !strings.Contains(progress.String(), phase+" … 1 s left\n") {
			t.Errorf("no word of %s in:\n%s", phase, &progress)
		}
	}
	empty(t)
}

// TestRunOfACluster serves with two processes, which share a PostgreSQL.
func TestRunOfACluster(t *testing.T) {
	defer goleak.VerifyNone(t)
	server := postgrestest.New(t, postgrestest.Settings{})
	t.Setenv("TMPDIR", t.TempDir())
	var progress bytes.Buffer
	r, err := Run(t.Context(), Config{Duration: time.Second, Conversations: 20, Clients: 4, DB: server.URL("postgres"), Nodes: 2, Progress: &progress})
	if err != nil {
		t.Fatalf("%v\n%s", err, &progress)
	}
	if r.Lost != 0 || r.Duplicated != 0 || r.TurnsPerSecond <= 0 || r.IngestPerSecond <= 0 || len(r.NodeCores) != 2 || r.NodeCores[1] <= 0 {
		t.Errorf("got %+v", r)
	}
	if d := r.Database; d == nil || d.Trips <= 0 || d.Statements <= d.Trips || d.WaitMS <= 0 {
		t.Errorf("of the database it tells %+v", d)
	}
	empty(t)
}

// TestRunOnAFullFolder begins with messages, with sends that nobody takes and with conversations that wait.
func TestRunOnAFullFolder(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("TMPDIR", t.TempDir())
	var progress bytes.Buffer
	r, err := Run(t.Context(), Config{Duration: time.Second, Conversations: 8, Clients: 4, Stored: 50, Pending: 30, Waiting: 20, Progress: &progress})
	if err != nil {
		t.Fatalf("%v\n%s", err, &progress)
	}
	if r.Lost != 0 || r.Duplicated != 0 || r.TurnMS.P50 <= 0 { // answered, however late
		t.Errorf("got %+v", r)
	}
	for _, line := range []string{"stored messages … 50 of 50\n", "pending sends … 30 of 30\n", "waiting conversations … 20 of 20\n"} {
		if strings.Count(progress.String(), line) != 2 { // for ingest and for the turns
			t.Errorf("want %q twice in:\n%s", line, &progress)
		}
	}
	empty(t)
}

// TestRunInterrupted ends each phase early.
func TestRunInterrupted(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("TMPDIR", t.TempDir())
	for _, phase := range []string{"bare inserts", "floor", "ingest", "full turns"} {
		ctx, cancel := context.WithCancel(t.Context())
		progress := make(lines, 64)
		ended := make(chan error, 1)
		duration := 300 * time.Millisecond
		if phase == "full turns" {
			duration = 500 * time.Millisecond
		}
		go func() {
			_, err := Run(ctx, Config{Duration: duration, Conversations: 8, Clients: 4, Progress: progress})
			ended <- err
		}()
		for line := range progress {
			if strings.HasPrefix(line, phase) {
				break
			}
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: interrupting gave %v", phase, err)
		}
	}
	empty(t)
}

func empty(t *testing.T) {
	t.Helper()
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestConfigValidate(t *testing.T) {
	t.Parallel()
	good := Config{Duration: time.Second, Conversations: 10, Clients: 10}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for field, c := range map[string]Config{
		"duration":      {Duration: time.Millisecond, Conversations: 10, Clients: 10},
		"clients":       {Duration: time.Second, Conversations: 10},
		"conversations": {Duration: time.Second, Conversations: 9, Clients: 10},
		"stored":        {Duration: time.Second, Conversations: 10, Clients: 10, Stored: -1},
		"pending":       {Duration: time.Second, Conversations: 10, Clients: 10, Pending: maxSeed + 1},
		"waiting":       {Duration: time.Second, Conversations: 10, Clients: 10, Waiting: -1},
	} {
		var e *engine.Error
		if err := c.Validate(); !errors.As(err, &e) || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestTallyVerdict(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		is               counts
		silent           bool
		lost, duplicated int
	}{
		{"as it should be", counts{1, 1, 1}, false, 0, 0},
		{"not stored", counts{0, 1, 1}, false, 1, 0},
		{"not answered", counts{1, 0, 0}, false, 1, 0},
		{"not sent", counts{1, 1, 0}, false, 1, 0},
		{"stored twice", counts{2, 1, 1}, false, 0, 1},
		{"answered twice", counts{1, 2, 2}, false, 0, 1},
		{"sent twice", counts{1, 1, 2}, false, 0, 1},
		{"held back", counts{1, 0, 0}, true, 0, 0},
		{"held back and lost", counts{0, 0, 0}, true, 1, 0},
		{"held back and answered", counts{1, 1, 1}, true, 0, 2},
	} {
		tl := newTally([]int64{7}, c.silent)
		*tl.by[7] = c.is
		if lost, duplicated := tl.verdict(); lost != c.lost || duplicated != c.duplicated {
			t.Errorf("%s: lost %d, duplicated %d", c.name, lost, duplicated)
		}
	}
	tl := newTally([]int64{1, 2}, false)
	tl.outbox([]twiliotest.Message{{Body: "You said: " + text(2)}, {Body: "You said: " + text(3)}, {Body: "hello"}})
	if tl.by[1].sent != 0 || tl.by[2].sent != 1 || len(tl.by) != 2 {
		t.Errorf("outbox: %v %v", tl.by[1], tl.by[2])
	}
}
