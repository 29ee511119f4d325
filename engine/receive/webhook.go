package receive

import (
	"context"

	"parley/engine"
	"parley/engine/catalog"
)

// LeftOut says why a part of a webhook was not taken. The provider is told that all is
// well: it would bring the whole again and again.
type LeftOut string

const (
	LeftUnusable  LeftOut = "unusable"  // it breaks the limits, or lacks what it must have
	LeftRecipient LeftOut = "recipient" // it is for an address that no channel of the brand has
	LeftAbout     LeftOut = "about"     // it is about a message that is not here
	LeftKind      LeftOut = "kind"      // nobody here knows what to do with it
)

// Webhook verifies, stores and answers one request of a provider. When it
// returns without error, everything in the request is on disk that is meant for a
// channel of the brand.
func (r *Receiver) Webhook(ctx context.Context, channel string, req engine.WebhookRequest) (engine.WebhookResponse, error) {
	ch, entry, err := r.Catalog.Channel(ctx, channel)
	if err != nil {
		return engine.WebhookResponse{}, err
	}
	con, ok := r.Connectors[ch.Kind]
	if !ok || !con.Spec().Can(ch).Webhook {
		return engine.WebhookResponse{}, engine.Errorf(engine.NotFound, "This channel takes no webhooks.")
	}
	dec, err := con.Decode(ch, req)
	if engine.CodeOf(err) == engine.Forbidden {
		// Only who holds the secret gets that far: a setting is wrong, or somebody plays with what was sent.
		r.Log.Warn("a signed webhook was refused", "channel", ch.ID, "why", engine.MessageOf(err))
	}
	if err != nil {
		return engine.WebhookResponse{}, err
	}
	for _, d := range r.addressed(entry, ch, con, req, dec) {
		if err := r.takeAll(ctx, entry, d); err != nil {
			return engine.WebhookResponse{}, err
		}
	}
	return dec.Response, nil
}

// delivery is what a request brought for one channel.
type delivery struct {
	channel  engine.Channel
	inbound  []engine.Inbound
	statuses []engine.StatusUpdate
}

// addressed tells by the addresses for which channels a request is. What is not for the
// channel that it came by goes to the brand's channel of that kind and address, whose own
// secrets must verify the request, too; of what is for nobody it notes that it was left
// out. Other brands' channels are never looked at.
func (r *Receiver) addressed(entry catalog.Entry, ch engine.Channel, con engine.Connector, req engine.WebhookRequest, dec engine.Decoded) []delivery {
	to := map[string]*delivery{}
	at := func(address string) *delivery {
		if address == ch.Address {
			address = ""
		}
		if to[address] == nil {
			to[address] = &delivery{}
		}
		return to[address]
	}
	for _, in := range dec.Inbound {
		d := at(in.To)
		d.inbound = append(d.inbound, in)
	}
	for _, st := range dec.Statuses {
		d := at(st.To)
		d.statuses = append(d.statuses, st)
	}
	var all []delivery
	if d := to[""]; d != nil {
		d.channel = ch
		all = append(all, *d)
		delete(to, "")
	}
	for _, other := range entry.Channels {
		d := to[other.Address]
		if d == nil || other.Kind != ch.Kind || other.Address == "" || !con.Spec().Can(other).Webhook {
			continue
		}
		if _, err := con.Decode(other, req); err != nil {
			r.Log.Warn("what a webhook has for another channel was left out: its secrets do not verify it",
				"channel", ch.ID, "other", other.ID, "code", engine.CodeOf(err))
			continue
		}
		d.channel = other
		all = append(all, *d)
		delete(to, other.Address)
	}
	for _, d := range to {
		r.leave(len(d.inbound)+len(d.statuses), LeftRecipient)
	}
	return all
}

func (r *Receiver) takeAll(ctx context.Context, entry catalog.Entry, d delivery) error {
	for _, in := range d.inbound {
		_, err := r.Inbound(ctx, entry, d.channel, in)
		if engine.CodeOf(err) == engine.Invalid {
			// The provider would send the whole batch again and again for it.
			r.Log.Warn("an unusable message was left out", "channel", d.channel.ID, "error", err)
			r.leave(1, LeftUnusable)
			continue
		}
		if err != nil {
			return err
		}
	}
	for _, st := range d.statuses {
		if err := r.Status(ctx, d.channel, st); err != nil {
			return err
		}
	}
	return nil
}

func (r *Receiver) leave(n int, why LeftOut) {
	if r.Observe != nil {
		r.Observe(n, why)
	}
}
