package validate

import "parley/engine/understanding/slots"

// clock reads a time of day. Of the two that an hour without morning or afternoon
// may mean, the bounds choose; when both are within them it is unclear, however
// likely one is.
func clock(text string, o Options) (any, Reason, bool) {
	times := o.times(text)
	switch {
	case len(times) == 1:
		if reason, ok := o.withinDay(times[0]); !ok {
			return nil, reason, false
		}
		return times[0], "", true
	case len(times) > 1, len(slots.Read(slots.Hours, text, o.slots())) > 0:
		return nil, Unclear, false
	case o.From > "00:00" && len(slots.Read(slots.Date, text, o.slots())) > 0:
		return nil, TooSmall, false // a day begins before the bound
	}
	return nil, NotUnderstood, false
}

// times are what a text may mean, the likeliest first: those within the bounds,
// or one that is not.
func (o Options) times(text string) []string {
	var said, other []string
	found := slots.Read(slots.Time, text, o.slots())
	for _, slot := range found {
		_, ok := o.withinDay(slot.Value)
		if ok {
			said = append(said, slot.Value)
		}
		if slot.Other == "" || ok && !slot.Assumed {
			continue
		}
		if _, ok := o.withinDay(slot.Other); ok {
			other = append(other, slot.Other)
		}
	}
	if said = append(said, other...); len(said) == 0 && len(found) > 0 {
		return []string{found[0].Value}
	}
	return said
}

// withinDay says which bound a time as 17:30 does not keep.
func (o Options) withinDay(value string) (Reason, bool) {
	switch {
	case o.From != "" && value < o.From:
		return TooSmall, false
	case o.Until != "" && value > o.Until:
		return TooLarge, false
	}
	return "", true
}
