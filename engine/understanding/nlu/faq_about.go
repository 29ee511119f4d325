package nlu

import (
	"math"
	"slices"
	"strings"
	"sync"
)

// fit is what a text has to do with each question.
type fit struct {
	scores []float64
	shared []float64 // weight of its words that the question, its wordings and its answer have
	// strange is the weight of its words of which no question knows even the
	// beginning.
	strange float64
}

// These were chosen on other texts than the tests', as the others.
const (
	functional = 0.1 // weight of a word that stands in any sentence
	mostOdd    = 1.0 // of what is shared: more strange words ask about something else
	nearCut    = 4   // a score that little above the cut is unsure,
	nearNext   = 3.0 // and then must be that much better than the next
	knownShare = 0.6 // of a word's letters: a known beginning
	leastKnown = 4   // letters of it
)

// asks says that the text asks the question that fits best, as far as one can
// tell: that it fits well enough, better than the next when in doubt, and that the
// text is not about something of which the question, whose answer is there to
// tell, says nothing.
func (x *FAQ) asks(f fit) bool {
	best, next := -1, math.Inf(-1)
	for i, s := range f.scores {
		switch {
		case best < 0 || s > f.scores[best]:
			if best >= 0 {
				next = f.scores[best]
			}
			best = i
		case s > next:
			next = s
		}
	}
	if best < 0 || f.scores[best] < x.cut || f.shared[best] == 0 {
		return false
	}
	if f.scores[best] < x.cut+nearCut && f.scores[best] < next+nearNext {
		return false
	}
	told := slices.ContainsFunc(x.docs, func(d document) bool { return d.share > 0 && int(d.question) == best })
	return !told || f.strange <= mostOdd*f.shared[best]
}

// share weighs a text's words by how rare they are. A word that a question has in
// another form is shared in part, by its longest n-grams.
func (x *FAQ) share(words []string) fit {
	f := fit{shared: make([]float64, x.questions)}
	part, last := make([]float32, x.questions), make([]int32, x.questions)
	stamp := int32(0)
	seen := map[string]bool{}
	for _, w := range words {
		if seen[w] {
			continue
		}
		seen[w] = true
		grams := longestGrams(w)
		weight := 0.0
		clear(part)
		for _, g := range grams {
			i, ok := x.grams[g]
			if !ok {
				weight = max(weight, x.unseen)
				continue
			}
			weight = max(weight, x.idf[i])
			stamp++
			for _, p := range x.postings[x.starts[i]:x.starts[i+1]] {
				q := x.docs[p>>weightBits].question
				if last[q] != stamp {
					last[q] = stamp
					part[q]++
				}
			}
		}
		switch {
		case functionWords()[w]:
			weight *= functional
		case x.strange(w):
			f.strange += weight
		}
		for q, n := range part {
			f.shared[q] += weight * float64(n) / float64(len(grams))
		}
	}
	return f
}

// longestGrams are a word's n-grams of the greatest order, each once.
func longestGrams(w string) []string {
	s, n := []rune(" "+w+" "), maxGram
	if spaceless(w) {
		s, n = []rune(w), maxSpaceless
	}
	n = min(n, len(s))
	var out []string
	for i := 0; i+n <= len(s); i++ {
		if g := string(s[i : i+n]); !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}

// strange says that no question has a word that begins like this one.
func (x *FAQ) strange(w string) bool {
	if _, ok := x.repair.known[w]; ok || letters(w) < leastKnown || spaceless(w) {
		return false
	}
	s := []rune(" " + w)
	known := max(leastKnown, int(math.Ceil(knownShare*float64(len(s)-1))))
	for i := 0; i+maxGram <= known+1; i++ {
		if _, ok := x.grams[string(s[i:i+maxGram])]; !ok {
			return true
		}
	}
	return false
}

// functionWords stand in sentences about anything. In a FAQ of few questions even
// they look rare.
var functionWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(commonWords) {
		out[w] = true
	}
	return out
})

// commonWords are of English, German, Spanish, French, Italian, Portuguese, Dutch
// and Polish.
const commonWords = `
a aan abbiamo aber about after again against ahí ai aide al albo ale algo alguien alguém all alla alle aller
alles alors already als also am an anche and any anything après aqui aquí are aren't as at até au auch auf aus
aussi aux avait avant avec avere avete avez avoir avons ayuda bardzo be bedankt been before bei being ben bent
besoin between bez bij bin bis bisogna bist bitte bonjour both brauche brauchen but by być był była było c'est
can can't cant ce cela ces cet cette chce chciałbym chcę che chi chose ci ciao cię co com combien come comment
como con cosa could coś cual cuando cuanto cuál cuáles cuándo cuánta cuántas cuánto cuántos czemu czy cómo da
daar dal dan danke dann dans darf das dat de debo dei dein deine del della dem den denn depuis der des desde
devez devo deze di dich did didn't die dir dit dla dlaczego do dobry doch doe doen does doesn't doesnt doet
doing dois doit don't donde done dont door dort dos dove du durch during dzień dziękuję déjà dónde dürfen each
een eigentlich ein eine einem einen einer eines el ela ele eles ella elle elles ellos em en encore entonces
entre er era eres es esa ese eso esse essere est est-ce esta estaba estar este esto estou estoy está están
estão et etwas eu euch euer eure ever fa faccio faire fais fait fare faut favor faz fazer faço few for fra
from fue für ga gaat gdzie geen gegen gehen geht gern gerne get getting gibt gibts gli go goes going gonna got
graag gracias grazie ha haar habe haben haber hace hacer had hago hai hallo han hanno has hast hasta hat hatte
hatten have having hay he heb hebben hebt heeft heel helfen hello help hem hemos her here het hey hi hier hij
him hinter his ho hoe hoeveel hola how how's hun há i i'd i'll i'm i've ich ici iemand iets if ihm ihn ihnen
ihr ihre ihren ik il ile ils im in ins into io ir is isn't isso ist isto it it's its j'ai ja jak jaka jaki
jakie je jej jemand jest jestem jeszcze jeśli jij jouw jullie jusque just już já kan kann kannst kein keine
keinen kiedy know kto ktoś która które który kun kunnen kunt können könnt könnte könnten l'on la las le lei
les let let's leur leurs lhe like lo long loro los lub lui là ma maar mache machen macht macie mag mais make
mal mam man many mas masz may maybe me me's meer mehr mein meine meinem meinen meiner merci mes met meu meus
mi mia mich mie miei mieć might mij mijn mine minha minhas mio mir mis mit mnie mną moet moeten mogę moi moja
moje mojego molto mon more most może można mu much muito muss must muszę muy my más mój möchte möchten müssen
na naar nach nad nam nas nasz ne necesita necesito nee need needs nein nel nella never nicht nie niet no noch
nog noi non nor nos nosotros nosso nostro not notre nous now nuestra nuestro nur não nós obrigada obrigado od
oder of off ohne ok okay olá om on ona onde onder one oni only ono ons ont onze ook op or os other ou oui our
out over own où par para pas per perché pero peut peux più plaît please plus po pod pode podem podia podría
por porque porquê possiamo possible posso pour pourquoi pourrais pouvez pouvons preciso proszę przez przy
puede pueden puedo puis puoi può qu qu'est quais qual qualcosa qualcuno quale quali quand quando quanta quanti
quanto quantos que quel quelle quelles quello quelqu'un quelque quels quem queria quero questa questo qui
quiere quiero quisiera quién quoi qué really robić sa same sans say schon se sehr sei seid sein seine seit sem
ser ses seu shall she should si siamo sich sie siete sim sin sind się so sobre soll sollen sollte some
somebody someone something sommes somos son sono sont sou sous soy still su sua such suis suo sur sus svp swój
são sì sí są ta tak tam también também te tegen tego tej tell tem ten tengo tenho ter tes teu też than thank
thanks that that's the their them then there there's these they they're this those through ti tiene tienen to
toda todas todo todos ton too tot tous tout toute toutes tra trzeba très tu tudo tuo tus tussen tutti tutto
twój ty tym têm tú u uit um uma un una unas und under une uno unos uns unser unsere unter ur us usted ustedes
uw va vai vais van very veut veux vi você vocês voglio voi von voor vor vorrei vos vostro votre vou voudrais
voulez vous vuestra vuestro vuestras vuestros voy waar waarom wann wanna wanneer want wants war waren warum was wasz wat way we we're welche
welchen welcher welches welk welke wem wen wenn wer werden were what what's whats when when's where where's
wheres which who who's whom whose why wie wieso wieviel wij wil will willen wir wird with wo woher wohin
wollen won't worden wordt would wszystko wurde wy würde ya yes yet yo you you're your yours za ze zij zijn zo
zonder zou zu zum zur zwischen ça él était êtes être über
`
