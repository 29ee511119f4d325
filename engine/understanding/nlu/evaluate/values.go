package evaluate

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/engine/understanding/slots"
)

// ValueCase is a text that answers a question, with what it means. Kind is a kind of
// slots, or "datetime" for a moment and "period" for a range, by its first day.
type ValueCase struct {
	Language string    `json:"lang"`
	Kind     string    `json:"kind"`
	Text     string    `json:"text"`
	Want     []string  `json:"want"`          // any of these is right
	Currency string    `json:"cur,omitempty"` // of money: any of these with | between, "" among them is none
	Now      time.Time `json:"now"`           // when it was written, in the consumer's zone
}

// ValueKinds are those that a case may have.
func ValueKinds() []string {
	return []string{"number", "ordinal", "money", "date", "time", "hours", "datetime", "duration", "range", "period", "email", "phone", "yes_no"}
}

// ValueVerdict says what a reader made of a case.
type ValueVerdict string

// Verdicts. A wrong value is worse than a question asked again.
const (
	ValueRight ValueVerdict = "right"
	ValueAsked ValueVerdict = "asked" // nothing, or several meanings
	ValueWrong ValueVerdict = "wrong"
)

// Value reads a case and judges the reading.
func Value(c ValueCase) (ValueVerdict, []slots.Slot) {
	kind := slots.Kind(c.Kind)
	switch c.Kind {
	case "datetime":
		kind = slots.Moment
	case "period":
		kind = slots.Range
	}
	found := slots.Read(kind, c.Text, slots.Options{Language: c.Language, Now: c.Now, Zone: c.Now.Location()})
	switch {
	case len(found) != 1:
		return ValueAsked, found
	case slices.ContainsFunc(c.Want, func(want string) bool { return matches(c, found[0], want) }):
		return ValueRight, found
	}
	return ValueWrong, found
}

func matches(c ValueCase, slot slots.Slot, want string) bool {
	switch c.Kind {
	case "number", "ordinal":
		return near(slot.Number, want)
	case "money":
		return near(slot.Number, want) && slices.Contains(strings.Split(c.Currency, "|"), slot.Currency)
	case "datetime":
		return slot.At.Format("2006-01-02T15:04") == want
	case "period":
		return slot.At.Format(time.DateOnly) == want
	case "duration": // in seconds, or as ISO 8601 has it
		return slot.Grain == "second" && near(slot.Number, want) || slot.Value == want
	case "phone":
		return digitsOf(slot.Text) == digitsOf(want)
	case "email":
		return strings.EqualFold(slot.Value, want)
	}
	return slot.Value == want
}

func near(got float64, want string) bool {
	w, err := strconv.ParseFloat(want, 64)
	return err == nil && math.Abs(got-w) <= 1e-9*max(1, math.Abs(w))
}

func digitsOf(text string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, text)
}
