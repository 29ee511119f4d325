package receive_test

import (
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

// TestLateThrottle: what the provider took and did not send for its rate is sent once more, later, unless something was
// written after it.
func TestLateThrottle(t *testing.T) {
	t.Parallel()
	tooFast := engine.StatusUpdate{State: engine.Failed, Class: engine.SendThrottle, Code: "30022", Message: "too fast"}
	full := engine.StatusUpdate{State: engine.Failed, Class: engine.SendThrottle, Code: "30001", Message: "full", RetryAfter: 15 * time.Minute}
	day := engine.StatusUpdate{State: engine.Failed, Class: engine.SendQuota, Code: "30023", Message: "enough for today"}
	gone := engine.StatusUpdate{State: engine.Failed, Class: engine.SendGone, Code: "30005", Message: "no such number"}
	for name, tt := range map[string]struct {
		texts []string
		of    int // the send that is reported
		st    engine.StatusUpdate
		wait  time.Duration // 0: it is lost
	}{
		"too fast":                     {[]string{"hello"}, 0, tooFast, time.Minute},
		"the queue is full":            {[]string{"hello"}, 0, full, 15 * time.Minute},
		"the day's limit":              {[]string{"hello"}, 0, day, time.Hour},
		"gone":                         {[]string{"hello"}, 0, gone, 0},
		"something followed":           {[]string{"hello", "next"}, 0, tooFast, 0},
		"what followed":                {[]string{"hello", "next"}, 1, tooFast, time.Minute},
		"the first part of two":        {[]string{"a|b"}, 0, tooFast, 0},
		"the last part, the first out": {[]string{"a|b"}, 1, tooFast, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			id := w.Write("hi").Conversation.ID
			messages := w.Queue(id, tt.texts...)
			items := outbox(w)
			for _, i := range items { // the provider took them all
				report(w, engine.StatusUpdate{Item: i.ID, ProviderID: "SM" + i.ID, State: engine.Sent})
			}
			st, item := tt.st, items[tt.of]
			st.Item, st.ProviderID = item.ID, "SM"+item.ID
			for range 2 { // reports come twice
				report(w, st)
			}
			m := messages[0]
			for _, o := range messages {
				if o.ID == item.Message {
					m = o
				}
			}
			due := enginetest.Read(w, func(tx engine.Tx) (time.Time, error) { return tx.Outbox().Next() })
			lost := len(w.Events(id, engine.EventUndelivered))
			if tt.wait == 0 {
				if got := w.Message(m.ID); got.State != engine.Failed || lost != 1 || !due.IsZero() {
					t.Errorf("it is %s, told %d times, due %s", got.State, lost, due)
				}
				return
			}
			if got := w.Message(m.ID); got.State != engine.Sent || lost != 0 || !due.Equal(w.Clock.Now().Add(tt.wait)) {
				t.Fatalf("it is %s %q, told %d times, due %s", got.State, got.Failure, lost, due)
			}
			w.Clock.Advance(tt.wait)
			again := outbox(w)
			if len(again) != 1 || again[0].Content.Text != item.Content.Text || !again[0].CreatedAt.Equal(item.CreatedAt) || again[0].ID == item.ID {
				t.Fatalf("sent is %+v", again)
			}
			report(w, engine.StatusUpdate{Item: again[0].ID, ProviderID: "SM2", State: engine.Delivered})
			if got := w.Message(m.ID); got.State != engine.Delivered || got.Failure != "" {
				t.Errorf("then it is %s %q", got.State, got.Failure)
			}
		})
	}
}

func report(w *enginetest.World, st engine.StatusUpdate) {
	w.T.Helper()
	if err := w.Receiver.Status(w.T.Context(), engine.Channel{ID: enginetest.Phone, Brand: enginetest.Brand}, st); err != nil {
		w.T.Fatal(err)
	}
}
