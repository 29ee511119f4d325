package validate

import (
	"slices"

	"parley/engine/understanding/slots"
)

// maxMeanings is how many values a consumer is asked to choose from.
const maxMeanings = 4

// Meanings are the values that a text may have when it is unclear, as Parse gives
// them and within the bounds, the likeliest first; none when that does not help.
func Meanings(kind Kind, text string, o Options) []any {
	read := slots.Kind(kind)
	if kind == Integer {
		read = slots.Number
	}
	var out []any
	if kind == Date {
		inside, _ := o.days(text)
		for _, d := range inside {
			out = append(out, d)
		}
		return several(out)
	}
	for _, slot := range slots.Read(read, text, o.slots()) {
		if v, ok := o.meaning(kind, slot); ok && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return several(out)
}

func several(out []any) []any {
	if len(out) < 2 || len(out) > maxMeanings {
		return nil
	}
	return out
}

func (o Options) meaning(kind Kind, slot slots.Slot) (v any, ok bool) {
	switch kind {
	case Number, Integer:
		_, ok = o.bounded(slot.Number)
		return slot.Number, ok && (kind == Number || slot.Number == float64(int64(slot.Number)))
	case Money:
		_, ok = o.bounded(slot.Number)
		return Amount{slot.Number, slot.Currency}, ok && (o.Currency == "" || slot.Currency == o.Currency)
	case Time:
		return slot.Value, (o.From == "" || slot.Value >= o.From) && (o.Until == "" || slot.Value <= o.Until)
	}
	return nil, false
}
