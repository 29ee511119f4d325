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
	// farthest is the last second, from 1970, that bots may count with.
	farthest = 1 << 40
)

// i18nT is i18n.t(key, vars?): the text in the conversation's language. It is
// pure: the texts are in the bundle and the language is in the journal.
func (r *run) i18nT(a args) int {
	key := a.some(a.at(1), "key", maxLabel)
	var vars map[string]string
	var count *float64
	if a.at(2) != lua.LNil {
		vars = a.pairs(a.at(2), "vars", maxVars, maxText)
		if n, ok := a.table(a.at(2), "vars").RawGetString("count").(lua.LNumber); ok {
			f := float64(n)
			count = &f
		}
	}
	text, err := r.bundle.texts.Text(r.start.Language, r.start.Fallback, key, vars, count)
	if err != nil {
		a.fail("%s", err.Error())
	}
	return r.pushText(a, text)
}

func (r *run) i18nHas(a args) int {
	key := a.some(a.at(1), "key", maxLabel)
	a.L.Push(lua.LBool(r.bundle.texts.Has(r.start.Language, r.start.Fallback, key)))
	return 1
}

func (r *run) i18nLanguage(a args) int {
	a.L.Push(lua.LString(r.start.Language))
	return 1
}

// i18nFormatDate is i18n.format_date(time, style?), in the brand's time zone.
func (r *run) i18nFormatDate(a args) int {
	at := r.instant(a, a.at(1), "time")
	style := a.optional(a.at(2), "style", maxLabel)
	if style == "" {
		style = "medium"
	}
	text, ok := i18n.Date(r.start.Language, at, style)
	if !ok {
		a.fail("style must be one of %s, got %q", listOr(i18n.Styles(), ""), style)
	}
	return r.pushText(a, text)
}

// i18nFormatNumber is i18n.format_number(number, decimals?).
func (r *run) i18nFormatNumber(a args) int {
	n := a.number(a.at(1), "number", -i18n.MaxNumber, i18n.MaxNumber)
	decimals := -1
	if v := a.at(2); v != lua.LNil {
		decimals = a.whole(v, "decimals", 0, maxDecimals)
	}
	return r.pushText(a, i18n.Number(r.start.Language, n, decimals))
}

// i18nFormatMoney is i18n.format_money(amount, currency).
func (r *run) i18nFormatMoney(a args) int {
	amount := a.number(a.at(1), "amount", -i18n.MaxNumber, i18n.MaxNumber)
	currency := a.some(a.at(2), "currency", maxLabel)
	text, ok := i18n.Money(r.start.Language, amount, currency)
	if !ok {
		a.fail("currency must be a code such as EUR, got %q", currency)
	}
	return r.pushText(a, text)
}

// instant reads a time in seconds since 1970, in the brand's zone.
func (r *run) instant(a args, v lua.LValue, param string) time.Time {
	return time.Unix(int64(math.Floor(a.number(v, param, -farthest, farthest))), 0).In(r.zone())
}

// pushText returns a text that the script pays for.
func (r *run) pushText(a args, text string) int {
	r.vm.Charge(int64(len(text)))
	a.L.Push(lua.LString(text))
	return 1
}
