package blackbox_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
)

// The process is killed again and again under load, and nothing is lost, done
// twice or out of order: with the provider's receipts, and with its list of
// messages alone.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("takes its time")
	}
	t.Parallel()
	duration := secondsOf(t, "PARLEY_KILL_SECONDS", 45*time.Second, 5*time.Second)
	kills := max(3, int(duration/(4*time.Second))+1)
	t.Run("receipts", func(t *testing.T) {
		t.Parallel()
		killUnderLoad(t, twiliotest.Config{Callbacks: usual.Callbacks, Resend: true, Duplicate: true, Reorder: true}, duration, kills)
	})
	t.Run("list", func(t *testing.T) {
		t.Parallel()
		killUnderLoad(t, twiliotest.Config{}, duration/2, max(3, kills/2))
	})
}

func killUnderLoad(t *testing.T, cfg twiliotest.Config, duration time.Duration, kills int) {
	w := newWorld(t, cfg, map[string]string{"concierge.lua": echoLua})
	w.start()
	w.stop()
	password := w.addUser("ana@shop.example")
	w.start()
	ana := w.signIn("ana@shop.example", password)
	w.fake.Script(troubles(20_000)...)

	bound, cancel := context.WithTimeout(t.Context(), duration+drainAfter)
	defer cancel()
	w.endure(bound, crowd("+141555503", 50, 0), ana, func() { w.killOften(duration, kills) }, w.stop)
	w.view(func(tx engine.Tx) error {
		unsure, err := countUnsure(tx)
		t.Logf("%d kills, %d sends unsure for a time", kills, unsure)
		return err
	})
}

// troubles are slow answers, and now and then a lost answer or a lost request.
func troubles(n int) []twiliotest.Fault {
	all := make([]twiliotest.Fault, n)
	for i := range all {
		all[i].Delay = rand.N(20 * time.Millisecond)
		switch rand.IntN(400) {
		case 0:
			all[i].DropAfter = true
		case 1:
			all[i].DropBefore = true
		}
	}
	return all
}

// killOften kills the server at random times, one in each of kills equal parts
// of the duration. Every fourth time it is killed once more while it starts.
func (w *world) killOften(duration time.Duration, kills int) {
	w.t.Helper()
	began, part := time.Now(), duration/time.Duration(kills)
	for i := range kills {
		<-time.After(time.Until(began.Add(time.Duration(i)*part + rand.N(part))))
		w.kill()
		if i%4 == 3 {
			w.spawn()
			<-time.After(rand.N(300 * time.Millisecond))
			w.kill()
		}
		w.start()
	}
	<-time.After(time.Until(began.Add(duration)))
}

// countUnsure counts the sends that nobody was sure of for a time.
func countUnsure(tx engine.Tx) (int, error) {
	found := map[string]bool{}
	err := eachEvent(tx, 0, func(e engine.Event) error {
		var d engine.StatusData
		if e.Kind == engine.EventStatus && json.Unmarshal(e.Data, &d) == nil && d.State == engine.Unknown {
			found[d.Message] = true
		}
		return nil
	})
	return len(found), err
}

// eachEvent goes through the brand's log after a cursor.
func eachEvent(tx engine.Tx, after engine.Cursor, do func(engine.Event) error) error {
	for {
		page, err := tx.Events().List(engine.EventFilter{After: after, Brand: "shop", Limit: 500})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, e := range page {
			if err := do(e); err != nil {
				return err
			}
			after = engine.Cursor(e.Seq)
		}
	}
}
