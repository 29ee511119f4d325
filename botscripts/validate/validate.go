package validate

import (
	"strings"
	"time"

	"parley/engine"
	"parley/engine/understanding/slots"

	"golang.org/x/text/unicode/norm"
)

// Kind is what a text is read as.
type Kind string

// Kinds and the values that Parse gives for them.
const (
	Number  Kind = "number"  // float64
	Integer Kind = "integer" // float64 without a fraction
	Date    Kind = "date"    // string, "2026-12-24"
	Time    Kind = "time"    // string, "17:30"
	Email   Kind = "email"   // string, in lower case
	Phone   Kind = "phone"   // string, E.164: "+4942112345"
	Money   Kind = "money"   // Amount
	YesNo   Kind = "yes_no"  // bool
)

// Amount is an amount of money.
type Amount struct {
	Amount   float64 `json:"amount"`
	Currency string  `json:"currency,omitempty"` // ISO 4217, "" when nobody said
}

// Reason says why a text has no value of the kind.
type Reason string

// Reasons.
const (
	NotUnderstood Reason = "not_understood"
	Unclear       Reason = "unclear"        // it may mean different things
	NotWhole      Reason = "not_whole"      // an integer with a fraction
	TooSmall      Reason = "too_small"      // under Min, before From
	TooLarge      Reason = "too_large"      // over Max, after Until
	NoSuchDay     Reason = "no_such_day"    // 31 February
	NoneOfThem    Reason = "none_of_them"   // of the choices, they say
	OtherCurrency Reason = "other_currency" // another one than Currency
)

// Options are what a reading depends on beside the text. The zero value of a
// field sets no bound and no default.
type Options struct {
	Language string         // BCP 47; one that this package does not know is read as English
	Now      time.Time      // for "tomorrow"
	Zone     *time.Location // where "tomorrow" begins; UTC when nil
	Region   string         // ISO 3166 country: of national telephone numbers, and of dates such as 3/4
	Currency string         // ISO 4217: the one that an amount without any is in, and the only one allowed
	Min, Max *float64       // bounds of a number, an integer and an amount, both included
	// From and Until bound a date ("2026-12-24", "today", or days from today: "+14", "-1")
	// or a time ("17:30"), both included.
	From, Until string
	Holidays    []engine.Holiday // the brand's own
	DaysOff     []string         // that are no working days, "2026-12-24"
}

// maxText is how long a text may be that is read at all; who writes more does
// not answer a question for a number.
const maxText = 500

// Parse reads the text. When ok is false, the reason says why.
func Parse(kind Kind, text string, o Options) (value any, reason Reason, ok bool) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, " "))
	if text == "" || len(text) > maxText {
		return nil, NotUnderstood, false
	}
	switch kind {
	case Number, Integer: // as they were written: "2½" is no 21/2
		return number(kind, text, o)
	case Money:
		return money(text, o)
	}
	text = norm.NFKC.String(text)
	switch kind {
	case Date:
		return date(text, o)
	case Time:
		return clock(text, o)
	case Email:
		return only(slots.Email, text, o)
	case Phone: // an international one, or a national one of the region
		return only(slots.Phone, text, o)
	case YesNo:
		return yesNo(text, o)
	}
	return nil, NotUnderstood, false
}

// language is the one of the four that texts are read in.
func (o Options) language() string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(o.Language, "_", "-")), "-")
	switch base {
	case "de", "es", "fr":
		return base
	}
	return "en"
}

// region is the country, by option or from the language tag: "GB" of "en-GB".
func (o Options) region() string {
	if o.Region != "" {
		return strings.ToUpper(o.Region)
	}
	parts := strings.Split(strings.ReplaceAll(o.Language, "_", "-"), "-")
	for _, part := range parts[1:] {
		if len(part) == 2 {
			return strings.ToUpper(part)
		}
	}
	return ""
}

func (o Options) today() time.Time {
	zone := o.Zone
	if zone == nil {
		zone = time.UTC
	}
	y, m, d := o.Now.In(zone).Date()
	return day(y, m, d)
}

func (o Options) bounded(value float64) (Reason, bool) {
	switch {
	case o.Min != nil && value < *o.Min:
		return TooSmall, false
	case o.Max != nil && value > *o.Max:
		return TooLarge, false
	}
	return "", true
}
