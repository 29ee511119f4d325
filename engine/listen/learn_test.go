package listen_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/listen"
	"parley/engine/understanding/sentiment"
)

// label lets an agent judge enough messages of words that no lexicon has.
func label(t *testing.T, w *enginetest.World, l *listen.Listener) {
	t.Helper()
	for i := range sentiment.Enough {
		for text, tone := range map[string]engine.Tone{
			"the gizmo flumps again on ride %d":  engine.ToneNegative,
			"the gizmo purrs nicely on ride %d":  engine.TonePositive,
			"the gizmo is the blue one, ride %d": engine.ToneNeutral,
		} {
			m := w.WriteAs(enginetest.Web, engine.Inbound{From: fmt.Sprint("v", i), Content: engine.Content{Text: fmt.Sprintf(text, i)}}).Message
			if _, err := l.Judge(t.Context(), enginetest.Brand, m.Conversation, m.ID, tone, sam); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// until reads what is told of trainings, up to one with these words.
func (c learnt) until(t *testing.T, words string) {
	t.Helper()
	for line := range c {
		if strings.Contains(line, words) {
			return
		}
	}
}

const unlike = "my gizmo flumps"

func heard(l *listen.Listener, text string) engine.Heard {
	conv := engine.Conversation{Language: "en"}
	return l.Read(engine.Brand{ID: enginetest.Brand, Settings: engine.BrandSettings{Languages: []string{"en"}}}, said(text)).Hear(&conv)
}

// TestLearning: labels change what is heard, in the background and again after a start.
func TestLearning(t *testing.T) {
	t.Parallel()
	w := world(t)
	l, told, stop := listening(t, w)
	w.Receiver.Listener = l
	if h := heard(l, unlike); h != (engine.Heard{}) {
		t.Fatalf("by lexicon: %+v", h)
	}
	label(t, w, l)
	told.until(t, "brand=acme labels=150 by_lexicon=false")
	if m := w.Write(unlike).Message; m.Heard.Tone != engine.ToneNegative || m.Heard.By != "" {
		t.Errorf("learnt: %+v", m.Heard)
	}
	if h := heard(l, "this is terrible 😡"); h.Tone != engine.ToneNegative {
		t.Errorf("unlike all labels: %+v", h)
	}
	var other engine.Conversation
	if h := l.Read(brand("en"), said(unlike)).Hear(&other); h.Tone != engine.ToneNegative {
		t.Errorf("%+v", h)
	}
	if h := l.Read(engine.Brand{ID: "beta"}, said(unlike)).Hear(&other); h != (engine.Heard{}) {
		t.Errorf("another brand learnt from them: %+v", h)
	}
	stop()

	// A process that starts has what was judged before.
	next, told, _ := listening(t, w)
	told.until(t, "brand=acme labels=150 by_lexicon=false")
	if h := heard(next, unlike); h.Tone != engine.ToneNegative {
		t.Errorf("after a start: %+v", h)
	}
	// And it learns at once what is judged now.
	m := w.Write("STOP IT, the gizmo flumps").Message
	if _, err := next.Judge(t.Context(), enginetest.Brand, m.Conversation, m.ID, engine.ToneNegative, sam); err != nil {
		t.Fatal(err)
	}
	told.until(t, "labels=151")
}

// TestTooFewLabels: the lexicon stays until there are enough of two kinds.
func TestTooFewLabels(t *testing.T) {
	t.Parallel()
	w := world(t)
	l, told, _ := listening(t, w)
	m := w.Write(unlike).Message
	if _, err := l.Judge(t.Context(), enginetest.Brand, m.Conversation, m.ID, engine.ToneNegative, sam); err != nil {
		t.Fatal(err)
	}
	told.until(t, "brand=acme labels=1 by_lexicon=true")
	if h := heard(l, unlike); h != (engine.Heard{}) {
		t.Errorf("%+v", h)
	}
}

// TestLabelsOfAnotherProcess: those are found within half a minute.
func TestLabelsOfAnotherProcess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		w.Clock.Real = true
		l, told, stop := listening(t, w)
		synctest.Wait()
		label(t, w, w.Listener)
		synctest.Wait()
		equal(t, 0, len(told))
		time.Sleep(30 * time.Second)
		told.until(t, "labels=150 by_lexicon=false")
		if h := heard(l, unlike); h.Tone != engine.ToneNegative {
			t.Errorf("%+v", h)
		}
		stop()
	})
}
