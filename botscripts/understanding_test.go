package botscripts

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/faq"
	"parley/botscripts/intents"
	"parley/botscripts/kernel"
	"parley/engine"
	"parley/engine/understanding/nlu"
)

const someFAQ = `## What does delivery cost?

- How much is shipping?

Five euros.

## What does delivery cost?
Channels: sms

5 EUR

## What does delivery cost?
Language: de

- Was kostet der Versand?
- Wie hoch sind die Versandkosten?

Fünf Euro.

## Wo ist euer Laden?
Language: de

In Bremen.

## Where is your shop?
Language: en

In Bremen, at the river.
`

// noted is what a bot notes in a turn.
func noted(out engine.Outcome) (notes []string) {
	for _, e := range out.Effects {
		if e.Note != nil {
			notes = append(notes, *e.Note)
		}
	}
	return notes
}

// The FAQ answers in the conversation's language and for its channel, whatever
// language it was asked in.
func TestFAQByLanguageAndChannel(t *testing.T) {
	t.Parallel()
	files := script(`local faq = require "faq"
return function(chat)
	local hit = faq.search(chat.opening.text)
	chat:note(hit and hit.answer or "nothing")
end`)
	files["faq/shop.md"] = someFAQ
	for _, tt := range []struct{ language, channel, text, want string }{
		{"en", "acme.web", "what does delivery cost", "Five euros."},
		{"en", "acme.sms", "what does delivery cost", "5 EUR"},
		{"de", "acme.web", "was kostet der versand", "Fünf Euro."},
		{"de-AT", "acme.sms", "wie hoch sind die versandkosten", "Fünf Euro."},
		{"fr", "acme.web", "what does delivery cost", "Five euros."},
		{"", "acme.web", "was kostet der versand", "Five euros."}, // the brand's first language
		{"de", "acme.web", "wo ist euer laden", "In Bremen."},
		{"en", "acme.web", "where is your shop", "In Bremen, at the river."},
		{"en", "acme.web", "wo ist euer laden", "In Bremen."}, // better than nothing
		{"en", "acme.web", "who wrote Macbeth", "nothing"},
	} {
		d := newDriver(t, files)
		d.conv.Language, d.conv.Channel = tt.language, tt.channel
		var notes []string
		d.watch = func(_ engine.Turn, out engine.Outcome) { notes = append(notes, noted(out)...) }
		d.start(tt.text)
		if diff := cmp.Diff([]string{tt.want}, notes); diff != "" || d.fault != nil {
			t.Errorf("%q in %q on %s: %+v\n%s", tt.text, tt.language, tt.channel, d.fault, diff)
		}
	}
}

// The journal holds what the FAQ answered, so that a version with other answers
// replays a session as it was.
func TestFAQReplays(t *testing.T) {
	t.Parallel()
	files := script(`local faq = require "faq"
return function(chat)
	local first = faq.search(chat.opening.text).answer
	local second = faq.search(chat:ask("What else?").text).answer
	chat:note(first .. " " .. second)
end`)
	files["faq/shop.md"] = someFAQ
	d := newDriver(t, files)
	var notes []string
	d.watch = func(_ engine.Turn, out engine.Outcome) { notes = append(notes, noted(out)...) }
	d.start("what does delivery cost")
	files["faq/shop.md"] = strings.ReplaceAll(someFAQ, "Five euros.", "Six euros.")
	d.bot = load(t, New(Config{Limits: testLimits()}), files, "main")
	d.say("what does delivery cost")
	if diff := cmp.Diff([]string{"Five euros. Six euros."}, notes); diff != "" || d.fault != nil {
		t.Errorf("%+v\n%s", d.fault, diff)
	}
}

// bundleWith has intents and a FAQ.
func bundleWith(hash, bot string) engine.Bundle {
	files := withIntents(bot)
	files["faq/shop.md"] = someFAQ
	return engine.Bundle{Hash: hash, Files: files}
}

func compiledOf(t *testing.T, rt *Runtime, b engine.Bundle) *kernel.Bundle {
	t.Helper()
	got, err := rt.compiled(b.Hash, func() (engine.Bundle, error) { return b, nil })
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Versions that differ in their bots alone share what they understand with, also
// when they are compiled at the same time.
func TestUnderstandingIsShared(t *testing.T) {
	t.Parallel()
	rt := New(Config{})
	versions := []string{"a", "b", "c", "d"}
	var wait sync.WaitGroup
	for _, v := range versions {
		wait.Go(func() {
			if err := rt.Warm(bundleWith(v, "return function(chat) chat:say '"+v+"' end")); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	first := compiledOf(t, rt, bundleWith("a", ""))
	for _, v := range versions[1:] {
		b := compiledOf(t, rt, bundleWith(v, ""))
		if b.Intents != first.Intents || b.FAQ != first.FAQ {
			t.Errorf("version %s has trained for itself", v)
		}
	}
	other := bundleWith("e", classifyBot)
	other.Files["faq/shop.md"] += "\nAnd free above 50.\n"
	if b := compiledOf(t, rt, other); b.FAQ == first.FAQ || b.Intents != first.Intents {
		t.Error("another answer in the FAQ must index it again, and train no intents")
	}
}

// While a version trains, the one before it answers; who asks for the new one waits.
func TestOldVersionAnswersWhileTheNewOneTrains(t *testing.T) {
	t.Parallel()
	rt := New(Config{Limits: testLimits()})
	d := driverFor(t, load(t, rt, withIntents(classifyBot), "main"))
	next := bundleWith("next", classifyBot)
	next.Files["intents.yaml"] += "  - Refund, now\n"
	hash := intents.ModelHash(next.Files)
	training, finish, trained := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	model, err := nlu.Train(t.Context(), intents.Examples(next.Files), intents.Training())
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	wait.Go(func() {
		_, _ = rt.models.get(hash, func() (*nlu.Model, error) {
			close(training)
			<-finish
			return model, nil
		})
	})
	<-training
	wait.Go(func() { trained <- rt.Warm(next) })
	d.start("where is my parcel")
	d.say("can i get a refund")
	if d.fault != nil {
		t.Errorf("the old version: %+v", d.fault)
	}
	select {
	case err := <-trained:
		t.Errorf("the new version did not wait for its training: %v", err)
	default:
	}
	close(finish)
	wait.Wait()
	if err := <-trained; err != nil {
		t.Fatal(err)
	}
	if compiledOf(t, rt, next).Intents != model {
		t.Error("the new version has another model than the one that was trained")
	}
}

// Two processes give the same answers: they train the same bytes.
func TestTrainingTwiceGivesTheSame(t *testing.T) {
	t.Parallel()
	b := bundleWith("x", classifyBot)
	one, two := compiledOf(t, New(Config{}), b), compiledOf(t, New(Config{}), b)
	if one.Intents == two.Intents || !bytes.Equal(one.Intents.Encode(), two.Intents.Encode()) {
		t.Error("two trainings gave two models")
	}
	if one.Intents.Hash() != intents.ModelHash(b.Files) {
		t.Error("the model's hash is not that of its examples")
	}
	for _, text := range []string{"what does delivery cost", "delivery", "shop", "wo ist der laden", "weather"} {
		if diff := cmp.Diff(one.FAQ.Search(text, faq.Place{}, 3), two.FAQ.Search(text, faq.Place{}, 3)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}
