package botscripts

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// said runs expressions in a bot and gives what each is, one a message.
func said(t *testing.T, d *driver) []string {
	t.Helper()
	var out []string
	for _, e := range d.start("hi") {
		if e.Say != nil {
			out = append(out, e.Say.Text)
		}
	}
	if d.fault != nil {
		t.Fatalf("fault: %+v", d.fault)
	}
	return unplaced(out)
}

// expressions makes a bot that says each expression, or its error.
func expressions(modules string, list []string) string {
	var b strings.Builder
	for _, name := range strings.Fields(modules) {
		b.WriteString("local " + name + " = require '" + name + "'\n")
	}
	b.WriteString("return function(chat)\nlocal function try(f)\nlocal ok, a, b = pcall(f)\nlocal s = type(a) == 'table' and table.concat(a, '|') or tostring(a)\nchat:say('[' .. s .. (b ~= nil and ' ' .. tostring(b) or '') .. ']')\nend\n")
	for _, e := range list {
		b.WriteString("try(function() return " + e + " end)\n")
	}
	b.WriteString("end")
	return b.String()
}

// table runs pairs of an expression and what it gives, 20 a bot.
func table(t *testing.T, modules string, more map[string]string, prepare func(*driver), cases ...string) {
	t.Helper()
	for len(cases) > 0 {
		n := min(len(cases), 40)
		var list, want []string
		for i := 0; i < n; i += 2 {
			list, want = append(list, cases[i]), append(want, "["+cases[i+1]+"]")
		}
		cases = cases[n:]
		files := script(expressions(modules, list))
		for name, text := range more {
			files[name] = text
		}
		d := newDriver(t, files)
		if prepare != nil {
			prepare(d)
		}
		got := said(t, d)
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s gives %s, want %s", list[i], got[i], want[i])
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d answers, want %d", len(got), len(want))
		}
	}
}

func TestTextModule(t *testing.T) {
	t.Parallel()
	table(t, "text", nil, nil,
		`text.trim "  ü x\n"`, "ü x",
		`text.lower "GRÜN"`, "grün",
		`text.upper "état"`, "ÉTAT",
		`text.title "ana maría o'neill-KIM McKay 3rd"`, "Ana María O'neill-Kim McKay 3Rd",
		`text.length "Größe"`, "5",
		`text.slice("Größe", 2, 4)`, "röß",
		`text.slice("Größe", -2)`, "ße",
		`text.slice("Größe", 0)`, "Größe",
		`text.slice("Größe", 4, 2)`, "",
		`text.slice("Größe", 9)`, "",
		`text.contains("I want a REFUND", "refund")`, "true",
		`text.contains("Crème BRÛLÉE", "brulee")`, "true",
		`text.contains("a.c", "%.")`, "false",
		`text.contains("x", "")`, "true",
		`text.starts_with("Élan vital", "elan")`, "true",
		`text.starts_with("an elan", "elan")`, "false",
		`text.split("a, b,c", ",")`, "a| b|c",
		`text.split "  a  b "`, "a|b",
		`text.split("abc", "")`, "abc",
		`text.words "Where is my Bike?!"`, "where|is|my|bike",
		`text.truncate("A very long story", 8)`, "A very…",
		`text.truncate("A very long story", 7)`, "A very…",
		`text.truncate("Abcdefghij", 5)`, "Abcd…",
		`text.truncate("Größe", 5)`, "Größe",
		`text.truncate("Größe", 1)`, "…",
		`text.mask "5500 1234 1234 9876"`, "**** **** **** 9876",
		`text.mask("abc", 0)`, "***",
		`text.mask("abc")`, "abc",
		`text.mask("kim@acme.example", 7)`, "***@****.example",
		`text.trim()`, "text.trim: text must be a string, got nil",
		`text.truncate("x", 0)`, "text.truncate: length must be between 1 and 1048576, got 0",
		`text.lower "\255"`, "text.lower: text is not valid UTF-8",
	)
}

func TestTimeModule(t *testing.T) {
	t.Parallel()
	table(t, "time", nil, nil,
		`time.now()`, "1795338000",
		`time.format(time.now())`, "2026-11-22 10:00",
		`time.format(nil, "time")`, "10:00",
		`time.parse "2026-12-24"`, "1798066800",
		`time.format(time.parse "2026-12-24 17:30", "iso")`, "2026-12-24T17:30:00+01:00",
		`time.format(time.parse "2026-12-24T17:30:05Z", "iso")`, "2026-12-24T18:30:05+01:00",
		`time.format(time.parse "2026-12-24T17:30+09:00", "datetime")`, "2026-12-24 09:30",
		`time.format(time.parse("2026-12-24 17:30", "Asia/Tokyo"), "%d.%m.%Y %H:%M")`, "24.12.2026 09:30",
		`time.parse "24.12.2026"`, "nil this is no time; write it as 2026-12-24 or 2026-12-24 17:30",
		`time.parse "2026-02-30"`, "nil this is no time; write it as 2026-12-24 or 2026-12-24 17:30",
		`time.parse("2026-12-24", "Mars")`, `time.parse: there is no time zone "Mars"; write one such as Europe/Berlin`,
		`time.format(time.add(time.parse "2026-01-31", { months = 1 }), "date")`, "2026-02-28",
		`time.format(time.add(time.parse "2024-02-29", { years = 1 }), "date")`, "2025-02-28",
		`time.format(time.add(time.parse "2026-03-31", { months = -1, days = 1 }), "date")`, "2026-03-01",
		`time.format(time.add(time.parse "2026-10-24 12:00", { days = 1 }))`, "2026-10-25 12:00", // the clock changes in between
		`time.format(time.add(time.parse "2026-10-24 12:00", { hours = 24 }))`, "2026-10-25 11:00",
		`time.format(time.add(time.parse "2026-01-01", { weeks = 1, minutes = 90, seconds = 30 }), "%F %T")`, "2026-01-08 01:30:30",
		`time.add(0, { day = 1 })`, `time.add: span has no field "day" (it has: years, months, weeks, days, hours, minutes, seconds); did you mean "days"?`,
		`time.add(0, { days = 0.5 })`, "time.add: span.days must be a whole number",
		`time.weekday()`, "7 sunday",
		`time.weekday(time.parse "2026-12-24")`, "4 thursday",
		`time.format(time.start_of_day(time.parse "2026-12-24 17:30"))`, "2026-12-24 00:00",
		`time.format(time.start_of_day())`, "2026-11-22 00:00",
		`time.format(0, "soon")`, `time.format: format must be date, time, datetime, iso, or hold conversions such as %d.%m.%Y, got "soon"`,
		`time.format(0, "%Q")`, "time.format: format: %Q is not known",
		`time.format "x"`, "time.format: time must be a number, got string",
	)
}

func TestI18nModule(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"i18n/en.yaml": "hello: \"Hello {name}!\"\nbikes: {one: a bike, other: \"{count} bikes\"}\nonly: English\n",
		"i18n/de.yaml": "hello: \"Hallo {name}!\"\nbikes: {one: ein Rad, other: \"{count} Räder\"}\n",
	}
	german := func(d *driver) { d.conv.Language = "de-AT" }
	table(t, "i18n", files, german,
		`i18n.language()`, "de-AT",
		`i18n.t("hello", { name = "Kim" })`, "Hallo Kim!",
		`i18n.t("bikes", { count = 1 })`, "ein Rad",
		`i18n.t("bikes", { count = 2 })`, "2 Räder",
		`i18n.t "only"`, "English",
		`i18n.t "hello"`, `i18n.t: the text "hello" needs a value for {name}`,
		`i18n.t "none"`, `i18n.t: there is no text "none"`,
		`i18n.has "only"`, "true",
		`i18n.has "none"`, "false",
		`i18n.format_date(1795338000)`, "22. Nov. 2026",
		`i18n.format_date(1795338000, "full")`, "Sonntag, 22. November 2026",
		`i18n.format_date(1795338000, "time")`, "10:00",
		`i18n.format_date(0, "huge")`, `i18n.format_date: style must be one of short, medium, long, full, time, datetime, weekday, got "huge"`,
		`i18n.format_number(1234567.5)`, "1.234.567,5",
		`i18n.format_number(1, 2)`, "1,00",
		`i18n.format_number(1e16)`, "i18n.format_number: number must be between -1000000000000000 and 1000000000000000, got 10000000000000000",
		`i18n.format_money(1299.5, "EUR")`, "1.299,50 €",
		`i18n.format_money(1, "euro")`, `i18n.format_money: currency must be a code such as EUR, got "euro"`,
		`consumer:set("language", "en") or i18n.t("bikes", { count = 0 })`, "0 bikes",
	)
}

// TestTextsStay: the language and the fallback are those of the session's
// start, whatever the brand says later.
func TestTextsStay(t *testing.T) {
	t.Parallel()
	d := newDriver(t, map[string]string{
		"i18n/en.yaml": "hi: Hi\nbye: Bye\n", "i18n/fr.yaml": "hi: Salut\nbye: Adieu\n",
		"bots/main.lua": `local t = require("i18n").t
return function(chat)
	chat:ask(t "hi")
	chat:say(t "bye")
end`})
	d.conv.Language = "it"
	if diff := cmp.Diff([]string{"say Hi"}, lines(d.start("x"))); diff != "" {
		t.Error(diff)
	}
	d.brand.Settings.Languages = []string{"fr"}
	d.conv.Language = "fr"
	if diff := cmp.Diff([]string{"say Bye"}, lines(d.say("x"))); diff != "" {
		t.Error(diff, d.fault)
	}
}
