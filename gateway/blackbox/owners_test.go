package blackbox_test

import (
	"encoding/json"

	"parley/engine"
)

// held is who has a conversation, as the log tells it.
type held struct {
	known   bool
	owner   engine.Owner
	offered string // agent to whom it is offered, "" for nobody
	taken   string // agent who has accepted the offer, and must be the next owner
}

// checkOwners goes through the log. Each change of an owner begins with the one that the
// change before has left; a conversation is offered to one agent at a time, who alone can
// get it; and in the end the store has it as the log tells, with nobody left behind: who
// asked for a person had one, or waits in the queue.
func (w *world) checkOwners(tx engine.Tx) error {
	all := map[string]*held{}
	var handed, offers int
	ends := map[string]int{}
	err := eachEvent(tx, 0, func(e engine.Event) error {
		h := all[e.Conversation]
		if h == nil {
			h = &held{}
			all[e.Conversation] = h
		}
		switch e.Kind {
		case engine.EventBotFailed:
			w.t.Errorf("%s: the bot failed at %v: %s", e.Conversation, e.At, e.Data)
		case engine.EventOffered:
			offers++
			var d engine.OfferData
			if err := json.Unmarshal(e.Data, &d); err != nil {
				return err
			}
			if h.offered != "" || d.Expires == 0 || h.owner != engine.OwnerQueue {
				w.t.Errorf("%s: it is with %s and offered to %q, and is offered to %s", e.Conversation, h.owner, h.offered, d.Agent)
			}
			h.offered = d.Agent
		case engine.EventOfferEnded:
			var d engine.OfferData
			if err := json.Unmarshal(e.Data, &d); err != nil {
				return err
			}
			if h.offered != d.Agent {
				w.t.Errorf("%s: it is offered to %q, and the offer to %s is %s", e.Conversation, h.offered, d.Agent, d.End)
			}
			ends[d.End]++
			h.offered = ""
			if d.End == "accepted" {
				h.taken = d.Agent
			}
		case engine.EventOwner, engine.EventClosed:
			var d engine.ConversationData
			if err := json.Unmarshal(e.Data, &d); err != nil {
				return err
			}
			if h.known && d.Was != h.owner {
				w.t.Errorf("%s: it was with %s, and passes from %s to %s", e.Conversation, h.owner, d.Was, d.Owner)
			}
			if d.Agent != h.taken || h.offered != "" {
				w.t.Errorf("%s: %q has accepted it, it is offered to %q, and %s %q gets it", e.Conversation, h.taken, h.offered, d.Owner, d.Agent)
			}
			if d.Owner == engine.OwnerQueue {
				handed++
			}
			*h = held{known: true, owner: d.Owner}
		}
		return nil
	})
	if err != nil {
		return err
	}
	waiting, err := tx.Queue().List("shop")
	if err != nil {
		return err
	}
	for _, q := range waiting {
		h := all[q.Conversation]
		if h == nil || h.owner != engine.OwnerQueue || h.offered != q.OfferedTo {
			w.t.Errorf("%s waits, offered to %q, and the log says %+v", q.Conversation, q.OfferedTo, h)
		}
		delete(all, q.Conversation)
	}
	for id, h := range all {
		if h.known && h.owner == engine.OwnerQueue || h.offered != "" {
			w.t.Errorf("%s does not wait, and the log says %+v", id, h)
		}
		if h.known {
			conv, err := tx.Conversations().Get("shop", id)
			if err != nil || conv.Owner != h.owner {
				w.t.Errorf("%s is with %s (%v), and the log says %+v", id, conv.Owner, err, h)
			}
		}
	}
	w.t.Logf("%d ways into the queue, %d offers, which ended %v; %d wait", handed, offers, ends, len(waiting))
	return nil
}
