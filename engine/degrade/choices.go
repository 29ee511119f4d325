package degrade

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"parley/engine"
	"parley/engine/understanding/choice"
)

// Drawing is how a channel shows choices.
type Drawing int

const (
	Numbers Drawing = iota // a list in the text, with numbers where those are no values
	Buttons
	Rows
)

// As tells how a channel that can do so much shows these choices. All are shown in
// one way: none is left out or cut, so that what a consumer reads is what the bot
// offered. Details make it a list of rows where there is one.
func As(choices []engine.Choice, can engine.Capabilities) Drawing {
	detailed := false
	long := 0
	for _, c := range choices {
		detailed = detailed || c.Detail != ""
		long = max(long, units(c.Label, can.Unit))
	}
	few := func(most, label int) bool {
		return (most == 0 || len(choices) <= most) && (label == 0 || long <= label)
	}
	buttons := can.Choices && few(can.MaxChoices, can.MaxLabel)
	rows := can.List.Rows > 0 && few(can.List.Rows, can.List.Label)
	switch {
	case len(choices) == 0 || (can.MaxLabel > 0 || can.List.Rows > 0) && !distinct(choices):
		return Numbers
	case rows && (detailed || !buttons):
		return Rows
	case buttons:
		return Buttons
	}
	return Numbers
}

// Numbered tells whether a consumer who answers with a number means the place of
// one of the choices: whether the channel shows numbers.
func Numbered(choices []engine.Choice, unnumbered bool, can engine.Capabilities) bool {
	return !unnumbered && As(choices, can) == Numbers
}

// distinct tells whether the labels differ, without which providers refuse them.
func distinct(choices []engine.Choice) bool {
	seen := make(map[string]bool, len(choices))
	for _, c := range choices {
		if seen[c.Label] {
			return false
		}
		seen[c.Label] = true
	}
	return true
}

// ChoicesText lists the choices, with numbers unless a number would be taken for a value.
func ChoicesText(content engine.Content, hint string) string {
	choices := content.Choices
	numbered := !content.Unnumbered && choice.Numbered(choice.Options(choices))
	var b strings.Builder
	for i, c := range choices {
		if i > 0 {
			b.WriteByte('\n')
		}
		if numbered {
			fmt.Fprintf(&b, "%d. ", i+1)
		}
		b.WriteString(oneLine(c.Label))
		if c.Detail != "" {
			b.WriteString(" – " + oneLine(c.Detail))
		}
	}
	if numbered && len(choices) > 1 && hint != "" {
		b.WriteString("\n\n" + hint)
	}
	return b.String()
}

// details says in the text what buttons have no room for.
func details(choices []engine.Choice) string {
	var all []string
	for _, c := range choices {
		if c.Detail != "" {
			all = append(all, oneLine(c.Label)+" – "+oneLine(c.Detail))
		}
	}
	return Lines(all...)
}

func labels(choices []engine.Choice) string {
	all := make([]string, len(choices))
	for i, c := range choices {
		all[i] = oneLine(c.Label)
	}
	return strings.Join(all, " · ")
}

// size counts a code point in a unit.
func size(unit engine.TextUnit) func(rune) int {
	switch unit {
	case engine.UnitBytes:
		return func(r rune) int { return max(utf8.RuneLen(r), 1) }
	case engine.UnitUTF16:
		return func(r rune) int { return max(utf16.RuneLen(r), 1) }
	}
	return func(rune) int { return 1 }
}

// Units is how long a text is as the channel counts.
func Units(text string, unit engine.TextUnit) int { return units(text, unit) }

func units(text string, unit engine.TextUnit) int {
	n, count := 0, size(unit)
	for _, r := range text {
		n += count(r)
	}
	return n
}

// Cut shortens a text to so many units, at a grapheme's end and with an ellipsis, for
// what only adds to a label. 0 is no limit.
func Cut(text string, limit int, unit engine.TextUnit) string {
	if limit == 0 || units(text, unit) <= limit {
		return text
	}
	const ellipsis = "…"
	pieces := cut(text, max(limit-units(ellipsis, unit), 1), unit)
	if len(pieces) == 0 {
		return ""
	}
	return pieces[0] + ellipsis
}
