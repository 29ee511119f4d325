package choice

import (
	"sync"

	"parley/engine/understanding/said"
)

// class is what a word does in an answer that chooses.
type class byte

const (
	filler   class = iota // "the", "one"
	take                  // "want", "prefer"
	pay                   // "pay", "book": the same, but not in a question
	modal                 // "can I have": a question that is none
	asking                // "what", at the beginning
	hedge                 // "maybe", "if"
	negation              // "not", "anything but"
	than                  // "than": the next one is not meant
	turn                  // "but": ends a negation
	retract               // "no wait": what was named before is not meant
	none                  // "neither"
	both
	all
	ordinal // "second", with its number
	noun    // "option", before a number
)

// lastPlace is the number of "the last one".
const lastPlace = -1

// meaning is a class, with the number of an ordinal.
type meaning struct {
	class
	n int
}

// vocabulary is of all four languages at once: none of these words means something
// else in another that would matter here.
var vocabulary = sync.OnceValue(func() *said.Lexicon[meaning] {
	l := &said.Lexicon[meaning]{}
	for _, e := range []struct {
		class
		words string
	}{
		{none, "none of the above|ninguno de los anteriores|ninguna de las anteriores|aucune de ces réponses|aucun de ces choix|keine der genannten|keins der genannten|don t want any|don t want any of them|don t like any|don t like any of them|neither|neither of them|neither of the two|neither of these|none|none of them|none of these|none of those|none of the above|nothing of that|not any of them|not any of these|not one of them|neither one|keins|keines|keiner|keine davon|keins davon|keines davon|keiner davon|keine von beiden|keins von beiden|keines von beiden|keiner von beiden|keine von denen|keins von denen|keines von denen|keine von diesen|gar keins|gar keine|gar keiner|weder noch|weder das eine noch das andere|nichts davon|ninguno|ninguna|ninguno de los dos|ninguna de las dos|ninguno de ellos|ninguna de ellas|ninguno de estos|ninguna de estas|ni uno ni otro|ni una ni otra|ni lo uno ni lo otro|aucun|aucune|aucun des deux|aucune des deux|aucun d entre eux|aucune d entre elles|aucun de ceux là|ni l un ni l autre|ni l une ni l autre|neither of the three|none of the three|keins von den dreien"},
		{both, "both|both of them|both of these|the two|beide|beides|alle beide|die beiden|ambos|ambas|ambas cosas|los dos|las dos|les deux|tous les deux|toutes les deux"},
		{all, "all|all of them|all of these|everything|alle|alles|sämtliche|todos|todas|todos ellos|todo|tous|toutes|los|las|les"},
		{negation, "not|don t|dont|do not|doesn t|no|never|without|anything but|everything but|all but|any but|except|apart from|other than|isn t|nicht|kein|keine|keinen|keinem|keiner|nie|ohne|außer|ausser|alles außer|alles ausser|bloß nicht|sin|nunca|excepto|salvo|menos|todo menos|todos menos|cualquiera menos|todo excepto|tampoco|pas|jamais|sans|sauf|tout sauf|excepté|ne pas|aucun|ningún"},
		{than, "than|instead of|rather than|als|statt|anstatt|anstelle von|en vez de|en lugar de|au lieu de|plutôt que|antes que|que"},
		{turn, "but|sondern|aber|sino|pero|mais"},
		{retract, "no wait|no sorry|wait no|sorry i mean|sorry i meant|no i mean|no i meant|i mean|i meant|actually|scratch that|on second thought|ne doch|nee doch|nein doch|ach ne|ach nee|ach nein|ne warte|nee warte|nein warte|quatsch|ne quatsch|sorry|oops|ups|oups|ich meine|ich meinte|no espera|no espere|no perdón|no mejor|perdón|mejor dicho|quise decir|quiero decir|non attends|non attendez|non pardon|pardon|non plutôt|je voulais dire|je veux dire"},
		{hedge, "maybe|perhaps|possibly|probably|if|unless|depends|not sure|don t know|vielleicht|eventuell|wenn|falls|kommt drauf an|weiß nicht|unsicher|quizás|quizá|tal vez|a lo mejor|si|depende|no sé|no lo sé|peut être|dépend|sais pas|selon|whether|ob"},
		{asking, "what|which|who|where|when|why|how|is|are|was|does|do|did|wer|wo|wann|warum|wieso|wie|welche|welcher|welches|ist|sind|gibt|qué|cuál|cuándo|dónde|por qué|cómo|cuánto|es|hay|quel|quelle|quels|quelles|quand|où|pourquoi|comment|combien|est|est ce que|qu est ce|what s|where s|how s"},
		{modal, "can|could|may|can i|could i|may i|kann|könnte|könnten|können|darf|dürfte|puedo|puede|podría|podrías|me da|me pone|me das|peux|puis|pourrais|pouvez|je peux|puis je|pourrais je"},
		{filler, "sorry for|sorry about|sorry to|sorry that|pardon pour|perdón por|sorry für|sorry wegen"},
		{take, "want|take|like|d like|prefer|choose|need|get|give|have|go for|go with|pick|order|would love|rather|about|works|suits|make it|would be|nehme|passt|wäre|nehmen|möchte|will|hätte|brauche|wähle|bevorzuge|mag|lieber|gern|gerne|entscheide|kriegen|bekommen würde|quiero|quisiera|prefiero|tomo|elijo|escojo|necesito|deseo|me quedo|gustaría|deme|mejor|viene bien|me viene|me va|conviene|voudrais|convient|me convient|veux|prends|préfère|choisis|souhaite|aimerais|plutôt|donnez|ce sera|please|bitte|por favor|s il vous plaît|svp|s il te plaît"},
		{pay, "pay|book|zahlen|bezahlen|zahle|buchen|pagar|pago|reservar|payer|paie|réserver"},
		{noun, "option|options|number|no|nr|nummer|auswahl|choice|opción|número|choix|numéro|möglichkeit|variante|punkt|antwort|answer"},
		{filler, "pls|plz|thx|ty|cheers|porfa|porfis|nehm|nehms|nimm|krieg|bitteschön|merci bien|good morning|good afternoon|good evening|good night|guten morgen|guten tag|guten abend|gute nacht|buenos días|buenas tardes|buenas noches|bonne soirée|bonne nuit|guess|i|we|me|us|my|the|a|an|one|ones|it|that|this|them|then|well|ok|okay|yes|yeah|thanks|thank you|to|for|of|in|on|by|with|at|and|or|too|also|just|only|ll|d|m|s|would|think|so|let s|let|is nice|nice|good|great|fine|is fine|is enough|will do|ll do|sounds good|reicht|reicht mir|langt|genügt|klingt gut|ist ok|ist okay|ist gut|está bien|esta bien|vale|me vale|me sirve|ça va|ça me va|c est bon|suffit|me suffit|sure|oh|hi|hello|size|color|colour|kind|said|mean|meant|be|it s|them all|else|something|other|another|you|your|please give|prefer the|either|definitely|certainly|absolutely|perfect|" +
			"ich|wir|mir|uns|mein|meine|das|der|die|den|dem|ein|eine|einen|es|dann|ja|und|oder|auch|nur|danke|auf|mit|per|von|zu|zum|zur|im|am|für|größe|farbe|so|mal|doch|etwas|anderes|nein|also|würde|bin|sind|habe|meine ich|meinte ich|meinte|an|gut|super|geht|auf jeden fall|definitiv|" +
			"el|la|lo|un|una|uno|yo|mi|de|del|al|con|para|por|y|o|sí|gracias|también|me|nos|en|ya|pues|bueno|talla|color|somos|a|se|su|ese|esa|" +
			"le|l|une|des|du|d|je|j|on|nous|moi|mon|ma|et|ou|oui|merci|aussi|avec|par|dans|au|aux|en|c|ce|sera|pour|alors|bon|ben|taille|couleur|avoir|sommes|celui|celle|ci|là|n|ne|y|it is|c est"},
	} {
		l.AddExact(meaning{class: e.class}, e.words)
	}
	for n, words := range []string{
		"first|1st|erste|erster|erstes|ersten|primero|primera|primer|1er|1ère|premier|première",
		"second|2nd|zweite|zweiter|zweites|zweiten|segundo|segunda|deuxième|seconde|2e|2ème",
		"third|3rd|dritte|dritter|drittes|dritten|tercero|tercera|tercer|troisième",
		"fourth|4th|vierte|vierter|viertes|vierten|cuarto|cuarta|quatrième",
		"fifth|5th|fünfte|fünfter|fünftes|fünften|quinto|quinta|cinquième",
		"sixth|sechste|sechster|sechstes|sechsten|sexto|sexta|sixième",
		"seventh|siebte|siebter|siebtes|siebten|séptimo|séptima|septième",
		"eighth|achte|achter|achtes|achten|octavo|octava|huitième",
		"ninth|neunte|neunter|neuntes|neunten|noveno|novena|neuvième",
		"tenth|zehnte|zehnter|zehntes|zehnten|décimo|décima|dixième",
	} {
		l.AddExact(meaning{ordinal, n + 1}, words)
	}
	l.AddExact(meaning{ordinal, lastPlace}, "last|letzte|letzter|letztes|letzten|último|última|dernier|dernière")
	return l
})
