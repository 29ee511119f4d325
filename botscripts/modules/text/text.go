package text

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
	"golang.org/x/text/unicode/norm"

	"parley/botscripts/kernel"
)

//go:embed text.yaml
var page string

// Module is require "text".
func Module() kernel.Module {
	return kernel.Module{Name: "text", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "contains", Do: contains},
		{Name: "length", Do: length},
		{Name: "lower", Do: change(strings.ToLower)},
		{Name: "mask", Do: masked},
		{Name: "slice", Do: slice},
		{Name: "split", Do: split},
		{Name: "starts_with", Do: startsWith},
		{Name: "title", Do: change(title)},
		{Name: "trim", Do: change(strings.TrimSpace)},
		{Name: "truncate", Do: truncated},
		{Name: "upper", Do: change(strings.ToUpper)},
		{Name: "words", Do: words},
	}}
}

// given reads a text and books the work of walking through it.
func given(a kernel.Args, i int, param string) string {
	s := a.Text(a.At(i), param, kernel.TextLimit)
	a.Run.VM.Work(int64(len(s) / 16))
	return s
}

// change makes a function of text that turns one text into another.
func change(change func(string) string) func(kernel.Args) int {
	return func(a kernel.Args) int { return a.PushText(change(given(a, 1, "text"))) }
}

// title begins each word with a capital. Words in one case lose the others:
// "KIM" is "Kim", and "McKay" stays.
func title(s string) string {
	var b strings.Builder
	for rest := s; rest != ""; {
		at := strings.IndexFunc(rest, unicode.IsLetter)
		if at < 0 {
			b.WriteString(rest)
			break
		}
		b.WriteString(rest[:at])
		rest = rest[at:]
		end := strings.IndexFunc(rest, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsMark(c) && c != '\'' && c != '’' })
		if end < 0 {
			end = len(rest)
		}
		word := rest[:end]
		rest = rest[end:]
		if word == strings.ToUpper(word) {
			word = strings.ToLower(word)
		}
		first, size := utf8.DecodeRuneInString(word)
		b.WriteRune(unicode.ToTitle(first))
		b.WriteString(word[size:])
	}
	return b.String()
}

func length(a kernel.Args) int {
	return a.Return(lua.LNumber(utf8.RuneCountInString(given(a, 1, "text"))))
}

// slice is text.slice(text, from, to?) in characters, as string.sub is in
// bytes.
func slice(a kernel.Args) int {
	runes := []rune(given(a, 1, "text"))
	a.Run.VM.Charge(int64(4 * len(runes)))
	from := a.Whole(a.At(2), "from", -kernel.TextLimit, kernel.TextLimit)
	to := a.WholeOr(-1, a.At(3), "to", -kernel.TextLimit, kernel.TextLimit)
	if from < 0 {
		from += len(runes) + 1
	}
	if to < 0 {
		to += len(runes) + 1
	}
	from, to = max(from, 1), min(to, len(runes))
	if from > to {
		return a.PushText("")
	}
	return a.PushText(string(runes[from-1 : to]))
}

// contains and textStartsWith compare without regard to case and accents.
func contains(a kernel.Args) int {
	return a.Return(lua.LBool(strings.Contains(folded(a, 1, "text"), folded(a, 2, "part"))))
}

func startsWith(a kernel.Args) int {
	return a.Return(lua.LBool(strings.HasPrefix(folded(a, 1, "text"), folded(a, 2, "start"))))
}

// folded reads a text to compare. Taking letters apart is long work.
func folded(a kernel.Args, i int, param string) string {
	s := given(a, i, param)
	if strings.IndexFunc(s, func(c rune) bool { return c >= utf8.RuneSelf }) >= 0 {
		a.Run.VM.Work(int64(len(s) / 2))
	}
	return fold(s)
}

// fold makes texts equal that differ in case and accents only.
func fold(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return unicode.ToLower(c)
	}, norm.NFKD.String(s))
}

// split is text.split(text, separator?); without one it splits at blanks.
func split(a kernel.Args) int {
	s := given(a, 1, "text")
	separator := a.Optional(a.At(2), "separator", kernel.MaxLabel)
	if separator == "" {
		return pushList(a, strings.Fields(s))
	}
	return pushList(a, strings.Split(s, separator))
}

func words(a kernel.Args) int { return pushList(a, kernel.Words(given(a, 1, "text"))) }

func pushList(a kernel.Args, items []string) int {
	v, err := a.Run.VM.FromGo(items)
	if err != nil {
		a.Fail("%v", err)
	}
	return a.Return(v)
}

// truncated is text.truncate(text, length): at most so many characters, the
// last of them … when something was cut off, between words where that loses
// little.
func truncated(a kernel.Args) int {
	s := given(a, 1, "text")
	length := a.Whole(a.At(2), "length", 1, kernel.TextLimit)
	return a.PushText(truncate(s, length))
}

func truncate(s string, length int) string {
	if utf8.RuneCountInString(s) <= length {
		return s
	}
	kept := []rune(s)[:length] // with the first that goes: a word may end before it
	end := length - 1
	for i := end; i >= (length-1)/2; i-- {
		if unicode.IsSpace(kept[i]) {
			end = i
			break
		}
	}
	return strings.TrimRightFunc(string(kept[:end]), unicode.IsSpace) + "…"
}

// masked is text.mask(text, keep?): all letters and digits but the last are
// stars.
func masked(a kernel.Args) int {
	s := given(a, 1, "text")
	return a.PushText(mask(s, a.WholeOr(4, a.At(2), "keep", 0, kernel.TextLimit)))
}

func mask(s string, keep int) string {
	signs := 0
	for _, c := range s {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			signs++
		}
	}
	return strings.Map(func(c rune) rune {
		switch {
		case unicode.IsMark(c) && signs >= keep:
			return -1
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			return c
		}
		signs--
		if signs >= keep {
			return '*'
		}
		return c
	}, s)
}
