package slots

// denied says that a value in the tokens i … end is not meant: "not on Friday",
// "5 doesn't suit me". In running text only what stands before it at once counts.
func (s *scan) denied(i, end int) bool {
	reach := 12
	if !s.whole {
		reach = 2
	}
	if s.compared(i) {
		return true
	}
	for k := i - 1; k >= 0 && k >= i-reach && !s.clauseEnd(k); k-- {
		if s.negates(k) && !(s.is(k-1, "si") && s.is(k, "no")) && !(s.is(k-1, "if", "wenn", "falls") && s.is(k+1, "then", "dann", ",")) && !s.is(k-1, "why", "warum", "wieso", "weshalb", "que", "pourquoi") && !(s.is(k, "no") && k == i-1 && s.v.language != "es") {
			return true
		}
		if !s.whole && !s.v.fillers[s.tokens[k].text] {
			break
		}
	}
	if !s.whole {
		return false
	}
	if s.unfit(i, end) {
		return true
	}
	for k := end; k < len(s.tokens) && k < end+reach && !s.clauseEnd(k); k++ {
		if clauseBegins[s.tokens[k].text] {
			return false
		}
		if s.negates(k) {
			_, at := s.cueAt(k + 1)
			_, _, isHour := s.hour(at)
			return !isHour && !s.ofDays(min(at, len(s.tokens)-1)) // "at 5, not 6"
		}
	}
	return false
}

// unfit says that the clause of a day or a time says that it does not suit: "I'm busy on Friday".
func (s *scan) unfit(i, end int) bool {
	if s.asked == Duration {
		return false
	}
	for k := i - 1; k >= max(i-12, 0) && !s.clauseEnd(k); k-- {
		if s.v.busy[s.textAt(k)] {
			return true
		}
	}
	if s.judged(end) {
		return true
	}
	for k := end; k < min(end+12, len(s.tokens)) && !s.clauseEnd(k) && (!clauseBegins[s.tokens[k].text] || s.is(k, "que") && s.is(k-1, "hay", "tengo", "tenemos")); k++ {
		if s.v.busy[s.textAt(k)] {
			return true
		}
	}
	return false
}

// judged says that behind a day or a time something is said of it, or of who speaks, that is
// no approval: "monday is full", "monday I'm out", "lundi c'est trop tôt".
func (s *scan) judged(end int) bool {
	k := end
	for k < len(s.tokens) && k < end+4 && !s.v.copulas[s.tokens[k].text] {
		if s.class(k) == mark && !s.is(k, "'", "-") || s.class(k) == word && !s.is(k, "that", "i", "it", "we", "das", "da", "es", "ich", "yo", "eso", "ya", "c", "ce", "ca", "je", "mir", "fur", "mich", "for", "me", "pour", "moi", "para", "mi") {
			return false
		}
		k++
	}
	if k >= len(s.tokens) || !s.v.copulas[s.tokens[k].text] || k > end+3 {
		return false
	}
	if s.is(k, "es", "s") && k == end && s.v.language != "es" && s.v.language != "en" {
		return false
	}
	for k++; k < min(end+16, len(s.tokens)) && !s.clauseEnd(k) && !clauseBegins[s.tokens[k].text]; k++ {
		if s.v.suits[s.tokens[k].text] || s.polite(k) || s.class(k) == figure {
			return false
		}
		if s.is(k, "too", "zu", "muy", "demasiado", "trop", "nichts") {
			return true
		}
		if _, _, day := s.v.days.at(s.tokens, k); day || s.ofDays(k) {
			return false
		}
	}
	return k > 0 && s.class(k-1) == word && !s.v.copulas[s.tokens[k-1].text]
}

// compared says that the words before a value make a bound of it: "at least 5", "any day but Friday".
func (s *scan) compared(i int) bool {
	if s.is(i-1, "'") {
		i--
	}
	switch {
	case s.is(i-1, "least", "most", "than", "over", "under", "mindestens", "hochstens", "minimo", "maximo", "minimum", "maximum"),
		s.is(i-1, "als") && s.is(i-2, "mehr", "weniger", "later", "spater", "fruher", "anders"),
		s.is(i-1, "menos", "mas", "moins", "plus") && s.is(i-2, "al", "au", "lo", "hora", "dia"),
		s.is(i-1, "de", "d", "a", "las", "del") && s.is(i-2, "mas", "menos", "plus", "moins") && !s.is(i-3, "o", "ou"):
		return true
	case s.is(i-1, "but", "menos", "minus"):
		for k := i - 2; k >= max(i-5, 0); k-- {
			if s.is(k, "any", "anything", "anytime", "all", "every", "everything", "cualquier", "cualquiera", "todos", "todas", "todo") {
				return true
			}
		}
	}
	return false
}

// boundBefore is a bound whose words end before token i: "bis abends um sieben".
func (s *scan) boundBefore(i int) cue {
	for k := max(i-4, 0); k < i; k++ {
		if c, next, ok := s.v.cues.at(s.tokens, k); ok && next == i && c > exactly {
			return c
		}
	}
	return uncued
}

// pieceOfMore says that a time or a moment in the tokens i … next is only a part of
// what was said: "until friday at 5", "two hours before noon", "within 2 hours", "in 2 hours or 3".
// A time alone becomes the bound that the words before it make of it.
func (s *scan) pieceOfMore(i, next int, r *reading) bool {
	if !r.clocked && !r.fixed {
		return false
	}
	if s.v.either[s.textAt(next)] && s.halfAt(next+1) { // "8 am or pm"
		return true
	}
	if _, end, in := s.v.in.at(s.tokens, i-1); in && end == i && r.day.empty() && !r.fixed && r.clock.half == "" && r.clock.minutes%60 == 0 && !s.is(i-1, "en") && s.numbered(i) && s.closes(next) {
		return true // "in 4"
	}
	bound := s.boundBefore(i)
	if r.fixed {
		_, _, either := s.hour(next + 1)
		return bound != uncued || s.is(i, "within", "innerhalb", "binnen", "sous", "d") || s.v.either[s.textAt(next)] && either && !s.is(next, "and", "und", "y", "et")
	}
	if _, timed := s.v.measures[s.textAt(i-1)]; timed && r.clock.bound != uncued {
		return true
	}
	if r.day.empty() && s.passed > 0 && (s.passed == i || s.passed == i-1 && s.v.fillers[s.textAt(i-1)] && !s.is(i-1, ",")) {
		return true
	}
	switch {
	case bound == uncued || r.clock.bound != uncued:
	case s.endFollows(next):
		return true
	case bound == between || !r.day.empty():
		return !s.is(i-1, "de", "von")
	default:
		r.clock.bound = bound
	}
	return false
}

// negates says that a word denies what stands beside it.
func (s *scan) negates(i int) bool {
	switch {
	case s.is(i, "t") && s.is(i-1, "'"):
		return true
	case s.is(i, "no", "kein", "sin", "pas", "keine"): // "no problem", "no doubt"
		for k := i + 1; k <= i+2; k++ {
			if s.is(k, "problem", "problems", "problema", "problemas", "probleme", "souci", "soucis", "doubt", "duda", "doute", "hurry", "prisa", "worries", "matter") {
				return false
			}
		}
		return !s.is(i, "sin") && (!s.is(i, "no") || s.v.language == "es" || s.class(i+1) == word)
	}
	return negations[s.v.language][s.textAt(i)]
}

// clauseEnd says that a mark ends a clause.
func (s *scan) clauseEnd(i int) bool {
	if s.is(i, ",", ";", "!", "?", "(", ")", "but", "aber", "sondern", "pero", "sino", "mais", "instead", "rather") {
		return true
	}
	return s.is(i, ".") && (i+1 >= len(s.tokens) || s.tokens[i+1].gap)
}

// clauseBegins are words after which another clause begins.
var clauseBegins = setOf("if because since when so and as unless und weil wenn falls da damit sonst si porque cuando y que car quand parce et")

var negations = map[string]set{
	"en": setOf("not never cannot cant dont wont isnt doesnt didnt wouldnt shouldnt except excluding excluded without unable neither nor instead"),
	"de": setOf("nicht nie niemals keinesfalls ausser keinen keinem keiner ohne weder ungunstig"),
	"es": setOf("ni excluido excluida excluidos nunca jamas tampoco excepto salvo imposible"),
	"fr": setOf("exclu exclue exclus pas jamais sauf excepte hors impossible ni"),
}
