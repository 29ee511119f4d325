package desk

import (
	"context"
	"encoding/json"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// maxHistory bounds the consumer's other conversations in a detail.
const maxHistory = 20

// GetConversation gives one conversation with everything around it.
func (s *Handlers) GetConversation(ctx context.Context, r api.GetConversationRequestObject) (api.GetConversationResponseObject, error) {
	u := signin.Who(ctx).User
	var out api.GetConversation200JSONResponse
	err := s.Store.View(ctx, func(tx engine.Tx) error {
		conv, err := tx.Conversations().Get(u.Brand, r.Id)
		if err != nil {
			return err
		}
		last, err := tx.Events().Last()
		if err != nil {
			return err
		}
		n, err := draw.NewNames(tx, u.Brand, s.Clock())
		if err != nil {
			return err
		}
		out = api.GetConversation200JSONResponse{Cursor: last.String(), Handoff: draw.Handoff(conv.Handoff), History: []api.Conversation{}}
		if out.Conversation, err = n.Conversation(conv); err != nil {
			return err
		}
		if out.Consumer, err = n.Consumer(conv); err != nil {
			return err
		}
		others, err := tx.Conversations().List(engine.ConversationFilter{Brand: u.Brand, Consumer: conv.Consumer, Limit: maxHistory + 1})
		if err != nil {
			return err
		}
		for _, other := range others {
			if other.ID == conv.ID || len(out.History) == maxHistory {
				continue
			}
			c, err := n.Conversation(other)
			if err != nil {
				return err
			}
			out.History = append(out.History, c)
		}
		out.Why, err = why(tx, conv)
		return err
	})
	return out, err
}

// maxStory bounds the events that are read to explain an assignment.
const maxStory = 1000

// why is how routing chose the conversation's agent, from the log: the offer
// that led to the last change of owner. nil when nobody chose, or when the
// story is too long to be read for it.
func why(tx engine.Tx, conv engine.Conversation) (*engine.MatchReasons, error) {
	if conv.Owner != engine.OwnerAgent {
		return nil, nil
	}
	all, err := tx.Events().List(engine.EventFilter{Brand: conv.Brand, Conversation: conv.ID, Limit: maxStory})
	if err != nil || len(all) == maxStory {
		return nil, err
	}
	var chosen, offered *engine.OfferData
	for _, ev := range all {
		switch ev.Kind {
		case engine.EventOffered:
			offered = &engine.OfferData{}
			if json.Unmarshal(ev.Data, offered) != nil {
				offered = nil
			}
		case engine.EventOfferEnded:
			var d engine.OfferData
			if json.Unmarshal(ev.Data, &d) != nil || d.End != string(api.Accepted) {
				offered = nil
			}
		case engine.EventOwner:
			chosen, offered = offered, nil
		}
	}
	if chosen == nil || chosen.Agent != conv.Agent {
		return nil, nil
	}
	return chosen.Why, nil
}
