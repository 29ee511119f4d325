package validate

import (
	"math"

	"parley/engine/understanding/slots"
)

func money(text string, o Options) (any, Reason, bool) {
	slot, reason, ok := o.choose(slots.Money, text)
	if !ok {
		return nil, reason, false
	}
	currency := slot.Currency
	if currency == "" {
		currency = o.Currency
	}
	if o.Currency != "" && currency != o.Currency {
		return nil, OtherCurrency, false
	}
	if minor := slot.Number * math.Pow10(slots.MinorDigits(currency)); math.Abs(minor-math.Round(minor)) > 1e-6 {
		return nil, Unclear, false
	}
	if slot.Number < 0 && o.Min == nil {
		return nil, TooSmall, false
	}
	if reason, ok := o.bounded(slot.Number); !ok {
		return nil, reason, false
	}
	return Amount{Amount: slot.Number, Currency: currency}, "", true
}
