package botscripts

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

// The errors of faq.feedback name the argument.
func TestFeedbackArguments(t *testing.T) {
	t.Parallel()
	for call, want := range map[string]string{
		`faq.feedback()`:                                            "hit must be a table, got nil",
		`faq.feedback("Where?", true)`:                              "hit must be a table, got string",
		`faq.feedback({}, true)`:                                    "hit.question must be a string, got nil",
		`faq.feedback({ question = " " }, true)`:                    "hit.question must not be empty",
		`faq.feedback({ question = "Where?" })`:                     "helped must be true or false, got nil",
		`faq.feedback({ question = "Where?" }, "yes")`:              "helped must be true or false, got string",
		`faq.feedback({ question = "When?" }, true)`:                `hit.question is no question of the FAQ: "When?"`,
		`faq.feedback(setmetatable({}, { __index = chat }), false)`: "hit.question must be a string, got nil",
	} {
		d := newDriver(t, map[string]string{
			"bots/main.lua": `local faq = require "faq" return function(chat) ` + call + ` end`, "faq/shop.md": "## Where?\n\nHere.\n",
		})
		effects := d.start("hi")
		if d.fault == nil || !strings.Contains(d.fault.Message, "faq.feedback: "+want) || len(effects) > 0 {
			t.Errorf("%s: %v, %+v", call, lines(effects), d.fault)
		}
	}
}

// What was counted stays counted, and is not counted again, when a later version
// has another FAQ.
func TestFeedbackReplays(t *testing.T) {
	t.Parallel()
	files := script(`local faq = require "faq"
return function(chat)
	faq.feedback(faq.search(chat.opening.text), false)
	chat:ask "What else?"
	chat:ask "And then?"
end`)
	files["faq/shop.md"] = "## Where are you?\n\nHere.\n"
	d := newDriver(t, files)
	d.now = sunday()
	var got []string
	d.watch = func(_ engine.Turn, out engine.Outcome) { got = append(got, lines(out.Effects)...) }
	d.start("where are you?")
	d.say("hm")
	files["faq/shop.md"] = "## Who are you?\n\nMe.\n"
	d.bot = load(t, New(Config{Limits: testLimits()}), files, "main")
	d.say("hm")
	want := []string{`feedback "Where are you?" searched="where are you?" helped=false`, "say What else?", "say And then?"}
	if diff := cmp.Diff(want, got); diff != "" || d.fault != nil {
		t.Errorf("%+v\n%s", d.fault, diff)
	}
}

// The mood is that of the turn that asks first, and stays so.
func TestMoodOfTheConversation(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`local sentiment, language = require "sentiment", require "language"
return function(chat)
	for _ = 1, 3 do
		local mood = sentiment.conversation()
		chat:note(mood.label .. " " .. mood.score .. " " .. tostring(language.detect "hand"))
		chat:ask "And?"
	end
end`))
	var notes []string
	d.watch = func(_ engine.Turn, out engine.Outcome) {
		for _, e := range out.Effects {
			if e.Note != nil {
				notes = append(notes, *e.Note)
			}
		}
	}
	d.conv.Language = "de" // counts as long as nothing was heard
	d.start("hi")
	d.conv.Mood = engine.Mood{Sum: -1.2, Weight: 2, Tone: engine.ToneNegative, Languages: map[string]float64{"en": 4}}
	d.say("so")
	d.conv.Mood.Languages = map[string]float64{"en": 4, "de": 9}
	d.say("so")
	want := []string{"neutral 0 de", "negative -0.6 en", "negative -0.6 de"}
	if diff := cmp.Diff(want, notes); diff != "" || d.fault != nil {
		t.Errorf("%+v\n%s", d.fault, diff)
	}
}
