package receive_test

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/enginetest"
)

// told is what the log says of a conversation's messages and moods, oldest first.
func told(w *enginetest.World, id string) (out []string) {
	w.T.Helper()
	for _, e := range w.Events(id, engine.EventMessage, engine.EventMood) {
		var d struct {
			Content engine.Content
			Heard   *engine.Heard
			Mood    *engine.MoodData
			Tone    engine.Tone
			Was     engine.Tone
		}
		if err := json.Unmarshal(e.Data, &d); err != nil {
			w.T.Fatal(err)
		}
		if e.Kind == engine.EventMood {
			out = append(out, "mood: "+string(d.Was)+" to "+string(d.Tone)+" by "+e.Actor)
			continue
		}
		line := d.Content.Text
		if d.Heard != nil {
			line += ", heard " + d.Heard.Language + string(d.Heard.Tone)
		}
		if d.Mood != nil {
			line += ", mood " + string(d.Mood.Tone)
		}
		out = append(out, line)
	}
	return out
}

// TestHearing: what was heard is in the message, the conversation and the log, and a
// change of the band is told once.
func TestHearing(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("where is my order").Conversation.ID
	equal(t, engine.Mood{}, w.Conversation(id).Mood)
	taken := w.Write("this is terrible")
	if h := taken.Message.Heard; h.Tone != engine.ToneNegative || h.Score >= 0 || h.Language != "" || h.By != "" {
		t.Errorf("heard %+v", h)
	}
	equal(t, taken.Message, w.Message(taken.Message.ID))
	mood := w.Conversation(id).Mood
	if mood.Tone != engine.ToneNegative || mood.Score() != taken.Message.Heard.Score || mood.Languages != nil {
		t.Errorf("the mood is %+v", mood)
	}
	w.Write("I am furious")
	w.Write("HELP")
	for _, text := range []string{"thank you so much", "great, perfect, I love it", "wonderful, thanks", "you are great"} {
		w.Write(text)
	}
	equal(t, []string{
		"where is my order",
		"this is terrible, heard negative, mood negative", "mood: neutral to negative by system",
		"I am furious, heard negative, mood negative",
		"HELP, mood negative", "Acme: ", // and the answer to HELP
		"thank you so much, heard positive, mood negative",
		"great, perfect, I love it, heard positive, mood neutral", "mood: negative to neutral by system",
		"wonderful, thanks, heard positive, mood neutral",
		"you are great, heard positive, mood positive", "mood: neutral to positive by system",
	}, shortened(told(w, id)))
}

// shortened cuts the gateway's own sentences, which are tested elsewhere.
func shortened(lines []string) []string {
	for i, line := range lines {
		if len(line) > 6 && line[:6] == "Acme: " {
			lines[i] = "Acme: "
		}
	}
	return lines
}

func TestHearsLanguages(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Configure(func(s *engine.BrandSettings) { s.Languages = []string{"en", "de", "nl"} })
	taken := w.Write("wo ist denn meine Bestellung, das ist furchtbar")
	equal(t, "de", taken.Message.Heard.Language)
	equal(t, engine.ToneNegative, taken.Message.Heard.Tone)
	equal(t, "de", w.Write("hallo").Message.Heard.Language) // Dutch, but for what came before
	equal(t, "", w.Write("👍").Message.Heard.Language)
	equal(t, map[string]float64{"de": 2}, w.Conversation(taken.Conversation.ID).Mood.Languages)

	// A language that is known of the consumer counts as one message.
	dutch := w.WriteAs(enginetest.Web, engine.Inbound{From: "v1", Language: "nl-BE", Content: engine.Content{Text: "hallo"}})
	equal(t, "nl", dutch.Message.Heard.Language)
	equal(t, map[string]float64{"nl": 2}, w.Conversation(dutch.Conversation.ID).Mood.Languages)
}

// TestHearsNothing: messages that are not the consumer's own words, or that nobody wants read.
func TestHearsNothing(t *testing.T) {
	t.Parallel()
	choices := func(w *enginetest.World, id string) {
		w.Update(func(tx engine.Tx) error {
			c, err := tx.Conversations().Get(enginetest.Brand, id)
			if err != nil {
				return err
			}
			c.Pending = &engine.PendingChoices{Choices: []engine.Choice{{ID: "bad", Label: "It was terrible"}}, Until: w.Clock.Now().AddDate(1, 0, 0)}
			return tx.Conversations().Save(&c)
		})
	}
	for name, tt := range map[string]struct {
		in     engine.Inbound
		off    bool
		offers bool
	}{
		"a keyword":        {in: in("SM1", "Stop!")},
		"no text":          {in: engine.Inbound{From: enginetest.Address, Content: engine.Content{Media: []engine.Media{{Kind: "image", URL: "https://x.example/terrible"}}}}},
		"a pressed button": {in: engine.Inbound{From: enginetest.Address, Payload: "bad", Content: engine.Content{Text: "It was terrible"}}},
		"a typed choice":   {in: in("SM1", "it was terrible"), offers: true},
		"off":              {in: in("SM1", "this is terrible, I am furious"), off: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			w.Configure(func(s *engine.BrandSettings) { s.Sentiment.Off = tt.off })
			id := w.Write("hi").Conversation.ID
			if tt.offers {
				choices(w, id)
			}
			m := w.WriteAs(enginetest.Phone, tt.in).Message
			equal(t, engine.Heard{}, m.Heard)
			equal(t, engine.Mood{}, w.Conversation(id).Mood)
			equal(t, 0, len(w.Events(id, engine.EventMood)))
		})
	}
}

// TestDuplicatesAreHeardOnce: a repeated message counts once, from the provider and from the writer.
func TestDuplicatesAreHeardOnce(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Configure(func(s *engine.BrandSettings) { s.Languages = []string{"en", "de"} })
	for channel, msg := range map[string]engine.Inbound{
		enginetest.Phone: in("SM1", "this is terrible"),
		enginetest.Web:   {From: "v1", ClientID: "mine", Content: engine.Content{Text: "this is terrible"}},
	} {
		first := w.WriteAs(channel, msg)
		cursor := w.Cursor()
		again := w.WriteAs(channel, msg)
		if !again.Duplicate || w.Cursor() != cursor {
			t.Errorf("%s: %+v", channel, again)
		}
		equal(t, first.Conversation.Mood, again.Conversation.Mood)
		equal(t, map[string]float64{"en": 1}, again.Conversation.Mood.Languages)
	}
}

// TestRaisedWhileItWaits: a mood that turns negative in the queue raises the
// conversation once, as far as the brand wants and not beyond the first.
func TestRaisedWhileItWaits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ setting, base, priority, raised int }{
		{0, 5, 5, 0}, {2, 5, 3, 2}, {9, 5, 1, 4}, {3, 1, 1, 0},
	} {
		w := world(t)
		w.Configure(func(s *engine.BrandSettings) { s.Sentiment.Priority = tt.setting })
		id := w.Write("hello there").Conversation.ID
		w.Enqueue(id, tt.base)
		var mu sync.Mutex
		woken := 0
		cancel := w.Bus.Subscribe(engine.TopicRouting, func(s engine.Signal) {
			mu.Lock()
			defer mu.Unlock()
			woken++
		})
		for i, text := range []string{"ok", "this is terrible", "thank you so much", "great, perfect, I love it", "wonderful", "terrible again, I am furious"} {
			w.Write(text)
			e, _ := w.Queued(id)
			want := [2]int{tt.priority, tt.raised}
			if i == 0 {
				want = [2]int{tt.base, 0}
			}
			if diff := cmp.Diff(want, [2]int{e.Priority, e.Raised}); diff != "" || w.Conversation(id).Priority != e.Priority {
				t.Errorf("%+v after %q:\n%s", tt, text, diff)
			}
		}
		cancel()
		mu.Lock()
		if (woken == 1) != (tt.raised > 0) {
			t.Errorf("%+v: routing was woken %d times", tt, woken)
		}
		mu.Unlock()
	}
}
