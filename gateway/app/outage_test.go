package app_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/twilio"
	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/engine/enginetest"
	"parley/storage/sqlite"
)

// wire is a network in memory, for virtual time. While it is down, connections
// are refused, and going down cuts those that there are.
type wire struct {
	mu      sync.Mutex
	down    bool
	open    []net.Conn
	waiting chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func newWire() *wire { return &wire{waiting: make(chan net.Conn), closed: make(chan struct{})} }

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.waiting:
		return c, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error {
	w.once.Do(func() { close(w.closed) })
	return nil
}

func (w *wire) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (w *wire) dial(context.Context, string, string) (net.Conn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down {
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}
	near, far := net.Pipe()
	w.open = append(w.open, far)
	select {
	case w.waiting <- far:
		return near, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w *wire) refuse(down bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = down
	for _, c := range w.open {
		if down {
			_ = c.Close()
		}
	}
	w.open = nil
}

// mortal is a store that a process has until it is killed.
type mortal struct {
	engine.Store
	dead atomic.Bool
}

var errKilled = errors.New("the process was killed")

func (m *mortal) View(ctx context.Context, fn func(engine.Tx) error) error {
	if m.dead.Load() {
		return errKilled
	}
	return m.Store.View(ctx, fn)
}

func (m *mortal) Update(ctx context.Context, fn func(engine.Tx) error) error {
	if m.dead.Load() {
		return errKilled
	}
	return m.Store.Update(ctx, fn)
}

// shore is an engine that sends through the real connector to a fake provider,
// all in virtual time.
type shore struct {
	*enginetest.World
	t    *testing.T
	fake *twiliotest.Server
	wire *wire
	kill func()
	ends sync.WaitGroup
	poll time.Duration
}

const wrongToken = "00000000000000000000000000000000"

func sail(t *testing.T, fn func(s *shore)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		s := &shore{World: enginetest.New(t, store, nil).Seed(nil), t: t, wire: newWire()}
		s.Clock.Real, s.Receiver.Hold = true, true
		s.fake = twiliotest.Serve(s.wire, twiliotest.Config{})
		s.configure(nil)
		fn(s)
		s.kill()
		s.ends.Wait()
		s.fake.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
}

// configure writes the channel anew, as a push of the brand does.
func (s *shore) configure(change func(*engine.Channel)) {
	ch := engine.Channel{
		Brand: enginetest.Brand, ID: enginetest.Phone, Kind: "phone", Bot: "main", Address: "+14155550199",
		Config:  map[string]string{"account_sid": s.fake.AccountSID(), "api_base": s.fake.URL()},
		Secrets: map[string]engine.Secret{"auth_token": engine.Secret(twiliotest.DefaultAuthToken)},
	}
	if change != nil {
		change(&ch)
	}
	s.Update(func(tx engine.Tx) error { return tx.Brands().SaveChannels(enginetest.Brand, []engine.Channel{ch}) })
}

// start runs a process of its own on the store; s.kill ends it as kill -9 does:
// what it has begun at the provider goes on there, and nobody hears of it.
func (s *shore) start(recover bool) {
	store := &mortal{Store: s.Store}
	transport := &http.Transport{DialContext: s.wire.dial}
	w := *s.Delivery
	w.Store, w.Poll = store, s.poll
	w.Connectors = map[engine.ChannelKind]engine.Connector{"phone": twilio.New(twilio.Config{HTTP: &http.Client{Transport: transport}})}
	ctx, cancel := context.WithCancel(context.Background())
	if recover {
		if err := w.Recover(ctx); err != nil {
			s.t.Error(err)
		}
	}
	s.ends.Go(func() {
		if err := w.Run(ctx); err != nil {
			s.t.Error(err)
		}
		transport.CloseIdleConnections()
	})
	s.kill = func() {
		store.dead.Store(true)
		cancel()
	}
}

// until lets time pass until done.
func (s *shore) until(limit time.Duration, what string, done func() bool) time.Duration {
	s.t.Helper()
	began := time.Now()
	for time.Since(began) < limit {
		synctest.Wait()
		if done() {
			return time.Since(began)
		}
		time.Sleep(max(time.Second, limit/2000))
	}
	s.t.Errorf("%s has not come to pass in %s", what, limit)
	return limit
}

// crew are consumers whose bot says something before, at the beginning and in
// the middle of what happens to the provider.
type crew struct {
	s    *shore
	ids  []string
	said []string
}

func (s *shore) crew(n int) *crew {
	c := &crew{s: s}
	for i := range n {
		c.ids = append(c.ids, s.WriteAs(enginetest.Phone, engine.Inbound{From: c.address(i), Content: engine.Content{Text: "hi"}}).Conversation.ID)
	}
	return c
}

func (c *crew) address(i int) string { return fmt.Sprintf("+1415555%04d", 100+i) }

// say lets the bots say the same to everybody; "next?" comes again and again.
func (c *crew) say(texts ...string) {
	c.said = append(c.said, texts...)
	for _, id := range c.ids {
		c.s.Queue(id, texts...)
	}
}

// got says whether everybody got everything.
func (c *crew) got() bool { return c.s.fake.Count() >= len(c.ids)*len(c.said) }

// check finds what is lost, doubled or out of order.
func (c *crew) check() {
	c.s.t.Helper()
	for i, id := range c.ids {
		if diff := cmp.Diff(c.said, bodies(c.s.fake.SentTo(c.address(i)))); diff != "" {
			c.s.t.Errorf("consumer %d got (-want +got):\n%s", i, diff)
		}
		for _, m := range c.s.Messages(id) {
			if m.Author == engine.AuthorBot && m.State != engine.Sent || m.Note {
				c.s.t.Errorf("consumer %d: %q is %s: %s", i, m.Content.Text, m.State, m.Failure)
			}
		}
	}
	c.s.View(func(tx engine.Tx) error {
		if open, err := tx.Circuits().List(""); err != nil || len(open) > 0 {
			c.s.t.Errorf("circuits are left: %+v, %v", open, err)
		}
		return nil
	})
}

func bodies(all []twiliotest.Message) (out []string) {
	for _, m := range all {
		out = append(out, m.Body)
	}
	return out
}

// TestProviderTroubles: whatever a provider does for a time, and also when the
// process is killed in the middle of it, nothing is lost, nothing is doubled,
// the order is kept, and it goes on soon when the provider is well again.
func TestProviderTroubles(t *testing.T) {
	t.Parallel()
	fails := func(f twiliotest.Fault) func(*shore, bool) {
		return func(s *shore, on bool) {
			if !on {
				s.fake.Outage(nil)
				return
			}
			s.fake.Outage(&f)
		}
	}
	const doubt = 7 * time.Minute // two look-ups, five minutes apart
	for name, tt := range map[string]struct {
		trouble func(*shore, bool)
		lasts   time.Duration
		soon    time.Duration // after it is over
		killed  time.Duration // and when it was killed; doubt if zero
	}{
		"refused for 3 minutes":     {func(s *shore, on bool) { s.wire.refuse(on) }, 3 * time.Minute, 70 * time.Second, 0},
		"refused for 3 hours":       {func(s *shore, on bool) { s.wire.refuse(on) }, 3 * time.Hour, 70 * time.Second, 0},
		"500 for 3 minutes":         {fails(twiliotest.Fault{Status: 500}), 3 * time.Minute, 70 * time.Second, 0},
		"500 of a proxy":            {fails(twiliotest.Fault{Status: 500, Body: "oops"}), 3 * time.Minute, 3 * time.Minute, 0},
		"504 of a proxy":            {fails(twiliotest.Fault{Status: 504, Body: "oops"}), 3 * time.Minute, doubt, 0},
		"503 that says when":        {fails(twiliotest.Fault{Status: 503, Code: 20503, RetryAfter: "40"}), 3 * time.Minute, 45 * time.Second, 0},
		"cut before":                {fails(twiliotest.Fault{DropBefore: true}), 3 * time.Minute, 3 * time.Minute, 0},
		"cut after":                 {fails(twiliotest.Fault{DropAfter: true}), 3 * time.Minute, 3 * time.Minute, 0},
		"answers after 22 s":        {fails(twiliotest.Fault{Slow: 22 * time.Second}), 3 * time.Minute, 30 * time.Second, 0},
		"answers after 30 s":        {fails(twiliotest.Fault{Slow: 30 * time.Second}), 3 * time.Minute, 40 * time.Second, 0},
		"answers after 90 s":        {fails(twiliotest.Fault{Slow: 90 * time.Second}), 5 * time.Minute, doubt, 0},
		"answers after 5 minutes":   {fails(twiliotest.Fault{Slow: 5 * time.Minute}), 10 * time.Minute, 2 * doubt, 2 * doubt},
		"throttled for 12 s":        {fails(twiliotest.Fault{Status: 429, Code: 20429, RetryAfter: "12"}), 12 * time.Second, 15 * time.Second, 0},
		"throttled, no body":        {fails(twiliotest.Fault{Status: 429, Body: " "}), 10 * time.Minute, 70 * time.Second, 0},
		"throttled, 10 minutes":     {fails(twiliotest.Fault{Status: 429, Code: 20429, RetryAfter: "600"}), 10 * time.Minute, 11 * time.Minute, 11 * time.Minute},
		"sender's rate, 14107":      {fails(twiliotest.Fault{Status: 400, Code: 14107}), 10 * time.Minute, 70 * time.Second, 0},
		"A2P rate, 30022":           {fails(twiliotest.Fault{Status: 400, Code: 30022}), 10 * time.Minute, 70 * time.Second, 0},
		"queue full for hours":      {fails(twiliotest.Fault{Status: 400, Code: 21611}), 5 * time.Hour, 16 * time.Minute, 16 * time.Minute},
		"credentials, mended there": {fails(twiliotest.Fault{Status: 401, Code: 20003}), 2 * time.Hour, 6 * time.Minute, 0},
		"account suspended":         {fails(twiliotest.Fault{Status: 403, Code: 20005}), 2 * time.Hour, 6 * time.Minute, 0},
		"credentials, changed by us": {func(s *shore, on bool) {
			if on {
				s.fake.SetAuthToken(wrongToken)
				return
			}
			s.configure(func(ch *engine.Channel) { ch.Secrets["auth_token"] = wrongToken })
		}, 2 * time.Hour, 5 * time.Second, 0},
	} {
		if testing.Short() && tt.lasts > 10*time.Minute {
			continue // hours take their time
		}
		for _, killed := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, killed=%t", name, killed), func(t *testing.T) {
				sail(t, func(s *shore) {
					c := s.crew(6)
					s.start(false)
					c.say("before")
					s.until(time.Minute, "the first message", c.got)
					tt.trouble(s, true)
					c.say("one", "next?")
					time.Sleep(tt.lasts / 3)
					c.say("two", "next?")
					if killed {
						time.Sleep(time.Second)
						s.kill()
						time.Sleep(time.Second)
						s.start(true)
					}
					time.Sleep(tt.lasts - tt.lasts/3)
					c.say("three", "next?")
					tt.trouble(s, false)
					soon := tt.soon
					if killed {
						if soon = tt.killed; soon == 0 {
							soon = doubt + 30*time.Second
						}
					}
					took := s.until(soon, "everything", c.got)
					t.Logf("it took %s", took)
					s.until(20*time.Minute, "certainty", func() bool {
						return !slices.ContainsFunc(c.ids, func(id string) bool {
							return slices.ContainsFunc(s.Messages(id), func(m engine.Message) bool { return m.State == engine.Queued || m.State == engine.Unknown })
						})
					})
					c.check()
				})
			})
		}
	}
}

// TestTwoProcesses: two processes on one store share the doubt, the circuit and
// the order.
func TestTwoProcesses(t *testing.T) {
	sail(t, func(s *shore) {
		c := s.crew(8)
		s.start(false)
		first := s.kill
		s.start(false)
		s.fake.Outage(&twiliotest.Fault{Slow: 90 * time.Second})
		c.say("one", "next?")
		time.Sleep(2 * time.Minute)
		s.wire.refuse(true)
		c.say("two", "next?")
		time.Sleep(3 * time.Minute)
		before := s.fake.Calls()
		s.fake.Outage(nil)
		s.wire.refuse(false)
		first() // one dies, and nobody recovers for it: its leases run out
		s.until(15*time.Minute, "everything", c.got)
		time.Sleep(10 * time.Minute)
		c.check()
		t.Logf("%d calls, %d of them in the trouble", s.fake.Calls(), before)
	})
}

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
					synctest.Wait() // a report that names no send is for one whose answer is stored
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

// TestDayLongOutage: what cannot be sent in a day is given up: the team has the
// conversation with the reason, what was to follow is not sent out of context,
// and a person can have it sent again, once.
func TestDayLongOutage(t *testing.T) {
	if testing.Short() {
		t.Skip("a day takes its time")
	}
	sail(t, func(s *shore) {
		s.poll = 20 * time.Second
		c := s.crew(4)
		sam := s.Agent("sam", engine.RoleAgent, "care")
		s.give(c.ids[1], sam)
		s.start(false)
		s.wire.refuse(true)
		c.say("one", "next?")
		time.Sleep(26 * time.Hour)
		s.wire.refuse(false)
		time.Sleep(10 * time.Minute)
		if n := s.fake.Count(); n != 0 {
			t.Errorf("%d messages came a day late", n)
		}
		for i, id := range c.ids {
			conv := s.Conversation(id)
			want := engine.OwnerQueue
			if i == 1 {
				want = engine.OwnerAgent
			}
			if conv.Owner != want || conv.Handoff == nil {
				t.Errorf("%d: the owner is %s, the handoff %+v", i, conv.Owner, conv.Handoff)
			}
			lines := s.Lines(id)
			if note := lines[len(lines)-1]; note != "system note: Not delivered: “one”. It could not be sent within 24 hours. Twilio could not be reached. The message after it was held back." {
				t.Errorf("%d: the team reads %q", i, note)
			}
			if n := len(s.Events(id, engine.EventUndelivered)); n != 1 {
				t.Errorf("%d: %d events", i, n)
			}
		}
		var failed []engine.Message
		for _, m := range s.Messages(c.ids[1]) {
			if m.Author == engine.AuthorBot && m.State == engine.Failed {
				failed = append(failed, m)
			}
		}
		if len(failed) != 2 {
			t.Errorf("failed are %+v", failed)
			return
		}
		for range 2 {
			for _, m := range failed {
				if _, err := s.Desk.SendAgain(s.t.Context(), sam, c.ids[1], m.ID); err != nil {
					t.Error(err)
				}
			}
		}
		time.Sleep(time.Minute)
		if diff := cmp.Diff([]string{"one", "next?"}, bodies(s.fake.SentTo(c.address(1)))); diff != "" {
			t.Error(diff)
		}
		for _, m := range failed {
			if got := s.Message(m.ID); got.State != engine.Sent || got.Failure != "" {
				t.Errorf("%q is %s %q", got.Content.Text, got.State, got.Failure)
			}
		}
		if _, err := s.Desk.SendAgain(s.t.Context(), sam, c.ids[0], s.Messages(c.ids[0])[1].ID); engine.CodeOf(err) != engine.Conflict {
			t.Errorf("a message of somebody else's conversation: %v", err)
		}
	})
}

// give lets an agent have a conversation, without a word to the consumer.
func (s *shore) give(id string, u engine.User) {
	s.Enqueue(id, 0)
	s.Assign(id, u)
	s.Update(func(tx engine.Tx) error {
		items, err := tx.Sends().Waiting(id, 10)
		for _, i := range items {
			i.State = engine.OutboxDone
			err = errors.Join(err, tx.Outbox().Save(i))
		}
		return err
	})
}
