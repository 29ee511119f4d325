package receipt

import (
	"time"

	"parley/engine"
)

// QuotaHold is how long a sender waits whose limit for the day is used up: the provider's day must end.
const QuotaHold = time.Hour

const (
	firstLate = time.Minute // wait after a late throttle, doubled with each
	maxLate   = 15 * time.Minute
	lookBack  = 20 // messages of the thread
)

// Throttled begins a send anew that the provider took and then did not send, because the sender was too fast or its
// day's limit used up: that is certain, unlike most of what is reported late. It is done for what was last written to the
// consumer only. What followed may have arrived, and a person has to see to it then. It says whether it was done. The
// age counts from the first round, so that the give-up time ends it.
func Throttled(tx engine.Tx, now time.Time, item engine.OutboxItem, st engine.StatusUpdate) (bool, error) {
	wait := st.RetryAfter
	switch st.Class {
	case engine.SendThrottle:
	case engine.SendQuota:
		wait = max(wait, QuotaHold)
	default:
		return false, nil
	}
	if last, err := isLast(tx, item); err != nil || !last {
		return false, err
	}
	all, err := tx.Sends().Of(item.Message)
	if err != nil {
		return false, err
	}
	rounds := 0
	for _, i := range all {
		if i.Part == item.Part {
			rounds++
		}
		if i.Seq > item.Seq {
			return false, nil // begun anew already
		}
	}
	next := anew(item, rounds, now.Add(max(wait, min(firstLate<<min(rounds-1, 10), maxLate))))
	next.Failure = st.Message // the reason, should it never be sent
	return true, tx.Outbox().Add(&next)
}

// isLast says whether nothing was written to the consumer on the channel after this part.
func isLast(tx engine.Tx, item engine.OutboxItem) (bool, error) {
	if item.Part != item.Parts-1 {
		return false, nil
	}
	m, err := tx.Messages().Get(item.Brand, item.Message)
	if err != nil {
		return false, err
	}
	thread, err := tx.Messages().Thread(m.Brand, m.Consumer, "", lookBack)
	if err != nil {
		return false, err
	}
	for _, later := range thread {
		switch {
		case later.ID == m.ID:
			return true, nil
		case later.Author != engine.AuthorConsumer && !later.Note && later.Channel == m.Channel:
			return false, nil
		}
	}
	return false, nil
}
