package listen

import (
	"context"

	"parley/engine"
	"parley/engine/lifecycle"
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
func (l *Listener) Judge(ctx context.Context, brand, conversation, message string, tone engine.Tone, actor string) (engine.Message, error) {
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
	var j judgement
	err := error(nil)
	for range maxTries {
		err = l.cfg.Store.Update(ctx, func(tx engine.Tx) error {
			j = judgement{}
			return l.judge(tx, &j, brand, conversation, message, h)
		})
		if engine.CodeOf(err) != engine.Conflict {
			break
		}
	}
	if err != nil {
		return engine.Message{}, err
	}
	if j.turned {
		l.cfg.Bus.Publish(engine.Signal{Topic: engine.TopicEvents})
	}
	if j.raised {
		l.cfg.Bus.Publish(engine.Signal{Topic: engine.TopicRouting, Brand: brand, Key: brand})
	}
	select {
	case l.wake <- struct{}{}:
	default:
	}
	return j.message, nil
}

// judgement is what came of a Judge.
type judgement struct {
	message        engine.Message
	turned, raised bool
}

func (l *Listener) judge(tx engine.Tx, j *judgement, brand, conversation, message string, h engine.Heard) error {
	b, err := tx.Brands().Get(brand)
	if err != nil {
		return err
	}
	conv, err := tx.Conversations().Get(brand, conversation)
	if err != nil {
		return err
	}
	m, err := tx.Messages().Get(brand, message)
	if err != nil {
		return err
	}
	if m.Conversation != conv.ID || m.Author != engine.AuthorConsumer {
		return engine.Errorf(engine.NotFound, "There is no such message of a consumer.")
	}
	h.Language = m.Heard.Language
	if j.message = m; m.Heard == h {
		return nil // judged twice
	}
	j.message.Heard = h
	if err := tx.Tones().Judge(brand, message, h); err != nil {
		return err
	}
	if b.Settings.Sentiment.Off {
		return nil
	}
	mood, err := recount(tx, conv)
	if err != nil {
		return err
	}
	if mood.Sum == conv.Mood.Sum && mood.Weight == conv.Mood.Weight {
		return nil
	}
	was := conv.Mood.Tone
	conv.Mood = mood
	j.turned = mood.Tone != was
	if j.raised, err = lifecycle.Turned(tx, l.cfg.Clock(), &conv, b.Settings.Sentiment, was, h.By); err != nil {
		return err
	}
	return tx.Conversations().Save(&conv)
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
