package smstext

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		text  string
		limit int
		want  []string
	}{
		{"empty", "", 10, nil},
		{"blank and long", strings.Repeat(" ", 30), 10, nil},
		{"fits, unchanged", " hello \n", 10, []string{" hello \n"}},
		{"no limit", strings.Repeat("a b", 999), 0, []string{strings.Repeat("a b", 999)}},
		{"paragraph before line", "One two.\n\nThree.\nFour five", 20, []string{"One two.", "Three.\nFour five"}},
		{"paragraph of CRLF", "One two.\r\n\r\nThree.\r\nFour five", 20, []string{"One two.", "Three.\r\nFour five"}},
		{"line before sentence", "One. Two\nThree. Four five", 20, []string{"One. Two", "Three. Four five"}},
		{"sentence before word", "One two. Three four five six", 20, []string{"One two.", "Three four five six"}},
		{"sentence in quotes", "He said “no.” Three four five six", 22, []string{"He said “no.”", "Three four five six"}},
		{"a price is no sentence end", "It costs 3.50 or so in all", 18, []string{"It costs 3.50 or", "so in all"}},
		{"a number of a list is no sentence end", "Pick one:\n1. Apples\n2. Pears and plums", 22, []string{"Pick one:\n1. Apples", "2. Pears and plums"}},
		{"a short first line does not cost a message", "Hi\n\nthere you are again my old friend", 20, []string{"Hi\n\nthere you are", "again my old friend"}},
		{"word", "alpha beta gamma delta", 12, []string{"alpha beta", "gamma delta"}},
		{"end of what fits is a word end", "alpha beta gamma", 10, []string{"alpha beta", "gamma"}},
		{"wide stops", "你好。今天天气很好啊我们去", 8, []string{"你好。", "今天天气很好啊我", "们去"}},
		{"no-break space holds", "aaaa bb\u00a0cc dd", 9, []string{"aaaa", "bb\u00a0cc dd"}},
		{"graphemes", "👨‍👩‍👧👨‍👩‍👧", 10, []string{"👨‍👩‍👧", "👨‍👩‍👧"}},
		{"flags", "🇩🇪🇫🇷🇪🇸", 9, []string{"🇩🇪🇫🇷", "🇪🇸"}},
		{"combining", "e\u0301e\u0301e\u0301", 3, []string{"e\u0301", "e\u0301", "e\u0301"}},
		{"a grapheme too long is cut", "👨‍👩‍👧", 4, []string{"👨\u200d", "👩\u200d", "👧"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, Split(tt.text, tt.limit)); diff != "" {
				t.Errorf("Split (-want +got):\n%s", diff)
			}
		})
	}
}

// checkPieces holds what Split promises for any text.
func checkPieces(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string, limit int, pieces []string) {
	t.Helper()
	boundary := make(map[int]bool, len(text))
	big := false
	for i := 0; i < len(text); {
		boundary[i] = true
		n := graphemeLen(text[i:])
		big = big || len(Split(text[i:i+n], limit)) > 1
		i += n
	}
	boundary[len(text)] = true
	at := 0
	for _, piece := range pieces {
		gap := len(text[at:]) - len(strings.TrimLeftFunc(text[at:], unicode.IsSpace))
		start := at + strings.Index(text[at:], piece)
		if start < at || start > at+gap {
			t.Fatalf("%q does not follow in %q at %d", piece, text, at)
		}
		at = start + len(piece)
		if !big && (!boundary[start] || !boundary[at]) {
			t.Fatalf("%q is cut inside a grapheme of %q", piece, text)
		}
		if limit > 0 && len(utf16.Encode([]rune(piece))) > limit {
			t.Fatalf("%q breaks the limit %d", piece, limit)
		}
	}
	if rest := text[at:]; strings.TrimSpace(rest) != "" {
		t.Fatalf("%q of %q is lost", rest, text)
	}
}

func TestSplitProperties(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{
		"hello", "a", " ", "  ", "\n", "\r\n", "\n\n", ". ", "! ", "3. ", "€", "é", "e\u0301", " \u0301", "你好", "。", "😀",
		"👨‍👩‍👧", "👍🏽", "🇩🇪", "1\ufe0f\u20e3", "각", "\u1100\u1161\u11a8", "क्षि", "\u00a0", "\u200d", "\xff", "\u2029", "supercalifragilistic",
	})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(word, 0, 120).Draw(t, "words"), "")
		limit := rapid.IntRange(0, 80).Draw(t, "limit")
		pieces := Split(text, limit)
		if limit == 1 {
			limit = 2
		}
		checkPieces(t, text, limit, pieces)
	})
}

func FuzzSplit(f *testing.F) {
	f.Add("One two.\n\nThree. Four", uint8(12))
	f.Add(strings.Repeat("e\u0301", 300), uint8(70))
	f.Add("\xff\xfe a", uint8(2))
	f.Fuzz(func(t *testing.T, text string, characters uint8) {
		if len(text) > 4096 {
			return
		}
		limit := int(characters)
		pieces := Split(text, limit)
		if limit == 1 {
			limit = 2
		}
		checkPieces(t, text, limit, pieces)
	})
}

func TestGraphemes(t *testing.T) {
	t.Parallel()
	// Each string is one grapheme; also in front of and behind another character.
	for _, g := range []string{
		"a", "é", "e\u0301", "\r\n", "\t", "👍🏽", "👨‍👩‍👧", "❤️", "🏳️‍🌈", "👩‍⚕️", "🇩🇪", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
		"1\ufe0f\u20e3", "각", "\u1100\u1161\u11a8", "가\u11a8", "क्षि", "நி", "ｶﾞ", "z\u0323\u0301\u0330", "\xff", "\u200b",
	} {
		for _, text := range []string{g, g + "x", g + "你", g + "🇫🇷", g + "😀"} {
			if strings.HasSuffix(text, "🇫🇷") && utf8.RuneCountInString(g) == 2 && strings.HasPrefix(g, "🇩") {
				text += "🇪🇸"
			}
			if n := graphemeLen(text); n != len(g) {
				t.Errorf("graphemeLen(%+q) = %d, want %d", text, n, len(g))
			}
		}
	}
	flood := "a" + strings.Repeat("\u0301", 1000)
	if n := graphemeLen(flood); n != 1+2*maxCluster {
		t.Errorf("a flood of marks makes a cluster of %d bytes, want %d", n, 1+2*maxCluster)
	}
	if n := graphemeLen(""); n != 0 {
		t.Errorf("graphemeLen of nothing = %d", n)
	}
}
