package validate

import (
	"math"
	"slices"

	"parley/engine/understanding/slots"
)

func number(kind Kind, text string, o Options) (any, Reason, bool) {
	slot, reason, ok := o.choose(slots.Number, text)
	if !ok {
		return nil, reason, false
	}
	if kind == Integer && slot.Number != math.Trunc(slot.Number) {
		return nil, NotWhole, false
	}
	if reason, ok := o.bounded(slot.Number); !ok {
		return nil, reason, false
	}
	return slot.Number, "", true
}

// choose reads the text as a number or an amount. Of several meanings of the same
// words the bounds choose one.
func (o Options) choose(kind slots.Kind, text string) (slots.Slot, Reason, bool) {
	found := slots.Read(kind, text, o.slots())
	if len(found) > 1 && !slices.ContainsFunc(found, func(s slots.Slot) bool { return s.Start != found[0].Start || s.End != found[0].End }) {
		within := slices.DeleteFunc(slices.Clone(found), func(s slots.Slot) bool {
			_, ok := o.bounded(s.Number)
			return !ok || o.Currency != "" && s.Currency != "" && s.Currency != o.Currency
		})
		if len(within) > 0 {
			found = within
		}
	}
	switch len(found) {
	case 0:
		return slots.Slot{}, NotUnderstood, false
	case 1:
		return found[0], "", true
	}
	return slots.Slot{}, Unclear, false
}
