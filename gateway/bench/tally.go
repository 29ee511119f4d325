package bench

import (
	"context"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
)

// counts says how often one acknowledged message is in the transcript, is
// answered in the transcript, and is answered at the provider. Each should be 1.
type counts struct{ stored, written, sent int }

// tally judges what became of the acknowledged messages.
type tally struct {
	by     map[int64]*counts
	silent bool // nothing was to be answered
}

func newTally(acknowledged []int64, silent bool) *tally {
	t := &tally{by: make(map[int64]*counts, len(acknowledged)), silent: silent}
	for _, n := range acknowledged {
		t.by[n] = &counts{}
	}
	return t
}

func (t *tally) outbox(sent []twiliotest.Message) {
	for _, m := range sent {
		if c := t.of(m.Body); c != nil {
			c.sent++
		}
	}
}

func (t *tally) of(body string) *counts {
	n, ok := textNumber(body)
	if !ok {
		return nil
	}
	return t.by[n]
}

const threadPage = 200

// transcripts reads the threads of all consumers.
func (t *tally) transcripts(ctx context.Context, store engine.Store, addresses []string) error {
	for _, address := range addresses {
		err := store.View(ctx, func(tx engine.Tx) error {
			ch, err := tx.Brands().Channel(channel)
			if err != nil {
				return err
			}
			who, err := tx.Consumers().ByAddress(ch.Brand, ch.Kind, address)
			if engine.CodeOf(err) == engine.NotFound {
				return nil // never wrote, or everything was lost
			}
			if err != nil {
				return err
			}
			return t.thread(tx, who)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tally) thread(tx engine.Tx, who engine.Consumer) error {
	before := ""
	for {
		page, err := tx.Messages().Thread(who.Brand, who.ID, before, threadPage)
		if err != nil {
			return err
		}
		for _, m := range page {
			switch c := t.of(m.Content.Text); {
			case c == nil:
			case m.Author == engine.AuthorConsumer:
				c.stored++
			case m.Author == engine.AuthorBot:
				c.written++
			}
		}
		if len(page) < threadPage {
			return nil
		}
		before = page[len(page)-1].ID
	}
}

// verdict counts messages that are missing anywhere, and those that are
// anywhere more than once.
func (t *tally) verdict() (lost, duplicated int) {
	for _, c := range t.by {
		places := []int{c.stored, c.written, c.sent}
		if t.silent {
			places = places[:1]
			duplicated += c.written + c.sent
		}
		missing, twice := false, false
		for _, n := range places {
			missing, twice = missing || n == 0, twice || n > 1
		}
		if missing {
			lost++
		}
		if twice {
			duplicated++
		}
	}
	return lost, duplicated
}
