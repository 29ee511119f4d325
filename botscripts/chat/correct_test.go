package chat

import "testing"

func TestCorrected(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"stop, I meant Tuesday": "Tuesday", "Stop! I meant the blue one": "the blue one", "I meant 12, sorry": "12, sorry",
		"no wait, sorry: I meant 3": "3", "oops I mean Friday": "Friday", "sorry, make that two": "two", "No, I mean yes.": "yes.",
		"Moment, ich meinte Dienstag": "Dienstag", "Halt! Ich meine doch den 4.": "den 4.", "ich wollte sagen: drei": "drei",
		"perdón, quise decir el martes": "el martes", "no, me refiero a mañana": "mañana", "queria decir dos": "dos",
		"attendez, je voulais dire mardi": "mardi", "pardon, je veux dire 4": "4",

		"I mean it": "", "stop": "", "no": "", "no, it's fine": "", "wait": "", "I meant": "", "I meant ...": "", "what I meant is 5": "",
		"ich meine das ernst": "", "make that two": "", "12, I meant": "", "non": "", "": "", "?!": "", "tuesday": "",
		"no no no no no no I meant 5": "",
	} {
		rest, ok := corrected(text)
		if rest != want || ok != (want != "") {
			t.Errorf("%q: got %q %v, want %q", text, rest, ok, want)
		}
	}
}

func TestAsksSomething(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"are you open on saturday": true, "do you repair bikes": true, "and the price is?": true, "how much is delivery": true,
		"was kostet der Versand": true, "habt ihr samstags offen": true, "¿cuánto cuesta el envío?": true, "dónde está la tienda": true,
		"combien coûte la livraison": true, "est-ce que vous livrez": true,

		"tomorrow?": false, "the blue?": false, "on saturday at five": false, "3 please, thank you": false, "": false, "???": false, "blau oder grün, egal": false,
	} {
		if got := asksSomething(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}
