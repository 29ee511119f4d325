package webchat

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"parley/engine"
)

const (
	usualMessages = 30
	mostMessages  = 100
)

type pageView struct {
	Messages []messageView `json:"messages"`
	More     bool          `json:"more"`
	Cursor   string        `json:"cursor"`
	Status   statusView    `json:"status"`
}

// listMessages gives a page of the visitor's thread, oldest first.
func (s *Server) listMessages(c echo.Context, v visit) error {
	limit := usualMessages
	if raw := c.QueryParam("limit"); raw != "" {
		var err error
		if limit, err = strconv.Atoi(raw); err != nil || limit < 1 || limit > mostMessages {
			return engine.FieldError("limit", "is not between 1 and %d", mostMessages)
		}
	}
	var out pageView
	err := s.Store.View(c.Request().Context(), func(tx engine.Tx) error {
		last, err := tx.Events().Last()
		if err != nil {
			return err
		}
		out = pageView{Messages: []messageView{}, Cursor: last.String()}
		if out.Status, err = current(tx, v); err != nil {
			return err
		}
		consumer, err := consumerOf(tx, v)
		if err != nil || consumer == "" {
			return err
		}
		seen, err := thread(tx, v.ch.Brand, consumer, c.QueryParam("before"), limit+1)
		if err != nil {
			return err
		}
		out.More = len(seen) > limit
		for _, m := range slices.Backward(seen[:min(limit, len(seen))]) {
			out.Messages = append(out.Messages, viewOf(m))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, out)
}

// thread gives what the consumer may see, newest first. Notes take no room in it.
func thread(tx engine.Tx, brand, consumer, before string, limit int) (seen []engine.Message, err error) {
	for {
		page, err := tx.Messages().Thread(brand, consumer, before, limit)
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			if !m.Note && len(seen) < limit {
				seen = append(seen, m)
			}
			before = m.ID
		}
		if len(page) < limit || len(seen) == limit {
			return seen, nil
		}
	}
}

// current is the status of the visitor's open conversation.
func current(tx engine.Tx, v visit) (statusView, error) {
	conv, err := tx.Conversations().OpenByAddress(v.ch.ID, v.address)
	if engine.CodeOf(err) == engine.NotFound {
		return statusOf(engine.Closed, engine.OwnerNone, facts{}), nil
	}
	if err != nil {
		return statusView{}, err
	}
	f, err := factsOf(tx, conv.Brand, conv.ID, engine.ConversationData{Owner: conv.Owner, Agent: conv.Agent})
	return statusOf(conv.State, conv.Owner, f), err
}

// factsOf looks up what a change of the conversation does not say itself.
func factsOf(tx engine.Tx, brand, conversation string, d engine.ConversationData) (f facts, err error) {
	switch d.Owner {
	case engine.OwnerAgent:
		if f.agentName = d.AgentName; f.agentName != "" {
			return f, nil
		}
		var u engine.User
		if u, err = tx.Users().Get(brand, d.Agent); err == nil {
			f.agentName = u.Name
		}
	case engine.OwnerQueue:
		f.position, err = tx.Queue().Position(conversation)
	}
	if engine.CodeOf(err) == engine.NotFound { // gone meanwhile
		err = nil
	}
	return f, err
}
