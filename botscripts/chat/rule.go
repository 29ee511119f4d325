package chat

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/botscripts/suggest"
	"parley/botscripts/validate"
	"parley/engine"
)

// Kinds of answers beside those of the validate package.
const (
	kindText    = "text"    // anything
	kindOneOf   = "one_of"  // one of the choices
	kindPattern = "pattern" // what a Lua pattern matches
	kindYesNo   = string(validate.YesNo)
)

func answerKinds() []string {
	return []string{"date", "email", "integer", "money", "number", "one_of", "pattern", "phone", "text", "time", "yes_no"}
}

// rule is what fits as an answer, and how it is read.
type rule struct {
	kind        string // "" is any message
	match       string // a Lua pattern that the text must contain, "" for none
	pattern     string // of kind pattern
	min, max    *float64
	from, until string // bounds of a date or a time
	region      string
	currency    string
	scale       bool // choices 1 … n are numbers, see survey
}

// byWord says whether a text may name a choice.
func (u rule) byWord() bool {
	switch u.kind {
	case "", kindText, kindOneOf, kindYesNo:
		return true
	}
	return u.scale
}

func (u rule) fields() kernel.Fields {
	f := kernel.Fields{"kind": u.kind}
	set := func(name, value string) {
		if value != "" {
			f[name] = value
		}
	}
	set("pattern", u.pattern)
	set("from", u.from)
	set("until", u.until)
	set("region", u.region)
	set("currency", u.currency)
	if u.min != nil {
		f["min"] = *u.min
	}
	if u.max != nil {
		f["max"] = *u.max
	}
	return f
}

func ruleOptions() []string {
	return []string{"kind", "match", "min", "max", "choices", "pattern", "region", "currency"}
}

// rule reads kind and what belongs to it; choices go to the prompt.
func (a call) rule(t *lua.LTable, prompt *engine.Content) rule {
	u := rule{kind: a.Optional(t.RawGetString("kind"), "kind", 20)}
	if u.kind != "" && !slices.Contains(answerKinds(), u.kind) {
		a.Fail("kind must be one of %s, got %q%s", strings.Join(answerKinds(), ", "), u.kind, suggest.Hint(u.kind, answerKinds()))
	}
	belongs := func(option string, kinds ...string) lua.LValue {
		v := t.RawGetString(option)
		if v != lua.LNil && !slices.Contains(kinds, u.kind) {
			a.Fail("%s belongs to kind %s", option, strings.Join(kinds, ", "))
		}
		return v
	}
	low := belongs("min", "number", "integer", "money", "date", "time")
	high := belongs("max", "number", "integer", "money", "date", "time")
	if u.kind == "date" || u.kind == "time" {
		u.from, u.until = a.moment(u.kind, low, "min"), a.moment(u.kind, high, "max")
	} else {
		u.min, u.max = a.bound(low, "min"), a.bound(high, "max")
		if u.min != nil && u.max != nil && *u.min > *u.max {
			a.Fail("min is greater than max")
		}
	}
	if v := belongs("pattern", kindPattern); v != lua.LNil {
		u.pattern = a.Some(v, "pattern", 1000)
	} else if u.kind == kindPattern {
		a.Fail("kind pattern needs a pattern")
	}
	if v := t.RawGetString("match"); v != lua.LNil {
		if u.kind != "" && u.kind != kindText {
			a.Fail("match belongs to an answer without a kind; use kind = \"pattern\"")
		}
		u.match = a.Some(v, "match", 1000)
	}
	a.talk.wellFormed(a.L, u.match)
	a.talk.wellFormed(a.L, u.pattern)
	if v := belongs("region", "phone", "date"); v != lua.LNil {
		u.region = strings.ToUpper(a.code(v, "region", 2))
	}
	if v := belongs("currency", "money"); v != lua.LNil {
		u.currency = strings.ToUpper(a.code(v, "currency", 3))
	}
	if v := t.RawGetString("choices"); v != lua.LNil {
		if len(prompt.Choices) > 0 {
			a.Fail("the prompt has choices already")
		}
		prompt.Choices = a.choices(v, "choices")
	}
	if u.kind == kindOneOf && len(prompt.Choices) == 0 {
		a.Fail("kind one_of needs choices")
	}
	if c := prompt.Choices; u.kind == kindYesNo && len(c) > 0 && (len(c) != 2 || c[0].ID != "yes" || c[1].ID != "no") {
		a.Fail("the choices of kind yes_no must have the ids yes and no, in this order")
	}
	return u
}

func (a call) bound(v lua.LValue, param string) *float64 {
	if v == lua.LNil {
		return nil
	}
	f := a.Number(v, param, -1e15, 1e15)
	return &f
}

// moment reads a bound of a date or a time.
func (a call) moment(kind string, v lua.LValue, param string) string {
	if v == lua.LNil {
		return ""
	}
	s := a.Some(v, param, 20)
	if kind == "time" {
		if _, err := time.Parse("15:04", s); err != nil || len(s) != 5 {
			a.Fail("%s must be a time such as \"17:30\", got %q", param, s)
		}
		return s
	}
	if s != "today" && !isDays(s) {
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			a.Fail("%s must be a date such as \"2026-12-24\", \"today\", or days from today such as \"+14\", got %q", param, s)
		}
	}
	return s
}

func isDays(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && (s[0] == '+' || s[0] == '-') && n > -100_000 && n < 100_000
}

// code reads letters of a fixed length: "DE", "EUR".
func (a call) code(v lua.LValue, param string, length int) string {
	s := a.Some(v, param, 20)
	if len(s) != length || strings.ContainsFunc(s, func(c rune) bool { return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') }) {
		a.Fail("%s must have %d letters, got %q", param, length, s)
	}
	return s
}

// read gives the value of a text, or the reason why it does not fit.
func (r *talk) read(u rule, text string) (value any, reason string, err error) {
	switch u.kind {
	case "", kindText:
		if u.match == "" {
			return nil, "", nil
		}
		if _, ok, err := r.matches(text, u.match); err != nil || ok {
			return nil, "", named("match", err)
		}
		return nil, string(validate.NotUnderstood), nil
	case kindPattern:
		found, ok, err := r.matches(text, u.pattern)
		if err != nil || ok {
			return found, "", named("pattern", err)
		}
		return nil, string(validate.NotUnderstood), nil
	case kindOneOf:
		return nil, string(validate.NotUnderstood), nil // no choice was named
	}
	value, why, ok := r.parse(u, text)
	if u.scale {
		if n, ok := rating(text, int(*u.min), int(*u.max)); ok {
			return float64(n), "", nil
		}
		if ok { // a number within a sentence is a number of something else as likely
			return nil, string(validate.NotUnderstood), nil
		}
	}
	if !ok {
		return nil, string(why), nil
	}
	return value, "", nil
}

func (r *talk) parse(u rule, text string) (any, validate.Reason, bool) {
	return validate.Parse(validate.Kind(u.kind), text, r.reading(u))
}

func (r *talk) reading(u rule) validate.Options {
	return validate.Options{
		Language: r.Start.Language, Now: r.Turn.Now, Zone: r.Zone(), Region: cmp.Or(u.region, r.Region()), Currency: u.currency,
		Min: u.min, Max: u.max, From: u.from, Until: u.until,
		Holidays: r.Turn.Brand.Settings.Holidays, DaysOff: r.Turn.Brand.Settings.Hours.Closed,
	}
}

// choiceValue is what a taken choice is worth. A choice of a question for a
// date or a number must itself read as one, by its id or its label.
func (r *talk) choiceValue(u rule, c engine.Choice) (any, bool) {
	switch {
	case u.scale:
		n, err := strconv.ParseFloat(c.ID, 64)
		return n, err == nil
	case u.kind == kindYesNo:
		return c.ID == "yes", true
	case u.kind == "" || u.kind == kindText || u.kind == kindOneOf:
		return c.ID, true
	}
	for _, text := range []string{c.ID, c.Label} {
		if value, reason, err := r.read(u, text); err == nil && reason == "" {
			return value, true
		}
	}
	return nil, false
}
