package gist

import "strings"

// phrases frame what is quoted, in the team's language.
type phrases struct {
	last, intent, faq, faqNot, picture                             string
	askedOnly, greetedOnly, greetedAsked, signs, pictureOnly, none string
}

func phrasesOf(lang string) phrases {
	switch base, _, _ := strings.Cut(strings.ToLower(lang), "-"); base {
	case "de":
		return phrases{
			last: "Zuletzt:", intent: "Anliegen:", faq: "Die FAQ hat geantwortet:", faqNot: "Die FAQ hatte keine Antwort.",
			picture: "Mit Bild oder Datei.", askedOnly: "Möchte mit einem Menschen sprechen und hat nicht gesagt, worum es geht.",
			greetedOnly: "Hat nur gegrüßt.", greetedAsked: "Hat gegrüßt und möchte mit einem Menschen sprechen; worum es geht, ist noch offen.",
			signs: "Hat nur Zeichen geschickt:", pictureOnly: "Hat ein Bild oder eine Datei geschickt, ohne ein Wort dazu.", none: "Hat noch nichts geschrieben.",
		}
	case "es":
		return phrases{
			last: "Por último:", intent: "Motivo:", faq: "Las preguntas frecuentes respondieron:", faqNot: "Las preguntas frecuentes no tenían respuesta.",
			picture: "Con una imagen o un archivo.", askedOnly: "Quiere hablar con una persona y no ha dicho de qué se trata.",
			greetedOnly: "Solo ha saludado.", greetedAsked: "Ha saludado y quiere hablar con una persona; aún no se sabe de qué se trata.",
			signs: "Solo ha enviado signos:", pictureOnly: "Ha enviado una imagen o un archivo sin una palabra.", none: "Todavía no ha escrito nada.",
		}
	case "fr":
		return phrases{
			last: "En dernier :", intent: "Motif :", faq: "La FAQ a répondu :", faqNot: "La FAQ n'avait pas de réponse.",
			picture: "Avec une image ou un fichier.", askedOnly: "Veut parler à une personne et n'a pas dit de quoi il s'agit.",
			greetedOnly: "N'a fait que saluer.", greetedAsked: "A salué et veut parler à une personne ; on ne sait pas encore de quoi il s'agit.",
			signs: "N'a envoyé que des signes :", pictureOnly: "A envoyé une image ou un fichier sans un mot.", none: "N'a encore rien écrit.",
		}
	}
	return phrases{
		last: "Last:", intent: "Intent:", faq: "The FAQ answered:", faqNot: "The FAQ had no answer.",
		picture: "With a picture or a file.", askedOnly: "Asked for a person and has not said what it is about.",
		greetedOnly: "Has only said hello.", greetedAsked: "Said hello and asked for a person; what it is about is still open.",
		signs: "Sent nothing but signs:", pictureOnly: "Sent a picture or a file without a word.", none: "Has not written anything yet.",
	}
}

// nothing says what there is when nothing tells what it is about.
func (p phrases) nothing(r reading) string {
	switch {
	case r.pictures > 0:
		return p.pictureOnly
	case r.signs != "":
		return p.signs + " " + quote(r.signs)
	case r.greeted && r.asked:
		return p.greetedAsked
	case r.asked:
		return p.askedOnly
	case r.greeted:
		return p.greetedOnly
	}
	return p.none
}
