package validate

import "parley/engine/understanding/slots"

func email(text string, o Options) (any, Reason, bool) {
	return only(slots.Email, text, o)
}

// only reads the one value of a kind that a text holds.
func only(kind slots.Kind, text string, o Options) (any, Reason, bool) {
	options := o.slots()
	if slot, ok := slots.One(kind, text, options); ok {
		return slot.Value, "", true
	}
	options.Kinds = []slots.Kind{kind}
	if len(slots.Find(text, options)) > 1 {
		return nil, Unclear, false
	}
	return nil, NotUnderstood, false
}

func (o Options) slots() slots.Options {
	return slots.Options{Language: o.Language, Now: o.Now, Zone: o.Zone, Region: o.region(), Currency: o.Currency}
}
