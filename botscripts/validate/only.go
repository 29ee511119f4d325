package validate

import "parley/engine/understanding/slots"

// only reads the one value of a kind that a text holds.
func only(kind slots.Kind, text string, o Options) (any, Reason, bool) {
	options := o.slots()
	if slot, ok := slots.One(kind, text, options); ok && !slot.Assumed { // not a telephone number that cannot be dialled from everywhere
		return slot.Value, "", true
	}
	options.Kinds = []slots.Kind{kind}
	if len(slots.Find(text, options)) > 1 {
		return nil, Unclear, false
	}
	return nil, NotUnderstood, false
}

func (o Options) slots() slots.Options {
	return slots.Options{Language: o.Language, Now: o.Now, Zone: o.Zone, Region: o.region(), Currency: o.Currency, Holidays: o.Holidays, DaysOff: o.DaysOff}
}
