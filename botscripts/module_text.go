package botscripts

import (
	"strings"
	"unicode"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
	"golang.org/x/text/unicode/norm"
)

// MaxRead bounds what the functions of text take.
const MaxRead = 1 << 20

// given reads a text and books the work of walking through it.
func (a Args) given(i int, param string) string {
	s := a.Text(a.At(i), param, MaxRead)
	a.Run.VM.Work(int64(len(s) / 16))
	return s
}

// textChange makes a function of text that turns one text into another.
func (r *Run) textChange(change func(string) string) func(Args) int {
	return func(a Args) int { return r.PushText(a, change(a.given(1, "text"))) }
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

func (r *Run) textLength(a Args) int {
	a.L.Push(lua.LNumber(utf8.RuneCountInString(a.given(1, "text"))))
	return 1
}

// textSlice is text.slice(text, from, to?) in characters, as string.sub is in
// bytes.
func (r *Run) textSlice(a Args) int {
	runes := []rune(a.given(1, "text"))
	r.VM.Charge(int64(4 * len(runes)))
	from := a.Whole(a.At(2), "from", -MaxRead, MaxRead)
	to := -1
	if v := a.At(3); v != lua.LNil {
		to = a.Whole(v, "to", -MaxRead, MaxRead)
	}
	if from < 0 {
		from += len(runes) + 1
	}
	if to < 0 {
		to += len(runes) + 1
	}
	from, to = max(from, 1), min(to, len(runes))
	if from > to {
		return r.PushText(a, "")
	}
	return r.PushText(a, string(runes[from-1:to]))
}

// textContains and textStartsWith compare without regard to case and accents.
func (r *Run) textContains(a Args) int {
	a.L.Push(lua.LBool(strings.Contains(a.folded(1, "text"), a.folded(2, "part"))))
	return 1
}

func (r *Run) textStartsWith(a Args) int {
	a.L.Push(lua.LBool(strings.HasPrefix(a.folded(1, "text"), a.folded(2, "start"))))
	return 1
}

// folded reads a text to compare. Taking letters apart is long work.
func (a Args) folded(i int, param string) string {
	s := a.given(i, param)
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

// textSplit is text.split(text, separator?); without one it splits at blanks.
func (r *Run) textSplit(a Args) int {
	s := a.given(1, "text")
	separator := a.Optional(a.At(2), "separator", MaxLabel)
	if separator == "" {
		return r.pushList(a, strings.Fields(s))
	}
	return r.pushList(a, strings.Split(s, separator))
}

func (r *Run) textWords(a Args) int { return r.pushList(a, Words(a.given(1, "text"))) }

func (r *Run) pushList(a Args, items []string) int {
	v, err := r.VM.FromGo(items)
	if err != nil {
		a.Fail("%v", err)
	}
	a.L.Push(v)
	return 1
}

// textTruncate is text.truncate(text, length): at most so many characters, the
// last of them … when something was cut off, between words where that loses
// little.
func (r *Run) textTruncate(a Args) int {
	s := a.given(1, "text")
	length := a.Whole(a.At(2), "length", 1, MaxRead)
	return r.PushText(a, truncate(s, length))
}

func truncate(s string, length int) string {
	if utf8.RuneCountInString(s) <= length {
		return s
	}
	kept := []rune(s)[:length-1]
	end := len(kept)
	if !unicode.IsSpace([]rune(s)[length-1]) {
		for i := len(kept) - 1; i >= len(kept)/2; i-- {
			if unicode.IsSpace(kept[i]) {
				end = i
				break
			}
		}
	}
	return strings.TrimRightFunc(string(kept[:end]), unicode.IsSpace) + "…"
}

// textMask is text.mask(text, keep?): all letters and digits but the last are
// stars.
func (r *Run) textMask(a Args) int {
	s := a.given(1, "text")
	keep := 4
	if v := a.At(2); v != lua.LNil {
		keep = a.Whole(v, "keep", 0, MaxRead)
	}
	return r.PushText(a, mask(s, keep))
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
