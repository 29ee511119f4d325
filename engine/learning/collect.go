package learning

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/engine"
)

// keep is how many utterances a brand has at most. The oldest make room.
const keep = 20_000

// Collect keeps what a turn's calls did not understand: texts that
// intent.classify does not know, unless the FAQ had an answer to them in the
// same turn, and texts that faq.search has no answer to. What people write who
// try a draft is not kept. Unhelped keeps what was answered, and not well.
func Collect(tx engine.Tx, conv engine.Conversation, calls []engine.JournalEntry) error {
	if conv.Draft != "" {
		return nil
	}
	list := missed(calls)
	if len(list) == 0 {
		return nil
	}
	brand, err := tx.Brands().Get(conv.Brand)
	if err != nil {
		return err
	}
	for _, u := range unheard(list, brand.Settings.EscapeWords, calls) {
		u.Brand, u.Conversation = conv.Brand, conv.ID
		if err := add(tx, u); err != nil && engine.CodeOf(err) != engine.Conflict {
			return err
		}
	}
	return nil
}

// Unhelped keeps the text of a search whose answer did not help, with the
// question of that answer. calls are the session's, which may have guessed an
// intent. A text that the conversation has already stays as it is. What
// people write who try a draft is not kept.
func Unhelped(tx engine.Tx, now time.Time, conv engine.Conversation, f engine.FeedbackEffect, calls []engine.JournalEntry) error {
	text := Plain(f.Text)
	if conv.Draft != "" || f.Helped || text == "" {
		return nil
	}
	u := engine.Utterance{
		Brand: conv.Brand, Conversation: conv.ID, Text: text, Source: engine.FromAnswer, State: engine.UtteranceOpen,
		Question: f.Question, At: now,
	}
	for _, e := range calls {
		if heard, ok := textOf(e); ok && e.Call == engine.CallIntent && heard == text {
			u.Guesses, _ = classified(e.Answer)
		}
	}
	if err := add(tx, u); err != nil && engine.CodeOf(err) != engine.Conflict {
		return err
	}
	return nil
}

// unheard leaves out what was understood all the same: a request for a person.
func unheard(list []engine.Utterance, words map[string][]string, calls []engine.JournalEntry) []engine.Utterance {
	asked := map[string]bool{}
	for _, said := range words {
		for _, w := range said {
			asked[fold(w)] = true
		}
	}
	for _, e := range calls {
		var said engine.Reply
		if engine.ReplyKindOf(e.Answer) == engine.ReplyEscape && json.Unmarshal(e.Answer, &said) == nil {
			asked[fold(said.Text)] = true
		}
	}
	return slices.DeleteFunc(list, func(u engine.Utterance) bool { return asked[fold(u.Text)] })
}

// textOf is what a call was asked to understand, as it is kept.
func textOf(e engine.JournalEntry) (text string, ok bool) {
	if e.Call != engine.CallIntent && e.Call != engine.CallFAQ {
		return "", false
	}
	args, ok := engine.ArgumentsOf(e.Args)
	if !ok { // nobody says what they want in 4 KiB
		return "", false
	}
	text = Plain(args.Text)
	return text, text != ""
}

func add(tx engine.Tx, u engine.Utterance) error {
	if err := tx.Utterances().Add(&u); err != nil || u.N <= keep {
		return err
	}
	return tx.Utterances().Drop(u.Brand, u.N-keep)
}

// missed reads the calls of one turn.
func missed(calls []engine.JournalEntry) []engine.Utterance {
	var out []engine.Utterance
	answered, guesses := map[string]bool{}, map[string][]engine.Guess{}
	for _, e := range calls {
		text, ok := textOf(e)
		if !ok {
			continue
		}
		u := engine.Utterance{Text: text, State: engine.UtteranceOpen, At: e.At}
		if e.Call == engine.CallFAQ {
			if hit(e.Answer) {
				answered[text] = true
			} else {
				u.Source = engine.FromFAQ
				out = append(out, u)
			}
			continue
		}
		var known bool
		if guesses[text], known = classified(e.Answer); !known {
			u.Source = engine.FromIntent
			out = append(out, u)
		}
	}
	for i, u := range out {
		out[i].Guesses = guesses[u.Text]
	}
	return slices.DeleteFunc(out, func(u engine.Utterance) bool { return answered[u.Text] })
}

// classified reads the answer of intent.classify. A call that failed understood
// nothing that anybody could learn from.
func classified(answer []byte) (top []engine.Guess, known bool) {
	var a engine.IntentAnswer
	if engine.RaisedBy(answer) != "" || json.Unmarshal(answer, &a) != nil {
		return nil, true
	}
	for _, g := range a.Top[:min(3, len(a.Top))] {
		top = append(top, engine.Guess{Intent: g.Name, Probability: g.Confidence})
	}
	return top, a.Known
}

// hit says whether faq.search found an entry, or failed.
func hit(answer []byte) bool {
	var found *engine.FAQAnswer
	return json.Unmarshal(answer, &found) != nil || found != nil
}

// Plain is a text as it is kept: on one line, cut to engine.MaxUtterance bytes
// of whole characters; "" when there is no letter in it to learn from.
func Plain(text string) string {
	text = strings.Join(strings.Fields(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(text, " "))), " ")
	if len(text) > engine.MaxUtterance {
		end := engine.MaxUtterance
		for !utf8.RuneStart(text[end]) {
			end--
		}
		text = strings.TrimSpace(text[:end])
	}
	if !strings.ContainsFunc(text, unicode.IsLetter) {
		return ""
	}
	return text
}

// Correct keeps what a person says that a consumer's message means: an intent,
// or "" for none of them. It may be said again. Errors: NotFound, and Invalid
// for a message that is no text of the consumer's.
func Correct(tx engine.Tx, now time.Time, brand, conversation, message, intent, by string) (engine.Utterance, error) {
	m, err := tx.Messages().Get(brand, message)
	if err == nil && m.Conversation != conversation {
		err = engine.Errorf(engine.NotFound, "There is no such message.")
	}
	if err != nil {
		return engine.Utterance{}, err
	}
	text := Plain(m.Content.Text)
	if m.Author != engine.AuthorConsumer || text == "" {
		return engine.Utterance{}, engine.FieldError("message", "is not a text that the consumer wrote")
	}
	u, err := tx.Utterances().Find(brand, conversation, text)
	known := err == nil
	if err != nil && engine.CodeOf(err) != engine.NotFound {
		return u, err
	}
	u.Brand, u.Conversation, u.Message, u.Text = brand, conversation, message, text
	u.Source, u.State, u.Intent, u.By, u.At = engine.FromAgent, engine.UtteranceOpen, intent, by, now
	u.Question, u.Version = "", ""
	if known {
		return u, tx.Utterances().Save(u)
	}
	if err := add(tx, u); err != nil {
		return u, err
	}
	return tx.Utterances().Find(brand, conversation, text)
}
