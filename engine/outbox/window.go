package outbox

import (
	"time"

	"parley/engine"
)

// about is what a provider that has windows, or quotes, is told of a message.
type about struct {
	author  engine.Author
	heardAt time.Time
	answers string // provider's id
	closed  string // why the message may not be sent any more; "" when it may
}

// aboutOf reads it for the channels on which it matters.
func aboutOf(tx engine.Tx, now time.Time, item engine.OutboxItem, can engine.Capabilities) (a about, err error) {
	if can.Window == 0 && can.PeopleWindow == 0 && !can.Quotes {
		return a, nil
	}
	m, err := tx.Messages().Get(item.Brand, item.Message)
	if err != nil {
		return a, engine.UnlessGone(err)
	}
	a.author = m.Author
	if m.Marks.Answers != "" && can.Quotes {
		to, err := tx.Messages().Get(item.Brand, m.Marks.Answers)
		if engine.UnlessGone(err) != nil {
			return a, err
		}
		if to.Channel == item.Channel {
			a.answers = to.ProviderID
		}
	}
	conv, err := tx.Conversations().Get(item.Brand, item.Conversation)
	if err != nil {
		return a, engine.UnlessGone(err)
	}
	a.heardAt = conv.HeardAt
	until := can.WindowUntil(m.Author, conv.HeardAt)
	if !until.IsZero() && now.After(until) && item.Content.Template == nil {
		a.closed = "The consumer wrote last more than " + span(until.Sub(conv.HeardAt)) + " ago. The channel takes only a template until they write again."
	}
	return a, nil
}
