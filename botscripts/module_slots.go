package botscripts

import (
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
	"parley/engine/understanding/slots"
)

// foundSlot is a value in a text, as the journal keeps it and the bot gets it.
type foundSlot struct {
	Kind     string  `json:"kind"`
	Text     string  `json:"text"`
	Value    string  `json:"value"`
	Number   float64 `json:"number,omitempty"`
	Currency string  `json:"currency,omitempty"`
	At       int64   `json:"at,omitempty"` // seconds since 1970
	Grain    string  `json:"grain,omitempty"`
	Part     string  `json:"part,omitempty"`
	Name     string  `json:"name,omitempty"`
	Assumed  bool    `json:"assumed,omitempty"`
}

func foundSlotOf(s slots.Slot) foundSlot {
	f := foundSlot{
		Kind: string(s.Kind), Text: s.Text, Value: s.Value, Number: s.Number, Currency: s.Currency,
		Grain: s.Grain, Part: s.Part, Name: s.Name, Assumed: s.Assumed,
	}
	if !s.At.IsZero() {
		f.At = s.At.Unix()
	}
	return f
}

// slotKinds are those that bots may ask for.
func slotKinds() []string {
	return []string{"number", "ordinal", "date", "time", "moment", "email", "phone", "money", "reference", "yes_no"}
}

// slotSettings are what the options of the functions of slots say.
type slotSettings struct {
	own fields // for the hash: what was given

	o    slots.Options
	mine slots.Patterns // of the call; they come before the brand's
}

// slotSettings reads options; with find also those of slots.find.
func (a args) slotSettings(v lua.LValue, find bool) slotSettings {
	known := []string{"language", "region", "currency", "past"}
	if find {
		known = append(known, "kinds", "patterns")
	}
	t := a.options(v, "options", known...)
	s := slotSettings{own: fields{}}
	text := func(name string, into *string) {
		if v := t.RawGetString(name); v != lua.LNil {
			*into = a.some(v, name, 20)
			s.own[name] = *into
		}
	}
	text("language", &s.o.Language)
	text("region", &s.o.Region)
	text("currency", &s.o.Currency)
	if v := t.RawGetString("past"); v != lua.LNil {
		s.o.Past = a.boolean(v, "past")
		s.own["past"] = s.o.Past
	}
	if v := t.RawGetString("kinds"); v != lua.LNil {
		var kinds []any
		for _, item := range a.list(v, "kinds", 20) {
			kind := a.some(item, "a kind", 20)
			if !contains(slotKinds(), kind) {
				a.fail("there is no kind %q%s", kind, nearest(kind, slotKinds()))
			}
			s.o.Kinds = append(s.o.Kinds, slots.Kind(kind))
			kinds = append(kinds, kind)
		}
		s.own["kinds"] = kinds
	}
	if v := t.RawGetString("patterns"); v != lua.LNil {
		shapes := a.pairs(v, "patterns", 32, 200)
		own := fields{}
		var list []engine.Pattern
		for _, name := range sortedKeys(shapes) {
			list = append(list, engine.Pattern{Name: name, Shape: shapes[name]})
			own[name] = shapes[name]
		}
		compiled, err := slots.Compile(list)
		if err != nil {
			a.fail("patterns: %s", engine.MessageOf(err))
		}
		s.mine, s.own["patterns"] = compiled, own
	}
	return s
}

// slotOptions completes the options with what the turn knows. Only a new call does
// this: what it found is in the journal.
func (r *run) slotOptions(o slots.Options) slots.Options {
	if o.Language == "" {
		o.Language = r.start.Language
	}
	if o.Region == "" {
		o.Region = r.region()
	}
	o.Now, o.Zone = r.turn.Now, r.zone()
	return o
}

// brandPatterns are those of brand.yaml, when they are looked for. They were checked
// when it was loaded; what a later program refuses is like none.
func (r *run) brandPatterns(kinds []slots.Kind) slots.Patterns {
	if len(kinds) > 0 && !slices.Contains(kinds, slots.Reference) {
		return slots.Patterns{}
	}
	patterns := r.turn.Brand.Settings.Patterns
	r.vm.Work(int64(100 * len(patterns)))
	compiled, err := slots.Compile(patterns)
	if err != nil {
		return slots.Patterns{}
	}
	return compiled
}

// slotsFind is slots.find(text, {kinds=, patterns=, …}): the values in a text, in
// order.
func (r *run) slotsFind(a args) int {
	text := a.text(a.at(1), "text", textLimit)
	s := a.slotSettings(a.at(2), true)
	s.own["text"] = text
	return r.found(a, a.fn, s.own, func() any {
		r.vm.Work(int64(200 + min(len(text), maxText)))
		out := []foundSlot{}
		o := r.slotOptions(s.o)
		o.Patterns = r.brandPatterns(o.Kinds).With(s.mine)
		// Twelve steps take as long as an instruction may.
		r.vm.Work(int64(min(len(text), maxText) * o.Patterns.Steps() / 12))
		for _, slot := range slots.Find(text, o) {
			out = append(out, foundSlotOf(slot))
		}
		return out
	})
}

// slotsOne makes the function that reads one value of a kind; nil when there is
// none, or more than one.
func (r *run) slotsOne(kind slots.Kind) func(args) int {
	return func(a args) int {
		text := a.text(a.at(1), "text", textLimit)
		s := a.slotSettings(a.at(2), false)
		s.own["text"] = text
		return r.found(a, a.fn, s.own, func() any {
			r.vm.Work(int64(200 + min(len(text), maxText)))
			slot, ok := slots.One(kind, text, r.slotOptions(s.o))
			if !ok {
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
	case slots.Date:
		return s.At.Format(time.DateOnly)
	case slots.Moment:
		return s.At.Unix()
	}
	return s.Value
}
