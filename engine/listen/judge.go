package listen

import (
	"context"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/understanding/sentiment"
)

const (
	// maxTries bounds lost races in a row, which only a store with several writers has.
	maxTries = 16
	// recent is how many of a conversation's newest messages its mood is made of
	// again. Of a message a hundred consumer messages ago nothing is left in it.
	recent = 500
)

// Judge sets how a consumer's message sounds, in the words of actor
// ("agent:<id>"), makes the conversation's mood anew and keeps the message as an
// example to learn from. Errors: Invalid for an unknown tone; NotFound for a
// message that is not a consumer's of that conversation.
func (l *Listener) Judge(ctx context.Context, brand, id, message string, tone engine.Tone, actor string) (engine.Message, error) {
	h := engine.Heard{By: actor}
	switch tone {
	case engine.ToneNegative:
		h.Score, h.Tone = -1, tone
	case engine.TonePositive:
		h.Score, h.Tone = 1, tone
	case engine.ToneNeutral:
	default:
		return engine.Message{}, engine.FieldError("tone", "must be negative, neutral or positive")
	}
	var m engine.Message
	err := error(nil)
	for range maxTries {
		m, err = engine.Update(ctx, l.cfg.Store, func(tx engine.Tx) (engine.Message, error) { return l.judge(tx, brand, id, message, h) })
		if engine.CodeOf(err) != engine.Conflict {
			break
		}
	}
	if err != nil {
		return engine.Message{}, err
	}
	engine.Poke(l.wake)
	return m, nil
}

func (l *Listener) judge(tx engine.Tx, brand, id, message string, h engine.Heard) (engine.Message, error) {
	b, err := tx.Brands().Get(brand)
	if err != nil {
		return engine.Message{}, err
	}
	conv, err := conversation.Writer{}.Load(tx, l.cfg.Clock(), brand, id)
	if err != nil {
		return engine.Message{}, err
	}
	m, err := tx.Messages().Get(brand, message)
	if err != nil {
		return engine.Message{}, err
	}
	if m.Conversation != conv.ID || m.Author != engine.AuthorConsumer {
		return engine.Message{}, engine.Errorf(engine.NotFound, "There is no such message of a consumer.")
	}
	h.Language = m.Heard.Language
	if m.Heard == h {
		return m, nil // judged twice
	}
	m.Heard = h
	if err := tx.Tones().Judge(brand, message, h); err != nil || b.Settings.Sentiment.Off {
		return m, err
	}
	mood, err := recount(tx, conv.Conversation)
	if err != nil || mood.Sum == conv.Mood.Sum && mood.Weight == conv.Mood.Weight {
		return m, err
	}
	was := conv.Mood.Tone
	conv.Mood = mood
	if err := conv.Turned(was, h.By); err != nil {
		return m, err
	}
	return m, conv.Save()
}

// recount makes the mood of what was heard in the newest messages.
func recount(tx engine.Tx, conv engine.Conversation) (engine.Mood, error) {
	mood := engine.Mood{Languages: conv.Mood.Languages}
	all, err := tx.Messages().List(conv.Brand, conv.ID, max(0, conv.LastSeq-recent), recent)
	for _, m := range all {
		if m.Author == engine.AuthorConsumer && (m.Heard.By != "" || hears(m.Content)) {
			mood = sentiment.Add(mood, m.Heard)
		}
	}
	return mood, err
}
