package webchat

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

func TestFrames(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1_700_000_000_000)
	for _, tt := range []struct {
		name  string
		kind  engine.EventKind
		data  any
		facts facts
		want  string // "" for none
	}{
		{
			"visitor's own message", engine.EventMessage,
			engine.MessageData{ID: "m1", Author: engine.AuthorConsumer, Content: text("hi"), State: engine.Received, ClientID: "c1"}, facts{},
			`{"type":"message","cursor":"e1s","message":{"id":"m1","client_id":"c1","author":"consumer","content":{"text":"hi"},"state":"received","at":1700000000000}}`,
		},
		{
			"agent's message keeps the agent's ids back", engine.EventMessage,
			engine.MessageData{ID: "m2", Author: engine.AuthorAgent, AuthorID: "u1", AuthorName: "Ana", Content: text("yes"), State: engine.Queued, ClientID: "secret"}, facts{},
			`{"type":"message","cursor":"e1s","message":{"id":"m2","author":"agent","author_name":"Ana","content":{"text":"yes"},"state":"queued","at":1700000000000}}`,
		},
		{"note", engine.EventMessage, engine.MessageData{ID: "m3", Author: engine.AuthorAgent, Note: true, Content: text("rude")}, facts{}, ""},
		{"bot's note", engine.EventMessage, engine.MessageData{ID: "m4", Author: engine.AuthorBot, Note: true, Content: text("x")}, facts{}, ""},
		{"state", engine.EventStatus, engine.StatusData{Message: "m2", State: engine.Failed, Failure: "inner words"}, facts{}, `{"type":"state","cursor":"e1s","message":"m2","state":"failed"}`},
		{"read by an agent", engine.EventConsumerRead, engine.StatusData{Message: "m1", State: engine.Read}, facts{}, `{"type":"state","cursor":"e1s","message":"m1","state":"read"}`},
		{"opened", engine.EventOpened, engine.ConversationData{State: engine.Open, Owner: engine.OwnerBot}, facts{}, `{"type":"status","cursor":"e1s","status":{"open":true,"owner":"bot"}}`},
		{"queued", engine.EventOwner, engine.ConversationData{State: engine.Open, Owner: engine.OwnerQueue, Skill: "care", Reason: "angry"}, facts{position: 3}, `{"type":"status","cursor":"e1s","status":{"open":true,"owner":"queue","position":3}}`},
		{"assigned", engine.EventOwner, engine.ConversationData{State: engine.Open, Owner: engine.OwnerAgent, Agent: "u1"}, facts{agentName: "Ana", position: 9}, `{"type":"status","cursor":"e1s","status":{"open":true,"owner":"agent","agent_name":"Ana"}}`},
		{"closed", engine.EventClosed, engine.ConversationData{State: engine.Closed, Owner: engine.OwnerAgent, Outcome: "fraud"}, facts{agentName: "Ana"}, `{"type":"status","cursor":"e1s","status":{"open":false,"owner":"none"}}`},
		{"tags", engine.EventUpdated, engine.ConversationData{State: engine.Open, Owner: engine.OwnerBot, Tags: []string{"vip"}}, facts{}, ""},
		{"offer", engine.EventOffered, engine.OfferData{Agent: "u1"}, facts{}, ""},
		{"end of an offer", engine.EventOfferEnded, engine.OfferData{Agent: "u1"}, facts{}, ""},
		{"bot failed", engine.EventBotFailed, engine.Fault{Message: "x"}, facts{}, ""},
		{"bot log", engine.EventBotLog, engine.LogData{Text: "x"}, facts{}, ""},
		{"consent", engine.EventConsent, engine.Consent{}, facts{}, ""},
		{"presence", engine.EventPresence, engine.PresenceData{}, facts{}, ""},
		{"published", engine.EventPublished, engine.PublishData{}, facts{}, ""},
		{"from the future", "new_kind", engine.MessageData{ID: "m1"}, facts{}, ""},
		{"unreadable", engine.EventMessage, "odd", facts{}, ""},
		{"unreadable state", engine.EventStatus, "odd", facts{}, ""},
		{"unreadable change", engine.EventOwner, "odd", facts{}, ""},
	} {
		data, err := json.Marshal(tt.data)
		if err != nil {
			t.Fatal(err)
		}
		frame, ok := frameOf(engine.Event{Seq: 64, At: at, Kind: tt.kind, Data: data}, tt.facts)
		got := ""
		if ok {
			raw, err := json.Marshal(frame)
			if err != nil {
				t.Fatal(err)
			}
			got = string(raw)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func TestTypingFrames(t *testing.T) {
	t.Parallel()
	ref := engine.ConversationRef{Brand: "acme", ID: "c1"}
	for author, want := range map[engine.Author]bool{
		engine.AuthorBot: true, engine.AuthorAgent: true, engine.AuthorConsumer: false, engine.AuthorSystem: false,
	} {
		got, ok := typingOf(engine.Typing(ref, author, "u1", "Ana", true))
		if ok != want {
			t.Errorf("%s: %t", author, ok)
		}
		if ok {
			if diff := cmp.Diff(frame{Type: "typing", Author: author, Name: "Ana", On: new(true)}, got); diff != "" {
				t.Error(diff)
			}
		}
	}
	if _, ok := typingOf(engine.Signal{Data: []byte("odd")}); ok {
		t.Error("an unreadable remark is shown")
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" hi ": "hi", "a\r\nb\tc": "a\nb\tc", "a\x00b\x1b[31m\x7f\u0085": "ab[31m", "\u0000\n ": "", "👩‍👩‍👧": "👩‍👩‍👧", "a\rb": "ab",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzClientFrame(f *testing.F) {
	for _, s := range []string{
		`{"type":"hello","token":"a.b.c","after":"e1"}`, `{"type":"typing","on":true}`, `{"type":"receipt","delivered":["a"],"read":["b"]}`,
		`{}`, `[]`, `null`, `{"type":1}`, `{"type":"x"`, "\xff",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		frame, err := parseClientFrame(data)
		if err != nil {
			if engine.CodeOf(err) != engine.Invalid {
				t.Fatalf("%v", err)
			}
			return
		}
		if frame.Type == "" || len(frame.Delivered)+len(frame.Read) > maxReceipts {
			t.Fatalf("accepted %+v", frame)
		}
	})
}

func FuzzSaid(f *testing.F) {
	for _, s := range []string{
		`{"client_id":"12345678","text":"hi"}`, `{"client_id":"12345678","choice":{"id":"a","label":"A"}}`,
		`{"client_id":"12345678","text":"\u0000\ud800"}`, `{"text":"x"}`, `{"client_id":"12345678","text":"x"} {}`, `{"x":1}`,
	} {
		f.Add([]byte(s))
	}
	who := visitor{address: newVisitor().address}
	f.Fuzz(func(t *testing.T, data []byte) {
		var body said
		err := parse(data, &body)
		if err == nil {
			var in engine.Inbound
			if in, err = body.inbound(who); err == nil {
				n := utf8.RuneCountInString(in.Content.Text)
				if n == 0 || n > maxText || !utf8.ValidString(in.Content.Text) || strings.ContainsAny(in.Content.Text, "\x00\x1b\r") {
					t.Fatalf("accepted %q", in.Content.Text)
				}
				if in.From != who.address || in.ProviderID != who.address+":"+in.ClientID || len(in.ProviderID) > 200 {
					t.Fatalf("accepted %+v", in)
				}
				return
			}
		}
		if engine.CodeOf(err) != engine.Invalid {
			t.Fatalf("%v", err)
		}
	})
}
