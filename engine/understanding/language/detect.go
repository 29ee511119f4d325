package language

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	wordShare = 0.5  // of a word's probability, beside its letters'
	softness  = 0.6  // of the evidence: words of a message are not independent
	priorMax  = 0.95 // what history alone can say
	surest    = 0.5  // confidence that is needed
)

// Detect says which of the candidates a message is written in, with a model that
// is built at the first call. See Model.Detect.
func Detect(text string, candidates []string, prior map[string]float64) (lang string, confidence float64, ok bool) {
	return shared().Detect(text, candidates, prior)
}

// Read is the Evidence of a text, with a model that is built at the first call.
func Read(text string, candidates []string) Evidence { return shared().Evidence(text, candidates) }

// Detect says which of the candidates (BCP 47) a message is written in. prior is
// how much each was used before, in any unit such as the consumer's messages; nil
// is no history. confidence is the probability, 0 … 1. ok is false when the
// message gives nothing to go by (emoji, numbers, links, a name), when none of the
// candidates is known, and when no language is likelier than all others together;
// the caller then keeps the language that it had.
func (m *Model) Detect(text string, candidates []string, prior map[string]float64) (lang string, confidence float64, ok bool) {
	return m.Evidence(text, candidates).Decide(prior)
}

// Evidence is what a text alone says about the candidates. It is immutable; the
// zero value says nothing.
type Evidence struct {
	script  string             // the candidate that the script alone tells
	columns [languages]string  // the candidate of each language
	logs    [languages]float64 // of the text's probability in each
	telling bool
}

// Evidence reads a text. It is the part of Detect that takes time.
func (m *Model) Evidence(text string, candidates []string) (e Evidence) {
	if lang, ok := byScript(text, candidates); ok {
		return Evidence{script: lang}
	}
	var among []int
	for _, candidate := range candidates {
		l := slices.Index(m.codes, base(candidate))
		if l >= 0 && e.columns[l] == "" {
			e.columns[l], among = candidate, append(among, l)
		}
	}
	said := wordsOf(text, longestText)
	if len(among) == 0 || !m.telling(text, said, &e.columns) {
		return Evidence{}
	}
	e.telling = true
	for _, w := range said {
		p := m.spelling(w, among)
		seen := m.words[w]
		for _, l := range among {
			share := 0.0
			if seen != nil {
				share = float64(seen[l]) / m.total[l]
			}
			e.logs[l] += softness * math.Log(wordShare*share+(1-wordShare)*p[l]+1e-200)
		}
	}
	return e
}

// Decide is the part of Detect that weighs the evidence with the history: a few
// additions.
func (e Evidence) Decide(prior map[string]float64) (lang string, confidence float64, ok bool) {
	switch {
	case e.script != "":
		return e.script, 0.99, true
	case !e.telling:
		return "", 0, false
	}
	logs := logPrior(e.columns, prior)
	best := -1
	for l := range logs {
		logs[l] += e.logs[l]
		if e.columns[l] != "" && (best < 0 || logs[l] > logs[best]) {
			best = l
		}
	}
	sum := 0.0
	for l := range logs {
		if e.columns[l] != "" {
			sum += math.Exp(logs[l] - logs[best])
		}
	}
	confidence = 1 / sum
	if confidence < surest {
		return "", confidence, false
	}
	return e.columns[best], confidence, true
}

// Index finds the candidate that is the language of a tag: the tag itself, or
// else the first with the same base ("de" for "de-AT"). −1 when there is none.
func Index(candidates []string, tag string) int {
	if i := slices.Index(candidates, tag); i >= 0 || tag == "" {
		return i
	}
	return slices.IndexFunc(candidates, func(c string) bool { return base(c) == base(tag) })
}

// telling says that there is something to go by: a known word of a candidate, or
// words that are not all written as names are.
func (m *Model) telling(text string, said []string, columns *[languages]string) bool {
	letters := 0
	for _, w := range said {
		letters += len(w)
		if seen := m.words[w]; seen != nil {
			for l := range columns {
				if columns[l] != "" && seen[l] > 0 && len(w) > 1 {
					return true
				}
			}
		}
	}
	if letters < 3 {
		return false
	}
	latin := false
	for _, field := range strings.Fields(text) {
		for _, c := range field {
			if unicode.IsLetter(c) {
				latin = latin || unicode.Is(unicode.Latin, c) && !unicode.IsUpper(c)
				break
			}
		}
	}
	return latin
}

// logPrior is the weight of each candidate by its history; a language without
// any keeps a small share.
func logPrior(columns [languages]string, prior map[string]float64) (logs [languages]float64) {
	sum, n := 0.0, 0.0
	weight := func(l int) float64 {
		w := prior[columns[l]]
		if math.IsNaN(w) || w < 0 {
			return 0
		}
		return min(w, 1e6)
	}
	for l := range columns {
		if columns[l] != "" {
			sum += weight(l)
			n++
		}
	}
	if sum == 0 {
		return logs
	}
	for l := range columns {
		if columns[l] != "" {
			logs[l] = math.Log(priorMax*weight(l)/sum + (1-priorMax)/n)
		}
	}
	return logs
}

func base(tag string) string {
	first, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	return first
}

// byScript finds the only candidate that is written in the script of most letters.
func byScript(text string, candidates []string) (string, bool) {
	if len(text) > longestText {
		text = text[:longestText]
	}
	counts := map[string]int{}
	letters := 0
	for _, c := range text {
		if c < 0x370 || !unicode.IsLetter(c) {
			if unicode.IsLetter(c) {
				letters++
			}
			continue
		}
		letters++
		counts[scriptOf(c)]++
	}
	if counts["kana"] > 0 { // Japanese has both
		counts["kana"] += counts["han"]
		counts["han"] = 0
	}
	found := ""
	for _, candidate := range candidates {
		script := writtenIn(base(candidate))
		if script == "" || 2*counts[script] <= letters {
			continue
		}
		if found != "" {
			return "", false
		}
		found = candidate
	}
	return found, found != ""
}

func scriptOf(c rune) string {
	switch {
	case unicode.Is(unicode.Cyrillic, c):
		return "cyrillic"
	case unicode.Is(unicode.Greek, c):
		return "greek"
	case unicode.Is(unicode.Arabic, c):
		return "arabic"
	case unicode.Is(unicode.Hebrew, c):
		return "hebrew"
	case unicode.Is(unicode.Thai, c):
		return "thai"
	case unicode.Is(unicode.Hangul, c):
		return "hangul"
	case unicode.In(c, unicode.Hiragana, unicode.Katakana):
		return "kana"
	case unicode.Is(unicode.Han, c):
		return "han"
	case unicode.Is(unicode.Devanagari, c):
		return "devanagari"
	}
	return ""
}

func writtenIn(language string) string {
	switch language {
	case "ru", "uk", "bg", "sr", "mk", "be":
		return "cyrillic"
	case "el":
		return "greek"
	case "ar", "fa", "ur":
		return "arabic"
	case "he":
		return "hebrew"
	case "th":
		return "thai"
	case "ko":
		return "hangul"
	case "ja":
		return "kana"
	case "zh":
		return "han"
	case "hi", "mr", "ne":
		return "devanagari"
	}
	return ""
}

func lower(w string) string { return norm.NFC.String(strings.ToLower(strings.ToValidUTF8(w, ""))) }
