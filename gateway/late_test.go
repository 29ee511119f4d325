package gateway_test

import (
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

// TestThrottledLate: a provider that takes every message and reports for hours that the sender was too fast gets it again
// and again, further and further apart, and delivers it once; one that goes on for more than a day has the team told.
func TestThrottledLate(t *testing.T) {
	for name, tt := range map[string]struct {
		lasts time.Duration
		given bool // up
	}{"for three hours": {3 * time.Hour, false}, "for more than a day": {26 * time.Hour, true}} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && tt.given {
				t.Skip("a day takes its time")
			}
			sail(t, func(s *shore) {
				s.poll = 20 * time.Second
				c := s.crew(1)
				s.start(false)
				m := s.Queue(c.ids[0], "Your order is on its way.")[0]
				ch := engine.Channel{ID: enginetest.Phone, Brand: enginetest.Brand}
				began, seen := time.Now(), 0
				for time.Since(began) < tt.lasts {
					time.Sleep(20 * time.Second)
					for _, sent := range s.fake.Sent()[seen:] {
						seen++
						st := engine.StatusUpdate{ProviderID: sent.SID, State: engine.Failed, Class: engine.SendThrottle, Code: "30022", Message: "Too fast."}
						for range 2 {
							if err := s.Receiver.Status(s.t.Context(), ch, st); err != nil {
								s.t.Fatal(err)
							}
						}
					}
				}
				if least, most := int(tt.lasts/(20*time.Minute)), int(tt.lasts/(15*time.Minute))+8; !tt.given && (seen < least || seen > most) {
					s.t.Errorf("it was tried %d times", seen)
				}
				told := len(s.Events(c.ids[0], engine.EventUndelivered))
				if tt.given {
					if got := s.Message(m.ID); got.State != engine.Failed || told != 1 || s.Conversation(c.ids[0]).Owner != engine.OwnerQueue {
						s.t.Errorf("it is %s (%s), told %d times, with %s", got.State, got.Failure, told, s.Conversation(c.ids[0]).Owner)
					}
					return
				}
				s.until(20*time.Minute, "one more", func() bool { return s.fake.Count() > seen })
				if err := s.Receiver.Status(s.t.Context(), ch, engine.StatusUpdate{ProviderID: s.fake.Sent()[seen].SID, State: engine.Delivered}); err != nil {
					s.t.Fatal(err)
				}
				time.Sleep(time.Hour)
				if got := s.Message(m.ID); got.State != engine.Delivered || told != 0 || s.fake.Count() != seen+1 {
					s.t.Errorf("it is %s (%s), told %d times, sent %d times after %d", got.State, got.Failure, told, s.fake.Count(), seen)
				}
			})
		})
	}
}
