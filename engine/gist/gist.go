package gist

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/engine"
)

// Story is what is known when a bot hands over.
type Story struct {
	Messages []engine.Message      // the conversation's, oldest first
	Journal  []engine.JournalEntry // the session's, oldest first
	Escapes  map[string][]string   // the brand's escape words
	Language string                // of the team
}

// maxQuote is how much of a message is quoted, in characters.
const maxQuote = 240

// Of says in a few lines what the story is about: what the consumer wrote of
// the matter first and last, what they chose and answered, the intent that was
// understood, what the FAQ said. When nothing tells, it says just that.
func Of(s Story) string {
	p := phrasesOf(s.Language)
	r := read(s)
	var lines []string
	add := func(line string) { lines = append(lines, line) }
	if r.topic != "" {
		add("“" + quote(r.topic) + "”")
	}
	if r.last != "" && r.last != r.topic {
		add(p.last + " “" + quote(r.last) + "”")
	}
	for _, a := range r.answers {
		add(quote(a.question) + " → " + quote(a.text))
	}
	intent, found, missed := understood(s.Journal)
	if intent != "" {
		add(p.intent + " " + strings.ReplaceAll(intent, "_", " "))
	}
	switch {
	case found != "":
		add(p.faq + " “" + quote(found) + "”")
	case missed && r.topic != "":
		add(p.faqNot)
	}
	if len(lines) == 0 {
		return p.nothing(r)
	}
	if r.pictures > 0 {
		add(p.picture)
	}
	return strings.Join(lines, "\n")
}

// pair is a question of the bot with its short answer.
type pair struct{ question, text string }

// reading is what the messages say.
type reading struct {
	topic, last string
	answers     []pair
	greeted     bool
	asked       bool // for a person
	signs       string
	pictures    int
}

// maxAnswers bounds the questions with short answers, the latest of them.
const maxAnswers = 3

// short is how many words an answer to the bot's question has at most.
const short = 3

func read(s Story) reading {
	var r reading
	j := newJudge(s.Escapes)
	question := ""
	for _, m := range s.Messages {
		switch {
		case m.Note:
			continue
		case m.Author == engine.AuthorBot:
			question = asks(m.Content.Text)
			continue
		case m.Author != engine.AuthorConsumer:
			continue
		}
		text := oneLine(m.Content.Text)
		if text == "" && m.Content.Picked != nil {
			text = oneLine(m.Content.Picked.Label)
		}
		k := j.kind(text)
		if text == "" && (len(m.Content.Media) > 0 || m.Content.Location != nil || m.Content.Contacts != nil) {
			k = picture
		}
		switch {
		case k == greeting && question == "" || k == greeting && len(words(text)) > 2:
			r.greeted = true
		case k == request:
			r.asked = true
		case k == signs:
			if text != "" {
				r.signs = text
			}
		case k == picture:
			r.pictures++
		case question != "" && (len(words(text)) <= short || m.Content.Picked != nil):
			r.answers = append(r.answers, pair{question, text})
		case k == greeting:
			r.greeted = true
		default:
			if len(m.Content.Media) > 0 {
				r.pictures++
			}
			if r.topic == "" {
				r.topic = text
			}
			r.last = text
		}
		question = ""
	}
	r.answers = r.answers[max(0, len(r.answers)-maxAnswers):]
	return r
}

// asks is the last question of what the bot said, "" when it asked none.
func asks(text string) string {
	text = oneLine(text)
	end := strings.LastIndexAny(text, "?？")
	if end < 0 {
		return ""
	}
	_, size := utf8.DecodeRuneInString(text[end:])
	text = text[:end+size]
	if i := strings.LastIndexAny(text[:end], ".!?。！…"); i >= 0 {
		_, size := utf8.DecodeRuneInString(text[i:])
		text = text[i+size:]
	}
	return strings.TrimSpace(text)
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(text, " "))), " ")
}

// quote cuts between words.
func quote(text string) string {
	if utf8.RuneCountInString(text) <= maxQuote {
		return text
	}
	cut := string([]rune(text)[:maxQuote])
	if i := strings.LastIndexByte(cut, ' '); i > maxQuote/2 {
		cut = cut[:i]
	}
	return cut + "…"
}

// understood reads the journal: the last intent that was known, the question of
// the last FAQ entry that was found, and whether the last search found none.
func understood(journal []engine.JournalEntry) (intent, found string, missed bool) {
	for _, e := range journal {
		switch e.Call {
		case engine.CallIntent:
			var a engine.IntentAnswer
			if json.Unmarshal(e.Answer, &a) == nil && a.Known && a.Name != "" {
				intent = a.Name
			}
		case engine.CallFAQ:
			if len(e.Answer) == 0 {
				continue
			}
			var a engine.FAQAnswer
			found = ""
			if json.Unmarshal(e.Answer, &a) == nil {
				found = a.Question
			}
			missed = found == ""
		}
	}
	return intent, found, missed
}
