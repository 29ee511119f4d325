package validate

import "strings"

// longestSpelled is how many words a text may have whose number is written in
// words; in longer ones "one" is seldom a number.
const longestSpelled = 8

// spelled finds the numbers in words. Words that are articles too, and words for
// none, count only when nothing else is said.
func spelled(folded, language string) []numeral {
	said := words(folded)
	if len(said) > longestSpelled {
		return nil
	}
	table := numberWords(language)
	var found []numeral
	for i := 0; i < len(said); {
		length, value := longestNumber(said[i:], table)
		switch {
		case length == 0:
			i++
			continue
		case length == 1 && len(said) > 1 && isArticle(said[i]):
			i++
			continue
		}
		n := float64(value)
		if i > 0 && (said[i-1] == "minus" || said[i-1] == "menos" || said[i-1] == "moins") {
			n = -n
		}
		found = append(found, numeral{value: n})
		i += length
	}
	return found
}

func longestNumber(said []string, table map[string]int) (length, value int) {
	for n := min(4, len(said)); n > 0; n-- {
		if value, ok := table[strings.Join(said[:n], " ")]; ok {
			return n, value
		}
	}
	return 0, 0
}

// isArticle knows the words that mean a number only by themselves.
func isArticle(word string) bool {
	switch word {
	case "ein", "eine", "einen", "einer", "einem", "un", "una", "une", "none", "keine", "keinen", "ninguno", "ninguna", "aucun", "aucune":
		return true
	}
	return false
}

// numberWords are the folded words for 0 … 100 and a few more.
func numberWords(language string) map[string]int {
	table := make(map[string]int, 256)
	switch language {
	case "de":
		germanNumbers(table)
	case "es":
		spanishNumbers(table)
	case "fr":
		frenchNumbers(table)
	default:
		englishNumbers(table)
	}
	return table
}

func count(table map[string]int, first int, list string) {
	for i, word := range strings.Fields(list) {
		table[word] = first + i
	}
}

func tens(table map[string]int, list string, compound func(ten string, n int)) {
	for i, word := range strings.Fields(list) {
		table[word] = 20 + 10*i
		compound(word, 20+10*i)
	}
}

func englishNumbers(t map[string]int) {
	units := "one two three four five six seven eight nine"
	count(t, 0, "zero "+units+" ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	tens(t, "twenty thirty forty fifty sixty seventy eighty ninety", func(ten string, n int) {
		for i, unit := range strings.Fields(units) {
			t[ten+" "+unit] = n + i + 1
		}
	})
	t["none"], t["a hundred"], t["hundred"], t["one hundred"], t["a thousand"], t["one thousand"] = 0, 100, 100, 100, 1000, 1000
	t["a dozen"] = 12
}

func germanNumbers(t map[string]int) {
	units := "ein zwei drei vier funf sechs sieben acht neun"
	count(t, 0, "null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn")
	for _, word := range []string{"ein", "eine", "einen", "einer", "einem"} {
		t[word] = 1
	}
	tens(t, "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig", func(ten string, n int) {
		for i, unit := range strings.Fields(units) {
			t[unit+"und"+ten] = n + i + 1
		}
	})
	t["zwo"], t["fuenf"], t["zwoelf"], t["fuenfzehn"] = 2, 5, 12, 15
	t["keine"], t["keinen"], t["hundert"], t["einhundert"], t["tausend"], t["ein dutzend"] = 0, 0, 100, 100, 1000, 12
}

func spanishNumbers(t map[string]int) {
	units := "uno dos tres cuatro cinco seis siete ocho nueve"
	count(t, 0, "cero "+units+" diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve")
	t["un"], t["una"] = 1, 1
	tens(t, "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", func(ten string, n int) {
		for i, unit := range strings.Fields(units) {
			t[ten+" y "+unit] = n + i + 1
		}
	})
	for i, unit := range strings.Fields(units) {
		t["veinti"+unit] = 21 + i
	}
	t["ninguno"], t["ninguna"], t["cien"], t["mil"], t["una docena"] = 0, 0, 100, 1000, 12
}

func frenchNumbers(t map[string]int) {
	teens := "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
	count(t, 0, "zero "+teens)
	t["une"], t["aucun"], t["aucune"] = 1, 0, 0
	small := append(strings.Fields(teens), "dix sept", "dix huit", "dix neuf")
	for i, word := range small {
		t[word] = i + 1
	}
	compound := func(ten string, n, last int) {
		t[ten] = n
		for i, unit := range small[:last] {
			t[ten+" "+unit] = n + i + 1
		}
	}
	for i, ten := range []string{"vingt", "trente", "quarante", "cinquante"} {
		compound(ten, 20+10*i, 9)
		t[ten+" et un"] = 21 + 10*i
	}
	compound("soixante", 60, 19)
	compound("quatre vingt", 80, 19)
	t["soixante et un"], t["soixante et onze"], t["quatre vingts"] = 61, 71, 80
	t["septante"], t["huitante"], t["nonante"], t["cent"], t["mille"], t["une douzaine"] = 70, 80, 90, 100, 1000, 12
}
