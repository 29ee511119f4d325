package webchat

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"parley/engine"
	"parley/engine/receipt"
)

const maxReceipts = 50 // message ids in one report

func checkReceipts(delivered, read []string) error {
	if len(delivered)+len(read) > maxReceipts {
		return engine.FieldError("read", "and delivered name more than %d messages", maxReceipts)
	}
	return nil
}

// postReceipts notes what has reached the visitor's screen.
func (s *Server) postReceipts(c echo.Context, v visit) error {
	var in struct {
		Delivered []string `json:"delivered"`
		Read      []string `json:"read"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := checkReceipts(in.Delivered, in.Read); err != nil {
		return err
	}
	if err := s.receipts(c.Request().Context(), v, in.Delivered, in.Read); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// receipts advances the states of messages to the visitor, in one transaction.
// What is not theirs, or not new, changes nothing.
func (s *Server) receipts(ctx context.Context, v visit, delivered, read []string) error {
	if len(delivered)+len(read) == 0 {
		return nil
	}
	states := make(map[string][]engine.DeliveryState, len(delivered)+len(read))
	for _, id := range delivered {
		states[id] = append(states[id], engine.Delivered)
	}
	for _, id := range read {
		states[id] = append(states[id], engine.Read)
	}
	return s.Store.Update(ctx, func(tx engine.Tx) error {
		consumer, err := consumerOf(tx, v)
		if err != nil || consumer == "" {
			return err
		}
		for _, id := range slices.Sorted(maps.Keys(states)) { // in one order, because two tabs tell the same
			for _, to := range states[id] {
				if err := receipt.Arrived(tx, s.Clock(), v.ch.Brand, consumer, id, to); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// postTyping tells the agents that the visitor types.
func (s *Server) postTyping(c echo.Context, v visit) error {
	var in struct {
		On bool `json:"on"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := s.typing(c.Request().Context(), v, in.On); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// typing passes on that the visitor types; nobody looks on before the first message.
func (s *Server) typing(ctx context.Context, v visit, on bool) error {
	conv, err := engine.View(ctx, s.Store, func(tx engine.Tx) (engine.Conversation, error) {
		return tx.Conversations().OpenByAddress(v.ch.ID, v.address)
	})
	if engine.CodeOf(err) == engine.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	s.Bus.Publish(engine.Typing(engine.ConversationRef{Brand: conv.Brand, ID: conv.ID}, engine.AuthorConsumer, "", "", on))
	return nil
}
