package smstext

import (
	"strings"
	"testing"
	"unicode/utf16"
)

func TestCount(t *testing.T) {
	t.Parallel()
	a := func(n int) string { return strings.Repeat("a", n) }
	for _, tt := range []struct {
		name, text      string
		enc             Encoding
		units, segments int
	}{
		{"empty", "", GSM7, 0, 0},
		{"160 a", a(160), GSM7, 160, 1},
		{"161 a", a(161), GSM7, 161, 2},
		{"306 a", a(306), GSM7, 306, 2},
		{"307 a", a(307), GSM7, 307, 3},
		{"80 euro", strings.Repeat("€", 80), GSM7, 160, 1},
		{"81 euro", strings.Repeat("€", 81), GSM7, 162, 2},
		{"extension may not straddle", a(152) + "€" + a(10), GSM7, 164, 2},
		{"the pushed septet costs a segment", a(152) + "€" + a(151), GSM7, 305, 2},
		{"the pushed septet costs one more", a(152) + "€" + a(152), GSM7, 306, 3},
		{"70 han", strings.Repeat("你", 70), UCS2, 70, 1},
		{"71 han", strings.Repeat("你", 71), UCS2, 71, 2},
		{"35 emoji", strings.Repeat("😀", 35), UCS2, 70, 1},
		{"36 emoji", strings.Repeat("😀", 36), UCS2, 72, 2},
		{"66 emoji", strings.Repeat("😀", 66), UCS2, 132, 2},
		{"67 emoji, 33 a part", strings.Repeat("😀", 67), UCS2, 134, 3},
		{"159 a and an apostrophe", a(159) + "’", UCS2, 160, 3},
		{"not UTF-8", "\xff", UCS2, 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			enc, units, segments := Count(tt.text)
			if enc != tt.enc || units != tt.units || segments != tt.segments {
				t.Errorf("Count = %s %d %d, want %s %d %d", enc, units, segments, tt.enc, tt.units, tt.segments)
			}
		})
	}
}

func TestCountAlphabet(t *testing.T) {
	t.Parallel()
	// The default alphabet of 3GPP TS 23.038 in code order, without the escape.
	const basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	const extension = "^{}\\[~]|€\f"
	want := map[rune]int{}
	for _, r := range basic {
		want[r] = 1
	}
	for _, r := range extension {
		want[r] = 2
	}
	if len(want) != 127+10 {
		t.Fatalf("the table has %d characters, want 137", len(want))
	}
	for r := rune(0); r <= 0x10FFFF; r++ {
		if got := gsm7Units(r); got != want[r] {
			t.Errorf("gsm7Units(%U) = %d, want %d", r, got, want[r])
		}
	}
	for _, trap := range []string{"’", "“", "”", "–", "…", "\u00a0", "ç", "`", "\t", "\x1b"} {
		if enc, _, _ := Count(trap); enc != UCS2 {
			t.Errorf("Count(%q) = %s, want ucs2", trap, enc)
		}
	}
}

func FuzzCount(f *testing.F) {
	for _, s := range []string{"", "hello", strings.Repeat("€", 81), strings.Repeat("😀", 67), "a\xff’"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		enc, units, segments := Count(s)
		single, part := 160, 153
		if enc == UCS2 {
			single, part = 70, 67
			if want := len(utf16.Encode([]rune(s))); units != want {
				t.Fatalf("%d units, UTF-16 has %d", units, want)
			}
		}
		// A part may stay one unit short, where a character of two did not fit.
		low, high := (units+part-1)/part, (units+part-2)/(part-1)
		if units <= single {
			low, high = min(units, 1), min(units, 1)
		}
		if segments < low || segments > high {
			t.Fatalf("%d %s units in %d segments, want %d to %d", units, enc, segments, low, high)
		}
	})
}
