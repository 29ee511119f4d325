package rest_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/gateway/rest/draw"
)

var update = flag.Bool("update", false, "write the golden files")

// kinds gives one event of every kind, with everything that it can carry.
func kinds() map[string]engine.Event {
	event := func(kind engine.EventKind, actor string, data any) engine.Event {
		raw, err := json.Marshal(data)
		if err != nil {
			panic(err)
		}
		return engine.Event{Seq: 1234, At: time.UnixMilli(1_790_000_000_123), Brand: "acme", Conversation: "c1", Kind: kind, Actor: actor, Data: raw}
	}
	state := engine.ConversationData{
		State: engine.Open, Owner: engine.OwnerAgent, Agent: "u1", AgentName: "Ana", Skill: "care", Rev: 7, Reason: "assigned", Tags: []string{"vip"},
	}
	closed := engine.ConversationData{State: engine.Closed, Owner: engine.OwnerNone, Rev: 8, Outcome: "solved"}
	why := &engine.MatchReasons{
		WaitedMS: 5, Priority: 3, Raised: 2, Chosen: engine.AgentScore{Agent: "u1", Load: 0.5, IdleMS: 9},
		RunnerUp: &engine.AgentScore{Agent: "u2"}, Skipped: map[string]string{"u3": "full"},
	}
	all := map[string]engine.Event{
		"message": event(engine.EventMessage, "agent:u1", engine.MessageData{
			ID: "m1", Seq: 3, Author: engine.AuthorAgent, AuthorID: "u1", AuthorName: "Ana",
			Content: engine.Content{Text: "hi", Choices: []engine.Choice{{ID: "1", Label: "Yes"}}}, State: engine.Queued, ClientID: "client-1",
		}),
		"heard": event(engine.EventMessage, "consumer", engine.MessageData{
			ID: "m3", Seq: 5, Author: engine.AuthorConsumer, Content: engine.Content{Text: "das ist schlecht"}, State: engine.Received,
			Heard: &engine.Heard{Score: -0.6, Tone: engine.ToneNegative, Language: "de"},
			Mood:  &engine.MoodData{Score: -0.5, Tone: engine.ToneNegative, Was: engine.ToneNegative},
		}),
		"heard_nothing": event(engine.EventMessage, "consumer", engine.MessageData{
			ID: "m4", Seq: 6, Author: engine.AuthorConsumer, Content: engine.Content{Text: "hello"}, State: engine.Received,
			Heard: &engine.Heard{}, Mood: &engine.MoodData{Score: -0.2},
		}),
		"heard_language": event(engine.EventMessage, "consumer", engine.MessageData{
			ID: "m5", Seq: 7, Author: engine.AuthorConsumer, Content: engine.Content{Text: "guten Tag"}, State: engine.Received,
			Heard: &engine.Heard{Language: "de"},
		}),
		"mood":         event(engine.EventMood, "consumer", engine.MoodData{Score: -0.5, Tone: engine.ToneNegative, Was: engine.ToneNeutral}),
		"mood_neutral": event(engine.EventMood, "agent:u1", engine.MoodData{Score: 0.1, Was: engine.TonePositive}),
		"faq_feedback": event(engine.EventFeedback, "bot:concierge", engine.FeedbackData{Question: "How late are you?", Helped: false}),
		"loop":         event(engine.EventLoop, "system", engine.LoopData{Kind: "burst", Limit: 30, Text: "more than 30 answers within ten minutes"}),
		"erased":       event(engine.EventErased, "agent:u1", engine.ErasedData{Consumer: "p1", Conversations: 2, Messages: 80}),
		"note": event(engine.EventMessage, "agent:u1", engine.MessageData{
			ID: "m2", Seq: 4, Author: engine.AuthorAgent, AuthorID: "u1", AuthorName: "Ana", Note: true, Content: engine.Content{Text: "odd"}, State: engine.Received,
		}),
		"marked": event(engine.EventMarked, "consumer", engine.MarkData{
			Message: "m1", Content: &engine.Content{Text: "at nine"}, Preview: new("at nine"), Rev: 9,
			MessageMarks: engine.MessageMarks{EditedAt: 1_790_000_000_000, Reactions: []engine.Reaction{{By: engine.AuthorConsumer, Emoji: "👍", At: 5}, {By: engine.AuthorAgent, At: 6}}},
		}),
		"marked_unsent": event(engine.EventMarked, "consumer", engine.MarkData{Message: "m1", MessageMarks: engine.MessageMarks{UnsentAt: 1_790_000_000_000}}),
		"answer": event(engine.EventMessage, "agent", engine.MessageData{
			ID: "m7", Seq: 9, Author: engine.AuthorAgent, Content: engine.Content{Text: "yes"}, State: engine.Sent, Answers: "m1", Elsewhere: true,
		}),
		"status":          event(engine.EventStatus, "system", engine.StatusData{Message: "m1", State: engine.Failed, Failure: "no such number"}),
		"status_again":    event(engine.EventStatus, "agent:u1", engine.StatusData{Message: "m1", State: engine.Queued, Again: true}),
		"undelivered":     event(engine.EventUndelivered, "system", engine.UndeliveredData{Message: "m1", Class: engine.SendBlocked, Code: "30007", Reason: "The carrier filtered the message.", Held: []string{"m2"}}),
		"channel":         event(engine.EventChannel, "system", engine.ChannelData{Channel: "acme.sms", Class: engine.SendAuth, Code: "20003", Reason: "Twilio does not accept the account's credentials.", Since: 1_790_000_000_000}),
		"channel_ok":      event(engine.EventChannel, "system", engine.ChannelData{Channel: "acme.sms", OK: true, Since: 1_790_000_000_000}),
		"consumer_read":   event(engine.EventConsumerRead, "agent:u1", engine.StatusData{Message: "m0", State: engine.Read}),
		"opened":          event(engine.EventOpened, "consumer", engine.ConversationData{State: engine.Open, Owner: engine.OwnerBot, Rev: 1}),
		"owner":           event(engine.EventOwner, "system", state),
		"updated":         event(engine.EventUpdated, "bot:concierge", state),
		"closed":          event(engine.EventClosed, "agent:u1", closed),
		"offered":         event(engine.EventOffered, "system", engine.OfferData{Agent: "u1", AgentName: "Ana", Expires: 1_790_000_030_000, Why: why}),
		"offer_ended":     event(engine.EventOfferEnded, "agent:u1", engine.OfferData{Agent: "u1", AgentName: "Ana", End: "declined"}),
		"presence":        event(engine.EventPresence, "agent:u1", engine.PresenceData{Agent: "u1", Presence: engine.Away, Seen: true}),
		"presence_lapsed": event(engine.EventPresence, "system", engine.PresenceData{Agent: "u1", Presence: engine.Away, Seen: true, Reason: engine.PresenceLapsed}),
		"owner_back": event(engine.EventOwner, "system", engine.ConversationData{
			State: engine.Open, Owner: engine.OwnerQueue, Skill: "care", Rev: 7, Reason: "Ana lost the connection", From: "u1", FromName: "Ana",
		}),
		"notice": event(engine.EventNotice, "system", engine.Notice{
			Agent: "u1", N: 7, Kind: engine.NoticeTaken, Conversation: "c1", Consumer: "Zoe", By: "Sue", ByID: "u2", To: "Sue", At: time.UnixMilli(1_790_000_000_000),
		}),
		"bot_failed":         event(engine.EventBotFailed, "bot:concierge", engine.Fault{Kind: "error", Message: "attempt to index nil", File: "bots/x.lua", Line: 3, Traceback: "in secret.lua"}),
		"bot_log":            event(engine.EventBotLog, "bot:concierge", engine.LogData{Text: "looked up 12345"}),
		"consent_out":        event(engine.EventConsent, "consumer", engine.Consent{Brand: "acme", Channel: "acme.sms", Address: "+4911", OptedOut: true, Source: "STOP"}),
		"consent_in":         event(engine.EventConsent, "consumer", engine.Consent{Brand: "acme", Channel: "acme.sms", Address: "+4911"}),
		"published":          event(engine.EventPublished, "system", engine.PublishData{Version: "abc123"}),
		"unreadable":         {Seq: 1, At: time.UnixMilli(1), Kind: engine.EventMessage, Actor: "system", Data: []byte("{")},
		"without_data":       {Seq: 1, At: time.UnixMilli(1), Kind: engine.EventOwner, Actor: "system"},
		"of_a_later_version": {Seq: 1, At: time.UnixMilli(1), Kind: "later", Actor: "system", Data: []byte(`{"text":"x"}`)},
	}
	for _, kind := range []string{"presence", "presence_lapsed", "published", "channel", "channel_ok"} {
		ev := all[kind]
		ev.Conversation = ""
		all[kind] = ev
	}
	return all
}

// TestEvents draws every kind of event and compares it with its golden file
// and with the contract.
func TestEvents(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	seen := map[engine.EventKind]bool{}
	for name, ev := range kinds() {
		seen[ev.Kind] = true
		got, err := json.MarshalIndent(draw.Event(ev), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, '\n')
		path := filepath.Join("testdata", "event_"+name+".json")
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), string(got)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if ev.Kind == "later" {
			continue
		}
		var v any
		if err := json.Unmarshal(got, &v); err != nil {
			t.Fatal(err)
		}
		c.required(t, name, schema{Ref: "#/components/schemas/Event"}, v)
		for _, secret := range []string{"secret.lua", "+4911"} {
			if bytes.Contains(got, []byte(secret)) {
				t.Errorf("%s tells %s", name, secret)
			}
		}
	}
	for _, kind := range c.Components.Schemas["Event"].Properties["kind"].Enum {
		if !seen[engine.EventKind(kind)] {
			t.Errorf("%s is not tried", kind)
		}
	}
}
