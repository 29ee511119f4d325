package botscripts

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

// tell runs a bot on one message and gives what it noted.
func tell(t *testing.T, script, message string) []string {
	t.Helper()
	d := newDriver(t, map[string]string{"bots/main.lua": script})
	var notes []string
	d.watch = func(_ engine.Turn, out engine.Outcome) {
		for _, e := range out.Effects {
			if e.Note != nil {
				notes = append(notes, *e.Note)
			}
		}
	}
	d.start(message)
	if d.fault != nil {
		notes = append(notes, d.fault.Message)
	}
	return notes
}

func TestSlots(t *testing.T) {
	t.Parallel()
	got := tell(t, `local slots, json = require "slots", require "json"
return function(chat)
	local function note(v) chat:note(json.encode(v)) end
	note(slots.date "on 24 December")
	note(slots.time "at half past five in the afternoon")
	note(slots.number "about forty-two")
	note(slots.money "12.50 euros")
	note(slots.phone("0421 123456", { region = "DE" }))
	note(slots.email "write to Kim@Acme.example, please")
	note(tostring(slots.yes_no "of course"))
	note(tostring(slots.yes_no "nope"))
	note(tostring(slots.date "no idea"))
	for _, s in ipairs(slots.find("AC-12345 came on Monday for 30 euros", { patterns = { order = "AC-#####" }, kinds = { "reference", "money" } })) do
		note({ s.kind, s.value, s.name or "", s.text })
	end
	note(pcall(slots.find, "x", { kinds = { "mony" } }) or "refused")
	note(select(2, pcall(slots.find, "x", { kinds = { "mony" } })))
	note(select(2, pcall(slots.find, "x", { patterns = { order = "x" } })))
	note(select(2, pcall(slots.date, "x", { kinds = {} })))
end`, "hi")
	want := []string{
		`"2026-12-24"`, `"17:30"`, `42`, `{"amount":12.5,"currency":"EUR"}`, `"+49421123456"`, `"kim@acme.example"`, `"true"`, `"false"`, `"nil"`,
		`["reference","AC-12345","order","AC-12345"]`, `["money","30.00 EUR","","30 euros"]`, `"refused"`,
		`"slots.find: there is no kind \"mony\"; did you mean \"money\"?"`,
		`"slots.find: patterns: A shape needs at least one of #, @ and *."`,
		`"slots.date: options has no field \"kinds\" (it has: language, region, currency, past)"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The brand's patterns are looked for without being told; those of a call add to
// them. What was found stays found when the brand changes them.
func TestSlotsOfTheBrand(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`local slots = require "slots"
return function(chat)
	local function note(text, options)
		local all = {}
		for _, s in ipairs(slots.find(text, options)) do all[#all + 1] = (s.name or s.kind) .. " " .. s.value end
		chat:note(table.concat(all, ", "))
	end
	note "AC-12345 came on Monday"
	note("AC-12345 came on Monday", { kinds = { "date" } })
	note("AC-12345 and P-12", { kinds = { "reference" }, patterns = { part = "P-##" } })
	note("AC-12345 and P-12", { patterns = { order = "P-##" }, kinds = { "reference" } })
	chat:ask "and?"
	note("t123456", { kinds = { "reference" } })
end`))
	d.brand.Settings.Patterns = []engine.Pattern{{Name: "order", Shape: "AC-#####"}}
	var notes []string
	d.watch = func(_ engine.Turn, out engine.Outcome) {
		for _, e := range out.Effects {
			if e.Note != nil {
				notes = append(notes, *e.Note)
			}
		}
	}
	d.start("hi")
	d.brand.Settings.Patterns = []engine.Pattern{{Name: "ticket", Regexp: "T[0-9]{6}"}}
	d.say("ok")
	want := []string{"order AC-12345, date 2026-11-23", "date 2026-11-23", "order AC-12345, part P-12", "order P-12", "ticket T123456"}
	if diff := cmp.Diff(want, notes); diff != "" || d.fault != nil {
		t.Errorf("%+v\n%s", d.fault, diff)
	}
}

// A journal keeps what was found, and "tomorrow" does not move when a session is
// replayed a day later.
func TestSlotsReplay(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`local slots = require "slots"
return function(chat)
	local day = slots.date "tomorrow"
	chat:ask "and?"
	chat:note(day)
end`))
	var note string
	d.watch = func(_ engine.Turn, out engine.Outcome) {
		for _, e := range out.Effects {
			if e.Note != nil {
				note = *e.Note
			}
		}
	}
	d.start("hi")
	d.now = d.now.AddDate(0, 0, 3)
	d.say("ok")
	if want := sunday().AddDate(0, 0, 1).Format("2006-01-02"); note != want || d.fault != nil {
		t.Errorf("noted %q, want %q; %+v", note, want, d.fault)
	}
}

func TestSentimentAndLanguage(t *testing.T) {
	t.Parallel()
	got := tell(t, `local sentiment, language = require "sentiment", require "language"
return function(chat)
	for _, text in ipairs { "This is terrible, I am very angry!", "Thank you, that was great", "My number is 5" } do
		local s = sentiment.score(text)
		chat:note(s.label .. (s.score < 0 and " below" or s.score > 0 and " above" or " zero"))
	end
	chat:note(tostring(language.detect "Wo ist meine Bestellung? Ich warte schon lange."))
	chat:note(tostring(language.detect "Where is my order? I have been waiting for days."))
	chat:note(tostring(language.detect "12345"))
end`, "hi")
	if diff := cmp.Diff([]string{"negative below", "positive above", "neutral zero", "de", "en", "nil"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnderstandingOfHugeTexts(t *testing.T) {
	t.Parallel()
	got := tell(t, `local slots, sentiment, language, faq = require "slots", require "sentiment", require "language", require "faq"
return function(chat)
	local huge = ("ä5 "):rep(100000)
	slots.find(huge) sentiment.score(huge) language.detect(huge) faq.search(huge)
	chat:note "survived"
end`, strings.Repeat("ä", 10))
	if diff := cmp.Diff([]string{"survived"}, got); diff != "" {
		t.Error(diff)
	}
}
