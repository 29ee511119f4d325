package slots

import (
	"cmp"
	_ "embed"
	"maps"
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/botscripts/suggest"
	"parley/engine"
	"parley/engine/understanding/slots"
)

//go:embed slots.yaml
var page string

// Module is require "slots".
func Module() kernel.Module {
	const traits = engine.TraitJournaled | engine.TraitStrict
	return kernel.Module{Name: "slots", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "date", Do: one(slots.Date), Traits: traits},
		{Name: "duration", Do: one(slots.Duration), Traits: traits},
		{Name: "email", Do: one(slots.Email), Traits: traits},
		{Name: "find", Do: find, Traits: traits},
		{Name: "hours", Do: one(slots.Hours), Traits: traits},
		{Name: "moment", Do: one(slots.Moment), Traits: traits},
		{Name: "money", Do: one(slots.Money), Traits: traits},
		{Name: "number", Do: one(slots.Number), Traits: traits},
		{Name: "phone", Do: one(slots.Phone), Traits: traits},
		{Name: "range", Do: one(slots.Range), Traits: traits},
		{Name: "time", Do: one(slots.Time), Traits: traits},
		{Name: "yes_no", Do: one(slots.YesNo), Traits: traits},
	}}
}

// foundSlot is a value in a text, as the journal keeps it and the bot gets it.
type foundSlot struct {
	Kind     string  `json:"kind"`
	Text     string  `json:"text"`
	Value    string  `json:"value"`
	Number   float64 `json:"number,omitempty"`
	Currency string  `json:"currency,omitempty"`
	At       int64   `json:"at,omitempty"` // seconds since 1970
	Until    int64   `json:"until,omitempty"`
	Grain    string  `json:"grain,omitempty"`
	Part     string  `json:"part,omitempty"`
	Name     string  `json:"name,omitempty"`
	Assumed  bool    `json:"assumed,omitempty"`
	Other    string  `json:"other,omitempty"`
}

func foundSlotOf(s slots.Slot) foundSlot {
	f := foundSlot{
		Kind: string(s.Kind), Text: s.Text, Value: s.Value, Number: s.Number, Currency: s.Currency,
		Grain: s.Grain, Part: s.Part, Name: s.Name, Assumed: s.Assumed, Other: s.Other,
	}
	if !s.At.IsZero() {
		f.At = s.At.Unix()
	}
	if !s.Until.IsZero() && (s.Kind == slots.Range || s.Grain != "day") {
		f.Until = s.Until.Unix()
	}
	return f
}

// slotKinds are those that bots may ask for.
func slotKinds() []string {
	return []string{"number", "ordinal", "date", "time", "hours", "moment", "duration", "range", "email", "phone", "money", "reference", "yes_no"}
}

// slotSettings are what the options of the functions of slots say.
type slotSettings struct {
	own kernel.Fields // for the hash: what was given

	o    slots.Options
	mine slots.Patterns // of the call; they come before the brand's
}

// settings reads options; with find also those of slots.find.
func settings(a kernel.Args, v lua.LValue, find bool) slotSettings {
	known := []string{"language", "region", "currency", "past"}
	if find {
		known = append(known, "kinds", "patterns")
	}
	t := a.Options(v, "options", known...)
	s := slotSettings{own: kernel.Fields{}}
	text := func(name string, into *string) {
		if v := t.RawGetString(name); v != lua.LNil {
			*into = a.Some(v, name, 20)
			s.own[name] = *into
		}
	}
	text("language", &s.o.Language)
	text("region", &s.o.Region)
	text("currency", &s.o.Currency)
	if v := t.RawGetString("past"); v != lua.LNil {
		s.o.Past = a.Boolean(v, "past")
		s.own["past"] = s.o.Past
	}
	if v := t.RawGetString("kinds"); v != lua.LNil {
		var kinds []any
		for _, item := range a.List(v, "kinds", 20) {
			kind := a.Some(item, "a kind", 20)
			if !slices.Contains(slotKinds(), kind) {
				a.Fail("there is no kind %q%s", kind, suggest.Hint(kind, slotKinds()))
			}
			s.o.Kinds = append(s.o.Kinds, slots.Kind(kind))
			kinds = append(kinds, kind)
		}
		s.own["kinds"] = kinds
	}
	if v := t.RawGetString("patterns"); v != lua.LNil {
		shapes := a.Pairs(v, "patterns", 32, 200)
		own := kernel.Fields{}
		var list []engine.Pattern
		for _, name := range slices.Sorted(maps.Keys(shapes)) {
			list = append(list, engine.Pattern{Name: name, Shape: shapes[name]})
			own[name] = shapes[name]
		}
		compiled, err := slots.Compile(list)
		if err != nil {
			a.Fail("patterns: %s", engine.MessageOf(err))
		}
		s.mine, s.own["patterns"] = compiled, own
	}
	return s
}

// complete completes the options with what the turn knows. Only a new call does
// this: what it found is in the journal.
func complete(r *kernel.Run, o slots.Options) slots.Options {
	o.Language, o.Region = cmp.Or(o.Language, r.Start.Language), cmp.Or(o.Region, r.Region())
	o.Now, o.Zone = r.Turn.Now, r.Zone()
	o.Holidays, o.DaysOff = r.Turn.Brand.Settings.Holidays, r.Turn.Brand.Settings.Hours.Closed
	return o
}

// brandPatterns are those of brand.yaml, when they are looked for. They were checked
// when it was loaded; what a later program refuses is like none.
func brandPatterns(r *kernel.Run, kinds []slots.Kind) slots.Patterns {
	if len(kinds) > 0 && !slices.Contains(kinds, slots.Reference) {
		return slots.Patterns{}
	}
	patterns := r.Turn.Brand.Settings.Patterns
	r.VM.Work(int64(100 * len(patterns)))
	compiled, err := slots.Compile(patterns)
	if err != nil {
		return slots.Patterns{}
	}
	return compiled
}

// find is slots.find(text, {kinds=, patterns=, …}): the values in a text, in
// order.
func find(a kernel.Args) int {
	r := a.Run
	text := a.Text(a.At(1), "text", kernel.TextLimit)
	s := settings(a, a.At(2), true)
	s.own["text"] = text
	return a.Found(a.Fn, s.own, func() any {
		r.VM.Work(int64(200 + min(len(text), kernel.MaxText)))
		out := []foundSlot{}
		o := complete(a.Run, s.o)
		o.Patterns = brandPatterns(r, o.Kinds).With(s.mine)
		// Twelve steps take as long as an instruction may.
		r.VM.Work(int64(min(len(text), kernel.MaxText) * o.Patterns.Steps() / 12))
		for _, slot := range slots.Find(text, o) {
			out = append(out, foundSlotOf(slot))
		}
		return out
	})
}

// one makes the function that reads one value of a kind; nil when there is
// none, or more than one.
func one(kind slots.Kind) func(kernel.Args) int {
	return func(a kernel.Args) int {
		text := a.Text(a.At(1), "text", kernel.TextLimit)
		s := settings(a, a.At(2), false)
		s.own["text"] = text
		return a.Found(a.Fn, s.own, func() any {
			a.Run.VM.Work(int64(200 + min(len(text), kernel.MaxText)))
			slot, ok := slots.One(kind, text, complete(a.Run, s.o))
			if !ok || kind == slots.Phone && slot.Assumed { // whose country nobody knows
				return nil
			}
			return plainSlot(slot)
		})
	}
}

// plainSlot is a slot as the plainest Lua value that holds it.
func plainSlot(s slots.Slot) any {
	switch s.Kind {
	case slots.Number:
		return s.Number
	case slots.YesNo:
		return s.Yes()
	case slots.Money:
		money := map[string]any{"amount": s.Number}
		if s.Currency != "" {
			money["currency"] = s.Currency
		}
		return money
	case slots.Duration:
		duration := map[string]any{"value": s.Value}
		switch s.Grain {
		case "second":
			duration["seconds"] = s.Number
		case "month":
			duration["months"] = s.Number
		}
		return duration
	case slots.Date:
		return s.At.Format(time.DateOnly)
	case slots.Moment:
		return s.At.Unix()
	case slots.Range:
		ends := map[string]any{}
		if !s.At.IsZero() {
			ends["first"] = s.At.Format(time.DateOnly)
		}
		if !s.Until.IsZero() {
			ends["last"] = s.Until.Format(time.DateOnly)
		}
		return ends
	}
	return s.Value
}
