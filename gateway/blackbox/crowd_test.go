package blackbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
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
// same, so that a send of it cannot be told from the one before by its text. When
// a person has closed the conversation it says goodbye.
const echoLua = `
local function run(chat)
  local said = chat.opening.text
  while true do
    chat:say("echo: " .. said)
    said = chat:ask("next?").text
  end
end

return { run = run, closed = function(chat) chat:say "Goodbye." end }
`

const (
	mostTalk   = 450                     // messages of one consumer; a session has room for 1,000 host calls
	echoesEach = 2                       // sends for each message
	talkEvery  = 1200 * time.Millisecond // sixty turns of one conversation in a minute are a storm
	lookEvery  = 100 * time.Millisecond
	drainAfter = 2 * time.Minute
	leave      = "bye" // how a message begins after which a person closes
)

// talker is one consumer. Half of those who talk with the bot alone wait for the answer
// before they go on; the others are up to three messages ahead. Who asks for a person
// says four things a round: one to the bot, the wish, two to the person.
type talker struct {
	number string
	ahead  int
	person bool
	acked  []string
	wanted []string // what the consumer must hear for what was acknowledged
}

// crowd makes consumers whose numbers begin alike.
func crowd(prefix string, bots, persons int) []*talker {
	all := make([]*talker, bots+persons)
	for i := range all {
		all[i] = &talker{number: fmt.Sprintf("%s%02d", prefix, i), person: i >= bots}
		if !all[i].person {
			all[i].ahead = i % 2 * 3
		}
	}
	return all
}

// line is what the consumer says as message n, and what is to be heard then.
func (c *talker) line(n int) (text string, answers []string) {
	text = fmt.Sprintf("message %d of %s", n, c.number[len(c.number)-3:])
	switch step := n % 4; {
	case !c.person || step == 1:
		return text, []string{"echo: " + text, "next?"}
	case step == 2:
		text = "agent" // the brand's word for a person
	case step == 0:
		text = leave + " " + text
		return text, []string{replyTo(text), "Goodbye."}
	}
	return text, []string{replyTo(text)}
}

// replyTo is how a person answers a message.
func replyTo(text string) string { return "re: " + text }

// talk sends message after message, each after the acknowledgement of the one
// before, until ctx ends. What was begun with a person is seen through.
func (c *talker) talk(ctx context.Context, w *world, bound context.Context) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	due := time.Now().Add(rand.N(talkEvery))
	for n := 1; n <= mostTalk; n++ {
		until := ctx
		if c.person && n%4 != 1 {
			until = bound
		}
		for time.Now().Before(due) || len(w.answers(c.number)) < len(c.wanted)-echoesEach*c.ahead {
			select {
			case <-look.C:
			case <-until.Done():
				return nil
			}
		}
		if until.Err() != nil {
			return nil
		}
		text, answers := c.line(n)
		_, _, err := w.fake.InboundUntilAcked(bound, w.hook, twiliotest.Inbound{From: c.number, To: shopNumber, Body: text})
		if err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		c.acked, c.wanted = append(c.acked, text), append(c.wanted, answers...)
		due = time.Now().Add(talkEvery) // who was held up does not make up for it: that would be a storm
	}
	return nil
}

// answers is what a consumer has heard of bots and people. How often the gateway itself
// says who has the conversation now depends on what happens to the agents.
func (w *world) answers(number string) []string { return spoken(bodies(w.fake.SentTo(number))) }

func spoken(texts []string) []string {
	return slices.DeleteFunc(texts, func(text string) bool {
		return strings.HasPrefix(text, "Connecting you to ") || strings.HasPrefix(text, "You are now talking with ") ||
			strings.HasSuffix(text, " had to leave. A colleague will take over as soon as possible.")
	})
}

// endure has everybody talk while harm is done, and wants then every message to be
// stored and answered once and in order. ana looks when all is done; end ends the servers.
func (w *world) endure(bound context.Context, all []*talker, ana *agent, harm, end func()) {
	w.t.Helper()
	ctx, quiet := context.WithCancel(bound)
	defer quiet()
	failed := make([]error, len(all))
	var group sync.WaitGroup
	for i, c := range all {
		group.Go(func() { failed[i] = c.talk(ctx, w, bound) })
	}
	harm()
	quiet()
	began := time.Now()
	group.Wait()
	for _, err := range failed {
		if err != nil {
			w.t.Fatal(err)
		}
	}
	for _, c := range all {
		w.hasHeard(bound, c)
	}
	ana.settled(bound)
	if err := w.fake.Settle(bound); err != nil {
		w.t.Error(err)
	}
	w.t.Logf("drained in %v", time.Since(began))
	end()

	messages := 0
	for _, c := range all {
		messages += len(c.acked)
		if diff := cmp.Diff(c.wanted, w.answers(c.number)); diff != "" {
			w.t.Errorf("%s heard (-want +got):\n%s", c.number, clip(diff))
		}
	}
	if messages < len(all) {
		w.t.Errorf("only %d messages came through", messages)
	}
	w.view(func(tx engine.Tx) error {
		for _, c := range all {
			if err := w.checkTalk(tx, c); err != nil {
				w.t.Errorf("%s: %v", c.number, err)
			}
		}
		return nil
	})
	w.view(w.checkOutbox)
	w.t.Logf("%d messages, %d sends in %d tries", messages, w.fake.Count(), w.fake.Calls())
}

// hasHeard waits until a consumer has heard everything.
func (w *world) hasHeard(ctx context.Context, c *talker) {
	w.t.Helper()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for len(w.answers(c.number)) < len(c.wanted) {
		select {
		case <-look.C:
		case <-ctx.Done():
			w.t.Errorf("%s heard %d of %d answers", c.number, len(w.answers(c.number)), len(c.wanted))
			return
		}
	}
}

// settled waits until no message of any conversation is on its way or unsure.
func (a *agent) settled(ctx context.Context) {
	a.t.Helper()
	open, after := a.list()
	seen := map[string]bool{} // consumers: a thread shows all of theirs
	open = slices.DeleteFunc(open, func(c api.Conversation) bool {
		known := seen[c.Consumer.Id]
		seen[c.Consumer.Id] = true
		return known
	})
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

// checkTalk compares what is stored of one consumer with what was acknowledged and sent.
func (w *world) checkTalk(tx engine.Tx, c *talker) error {
	w.t.Helper()
	if len(c.acked) == 0 {
		return nil
	}
	thread, err := conversations(tx, c.number)
	if err != nil {
		return err
	}
	var heard, said []string
	for _, conv := range thread {
		for after := int64(0); ; {
			page, err := tx.Messages().List("shop", conv.ID, after, 200)
			if err != nil {
				return err
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
		if left, err := tx.Inbox().List(conv.ID); err != nil || len(left) > 0 {
			w.t.Errorf("%s: %d inbox entries are left in %s, %v", c.number, len(left), conv.ID, err)
		}
	}
	if diff := cmp.Diff(c.acked, heard); diff != "" {
		w.t.Errorf("%s: the transcript's messages (-acknowledged +stored):\n%s", c.number, clip(diff))
	}
	if diff := cmp.Diff(said, bodies(w.fake.SentTo(c.number))); diff != "" {
		w.t.Errorf("%s: what was sent (-transcript +sent):\n%s", c.number, clip(diff))
	}
	if diff := cmp.Diff(c.wanted, spoken(said)); diff != "" {
		w.t.Errorf("%s: the transcript's answers (-want +got):\n%s", c.number, clip(diff))
	}
	if !c.person {
		w.checkJournal(tx, c, thread[0])
	}
	return nil
}

// conversations are those of a consumer, in order.
func conversations(tx engine.Tx, number string) ([]engine.Conversation, error) {
	who, err := tx.Consumers().ByAddress("shop", "twilio", number)
	if err != nil {
		return nil, err
	}
	all, err := tx.Conversations().List(engine.ConversationFilter{Brand: "shop", Consumer: who.ID, Limit: 200})
	slices.SortFunc(all, func(a, b engine.Conversation) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return all, err
}

func (w *world) checkJournal(tx engine.Tx, c *talker, conv engine.Conversation) {
	w.t.Helper()
	s, err := tx.Sessions().Current(conv.ID)
	if err != nil || s.State != engine.SessionWaiting || conv.Owner != engine.OwnerBot {
		w.t.Errorf("%s: session %s, owner %s, handoff %+v, %v", c.number, s.State, conv.Owner, conv.Handoff, err)
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
			w.t.Errorf("the outbox does not know %s %q to %s, made at %v: %v", m.SID, m.Body, m.To, m.At, err)
			for _, other := range w.fake.SentTo(m.To) {
				if twin, err := tx.Outbox().ByProvider(channelID, other.SID); err == nil && other.Body == m.Body {
					w.t.Errorf("it knows %s, made at %v, of %+v", other.SID, other.At, twin)
				}
			}
			continue
		}
		if item.State != engine.OutboxDone || item.To != m.To || item.Content.Text != m.Body || items[item.ID] {
			w.t.Errorf("%s %q to %s belongs to %+v", m.SID, m.Body, m.To, item)
		}
		items[item.ID] = true
	}
	return nil
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

// secondsOf reads how long a test is to take, from the environment.
func secondsOf(t *testing.T, name string, usual, least time.Duration) time.Duration {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		return usual
	}
	d, err := time.ParseDuration(v + "s")
	if err != nil || d < least {
		t.Fatalf("%s is not a number of seconds from %.0f", name, least.Seconds())
	}
	return d
}
