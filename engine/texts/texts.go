package texts

import (
	"cmp"
	"strings"
	"sync"

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
	Bot           = "bot"            // {brand}: the bot is asked whether it is a person
	BotPerson     = "bot_person"     // {word}: behind that, where escape words bring one
	Number        = "number"         // after choices, on channels that number them
)

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
	first := base(s.Language())
	lang = cmp.Or(lang, first)
	if t, ok := s.Texts[key+"."+lang]; ok {
		return t
	}
	if t, ok := s.Texts[key]; ok {
		return t
	}
	ours := builtin()
	return cmp.Or(ours[lang][key], ours[first][key], ours["en"][key]) // English is the last resort
}

// base reduces "de-AT" to "de".
func base(lang string) string {
	lang, _, _ = strings.Cut(lang, "-")
	return strings.ToLower(lang)
}

// builtin are our own texts, by language and key. They are never written.
var builtin = sync.OnceValue(func() map[string]map[string]string {
	return map[string]map[string]string{
		"en": {
			Connecting:    "Connecting you to {skill}.",
			Queued:        "Connecting you to {skill}. You are number {position} in the queue.",
			OffHours:      "{skill} is closed right now and back {when}. Your messages are kept, and somebody will answer then.",
			Assigned:      "You are now talking with {agent}.",
			Transferred:   "Passing you on to {skill}.",
			TransferredTo: "Passing you on to {agent}.",
			BotFailed:     "I can't help further here, so I'm getting a person for you.",
			BotStopped:    "Something went wrong on our side, and I have to stop here. Please write again later.",
			Misunderstood: "Sorry, I still don't understand, so I'm getting a person for you.",
			Returned:      "{agent} had to leave. A colleague will take over as soon as possible.",
			BotBack:       "You are back with our virtual assistant.",
			OptedOut:      "You will get no more messages from {brand}. Reply START to get them again.",
			OptedIn:       "You will get messages from {brand} again. Reply STOP to end them, HELP for help.",
			Help:          "{brand}: write to us here and we will answer. Message and data rates may apply. Reply STOP to end messages.",
			Bot:           "I am a bot, the virtual assistant of {brand}.",
			BotPerson:     "If you would like a person, write “{word}”.",
			Number:        "Reply with a number.",
		},
		"de": {
			Connecting:    "Ich verbinde Sie mit {skill}.",
			Queued:        "Ich verbinde Sie mit {skill}. Sie sind Nummer {position} in der Warteschlange.",
			OffHours:      "{skill} ist gerade geschlossen und {when} wieder da. Ihre Nachrichten bleiben erhalten; dann antwortet Ihnen jemand.",
			Assigned:      "Sie sprechen jetzt mit {agent}.",
			Transferred:   "Ich gebe Sie weiter an {skill}.",
			TransferredTo: "Ich gebe Sie weiter an {agent}.",
			BotFailed:     "Hier komme ich nicht weiter. Ich hole Ihnen einen Menschen.",
			BotStopped:    "Bei uns ist etwas schiefgegangen, und ich muss hier aufhören. Bitte schreiben Sie später noch einmal.",
			Misunderstood: "Leider verstehe ich Sie immer noch nicht. Ich hole Ihnen einen Menschen.",
			Returned:      "{agent} ist nicht mehr da. So bald wie möglich übernimmt jemand aus dem Team.",
			BotBack:       "Sie sind wieder bei unserem virtuellen Assistenten.",
			OptedOut:      "Sie erhalten keine Nachrichten mehr von {brand}. Mit START erhalten Sie sie wieder.",
			OptedIn:       "Sie erhalten wieder Nachrichten von {brand}. STOP beendet sie, HELP gibt Hilfe.",
			Help:          "{brand}: Schreiben Sie uns hier, wir antworten. Es können Kosten für Nachrichten anfallen. STOP beendet die Nachrichten.",
			Bot:           "Ich bin ein Bot, der virtuelle Assistent von {brand}.",
			BotPerson:     "Wenn Sie lieber mit einem Menschen sprechen, schreiben Sie „{word}“.",
			Number:        "Antworten Sie mit einer Nummer.",
		},
		"es": {
			Connecting:    "Le paso con {skill}.",
			Queued:        "Le paso con {skill}. Es el número {position} en la cola.",
			OffHours:      "{skill} está cerrado ahora y vuelve {when}. Guardamos sus mensajes y alguien le responderá entonces.",
			Assigned:      "Ahora habla con {agent}.",
			Transferred:   "Le paso con {skill}.",
			TransferredTo: "Le paso con {agent}.",
			BotFailed:     "No puedo ayudarle más con esto; le busco a una persona.",
			BotStopped:    "Algo ha fallado por nuestra parte y tengo que parar aquí. Escríbanos de nuevo más tarde, por favor.",
			Misunderstood: "Lo siento, sigo sin entenderle; le busco a una persona.",
			Returned:      "{agent} ha tenido que irse. Otra persona del equipo le atenderá lo antes posible.",
			BotBack:       "Vuelve a hablar con nuestro asistente virtual.",
			OptedOut:      "No recibirá más mensajes de {brand}. Responda START para recibirlos de nuevo.",
			OptedIn:       "Recibirá de nuevo mensajes de {brand}. Responda STOP para terminarlos, HELP para ayuda.",
			Help:          "{brand}: escríbanos aquí y le responderemos. Pueden aplicarse tarifas de mensajes. Responda STOP para terminar.",
			Bot:           "Soy un bot, el asistente virtual de {brand}.",
			BotPerson:     "Si prefiere hablar con una persona, escriba «{word}».",
			Number:        "Responda con un número.",
		},
		"fr": {
			Connecting:    "Je vous mets en relation avec {skill}.",
			Queued:        "Je vous mets en relation avec {skill}. Vous êtes numéro {position} dans la file.",
			OffHours:      "{skill} est fermé pour le moment, de retour {when}. Vos messages sont conservés et quelqu'un vous répondra alors.",
			Assigned:      "Vous parlez maintenant avec {agent}.",
			Transferred:   "Je vous transfère à {skill}.",
			TransferredTo: "Je vous transfère à {agent}.",
			BotFailed:     "Je ne peux pas aller plus loin ; je vous mets en relation avec une personne.",
			BotStopped:    "Un problème est survenu de notre côté et je dois m'arrêter ici. Merci de réécrire plus tard.",
			Misunderstood: "Désolé, je ne comprends toujours pas ; je vous mets en relation avec une personne.",
			Returned:      "{agent} a dû partir. Une autre personne de l'équipe prendra le relais dès que possible.",
			BotBack:       "Vous êtes de retour avec notre assistant virtuel.",
			OptedOut:      "Vous ne recevrez plus de messages de {brand}. Répondez START pour les recevoir à nouveau.",
			OptedIn:       "Vous recevrez à nouveau les messages de {brand}. Répondez STOP pour arrêter, HELP pour de l'aide.",
			Help:          "{brand} : écrivez-nous ici et nous répondrons. Des frais de messages peuvent s'appliquer. Répondez STOP pour arrêter.",
			Bot:           "Je suis un bot, l'assistant virtuel de {brand}.",
			BotPerson:     "Si vous préférez parler à une personne, écrivez « {word} ».",
			Number:        "Répondez par un numéro.",
		},
	}
})
