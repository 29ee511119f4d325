package i18n

import (
	"cmp"
	_ "embed"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/i18n"
	"parley/botscripts/kernel"
)

//go:embed i18n.yaml
var page string

// Module is require "i18n".
func Module() kernel.Module {
	return kernel.Module{Name: "i18n", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "format_date", Do: formatDate},
		{Name: "format_money", Do: formatMoney},
		{Name: "format_number", Do: formatNumber},
		{Name: "has", Do: has},
		{Name: "language", Do: language},
		{Name: "t", Do: text},
	}}
}

const (
	maxVars     = 50
	maxDecimals = 10
)

// text is i18n.t(key, vars?): the text in the conversation's language. It is
// pure: the texts are in the bundle and the language is in the journal.
func text(a kernel.Args) int {
	r := a.Run
	key := a.Some(a.At(1), "key", kernel.MaxLabel)
	var vars map[string]string
	var count *float64
	if a.At(2) != lua.LNil {
		vars = a.Pairs(a.At(2), "vars", maxVars, kernel.MaxText)
		if n, ok := a.Table(a.At(2), "vars").RawGetString("count").(lua.LNumber); ok {
			count = new(float64(n))
		}
	}
	text, err := r.Bundle.Texts.Text(r.Start.Language, r.Start.Fallback, key, vars, count)
	if err != nil {
		a.Fail("%s", err.Error())
	}
	return a.PushText(text)
}

func has(a kernel.Args) int {
	r := a.Run
	key := a.Some(a.At(1), "key", kernel.MaxLabel)
	return a.Return(lua.LBool(r.Bundle.Texts.Has(r.Start.Language, r.Start.Fallback, key)))
}

func language(a kernel.Args) int { return a.Return(lua.LString(a.Run.Start.Language)) }

// formatDate is i18n.format_date(time, style?), in the brand's time zone.
func formatDate(a kernel.Args) int {
	at := a.Instant(a.At(1), "time")
	style := cmp.Or(a.Optional(a.At(2), "style", kernel.MaxLabel), "medium")
	text, ok := i18n.Date(a.Run.Start.Language, at, style)
	if !ok {
		a.Fail("style must be one of %s, got %q", kernel.ListOr(i18n.Styles(), ""), style)
	}
	return a.PushText(text)
}

// formatNumber is i18n.format_number(number, decimals?).
func formatNumber(a kernel.Args) int {
	n := a.Number(a.At(1), "number", -i18n.MaxNumber, i18n.MaxNumber)
	return a.PushText(i18n.Number(a.Run.Start.Language, n, a.WholeOr(-1, a.At(2), "decimals", 0, maxDecimals)))
}

// formatMoney is i18n.format_money(amount, currency).
func formatMoney(a kernel.Args) int {
	amount := a.Number(a.At(1), "amount", -i18n.MaxNumber, i18n.MaxNumber)
	currency := a.Some(a.At(2), "currency", kernel.MaxLabel)
	text, ok := i18n.Money(a.Run.Start.Language, amount, currency)
	if !ok {
		a.Fail("currency must be a code such as EUR, got %q", currency)
	}
	return a.PushText(text)
}
