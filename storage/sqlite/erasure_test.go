package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/erasure"
)

// TestErasureLeavesNothing: after an erasure no byte of what a consumer said, was
// told, or is known by is in any file of the data folder, whatever became of the
// row that held it. Counts stay, and so does everybody else.
func TestErasureLeavesNothing(t *testing.T) {
	t.Parallel()
	dir, ctx := t.TempDir(), context.Background()
	db := openDir(t, dir)
	x := openIndex(t, db)
	at := time.UnixMilli(1_790_000_000_000)
	// Each place has a word of its own, long enough to overflow a page in some.
	word := func(place, who string) string { return "qx" + who + place + "zq" }
	places := []string{}
	say := func(place, who string) string {
		places = append(places, place)
		return word(place, who)
	}
	write := func(who string, fn func(tx engine.Tx) error) {
		t.Helper()
		if err := db.Update(ctx, fn); err != nil {
			t.Fatalf("%s: %v", who, err)
		}
	}
	for _, who := range []string{"ann", "bob"} {
		p := engine.Consumer{ID: who, Brand: "acme", Name: say("name", who), Language: "en", Attributes: map[string]string{"plan": say("attribute", who)}, CreatedAt: at}
		address := say("address", who)
		write(who, func(tx engine.Tx) error {
			return tx.Consumers().Add(p, engine.Identity{Brand: "acme", Kind: "twilio", Address: address, Consumer: who})
		})
		for n := range 2 {
			id := fmt.Sprint(who, "-", n)
			c := engine.Conversation{ID: id, Brand: "acme", Channel: "acme.sms", Kind: "twilio", Consumer: who, Address: address, State: engine.Open, Owner: engine.OwnerBot, CreatedAt: at, LastAt: at}
			if n == 0 {
				c.Channel = "acme.other"
			}
			write(id, func(tx engine.Tx) error {
				if err := tx.Conversations().Add(c); err != nil {
					return err
				}
				for i := range 40 {
					text := fmt.Sprint(say("text", who), " ", i, " ", string(bytes.Repeat([]byte("long "), 200*(i%4))))
					m := engine.Message{ID: fmt.Sprint(id, "-m", i), Brand: "acme", Conversation: id, Consumer: who, Seq: int64(i + 1), Author: engine.AuthorConsumer, Note: i%9 == 8,
						Content: engine.Content{Text: text}, State: engine.Received, Channel: "acme.sms", At: at}
					if err := tx.Messages().Add(m); err != nil {
						return err
					}
					data := engine.JSON(map[string]string{"text": say("event", who)})
					if err := tx.Events().Add(&engine.Event{At: at, Brand: "acme", Conversation: id, Kind: engine.EventMessage, Actor: "consumer", Data: data}); err != nil {
						return err
					}
					if err := tx.Inbox().Add(engine.InboxEntry{Conversation: id, N: int64(i + 1), Kind: engine.InboxMessage, Data: engine.JSON(map[string]string{"text": say("inbox", who) + text}), At: at}); err != nil {
						return err
					}
					state := engine.OutboxDone
					if i > 37 {
						state = engine.OutboxPending
					}
					o := engine.OutboxItem{ID: fmt.Sprint(id, "-o", i), Brand: "acme", Channel: c.Channel, Conversation: id, Kind: engine.OutboxMessage, To: address, Content: engine.Content{Text: say("sent", who)},
						Request: engine.JSON(map[string]string{"body": say("request", who)}), State: state, DueAt: at, CreatedAt: at}
					if err := tx.Outbox().Add(&o); err != nil {
						return err
					}
				}
				s := engine.Session{ID: id + "-s", Brand: "acme", Conversation: id, Bot: "b", State: engine.SessionWaiting, Start: engine.JSON(map[string]string{"start": say("start", who)}), CreatedAt: at}
				if err := tx.Sessions().Add(s); err != nil {
					return err
				}
				if err := tx.Sessions().Record([]engine.JournalEntry{{Session: s.ID, N: 1, Call: "ask", Args: engine.JSON(say("args", who)), Answer: engine.JSON(say("answer", who)), At: at}}); err != nil {
					return err
				}
				if err := tx.Utterances().Add(&engine.Utterance{Brand: "acme", Conversation: id, Text: say("utterance", who), State: engine.UtteranceOpen, At: at}); err != nil {
					return err
				}
				f := engine.Fault{Kind: "error", Message: say("fault", who), Traceback: say("trace", who)}
				return tx.Faults().Record(engine.FaultGroup{Brand: "acme", ID: id, Fault: f, Conversations: 1, Count: 1, First: at, Last: at, Sample: id}, id)
			})
			for i := range 20 { // old versions of rows, and rows that are gone before
				write(id, func(tx engine.Tx) error {
					c, err := tx.Conversations().Get("acme", id)
					if err != nil {
						return err
					}
					c.Preview, c.Summary, c.Attributes = say("preview", who)+string(bytes.Repeat([]byte("x"), 50*i)), say("summary", who), map[string]string{"k": say("fact", who)}
					c.Handoff = &engine.Handoff{Summary: say("handoff", who), Trace: say("tracing", who)}
					if n == 1 && i == 19 {
						c.State, c.Owner, c.Outcome = engine.Closed, engine.OwnerNone, "solved"
					}
					if err := tx.Inbox().Remove(id, int64(i+1)); err != nil {
						return err
					}
					return tx.Conversations().Save(&c)
				})
			}
			write(id, func(tx engine.Tx) error {
				return tx.Consumers().AddConsent(engine.Consent{Brand: "acme", Channel: c.Channel, Address: address, Message: say("consent", who), At: at})
			})
		}
		write(who, func(tx engine.Tx) error {
			p.Name = say("renamed", who)
			if err := tx.Consumers().Save(p); err != nil {
				return err
			}
			return tx.Followups().Add(engine.Followup{ID: "f" + who, Brand: "acme", Consumer: who, Channel: "acme.sms", Address: address, At: at,
				FollowupData: engine.FollowupData{Name: "n", State: engine.JSON(say("plan", who))}})
		})
		settle(t, x)
	}
	e := erasure.Eraser{
		Store: db, Clock: time.Now, Index: x,
		Scrub: func(ctx context.Context) error { return errors.Join(db.Scrub(ctx), x.Scrub(ctx)) },
	}
	n, err := e.Consumer(ctx, "acme", "ann", "agent:boss")
	if err != nil || n.Conversations != 2 || n.Messages != 80 {
		t.Fatalf("got %+v, %v", n, err)
	}
	settle(t, x)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	bob := map[string]bool{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		b = bytes.ToLower(b)
		for _, place := range places {
			if bytes.Contains(b, []byte(word(place, "ann"))) {
				t.Errorf("%s still holds the %s", filepath.Base(f), place)
			}
			bob[place] = bob[place] || bytes.Contains(b, []byte(word(place, "bob")))
		}
		if bytes.Contains(b, []byte("xann")) { // parts of words
			t.Errorf("%s still holds a part", filepath.Base(f))
		}
	}
	for _, place := range places {
		if !bob[place] && place != "name" && place != "inbox" { // these he has no longer himself
			t.Errorf("the %s of another consumer is gone", place)
		}
	}
	if got := found(t, x, word("text", "ann")) + found(t, x, word("renamed", "ann")); got != "" {
		t.Errorf("it is found: %q", got)
	}
	if got := found(t, x, word("text", "bob")); got != "bob-1 bob-0" {
		t.Errorf("the other one is not found: %q", got)
	}
	if err := errors.Join(x.Check(), db.Integrity(ctx)); err != nil {
		t.Error(err)
	}
	err = db.View(ctx, func(tx engine.Tx) error {
		for id, outcome := range map[string]string{"ann-0": "erased", "ann-1": "solved"} {
			c, err := tx.Conversations().Get("acme", id)
			if err != nil || c.State != engine.Closed || c.Outcome != outcome || c.CreatedAt.IsZero() {
				t.Errorf("%s: got %+v, %v", id, c, err)
			}
		}
		ev, err := tx.Events().List(engine.EventFilter{Brand: "acme", Conversation: "ann-1", Limit: 100})
		if len(ev) != 40 {
			t.Errorf("%d events are left", len(ev))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	// Again changes nothing, and whoever writes again is somebody new.
	if n, err := e.Consumer(ctx, "acme", "ann", "agent:boss"); err != nil || n.Messages != 0 {
		t.Errorf("again: got %+v, %v", n, err)
	}
	if _, err := e.Consumer(ctx, "other", "bob", "agent:boss"); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("another brand's: got %v", err)
	}
	err = db.View(ctx, func(tx engine.Tx) error {
		_, err := tx.Consumers().ByAddress("acme", "twilio", word("address", "ann"))
		return err
	})
	if engine.CodeOf(err) != engine.NotFound {
		t.Errorf("the address is known: %v", err)
	}
}
