package receive

import (
	"context"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
)

// echo takes in what was written to the consumer in the brand's name. Of our own send it
// is the receipt; what somebody wrote in another app joins the transcript, and nobody
// answers it.
func (r *Receiver) echo(ctx context.Context, entry catalog.Entry, ch engine.Channel, in engine.Inbound) (taken Taken, err error) {
	own := engine.StatusUpdate{ProviderID: in.ProviderID, State: engine.Sent}
	sent, err := engine.View(ctx, r.Store, func(tx engine.Tx) (engine.OutboxItem, error) { return find(tx, ch, own) })
	if err == nil {
		return Taken{Duplicate: true}, r.Status(ctx, ch, engine.StatusUpdate{Item: sent.ID, State: engine.Sent})
	}
	if engine.CodeOf(err) != engine.NotFound {
		return Taken{}, err
	}
	err = again(func() error {
		return r.Store.Update(ctx, func(tx engine.Tx) (err error) {
			taken, err = r.wrote(tx, entry, ch, in)
			return err
		})
	})
	return taken, err
}

// wrote adds to the open conversation of the address, else to the last one: what the brand
// says begins nothing, unless it is the first that was ever said.
func (r *Receiver) wrote(tx engine.Tx, entry catalog.Entry, ch engine.Channel, in engine.Inbound) (Taken, error) {
	if known, err := known(tx, ch, "", in); err != nil || known.Duplicate {
		return known, err
	}
	conv, err := r.thread(tx, entry, ch, in)
	if err != nil {
		return Taken{}, err
	}
	answered, err := about(tx, ch, in)
	if engine.UnlessGone(err) != nil {
		return Taken{}, err
	}
	m, err := conv.Wrote(engine.Message{
		AuthorName: in.FromName, Content: in.Content, ProviderID: in.ProviderID, ProviderAt: in.ProviderAt, Marks: engine.MessageMarks{Answers: answered.ID},
	})
	if err != nil {
		return Taken{}, err
	}
	err = conv.Save()
	return Taken{Message: m, Conversation: conv.Conversation}, err
}

// thread is the conversation of an address that goes on, ended last, or begins now.
func (r *Receiver) thread(tx engine.Tx, entry catalog.Entry, ch engine.Channel, in engine.Inbound) (*conversation.Change, error) {
	now := r.Clock()
	conv, err := tx.Conversations().OpenByAddress(ch.ID, in.From)
	if engine.CodeOf(err) != engine.NotFound {
		return r.Writer.Change(tx, now, conv).In(entry), err
	}
	c, err := tx.Consumers().ByAddress(ch.Brand, ch.Kind, in.From)
	if engine.UnlessGone(err) != nil {
		return nil, err
	}
	if err == nil {
		last, err := tx.Messages().Thread(ch.Brand, c.ID, "", recent)
		if err != nil {
			return nil, err
		}
		for _, m := range last {
			if m.Channel != ch.ID {
				continue
			}
			conv, err := r.Writer.Load(tx, now, ch.Brand, m.Conversation)
			if err != nil || conv.Address == in.From {
				return conv, err
			}
		}
	}
	return r.open(tx, now, entry, ch, in)
}
