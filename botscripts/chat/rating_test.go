package chat

import (
	"testing"
	"unicode/utf8"
)

func TestRating(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"4": 4, " 4 ": 4, "4.": 4, "1 terrible!!!": 1, "1 - terrible": 1, "5 stars": 5, "5 Stars!!!": 5, "FIVE STARS": 5, "five": 5, "Five!": 5, "⭐⭐⭐⭐": 4, "★★★☆☆": 3, "⭐️⭐️": 2, "⭐⭐⭐ it was ok": 3,
		"4/5": 4, "4 / 5": 4, "4 out of 5": 4, "4 stars out of 5": 4, "I'd give it a 3": 3, "I’d give it a 3.": 3, "I would rate it 2": 2, "a solid 4": 4, "a 5": 5, "5️⃣": 5, "٣": 3, "４": 4,
		"2, because I waited 3 hours": 0, "1!!! worst service ever": 1, "5 thanks": 5, "5 great service": 5, "3 ok": 3, "I give you 5 stars, thanks": 5, "one star": 1,
		"5 Sterne": 5, "fünf": 5, "vier Sterne": 4, "3 von 5": 3, "ich gebe eine 4": 4, "eine 2": 2, "1 schlecht": 1, "2 war langsam": 2,
		"5 estrellas": 5, "cinco estrellas": 5, "cuatro": 4, "le doy un 4": 4, "4 de 5": 4, "1 malo": 1, "un 5": 5,
		"5 étoiles": 5, "cinq étoiles": 5, "quatre": 4, "je mets 4": 4, "4 sur 5": 4, "2 nul": 2, "je donne un 3": 3,
		"I waited 3 hours": 0, "10": 0, "0": 0, "6": 0, "-1": 0, "4.5": 0, "4,5": 0, "4-5": 0, "3 or 4": 0, "8/10": 0, "3 hours": 0, "3 calls and nothing": 0, "5%": 0, "$5": 0, "€3": 0, "not a 5": 0, "I can't give you a 5": 0,
		"at 3": 0, "order 4": 0, "one of your people was rude": 0, "un désastre": 0, "ein Witz": 0, "una vergüenza": 0, "ich habe 3 Stunden gewartet": 0, "3 Stunden": 0, "esperé 3 horas": 0, "j'ai attendu 3 heures": 0, "3 heures": 0, "2 Tage": 0,
		"": 0, "bad": 0, "5 5": 0, "12345": 0, "1st": 0, "10:30": 0, "kein 5": 0, "two thumbs up": 0, "I was number 4 in the queue": 0, "2x": 0, "⭐⭐⭐⭐⭐⭐": 0, "5 people told me no": 0,
	} {
		got, ok := rating(text, 1, 5)
		if ok != (want != 0) || ok && got != want {
			t.Errorf("%q: got %d %v, want %d", text, got, ok, want)
		}
	}
	for text, want := range map[string]int{"10": 10, "0": 0, "10/10": 10, "ten": 10, "🔟": 10, "9 great": 9, "8/5": -1, "11": -1} {
		if got, ok := rating(text, 0, 10); ok != (want >= 0) || ok && got != want {
			t.Errorf("0 to 10, %q: got %d %v, want %d", text, got, ok, want)
		}
	}
}

func FuzzRating(f *testing.F) {
	for _, s := range []string{"1 terrible!!!", "4/5", "⭐⭐", "5️⃣", "-3", "\xff", "of 5", "/", "a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || len(s) > 1000 {
			t.Skip()
		}
		if n, ok := rating(s, 1, 5); ok && (n < 1 || n > 5) {
			t.Errorf("%q: %d", s, n)
		}
	})
}
