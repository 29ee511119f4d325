package botscripts

import "strings"

// phrases are the few words that the runtime says by itself.
type phrases struct {
	yes, no string
	confirm string // hint of confirm
	choose  string // hint of choose
}

// phrase gives the words of a BCP 47 language, English when it has none.
func phrase(language string) phrases {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	switch base {
	case "de":
		return phrases{"Ja", "Nein", "Bitte antworten Sie mit Ja oder Nein.", "Bitte wählen Sie eine der Möglichkeiten."}
	case "es":
		return phrases{"Sí", "No", "Responda sí o no, por favor.", "Elija una de las opciones, por favor."}
	case "fr":
		return phrases{"Oui", "Non", "Merci de répondre par oui ou non.", "Merci de choisir une des réponses proposées."}
	}
	return phrases{"Yes", "No", "Please answer yes or no.", "Please choose one of these."}
}

// confirms reads yes (0) or no (1) in the four languages from the first
// words of a short message.
func confirms(text string) (int, bool) {
	said := words(text)
	if len(said) == 0 || len(said) > 4 {
		return 0, false
	}
	switch said[0] {
	case "yes", "y", "yeah", "yep", "yup", "sure", "ok", "okay", "correct", "right",
		"ja", "j", "jawohl", "jo", "klar", "gerne", "genau", "stimmt",
		"sí", "si", "claro", "vale", "correcto",
		"oui", "o", "ouais", "bien", "exact":
		return 0, true
	case "no", "n", "nope", "nah", "wrong",
		"nein", "nee", "nö",
		"non":
		return 1, true
	}
	return 0, false
}
