package botscripts

import (
	"math"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/i18n"
)

const (
	maxVars     = 50
	maxDecimals = 10
	// Farthest is the last second, from 1970, that bots may count with.
	Farthest = 1 << 40
)

// i18nT is i18n.t(key, vars?): the text in the conversation's language. It is
// pure: the texts are in the bundle and the language is in the journal.
func (r *Run) i18nT(a Args) int {
	key := a.Some(a.At(1), "key", MaxLabel)
	var vars map[string]string
	var count *float64
	if a.At(2) != lua.LNil {
		vars = a.Pairs(a.At(2), "vars", maxVars, MaxText)
		if n, ok := a.Table(a.At(2), "vars").RawGetString("count").(lua.LNumber); ok {
			f := float64(n)
			count = &f
		}
	}
	text, err := r.Bundle.Texts.Text(r.Start.Language, r.Start.Fallback, key, vars, count)
	if err != nil {
		a.Fail("%s", err.Error())
	}
	return r.PushText(a, text)
}

func (r *Run) i18nHas(a Args) int {
	key := a.Some(a.At(1), "key", MaxLabel)
	a.L.Push(lua.LBool(r.Bundle.Texts.Has(r.Start.Language, r.Start.Fallback, key)))
	return 1
}

func (r *Run) i18nLanguage(a Args) int {
	a.L.Push(lua.LString(r.Start.Language))
	return 1
}

// i18nFormatDate is i18n.format_date(time, style?), in the brand's time zone.
func (r *Run) i18nFormatDate(a Args) int {
	at := r.Instant(a, a.At(1), "time")
	style := a.Optional(a.At(2), "style", MaxLabel)
	if style == "" {
		style = "medium"
	}
	text, ok := i18n.Date(r.Start.Language, at, style)
	if !ok {
		a.Fail("style must be one of %s, got %q", ListOr(i18n.Styles(), ""), style)
	}
	return r.PushText(a, text)
}

// i18nFormatNumber is i18n.format_number(number, decimals?).
func (r *Run) i18nFormatNumber(a Args) int {
	n := a.Number(a.At(1), "number", -i18n.MaxNumber, i18n.MaxNumber)
	decimals := -1
	if v := a.At(2); v != lua.LNil {
		decimals = a.Whole(v, "decimals", 0, maxDecimals)
	}
	return r.PushText(a, i18n.Number(r.Start.Language, n, decimals))
}

// i18nFormatMoney is i18n.format_money(amount, currency).
func (r *Run) i18nFormatMoney(a Args) int {
	amount := a.Number(a.At(1), "amount", -i18n.MaxNumber, i18n.MaxNumber)
	currency := a.Some(a.At(2), "currency", MaxLabel)
	text, ok := i18n.Money(r.Start.Language, amount, currency)
	if !ok {
		a.Fail("currency must be a code such as EUR, got %q", currency)
	}
	return r.PushText(a, text)
}

// Instant reads a time in seconds since 1970, in the brand's zone.
func (r *Run) Instant(a Args, v lua.LValue, param string) time.Time {
	return time.Unix(int64(math.Floor(a.Number(v, param, -Farthest, Farthest))), 0).In(r.Zone())
}

// PushText returns a text that the script pays for.
func (r *Run) PushText(a Args, text string) int {
	r.VM.Charge(int64(len(text)))
	a.L.Push(lua.LString(text))
	return 1
}
