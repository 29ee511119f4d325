package listen_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"parley/engine"
	"parley/engine/enginetest"
)

const sam = "agent:sam"

func TestJudge(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Configure(func(s *engine.BrandSettings) { s.Languages = []string{"en", "de"} })
	first := w.Write("this is a terrible bike and I am furious")
	id := first.Conversation.ID
	w.Write("where is the shop please")
	before := w.Conversation(id)
	if before.Mood.Tone != engine.ToneNegative {
		t.Fatalf("it sounds %+v", before.Mood)
	}
	m, err := w.Listener.Judge(t.Context(), enginetest.Brand, id, first.Message.ID, engine.TonePositive, sam)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, engine.Heard{Score: 1, Tone: engine.TonePositive, Language: "en", By: sam}, m.Heard)
	equal(t, m, w.Message(m.ID))
	after := w.Conversation(id)
	if after.Mood.Tone != engine.TonePositive || after.Rev != before.Rev+1 {
		t.Errorf("it sounds %+v at %d after %d", after.Mood, after.Rev, before.Rev)
	}
	equal(t, before.Mood.Languages, after.Mood.Languages)
	equal(t, []string{"neutral negative by system", "negative positive by " + sam}, moods(w, id))

	// Neutral leaves the score 0, and the second time nothing changes.
	for range 2 {
		m, err = w.Listener.Judge(t.Context(), enginetest.Brand, id, first.Message.ID, engine.ToneNeutral, sam)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, engine.Heard{Language: "en", By: sam}, m.Heard)
		equal(t, after.Rev+1, w.Conversation(id).Rev)
	}
	equal(t, engine.Mood{Languages: before.Mood.Languages}, w.Conversation(id).Mood)
	judged := enginetest.Read(w, func(tx engine.Tx) ([]engine.Message, error) { return tx.Tones().Judged(enginetest.Brand, 10) })
	equal(t, []engine.Message{m}, judged)
}

// TestJudgeCountsAgain: the mood after a judgement is the one that counting every message gives.
func TestJudgeCountsAgain(t *testing.T) {
	t.Parallel()
	w := world(t)
	var last engine.Message
	id := ""
	for _, text := range []string{"hello", "this is terrible", "HELP", "ok", "I am furious", "thanks, that is great", "bye"} {
		taken := w.Write(text)
		id = taken.Conversation.ID
		if text != "HELP" {
			last = taken.Message
		}
	}
	before := w.Conversation(id).Mood
	if _, err := w.Listener.Judge(t.Context(), enginetest.Brand, id, last.ID, engine.ToneNeutral, sam); err != nil {
		t.Fatal(err)
	}
	equal(t, before, w.Conversation(id).Mood)
}

func TestJudgeRefuses(t *testing.T) {
	t.Parallel()
	w := world(t)
	m := w.Write("this is terrible").Message
	other := w.WriteAs(enginetest.Web, engine.Inbound{From: "v1", Content: engine.Content{Text: "hi"}}).Message
	bot := w.Queue(m.Conversation, "Hello")[0]
	w.Update(func(tx engine.Tx) error { return tx.Brands().Save(engine.Brand{ID: "beta"}) })
	cursor := w.Cursor()
	for name, tt := range map[string]struct {
		brand, conversation, message string
		tone                         engine.Tone
		want                         engine.Code
	}{
		"no tone":              {enginetest.Brand, m.Conversation, m.ID, "", engine.Invalid},
		"unknown tone":         {enginetest.Brand, m.Conversation, m.ID, "angry", engine.Invalid},
		"a bot's":              {enginetest.Brand, m.Conversation, bot.ID, engine.ToneNegative, engine.NotFound},
		"another conversation": {enginetest.Brand, m.Conversation, other.ID, engine.ToneNegative, engine.NotFound},
		"no conversation":      {enginetest.Brand, "none", m.ID, engine.ToneNegative, engine.NotFound},
		"no message":           {enginetest.Brand, m.Conversation, "none", engine.ToneNegative, engine.NotFound},
		"another brand":        {"beta", m.Conversation, m.ID, engine.ToneNegative, engine.NotFound},
		"no brand":             {"gamma", m.Conversation, m.ID, engine.ToneNegative, engine.NotFound},
	} {
		_, err := w.Listener.Judge(t.Context(), tt.brand, tt.conversation, tt.message, tt.tone, sam)
		var e *engine.Error
		if !errors.As(err, &e) || e.Code != tt.want || (e.Field == "tone") != (tt.want == engine.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	equal(t, m.Heard, w.Message(m.ID).Heard)
	equal(t, cursor, w.Cursor())
}

// TestJudgedWhileItWaits: what agents say raises a waiting conversation, once.
func TestJudgedWhileItWaits(t *testing.T) {
	t.Parallel()
	w := world(t)
	first, second := w.Write("so the bike is blue").Message, w.Write("and the seat is red").Message
	id := first.Conversation
	w.Enqueue(id, 0)
	var mu sync.Mutex
	woken := 0
	defer w.Bus.Subscribe(engine.TopicRouting, func(s engine.Signal) {
		mu.Lock()
		defer mu.Unlock()
		if s.Key == enginetest.Brand {
			woken++
		}
	})()
	for _, tone := range []engine.Tone{engine.ToneNegative, engine.TonePositive, engine.ToneNegative} {
		for _, m := range []string{first.ID, second.ID} {
			if _, err := w.Listener.Judge(t.Context(), enginetest.Brand, id, m, tone, sam); err != nil {
				t.Fatal(err)
			}
		}
		e, _ := w.Queued(id)
		if e.Priority != 3 || e.Raised != 2 || w.Conversation(id).Priority != 3 {
			t.Errorf("%s: %+v", tone, e)
		}
	}
	equal(t, []string{"neutral negative by " + sam, "negative positive by " + sam, "positive negative by " + sam}, squeeze(moods(w, id)))
	mu.Lock()
	defer mu.Unlock()
	equal(t, 1, woken)
}

// squeeze leaves out the steps over neutral between two bands.
func squeeze(list []string) (out []string) {
	for i := 0; i < len(list); i++ {
		if i+1 < len(list) && strings.Contains(list[i], " neutral by ") {
			from, _, _ := strings.Cut(list[i], " ")
			_, to, _ := strings.Cut(list[i+1], " ")
			out = append(out, from+" "+to)
			i++
			continue
		}
		out = append(out, list[i])
	}
	return out
}

// TestJudgeWhenOff: labels are kept, and nobody's mood changes.
func TestJudgeWhenOff(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Configure(func(s *engine.BrandSettings) { s.Sentiment.Off = true })
	m := w.Write("this is terrible").Message
	equal(t, engine.Heard{}, m.Heard)
	if _, err := w.Listener.Judge(t.Context(), enginetest.Brand, m.Conversation, m.ID, engine.ToneNegative, sam); err != nil {
		t.Fatal(err)
	}
	equal(t, engine.ToneNegative, w.Message(m.ID).Heard.Tone)
	equal(t, engine.Mood{}, w.Conversation(m.Conversation).Mood)
	equal(t, 0, len(moods(w, m.Conversation)))
}
