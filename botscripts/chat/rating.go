package chat

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// rating reads a grade of a scale from what somebody writes who is asked for
// one: "4", "1 terrible!!!", "5 stars", "⭐⭐⭐⭐", "4/5", "I'd give it a 3". It
// takes a number only where it can hardly be anything else; a number of hours,
// a second number or a "not" before it leaves the question open.
func rating(text string, least, most int) (int, bool) {
	if n, ok := drawnStars(text); ok {
		return n, n >= least && n <= most
	}
	said := gradeTokens(text)
	at, n := -1, 0
	for i := 0; i < len(said); i++ {
		v, ok := said[i].number()
		if !ok || v == 1 && said[i].spelled && len(said) > 1 && (i+1 == len(said) || !stars(said[i+1].text)) {
			continue // "un 5": an article
		}
		if at >= 0 {
			return 0, false // which one?
		}
		at, n = i, v
		if top, next, ok := outOf(said, i+1); ok {
			if top != most {
				return 0, false
			}
			said = slices.Delete(slices.Clone(said), i+1, next)
			said[i].whole = true
		}
	}
	if at < 0 || n < least || n > most || said[at].signed {
		return 0, false
	}
	for _, t := range said[:at] {
		if oneOfWords(t.text, "not", "no", "never", "don't", "dont", "won't", "can't", "without", "nicht", "kein", "keine", "keinen", "nie", "niemals", "ohne", "nunca", "sin", "ni", "pas", "jamais", "sans", "ne") {
			return 0, false
		}
	}
	t := said[at]
	last := at+1 == len(said)
	starred := !last && stars(said[at+1].text)
	switch {
	case t.whole, starred, at == 0 && last:
		return n, true
	case at == 0 && t.spelled: // "one of your people", "un désastre"
		return n, said[1].apart
	case at == 0:
		return n, said[1].apart || !counted(said[1].text, n)
	case !graded(said[:at]):
		return 0, false
	}
	return n, last || said[at+1].apart || !counted(said[at+1].text, n) && said[at+1].text != "of"
}

// token is a word of an answer. apart says that a sign stands before it;
// signed that it is a minus, a decimal or stands in a longer number.
type token struct {
	text                          string
	apart, signed, spelled, whole bool
}

func (t *token) number() (int, bool) {
	if n, err := strconv.Atoi(t.text); err == nil {
		return n, true
	}
	n, ok := gradeWord(t.text)
	t.spelled = ok
	return n, ok
}

// gradeTokens splits a text at blanks and signs. Digits of all scripts and
// keycaps are digits.
func gradeTokens(text string) []token {
	var out []token
	var word strings.Builder
	apart, sign := false, rune(0)
	flush := func() {
		if word.Len() > 0 {
			out = append(out, token{text: strings.ReplaceAll(word.String(), "’", "'"), apart: apart, signed: sign != 0})
			word.Reset()
			apart, sign = false, 0
		}
	}
	list := []rune(strings.ReplaceAll(strings.ToLower(text), "🔟", " 10 "))
	digit := func(i int) bool { return i >= 0 && i < len(list) && unicode.IsDigit(list[i]) }
	for i, c := range list {
		switch {
		case c == '\uFE0F' || c == '\u20E3' || c == '\u200D':
		case unicode.IsDigit(c):
			word.WriteByte(byte('0' + digitOf(c)))
		case unicode.IsLetter(c), unicode.IsMark(c), (c == '\'' || c == '’') && word.Len() > 0:
			word.WriteRune(c)
		case (c == '.' || c == ',' || c == ':') && digit(i-1) && digit(i+1), c == '-' && digit(i-1) && digit(i+1):
			word.WriteRune(c) // 4.5, 10:30, 4-5: no grade
		case (c == '-' || c == '−') && digit(i+1) && word.Len() == 0:
			flush()
			sign = c
		case c == '%' || c == '€' || c == '$' || c == '£' || c == '#' || c == '°':
			word.WriteRune(c)
		case c == '/':
			flush()
			out = append(out, token{text: "/"})
		case unicode.IsSpace(c):
			flush()
		default:
			flush()
			apart = len(out) > 0
		}
	}
	flush()
	return out
}

// digitOf is the value of a decimal digit: those of a script stand in a row.
func digitOf(c rune) int {
	n := 0
	for unicode.IsDigit(c-1) && n < 9 {
		c--
		n++
	}
	if c >= '0' && c <= '9' {
		return int(c-'0') + n
	}
	return n
}

// drawnStars counts stars where there is nothing else before the words.
func drawnStars(text string) (n int, ok bool) {
	for _, c := range strings.TrimSpace(text) {
		switch {
		case c == '⭐' || c == '★' || c == '🌟':
			n++
		case c == '☆' || c == '\uFE0F' || unicode.IsSpace(c) || unicode.IsPunct(c):
		case unicode.IsDigit(c):
			return 0, false
		case n == 0:
			return 0, false
		}
	}
	return n, n > 0
}

// stars says whether a word is what grades are counted in.
func stars(word string) bool {
	return oneOfWords(word, "star", "stars", "point", "points", "stern", "sterne", "sternen", "punkt", "punkte", "punkten", "estrella", "estrellas", "punto", "puntos", "étoile", "étoiles", "etoile", "etoiles")
}

// outOf reads "/5", "out of 5", "von 5", with or without the stars before it.
func outOf(said []token, i int) (top, next int, ok bool) {
	for i < len(said) && (stars(said[i].text) || said[i].text == "out") {
		i++
	}
	if i+1 >= len(said) || !oneOfWords(said[i].text, "/", "of", "von", "aus", "de", "sobre", "sur") {
		return 0, 0, false
	}
	top, ok = said[i+1].number()
	return top, i + 2, ok
}

// graded says whether the words before a number say that it is a grade.
func graded(before []token) bool {
	for _, t := range before[max(0, len(before)-5):] {
		if oneOfWords(t.text, "give", "giving", "gave", "rate", "rating", "score", "grade", "gebe", "geben", "gib", "vergebe", "bewertung", "bewerte", "note", "doy", "daría", "daria", "pongo", "nota", "puntuación", "puntuacion", "califico", "valoración", "donne", "donnerais", "mets", "attribue") {
			return true
		}
	}
	switch last := before[len(before)-1].text; {
	case len(before) > 2:
		return false
	case len(before) == 2: // "a solid 4", "it's a 4"
		return oneOfWords(before[0].text, "a", "it's", "its", "definitely", "eine", "glatte", "un", "una", "c'est", "es") || oneOfWords(last, "solid", "strong", "glatte", "sólido", "solide")
	default:
		return oneOfWords(last, "a", "an", "eine", "un", "una", "une", "solid", "definitely", "maybe")
	}
}

// counted says whether a word after a number is what it counts.
func counted(word string, n int) bool {
	if oneOfWords(word, "hour", "h", "hr", "min", "minute", "day", "week", "month", "year", "time", "x", "am", "pm", "o'clock", "more", "other", "different", "new", "of", "people", "person", "order", "call", "message", "agent", "euro", "eur", "usd", "dollar", "percent", "st", "nd", "rd", "th", "or", "to", "and",
		"uhr", "stunde", "stunden", "std", "minuten", "tag", "tage", "tagen", "woche", "wochen", "monat", "monate", "jahr", "jahre", "mal", "leute", "personen", "bestellung", "bestellungen", "anrufe", "von", "der", "weitere", "neue", "oder", "bis", "und", "prozent", "mitarbeiter", "nachrichten",
		"hora", "día", "dia", "mes", "año", "vez", "veces", "pedido", "personas", "llamada", "de", "o", "y", "a",
		"heure", "jour", "semaine", "mois", "fois", "commande", "personnes", "appel", "ou", "et", "à", "des", "du") {
		return true
	}
	if strings.ContainsAny(word, "%€$£#°") {
		return true
	}
	// What is many ends so in English, Spanish and French.
	return n != 1 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && !oneOfWords(word, "thanks", "was", "is", "plus", "alles", "gracias", "très", "tres", "es", "always", "as", "fabulous", "this")
}

// gradeWord is a number that is spelled out.
func gradeWord(word string) (int, bool) {
	for n, names := range [][]string{
		{"zero", "null", "cero", "zéro"}, {"one", "eins", "ein", "eine", "uno", "un", "una", "une"}, {"two", "zwei", "dos", "deux"},
		{"three", "drei", "tres", "trois"}, {"four", "vier", "cuatro", "quatre"}, {"five", "fünf", "fuenf", "cinco", "cinq"}, {"six", "sechs", "seis"},
		{"seven", "sieben", "siete", "sept"}, {"eight", "acht", "ocho", "huit"}, {"nine", "neun", "nueve", "neuf"}, {"ten", "zehn", "diez", "dix"},
	} {
		if slices.Contains(names, word) {
			return n, true
		}
	}
	return 0, false
}

func oneOfWords(word string, list ...string) bool { return slices.Contains(list, word) }
