package texts

import (
	"strings"

	"parley/engine"
)

// Keys of the texts. A brand overrides one under the same key, or under
// "key.lang" for one language.
const (
	Connecting    = "connecting"     // {skill}: a handoff goes to a queue in which nobody waits
	Queued        = "queued"         // {skill} {position}: others wait too
	OffHours      = "off_hours"      // {skill} {when}: the skill is closed
	Assigned      = "assigned"       // {agent}: an agent took the conversation
	Transferred   = "transferred"    // {skill}: an agent passed it on
	TransferredTo = "transferred_to" // {agent}: an agent passed it to a colleague
	BotFailed     = "bot_failed"     // the bot cannot go on, and a person takes over
	BotStopped    = "bot_stopped"    // the bot cannot go on, and there is nobody to take over
	Misunderstood = "misunderstood"  // the bot did not understand again and again, and a person takes over
	Returned      = "returned"       // {agent}: has left, and the conversation waits for a colleague
	BotBack       = "bot_back"       // an agent gave the conversation back to the bot
	OptedOut      = "opted_out"      // {brand}: confirms STOP
	OptedIn       = "opted_in"       // {brand}: confirms START
	Help          = "help"           // {brand}: answers HELP
	Number        = "number"         // after choices, on channels that number them
)

// Languages that have built-in texts. English is the last resort.
func Languages() []string { return []string{"en", "de", "es", "fr"} }

// Format gives the text for a key in the best language: the brand's override
// for the language, its override for any, ours for the language, the brand's
// default language, English. Placeholders are {name}.
func Format(s engine.BrandSettings, lang, key string, vars map[string]string) string {
	t := pick(s, base(lang), key)
	for name, value := range vars {
		t = strings.ReplaceAll(t, "{"+name+"}", value)
	}
	return t
}

func pick(s engine.BrandSettings, lang, key string) string {
	if lang == "" && len(s.Languages) > 0 {
		lang = base(s.Languages[0])
	}
	if t, ok := s.Texts[key+"."+lang]; ok {
		return t
	}
	if t, ok := s.Texts[key]; ok {
		return t
	}
	if t := builtin(lang, key); t != "" {
		return t
	}
	if len(s.Languages) > 0 {
		if t := builtin(base(s.Languages[0]), key); t != "" {
			return t
		}
	}
	return builtin("en", key)
}

// base reduces "de-AT" to "de".
func base(lang string) string {
	lang, _, _ = strings.Cut(lang, "-")
	return strings.ToLower(lang)
}

func builtin(lang, key string) string {
	switch lang {
	case "en":
		return english(key)
	case "de":
		return german(key)
	case "es":
		return spanish(key)
	case "fr":
		return french(key)
	}
	return ""
}

func english(key string) string {
	switch key {
	case Connecting:
		return "Connecting you to {skill}."
	case Queued:
		return "Connecting you to {skill}. You are number {position} in the queue."
	case OffHours:
		return "{skill} is closed right now and back {when}. Your messages are kept, and somebody will answer then."
	case Assigned:
		return "You are now talking with {agent}."
	case Transferred:
		return "Passing you on to {skill}."
	case TransferredTo:
		return "Passing you on to {agent}."
	case BotFailed:
		return "I can't help further here, so I'm getting a person for you."
	case BotStopped:
		return "Something went wrong on our side, and I have to stop here. Please write again later."
	case Misunderstood:
		return "Sorry, I still don't understand, so I'm getting a person for you."
	case Returned:
		return "{agent} had to leave. A colleague will take over as soon as possible."
	case BotBack:
		return "You are back with our virtual assistant."
	case OptedOut:
		return "You will get no more messages from {brand}. Reply START to get them again."
	case OptedIn:
		return "You will get messages from {brand} again. Reply STOP to end them, HELP for help."
	case Help:
		return "{brand}: write to us here and we will answer. Message and data rates may apply. Reply STOP to end messages."
	case Number:
		return "Reply with a number."
	}
	return ""
}

func german(key string) string {
	switch key {
	case Connecting:
		return "Ich verbinde Sie mit {skill}."
	case Queued:
		return "Ich verbinde Sie mit {skill}. Sie sind Nummer {position} in der Warteschlange."
	case OffHours:
		return "{skill} ist gerade geschlossen und {when} wieder da. Ihre Nachrichten bleiben erhalten; dann antwortet Ihnen jemand."
	case Assigned:
		return "Sie sprechen jetzt mit {agent}."
	case Transferred:
		return "Ich gebe Sie weiter an {skill}."
	case TransferredTo:
		return "Ich gebe Sie weiter an {agent}."
	case BotFailed:
		return "Hier komme ich nicht weiter. Ich hole Ihnen einen Menschen."
	case BotStopped:
		return "Bei uns ist etwas schiefgegangen, und ich muss hier aufhören. Bitte schreiben Sie später noch einmal."
	case Misunderstood:
		return "Leider verstehe ich Sie immer noch nicht. Ich hole Ihnen einen Menschen."
	case Returned:
		return "{agent} ist nicht mehr da. So bald wie möglich übernimmt jemand aus dem Team."
	case BotBack:
		return "Sie sind wieder bei unserem virtuellen Assistenten."
	case OptedOut:
		return "Sie erhalten keine Nachrichten mehr von {brand}. Mit START erhalten Sie sie wieder."
	case OptedIn:
		return "Sie erhalten wieder Nachrichten von {brand}. STOP beendet sie, HELP gibt Hilfe."
	case Help:
		return "{brand}: Schreiben Sie uns hier, wir antworten. Es können Kosten für Nachrichten anfallen. STOP beendet die Nachrichten."
	case Number:
		return "Antworten Sie mit einer Nummer."
	}
	return ""
}

func spanish(key string) string {
	switch key {
	case Connecting:
		return "Le paso con {skill}."
	case Queued:
		return "Le paso con {skill}. Es el número {position} en la cola."
	case OffHours:
		return "{skill} está cerrado ahora y vuelve {when}. Guardamos sus mensajes y alguien le responderá entonces."
	case Assigned:
		return "Ahora habla con {agent}."
	case Transferred:
		return "Le paso con {skill}."
	case TransferredTo:
		return "Le paso con {agent}."
	case BotFailed:
		return "No puedo ayudarle más con esto; le busco a una persona."
	case BotStopped:
		return "Algo ha fallado por nuestra parte y tengo que parar aquí. Escríbanos de nuevo más tarde, por favor."
	case Misunderstood:
		return "Lo siento, sigo sin entenderle; le busco a una persona."
	case Returned:
		return "{agent} ha tenido que irse. Otra persona del equipo le atenderá lo antes posible."
	case BotBack:
		return "Vuelve a hablar con nuestro asistente virtual."
	case OptedOut:
		return "No recibirá más mensajes de {brand}. Responda START para recibirlos de nuevo."
	case OptedIn:
		return "Recibirá de nuevo mensajes de {brand}. Responda STOP para terminarlos, HELP para ayuda."
	case Help:
		return "{brand}: escríbanos aquí y le responderemos. Pueden aplicarse tarifas de mensajes. Responda STOP para terminar."
	case Number:
		return "Responda con un número."
	}
	return ""
}

func french(key string) string {
	switch key {
	case Connecting:
		return "Je vous mets en relation avec {skill}."
	case Queued:
		return "Je vous mets en relation avec {skill}. Vous êtes numéro {position} dans la file."
	case OffHours:
		return "{skill} est fermé pour le moment, de retour {when}. Vos messages sont conservés et quelqu'un vous répondra alors."
	case Assigned:
		return "Vous parlez maintenant avec {agent}."
	case Transferred:
		return "Je vous transfère à {skill}."
	case TransferredTo:
		return "Je vous transfère à {agent}."
	case BotFailed:
		return "Je ne peux pas aller plus loin ; je vous mets en relation avec une personne."
	case BotStopped:
		return "Un problème est survenu de notre côté et je dois m'arrêter ici. Merci de réécrire plus tard."
	case Misunderstood:
		return "Désolé, je ne comprends toujours pas ; je vous mets en relation avec une personne."
	case Returned:
		return "{agent} a dû partir. Une autre personne de l'équipe prendra le relais dès que possible."
	case BotBack:
		return "Vous êtes de retour avec notre assistant virtuel."
	case OptedOut:
		return "Vous ne recevrez plus de messages de {brand}. Répondez START pour les recevoir à nouveau."
	case OptedIn:
		return "Vous recevrez à nouveau les messages de {brand}. Répondez STOP pour arrêter, HELP pour de l'aide."
	case Help:
		return "{brand} : écrivez-nous ici et nous répondrons. Des frais de messages peuvent s'appliquer. Répondez STOP pour arrêter."
	case Number:
		return "Répondez par un numéro."
	}
	return ""
}
