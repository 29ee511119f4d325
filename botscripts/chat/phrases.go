package chat

import (
	"math"
	"strconv"
	"strings"
	"time"

	"parley/botscripts/kernel"
	"parley/engine"
)

// phrases are the few words that the runtime says by itself. They are never
// part of a journal's hashes, so that they may change.
type phrases struct {
	yes, no string
	confirm string // hint of confirm
	choose  string // hint of choose
	summary string // above what a form holds
	correct string // below it
	change  string // which field is wrong
	comment string // of a survey
	pattern string // hint of a pattern
	which   string // above the values that an answer may have
	between string // which of some choices
	hints   hints

	date, point      string   // how a day is written, and the decimal sign
	csat, stars, nps string   // what surveys ask
	satisfied        []string // from 1 to 5
}

// hints are what is said when an answer of a kind does not fit. {min}, {max}
// and {currency} are filled in.
type hints struct {
	number, integer, least, most                           string
	date, dateUnclear, noSuchDay, earliestDate, latestDate string
	time, timeUnclear, earliestTime, latestTime            string
	email, phone, money, currency                          string
}

// phrase gives the words of a BCP 47 language, English when it has none.
func phrase(language string) phrases {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	switch base {
	case "de":
		return phrases{
			yes: "Ja", no: "Nein",
			confirm: "Bitte antworten Sie mit Ja oder Nein.", choose: "Bitte wählen Sie eine der Möglichkeiten.",
			summary: "Das habe ich notiert:", correct: "Stimmt das so?", change: "Was soll ich ändern?",
			comment: "Möchten Sie uns sagen, warum?", which: "Was davon meinen Sie?", between: "{first} oder {last}?", pattern: "Das passt so leider nicht. Bitte versuchen Sie es noch einmal.",
			hints: hints{
				number: "Bitte nennen Sie eine Zahl.", integer: "Bitte nennen Sie eine ganze Zahl.",
				least: "Bitte mindestens {min}.", most: "Bitte höchstens {max}.",
				date:        "Bitte nennen Sie ein Datum, zum Beispiel 24.12.",
				dateUnclear: "Welches Datum meinen Sie? Bitte schreiben Sie es zum Beispiel so: 24. Dezember.",
				noSuchDay:   "Diesen Tag gibt es nicht. Welches Datum meinen Sie?", earliestDate: "Der früheste mögliche Tag ist der {min}.", latestDate: "Der späteste mögliche Tag ist der {max}.",
				time: "Bitte nennen Sie eine Uhrzeit, zum Beispiel 17:30.", timeUnclear: "Welche Uhrzeit meinen Sie? Bitte schreiben Sie sie so: 17:30.",
				earliestTime: "Die früheste mögliche Zeit ist {min} Uhr.", latestTime: "Die späteste mögliche Zeit ist {max} Uhr.",
				email: "Bitte nennen Sie eine E-Mail-Adresse, zum Beispiel kim@example.de.", phone: "Bitte nennen Sie eine Telefonnummer mit Vorwahl.",
				money: "Bitte nennen Sie einen Betrag, zum Beispiel 12,50.", currency: "Bitte nennen Sie den Betrag in {currency}.",
			},
			date: "2.1.2006", point: ",",
			csat: "Wie zufrieden waren Sie mit uns?", stars: "Wie viele Sterne geben Sie uns?",
			nps:       "Wie wahrscheinlich ist es, dass Sie {brand} weiterempfehlen? Von 0 (gar nicht) bis 10 (sehr wahrscheinlich).",
			satisfied: []string{"Sehr unzufrieden", "Unzufrieden", "Teils, teils", "Zufrieden", "Sehr zufrieden"},
		}
	case "es":
		return phrases{
			yes: "Sí", no: "No",
			confirm: "Responda sí o no, por favor.", choose: "Elija una de las opciones, por favor.",
			summary: "Esto es lo que tengo:", correct: "¿Es correcto?", change: "¿Qué desea cambiar?",
			comment: "¿Quiere decirnos por qué?", which: "¿Cuál de estas opciones quiere decir?", between: "¿{first} o {last}?", pattern: "Eso no parece correcto. Inténtelo de nuevo, por favor.",
			hints: hints{
				number: "Indique un número, por favor.", integer: "Indique un número entero, por favor.",
				least: "Indique {min} o más, por favor.", most: "Indique {max} o menos, por favor.",
				date:        "Indique una fecha, por ejemplo 24/12.",
				dateUnclear: "¿A qué fecha se refiere? Escríbala así: 24 de diciembre.",
				noSuchDay:   "Ese día no existe. ¿A qué fecha se refiere?", earliestDate: "La primera fecha posible es el {min}.", latestDate: "La última fecha posible es el {max}.",
				time: "Indique una hora, por ejemplo 17:30.", timeUnclear: "¿A qué hora se refiere? Escríbala así: 17:30.",
				earliestTime: "La primera hora posible es a las {min}.", latestTime: "La última hora posible es a las {max}.",
				email: "Indique un correo electrónico, por ejemplo ana@example.es.", phone: "Indique un número de teléfono con su prefijo.",
				money: "Indique un importe, por ejemplo 12,50.", currency: "Indique el importe en {currency}, por favor.",
			},
			date: "02/01/2006", point: ",",
			csat: "¿Qué tan satisfecho está con nuestra atención?", stars: "¿Cuántas estrellas nos da?",
			nps:       "¿Qué probabilidad hay de que recomiende {brand}? De 0 (ninguna) a 10 (mucha).",
			satisfied: []string{"Muy insatisfecho", "Insatisfecho", "Ni lo uno ni lo otro", "Satisfecho", "Muy satisfecho"},
		}
	case "fr":
		return phrases{
			yes: "Oui", no: "Non",
			confirm: "Merci de répondre par oui ou non.", choose: "Merci de choisir une des réponses proposées.",
			summary: "Voici ce que j'ai noté :", correct: "Est-ce correct ?", change: "Que souhaitez-vous modifier ?",
			comment: "Souhaitez-vous nous dire pourquoi ?", which: "Laquelle de ces réponses voulez-vous dire ?", between: "{first} ou {last} ?", pattern: "Cela ne semble pas correct. Merci de réessayer.",
			hints: hints{
				number: "Merci d'indiquer un nombre.", integer: "Merci d'indiquer un nombre entier.",
				least: "Merci d'indiquer {min} au minimum.", most: "Merci d'indiquer {max} au maximum.",
				date:        "Merci d'indiquer une date, par exemple 24/12.",
				dateUnclear: "De quelle date s'agit-il ? Écrivez-la ainsi : 24 décembre.",
				noSuchDay:   "Ce jour n'existe pas. De quelle date s'agit-il ?", earliestDate: "La première date possible est le {min}.", latestDate: "La dernière date possible est le {max}.",
				time: "Merci d'indiquer une heure, par exemple 17h30.", timeUnclear: "De quelle heure s'agit-il ? Écrivez-la ainsi : 17h30.",
				earliestTime: "La première heure possible est {min}.", latestTime: "La dernière heure possible est {max}.",
				email: "Merci d'indiquer une adresse e-mail, par exemple zoe@example.fr.", phone: "Merci d'indiquer un numéro de téléphone avec son indicatif.",
				money: "Merci d'indiquer un montant, par exemple 12,50.", currency: "Merci d'indiquer le montant en {currency}.",
			},
			date: "02/01/2006", point: ",",
			csat: "Êtes-vous satisfait de notre service ?", stars: "Combien d'étoiles nous donnez-vous ?",
			nps:       "Quelle est la probabilité que vous recommandiez {brand} ? De 0 (aucune) à 10 (très forte).",
			satisfied: []string{"Très insatisfait", "Insatisfait", "Ni l'un ni l'autre", "Satisfait", "Très satisfait"},
		}
	}
	return phrases{
		yes: "Yes", no: "No",
		confirm: "Please answer yes or no.", choose: "Please choose one of these.",
		summary: "This is what I have:", correct: "Is that right?", change: "What shall I change?",
		comment: "Would you like to tell us why?", which: "Which of these do you mean?", between: "{first} or {last}?", pattern: "That does not look right. Please try again.",
		hints: hints{
			number: "Please give a number.", integer: "Please give a whole number.",
			least: "Please give {min} or more.", most: "Please give {max} or less.",
			date:        "Please give a date, for example 24 December.",
			dateUnclear: "Which date do you mean? Please write the month as a word, for example 24 December.",
			noSuchDay:   "There is no such day. Which date do you mean?", earliestDate: "The earliest possible date is {min}.", latestDate: "The latest possible date is {max}.",
			time: "Please give a time, for example 17:30.", timeUnclear: "Which time do you mean? Please write it as 17:30 or 5:30 pm.",
			earliestTime: "The earliest possible time is {min}.", latestTime: "The latest possible time is {max}.",
			email: "Please give an e-mail address, for example kim@example.com.", phone: "Please give a telephone number with its area code.",
			money: "Please give an amount, for example 12.50.", currency: "Please give the amount in {currency}.",
		},
		date: "2 January 2006", point: ".",
		csat: "How satisfied are you with our service?", stars: "How many stars do you give us?",
		nps:       "How likely are you to recommend {brand}? From 0 (not at all) to 10 (very likely).",
		satisfied: []string{"Very dissatisfied", "Dissatisfied", "Neither", "Satisfied", "Very satisfied"},
	}
}

// defaultHint is what is said when an answer does not fit and the author gave
// no hint. "" asks the same again.
func (r *talk) defaultHint(u rule, p engine.Reply) string {
	words, reason := phrase(r.Start.Language), p.Reason
	if len(p.Meanings) > 0 {
		return words.which
	}
	h := words.hints
	pick := func(usual, unclear, small, large string) string {
		switch reason {
		case "unclear":
			return unclear
		case "too_small":
			return small
		case "too_large":
			return large
		}
		return usual
	}
	text := ""
	switch u.kind {
	case kindOneOf:
		return words.choose
	case kindYesNo:
		return words.confirm
	case kindPattern:
		return words.pattern
	case "number":
		text = pick(h.number, h.number, h.least, h.most)
	case "integer":
		text = pick(h.integer, h.integer, h.least, h.most)
	case "date":
		text = pick(h.date, h.dateUnclear, h.earliestDate, h.latestDate)
		if reason == "no_such_day" {
			text = h.noSuchDay
		}
	case "time":
		text = pick(h.time, h.timeUnclear, h.earliestTime, h.latestTime)
	case "email":
		text = h.email
	case "phone":
		text = h.phone
	case "money":
		text = pick(h.money, h.money, h.least, h.most)
		if reason == "other_currency" {
			text = h.currency
		}
	}
	least, most := r.shownBounds(u)
	return format(format(format(text, "min", least), "max", most), "currency", u.currency)
}

// shownBounds are a rule's bounds as people write them.
func (r *talk) shownBounds(u rule) (least, most string) {
	language := r.Start.Language
	switch {
	case u.kind == "date":
		o := r.reading(u)
		if t, ok := o.Day(u.from); ok {
			least = showDate(language, t.Format(time.DateOnly))
		}
		if t, ok := o.Day(u.until); ok {
			most = showDate(language, t.Format(time.DateOnly))
		}
		return least, most
	case u.kind == "time":
		return u.from, u.until
	}
	least = "0" // an amount may not be negative
	if u.min != nil {
		least = showNumber(language, *u.min)
	}
	if u.max != nil {
		most = showNumber(language, *u.max)
	}
	return least, most
}

// format fills a {name} in.
func format(text, name, value string) string {
	return strings.ReplaceAll(text, "{"+name+"}", value)
}

// showDate writes "2026-12-24" as people do.
func showDate(language, date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.Format(phrase(language).date)
}

func showNumber(language string, n float64) string {
	return localPoint(language, kernel.Number(n))
}

// localPoint writes the decimal sign as the language does.
func localPoint(language, digits string) string {
	return strings.Replace(digits, ".", phrase(language).point, 1)
}

// showAmount writes an amount of money, a whole one without cents.
func showAmount(language string, amount float64, currency string) string {
	text := showNumber(language, amount)
	if amount != math.Trunc(amount) {
		text = localPoint(language, strconv.FormatFloat(amount, 'f', 2, 64))
	}
	return strings.TrimSpace(text + " " + currency)
}
