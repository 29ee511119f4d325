package receive_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

func TestManyFirstMessagesMakeOneConversation(t *testing.T) {
	t.Parallel()
	const n = 200
	w := world(t)
	var start, end sync.WaitGroup
	start.Add(1)
	for i := range n {
		end.Go(func() {
			start.Wait()
			// Each comes twice, as providers do.
			for range 2 {
				if _, err := w.Receive(enginetest.Phone, in(fmt.Sprint("SM", i), fmt.Sprint("message ", i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	start.Done()
	end.Wait()
	found := all(w)
	if len(found) != 1 {
		t.Fatalf("%d conversations", len(found))
	}
	c := found[0]
	seen := map[string]bool{}
	for i, m := range w.Messages(c.ID) {
		if m.Seq != int64(i+1) || seen[m.Content.Text] || m.Consumer != c.Consumer {
			t.Fatalf("message %d is %+v", i, m)
		}
		seen[m.Content.Text] = true
	}
	entries := w.Inbox(c.ID)
	if len(seen) != n || len(entries) != n || c.LastSeq != n || c.LastInbox != n {
		t.Errorf("%d messages, %d inbox entries, last seq %d, last inbox %d", len(seen), len(entries), c.LastSeq, c.LastInbox)
	}
	ids := enginetest.Read(w, func(tx engine.Tx) ([]engine.Identity, error) {
		return tx.Consumers().Identities(enginetest.Brand, c.Consumer)
	})
	equal(t, []engine.Identity{{Brand: enginetest.Brand, Kind: "phone", Address: enginetest.Address, Consumer: c.Consumer}}, ids)
}

func TestOneConsumerOnTwoChannelsOfAKind(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Update(func(tx engine.Tx) error {
		chs, err := tx.Brands().Channels(enginetest.Brand)
		if err != nil {
			return err
		}
		return tx.Brands().SaveChannels(enginetest.Brand, append(chs, engine.Channel{Brand: enginetest.Brand, ID: "acme.second", Kind: "phone"}))
	})
	a := w.Write("hi").Conversation
	b := w.WriteAs("acme.second", in("SM2", "hi")).Conversation
	if a.ID == b.ID || a.Consumer != b.Consumer {
		t.Errorf("conversations %s and %s of %s and %s", a.ID, b.ID, a.Consumer, b.Consumer)
	}
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	w := world(t)
	first := w.WriteAs(enginetest.Phone, in("SM1", "hi"))
	last := w.Cursor()
	again := w.WriteAs(enginetest.Phone, in("SM1", "hi"))
	if !again.Duplicate || again.Message.ID != first.Message.ID || again.Conversation.ID != first.Conversation.ID {
		t.Errorf("the second delivery gave %+v", again)
	}
	w.WriteAs(enginetest.Phone, in("SM2", "STOP")) // closes
	closed := w.Cursor()
	for _, id := range []string{"SM1", "SM2"} {
		if late := w.WriteAs(enginetest.Phone, in(id, "hi")); !late.Duplicate || late.Conversation.ID != first.Conversation.ID {
			t.Errorf("a late duplicate gave %+v", late)
		}
	}
	if w.Cursor() != closed || closed == last || len(all(w)) != 1 {
		t.Error("a duplicate left something")
	}
	// The same id on another channel is another message.
	if other := w.WriteAs(enginetest.Web, engine.Inbound{From: "v1", ProviderID: "SM1", Content: engine.Content{Text: "x"}}); other.Duplicate {
		t.Error("ids of different channels are mixed up")
	}
}

func TestDuplicateByTheWritersOwnID(t *testing.T) {
	t.Parallel()
	w := world(t)
	msg := engine.Inbound{From: "v1", ClientID: "mine", Content: engine.Content{Text: "hi"}}
	first := w.WriteAs(enginetest.Web, msg)
	if again := w.WriteAs(enginetest.Web, msg); !again.Duplicate || again.Message.ID != first.Message.ID {
		t.Errorf("the repetition gave %+v", again)
	}
	equal(t, 1, len(w.Messages(first.Conversation.ID)))
}

func TestRefusesWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	w := world(t)
	for field, msg := range map[string]engine.Inbound{
		"from":  {Content: engine.Content{Text: "x"}},
		"id":    {From: "v", ProviderID: strings.Repeat("x", 201)},
		"text":  {From: "v", Content: engine.Content{Text: strings.Repeat("x", 64<<10+1)}},
		"media": {From: "v", Content: engine.Content{Media: make([]engine.Media, 21)}},
	} {
		_, err := w.Receive(enginetest.Web, msg)
		if e, ok := err.(*engine.Error); !ok || e.Code != engine.Invalid || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if len(all(w)) != 0 {
		t.Error("a refused message left something")
	}
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	w := world(t)
	call := func(channel string, body any) error {
		t.Helper()
		raw, ok := body.(string)
		if !ok {
			b, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			raw = string(b)
		}
		_, err := w.Receiver.Webhook(t.Context(), channel, engine.WebhookRequest{Method: "POST", Body: []byte(raw)})
		return err
	}
	for name, tt := range map[string]struct {
		channel string
		body    any
		want    engine.Code
	}{
		"forged":          {enginetest.Phone, "forged", engine.Unauthenticated},
		"unreadable":      {enginetest.Phone, "{", engine.Invalid},
		"unknown channel": {"acme.none", "{}", engine.NotFound},
		"no webhooks":     {enginetest.Web, "{}", engine.NotFound},
	} {
		if err := call(tt.channel, tt.body); engine.CodeOf(err) != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if w.Cursor() != 0 {
		t.Fatal("a refused request left something")
	}
	// One bad element does not cost the others.
	batch := engine.Decoded{Inbound: []engine.Inbound{in("SM1", "one"), {Content: engine.Content{Text: "from nobody"}}, in("SM2", "two")}}
	for range 2 {
		if err := call(enginetest.Phone, batch); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, []string{"consumer: one", "consumer: two"}, w.Lines(all(w)[0].ID))
}

func TestFailureLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, facet := range []string{"inbox", "messages", "events", "conversations"} {
		t.Run(facet, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			good := w.Receiver.Store
			w.Receiver.Store = failing{good, facet}
			if _, err := w.Receive(enginetest.Phone, in("SM1", "hi")); engine.CodeOf(err) != engine.Unavailable {
				t.Fatalf("got %v", err)
			}
			w.View(func(tx engine.Tx) error {
				_, err := tx.Consumers().ByAddress(enginetest.Brand, "phone", enginetest.Address)
				if engine.CodeOf(err) != engine.NotFound {
					t.Errorf("a consumer was left: %v", err)
				}
				return nil
			})
			if len(all(w)) != 0 || w.Cursor() != 0 {
				t.Error("something was left")
			}
			w.Receiver.Store = good
			equal(t, []string{"consumer: hi"}, w.Lines(w.WriteAs(enginetest.Phone, in("SM1", "hi")).Conversation.ID))
		})
	}
}

// failing is a store in which one facet cannot write.
type failing struct {
	engine.Store
	facet string
}

func (f failing) Update(ctx context.Context, fn func(engine.Tx) error) error {
	return f.Store.Update(ctx, func(tx engine.Tx) error { return fn(failingTx{tx, f.facet}) })
}

type failingTx struct {
	engine.Tx
	facet string
}

func full() error { return engine.Errorf(engine.Unavailable, "the disk is full") }

func (t failingTx) Inbox() engine.Inbox {
	if t.facet == "inbox" {
		return failingInbox{t.Tx.Inbox()}
	}
	return t.Tx.Inbox()
}

func (t failingTx) Messages() engine.Messages {
	if t.facet == "messages" {
		return failingMessages{t.Tx.Messages()}
	}
	return t.Tx.Messages()
}

func (t failingTx) Events() engine.Events {
	if t.facet == "events" {
		return failingEvents{t.Tx.Events()}
	}
	return t.Tx.Events()
}

func (t failingTx) Conversations() engine.Conversations {
	if t.facet == "conversations" {
		return failingConversations{t.Tx.Conversations()}
	}
	return t.Tx.Conversations()
}

type failingInbox struct{ engine.Inbox }

func (failingInbox) Add(engine.InboxEntry) error { return full() }

type failingMessages struct{ engine.Messages }

func (failingMessages) Add(engine.Message) error { return full() }

type failingEvents struct{ engine.Events }

func (failingEvents) Add(e *engine.Event) error {
	if e.Kind == engine.EventMessage {
		return full()
	}
	return nil
}

type failingConversations struct{ engine.Conversations }

func (failingConversations) Save(*engine.Conversation) error { return full() }

type failingConsumers struct{ engine.Consumers }

func (failingConsumers) Consent(string, string, string) (engine.Consent, error) {
	return engine.Consent{}, full()
}

func (t failingTx) Consumers() engine.Consumers {
	if t.facet == "consent" {
		return failingConsumers{t.Tx.Consumers()}
	}
	return t.Tx.Consumers()
}

// A store that cannot say whether somebody has opted out must not let their YES
// pass to a bot: the provider sends it again.
func TestAKeywordNeedsTheStore(t *testing.T) {
	t.Parallel()
	w := world(t)
	good := w.Receiver.Store
	w.Receiver.Store = failing{good, "consent"}
	if _, err := w.Receive(enginetest.Phone, in("SM1", "yes")); engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("got %v", err)
	}
	w.Receiver.Store = good
	equal(t, []string{"consumer: yes"}, w.Lines(w.WriteAs(enginetest.Phone, in("SM1", "yes")).Conversation.ID))
}

func TestLostRaceIsRepeated(t *testing.T) {
	t.Parallel()
	w := world(t)
	r := &racing{Store: w.Receiver.Store}
	r.lose.Store(2)
	w.Receiver.Store = r
	c := w.Write("hi").Conversation
	equal(t, []string{"consumer: hi"}, w.Lines(c.ID))
	r.lose.Store(1000)
	if _, err := w.Receive(enginetest.Phone, in("SM9", "hi")); engine.CodeOf(err) != engine.Conflict || r.lose.Load() < 900 {
		t.Errorf("it gave %v with %d tries left", err, r.lose.Load())
	}
}

// racing is a store in which somebody else is faster a few times.
type racing struct {
	engine.Store
	lose atomic.Int32
}

func (r *racing) Update(ctx context.Context, fn func(engine.Tx) error) error {
	return r.Store.Update(ctx, func(tx engine.Tx) error {
		if err := fn(tx); err != nil || r.lose.Add(-1) < 0 {
			return err
		}
		return engine.Errorf(engine.Conflict, "somebody was faster")
	})
}

func TestMessagesOfAnAgentsConversationDoNotReachTheBot(t *testing.T) {
	t.Parallel()
	w := world(t)
	c := w.Write("hi").Conversation
	w.Update(func(tx engine.Tx) error {
		conv, err := tx.Conversations().Get(c.Brand, c.ID)
		if err != nil {
			return err
		}
		conv.Owner, conv.Agent = engine.OwnerAgent, "sam"
		return tx.Conversations().Save(&conv)
	})
	taken := w.Write("are you there?")
	if taken.Conversation.LastInbox != 1 || len(w.Inbox(c.ID)) != 1 {
		t.Error("the bot got it too")
	}
	if !taken.Conversation.WaitingSince.Equal(w.Clock.Now()) {
		t.Errorf("the consumer waits since %v", taken.Conversation.WaitingSince)
	}
}

func TestChoices(t *testing.T) {
	t.Parallel()
	w := world(t)
	c := w.Write("hi").Conversation
	offer := func() {
		w.Offer(c.ID, "Which?", engine.Choice{ID: "r", Label: "Road"}, engine.Choice{ID: "m", Label: "Mountain"})
	}
	picked := func(text, payload string) string {
		m := in(w.ID(), text)
		m.Payload = payload
		p := w.WriteAs(enginetest.Phone, m).Message.Content.Picked
		if p == nil {
			return ""
		}
		return p.ID
	}
	equal(t, "", picked("2", ""))
	for _, tt := range []struct{ text, payload, want string }{
		{"2", "", "m"}, {"road", "", "r"}, {"whatever", "m", "m"}, {"neither", "", ""}, {"3", "", ""},
	} {
		offer()
		equal(t, tt.want, picked(tt.text, tt.payload))
		if tt.want == "" {
			equal(t, "m", picked("2", "")) // asked again, the choices still stand
		}
		equal(t, "", picked("2", "")) // a later number answers another question
	}
	offer()
	w.Clock.Advance(30*24*time.Hour + time.Millisecond)
	equal(t, "", picked("2", ""))
	stored := w.Messages(c.ID)
	equal(t, "m", stored[3].Content.Picked.ID)
	var data engine.Content
	if err := json.Unmarshal(w.Inbox(c.ID)[2].Data, &data); err != nil || data.Picked == nil || data.Picked.Label != "Mountain" {
		t.Errorf("the bot gets %+v, %v", data, err)
	}
}

func consent(w *enginetest.World) string {
	c, err := engine.Consent{}, error(nil)
	w.View(func(tx engine.Tx) error {
		c, err = tx.Consumers().Consent(enginetest.Brand, enginetest.Phone, enginetest.Address)
		return nil
	})
	switch {
	case engine.CodeOf(err) == engine.NotFound:
		return "none"
	case c.OptedOut:
		return "out: " + c.Source
	}
	return "in: " + c.Source
}

func TestKeywords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		before  []string // earlier messages
		text    string
		consent string
		state   engine.State
		inbox   int
		reply   string
	}{
		{"stop opens and ends", nil, " stop. ", "out:  stop. ", engine.Closed, 0, "You will get no more messages"},
		{"stop ends", []string{"hi"}, "STOP", "out: STOP", engine.Closed, 0, "You will get no more messages"},
		{"help opens and ends", nil, "HELP", "none", engine.Closed, 0, "write to us here"},
		{"help in a talk", []string{"hi"}, "help", "none", engine.Open, 1, "write to us here"},
		{"start after stop", []string{"STOP"}, "START", "in: START", engine.Closed, 0, "You will get messages"},
		{"yes after stop", []string{"STOP"}, "yes", "in: yes", engine.Closed, 0, "You will get messages"},
		{"yes is an answer", []string{"hi"}, "yes", "none", engine.Open, 2, ""},
		{"start in a talk", []string{"hi"}, "start", "in: start", engine.Open, 1, "You will get messages"},
		{"a sentence", nil, "please stop it", "none", engine.Open, 1, ""},
		{"writing does not opt in again", []string{"STOP"}, "hello", "out: STOP", engine.Open, 1, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			for _, b := range tt.before {
				w.Write(b)
			}
			c := w.Write(tt.text).Conversation
			equal(t, tt.consent, consent(w))
			c = w.Conversation(c.ID)
			equal(t, tt.state, c.State)
			equal(t, tt.inbox, len(w.Inbox(c.ID)))
			ms := w.Messages(c.ID)
			last := ms[len(ms)-1]
			if tt.reply == "" && last.Author != engine.AuthorConsumer || tt.reply != "" && !strings.Contains(last.Content.Text, tt.reply) {
				t.Errorf("the last message is %s: %s", last.Author, last.Content.Text)
			}
		})
	}
	t.Run("the provider has answered itself", func(t *testing.T) {
		t.Parallel()
		w := world(t)
		m := in("SM1", "STOP")
		m.Keyword = "STOP"
		equal(t, []string{"consumer: STOP"}, w.Lines(w.WriteAs(enginetest.Phone, m).Conversation.ID))
		equal(t, "out: STOP", consent(w))
	})
	t.Run("no law on the web", func(t *testing.T) {
		t.Parallel()
		w := world(t)
		c := w.WriteAs(enginetest.Web, engine.Inbound{From: "v1", Content: engine.Content{Text: "STOP"}}).Conversation
		equal(t, engine.Open, c.State)
		equal(t, 1, len(w.Inbox(c.ID)))
	})
	t.Run("an agent's conversation", func(t *testing.T) {
		t.Parallel()
		w := world(t)
		sam := w.Agent("sam", engine.RoleAgent, "care")
		c := w.Assign(w.Write("hi").Conversation.ID, sam)
		woken := make(chan engine.Signal, 10)
		defer w.Bus.Subscribe(engine.TopicRouting, func(s engine.Signal) { woken <- s })()
		w.Write("STOP")
		c = w.Conversation(c.ID)
		if c.State != engine.Closed || c.Owner != engine.OwnerNone || c.Outcome != "opted_out" || c.ClosedBy != "consumer" {
			t.Errorf("it is %s with %s as %q by %q", c.State, c.Owner, c.Outcome, c.ClosedBy)
		}
		if len(woken) == 0 {
			t.Error("nobody is told that the agent is free")
		}
	})
}

func TestKeywordsOfAChannel(t *testing.T) {
	t.Parallel()
	const long, short = "+14155550100", "72275"
	for _, tt := range []struct {
		name      string
		address   string
		languages []string
		config    map[string]string
		text, by  string // by: what the provider says
		want      string // consent's state, "help", or "" for an ordinary message
		reply     string
	}{
		{"Twilio's word", long, nil, nil, "basta per favore", "STOP", "out", ""},
		{"Twilio's start", long, nil, nil, "join us", "START", "in", ""},
		{"Twilio's help", long, nil, nil, "quoi?", "HELP", "help", ""},
		{"the standard, which Twilio answers", long, nil, nil, "Stop 🛑!", "", "out", ""},
		{"the standard, which we answer", long, nil, map[string]string{"keyword_replies": "gateway"}, "STOP", "", "out", "no more messages"},
		{"ARRET anywhere", long, nil, nil, "arrêt", "", "out", "no more messages"},
		{"AIDE, in English", long, []string{"en"}, nil, "aide", "", "", ""},
		{"AIDE, in French", long, []string{"fr"}, nil, "Aide ?", "", "help", "STOP"},
		{"STOP on a French short code", short, []string{"fr"}, map[string]string{"keyword_replies": "gateway"}, "STOP", "", "out", "no more messages"},
		{"ARRET on an English short code", short, []string{"en"}, nil, "ARRET", "", "out", "START"},
		{"AIDE on an English short code", short, []string{"en"}, nil, "AIDE", "", "help", "STOP"},
		{"German", long, []string{"de-AT"}, nil, "Abmelden.", "", "out", "START"},
		{"German, where it is not spoken", long, []string{"en"}, nil, "Abmelden", "", "", ""},
		{"a language of the channel", long, []string{"en"}, map[string]string{"keyword_languages": "en,es"}, "BAJA", "", "out", "START"},
		{"a word of the channel", long, nil, map[string]string{"stop_words": "No more,Ende"}, "no more!", "", "out", "START"},
		{"a help word of the channel", long, nil, map[string]string{"help_words": "Hilfe"}, "HILFE", "", "help", "STOP"},
		{"Twilio alone", long, nil, map[string]string{"keywords": "provider"}, "CANCEL", "", "", ""},
		{"more words", long, []string{"fr"}, nil, "arrêt de bus", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			_, entry, err := w.Catalog.Channel(t.Context(), enginetest.Phone)
			if err != nil {
				t.Fatal(err)
			}
			entry.Brand.Settings.Languages = tt.languages
			ch := engine.Channel{Brand: enginetest.Brand, ID: enginetest.Phone, Kind: "phone", Bot: "main", Address: tt.address, Config: tt.config}
			taken, err := w.Receiver.Inbound(t.Context(), entry, ch, engine.Inbound{From: enginetest.Address, ProviderID: "SM1", Content: engine.Content{Text: tt.text}, Keyword: tt.by})
			if err != nil {
				t.Fatal(err)
			}
			got, _, _ := strings.Cut(consent(w), ":")
			got = strings.TrimPrefix(got, "none")
			if got == "" && len(w.Inbox(taken.Conversation.ID)) == 0 {
				got = "help"
			}
			equal(t, tt.want, got)
			ms := w.Messages(taken.Conversation.ID)
			last := ms[len(ms)-1]
			if (last.Author == engine.AuthorSystem) != (tt.reply != "") || !strings.Contains(last.Content.Text, tt.reply) {
				t.Errorf("the last message is %s: %q, want %q", last.Author, last.Content.Text, tt.reply)
			}
		})
	}
}
