package blackbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/gateway/api"
)

// echoLua answers every message with its own words. Its question is always the
// same, so that a send of it cannot be told from the one before by its text.
const echoLua = `
return function(chat)
  local said = chat.opening.text
  while true do
    chat:say("echo: " .. said)
    said = chat:ask("next?").text
  end
end
`

const (
	talkers     = 50
	mostTalk    = 450                     // messages of one consumer; a session has room for 1,000 host calls
	echoesEach  = 2                       // sends for each message
	talkEvery   = 1200 * time.Millisecond // sixty turns of one conversation in a minute are a storm
	drainAfter  = 2 * time.Minute
	secondsName = "PARLEY_KILL_SECONDS"
)

// talker is one consumer. Half of them wait for the answer before they go on;
// the others are up to three messages ahead.
type talker struct {
	number string
	ahead  int
	acked  []string
}

// want is what the consumer must hear for what was acknowledged.
func (c *talker) want() []string {
	var all []string
	for _, text := range c.acked {
		all = append(all, "echo: "+text, "next?")
	}
	return all
}

// talk sends message after message, each after the acknowledgement of the one
// before, until ctx ends. A message that was begun is seen through.
func (c *talker) talk(ctx context.Context, w *world, bound context.Context) error {
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	began := time.Now().Add(rand.N(talkEvery))
	for n := 1; n <= mostTalk; n++ {
		due := began.Add(time.Duration(n-1) * talkEvery)
		for time.Now().Before(due) || len(w.fake.SentTo(c.number)) < echoesEach*(n-1-c.ahead) {
			select {
			case <-look.C:
			case <-ctx.Done():
				return nil
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		text := fmt.Sprintf("message %d of %s", n, c.number[len(c.number)-3:])
		_, _, err := w.fake.InboundUntilAcked(bound, w.hook, twiliotest.Inbound{From: c.number, To: shopNumber, Body: text})
		if err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		c.acked = append(c.acked, text)
	}
	return nil
}

// The process is killed again and again under load, and nothing is lost, done
// twice or out of order: with the provider's receipts, and with its list of
// messages alone.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("takes its time")
	}
	seconds, kills := 45, 12
	if v := os.Getenv(secondsName); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 5 {
			t.Fatalf("%s is not a number of seconds from 5", secondsName)
		}
		seconds, kills = n, max(3, n/5)
	}
	t.Run("receipts", func(t *testing.T) {
		killUnderLoad(t, twiliotest.Config{Callbacks: usual.Callbacks, Resend: true, Duplicate: true, Reorder: true}, time.Duration(seconds)*time.Second, kills)
	})
	t.Run("list", func(t *testing.T) {
		killUnderLoad(t, twiliotest.Config{}, time.Duration(seconds)*time.Second/2, max(3, kills/2))
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
	ctx, quiet := context.WithCancel(bound)
	defer quiet()
	all := make([]*talker, talkers)
	failed := make([]error, talkers)
	var group sync.WaitGroup
	for i := range all {
		c := &talker{number: fmt.Sprintf("+141555503%02d", i), ahead: i % 2 * 3}
		all[i] = c
		group.Go(func() { failed[i] = c.talk(ctx, w, bound) })
	}
	w.killOften(duration, kills)
	quiet()
	group.Wait()
	for _, err := range failed {
		if err != nil {
			t.Fatal(err)
		}
	}

	began := time.Now()
	for _, c := range all {
		if _, err := w.fake.AwaitSentTo(bound, c.number, len(c.want())); err != nil {
			t.Errorf("%s: %v", c.number, err)
		}
	}
	ana.settled(bound)
	if err := w.fake.Settle(bound); err != nil {
		t.Error(err)
	}
	t.Logf("drained in %v", time.Since(began))
	w.stop()

	messages := 0
	for _, c := range all {
		messages += len(c.acked)
		if diff := cmp.Diff(c.want(), bodies(w.fake.SentTo(c.number))); diff != "" {
			t.Errorf("%s heard (-want +got):\n%s", c.number, clip(diff))
		}
	}
	if messages < talkers {
		t.Errorf("only %d messages came through", messages)
	}
	unsure := 0
	w.view(func(tx engine.Tx) error {
		for _, c := range all {
			w.checkTalk(tx, c)
		}
		var err error
		unsure, err = countUnsure(tx)
		return err
	})
	w.view(w.checkOutbox)
	t.Logf("%d kills, %d messages, %d sends in %d tries, %d of them unsure for a time", kills, messages, w.fake.Count(), w.fake.Calls(), unsure)
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

// settled waits until no message of any conversation is on its way or unsure.
func (a *agent) settled(ctx context.Context) {
	a.t.Helper()
	open, after := a.list()
	for ctx.Err() == nil {
		open = slices.DeleteFunc(open, func(c api.Conversation) bool {
			return !slices.ContainsFunc(a.messages(c.Id), func(m api.Message) bool {
				return m.State == api.Queued || m.State == api.Unknown
			})
		})
		if len(open) == 0 {
			return
		}
		_, after = a.events(after, "1")
	}
	a.t.Errorf("%d conversations still have messages on their way", len(open))
}

// checkTalk compares what is stored of one conversation with what was acknowledged.
func (w *world) checkTalk(tx engine.Tx, c *talker) {
	w.t.Helper()
	if len(c.acked) == 0 {
		return
	}
	conv, err := tx.Conversations().OpenByAddress(channelID, c.number)
	if err != nil {
		w.t.Errorf("%s: %v", c.number, err)
		return
	}
	var heard, said []string
	for after := int64(0); ; {
		page, err := tx.Messages().List("shop", conv.ID, after, 200)
		if err != nil {
			w.t.Error(err)
			return
		}
		for _, m := range page {
			if m.Seq != after+1 {
				w.t.Errorf("%s: message %d follows %d", c.number, m.Seq, after)
			}
			after = m.Seq
			if m.Author == engine.AuthorConsumer {
				heard = append(heard, m.Content.Text)
				continue
			}
			said = append(said, m.Content.Text)
			if m.State != engine.Sent && m.State != engine.Delivered && m.State != engine.Queued {
				w.t.Errorf("%s: %q is %s: %s", c.number, m.Content.Text, m.State, m.Failure)
			}
		}
		if len(page) == 0 {
			break
		}
	}
	if diff := cmp.Diff(c.acked, heard); diff != "" {
		w.t.Errorf("%s: the transcript's messages (-acknowledged +stored):\n%s", c.number, clip(diff))
	}
	if diff := cmp.Diff(c.want(), said); diff != "" {
		w.t.Errorf("%s: the transcript's answers (-want +got):\n%s", c.number, clip(diff))
	}
	w.checkJournal(tx, c, conv)
	if left, err := tx.Inbox().List(conv.ID); err != nil || len(left) > 0 {
		w.t.Errorf("%s: %d inbox entries are left, %v", c.number, len(left), err)
	}
}

func (w *world) checkJournal(tx engine.Tx, c *talker, conv engine.Conversation) {
	w.t.Helper()
	s, err := tx.Sessions().Current(conv.ID)
	if err != nil || s.State != engine.SessionWaiting || conv.Owner != engine.OwnerBot {
		w.t.Errorf("%s: session %s, owner %s, %v", c.number, s.State, conv.Owner, err)
		return
	}
	journal, err := tx.Sessions().Journal(s.ID)
	if err != nil {
		w.t.Error(err)
		return
	}
	var says []string
	asks := 0
	for i, e := range journal {
		if e.N != i {
			w.t.Errorf("%s: journal entry %d has the number %d", c.number, i, e.N)
		}
		switch e.Call {
		case "say":
			says = append(says, string(e.Args))
		case "ask":
			asks++
		}
	}
	if len(says) != len(c.acked) || asks != len(c.acked) {
		w.t.Errorf("%s: %d answers and %d questions in the journal for %d messages", c.number, len(says), asks, len(c.acked))
		return
	}
	for i, text := range c.acked {
		if !strings.Contains(says[i], "echo: "+text+`"`) {
			w.t.Errorf("%s: answer %d in the journal is %s, want one to %q", c.number, i+1, says[i], text)
		}
	}
}

// checkOutbox wants every send of the provider's list to be done, and nothing else to do.
func (w *world) checkOutbox(tx engine.Tx) error {
	next, err := tx.Outbox().Next()
	if err != nil {
		return err
	}
	stale, err := tx.Outbox().Stale(time.Now().Add(time.Hour), 100)
	if err != nil {
		return err
	}
	if !next.IsZero() || len(stale) > 0 {
		w.t.Errorf("the outbox is not empty: next %v, %d unfinished", next, len(stale))
	}
	items := map[string]bool{}
	for _, m := range w.fake.Sent() {
		item, err := tx.Outbox().ByProvider(channelID, m.SID)
		if err != nil {
			w.t.Errorf("the outbox does not know %s %q to %s: %v", m.SID, m.Body, m.To, err)
			continue
		}
		if item.State != engine.OutboxDone || item.To != m.To || item.Content.Text != m.Body || items[item.ID] {
			w.t.Errorf("%s %q to %s belongs to %+v", m.SID, m.Body, m.To, item)
		}
		items[item.ID] = true
	}
	return nil
}

// countUnsure counts the sends that nobody was sure of for a time.
func countUnsure(tx engine.Tx) (int, error) {
	found := map[string]bool{}
	for after := engine.Cursor(0); ; {
		page, err := tx.Events().List(engine.EventFilter{After: after, Brand: "shop", Limit: 500})
		if err != nil || len(page) == 0 {
			return len(found), err
		}
		for _, e := range page {
			after = engine.Cursor(e.Seq)
			var d engine.StatusData
			if e.Kind == engine.EventStatus && json.Unmarshal(e.Data, &d) == nil && d.State == engine.Unknown {
				found[d.Message] = true
			}
		}
	}
}

func bodies(messages []twiliotest.Message) []string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Body)
	}
	return all
}

// clip keeps the interesting lines of a long difference.
func clip(diff string) string {
	var kept []string
	for _, line := range strings.Split(diff, "\n") {
		if strings.HasPrefix(line, "-") || strings.HasPrefix(line, "+") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept[:min(len(kept), 20)], "\n")
}
