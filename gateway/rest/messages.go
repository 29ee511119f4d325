package rest

import (
	"context"
	"slices"

	"parley/engine"
	"parley/gateway/api"
)

// ListMessages gives a page of the consumer's thread.
func (s *Server) ListMessages(ctx context.Context, r api.ListMessagesRequestObject) (api.ListMessagesResponseObject, error) {
	brand := who(ctx).User.Brand
	limit, before := 50, ""
	if r.Params.Limit != nil {
		limit = *r.Params.Limit
	}
	if limit < 1 || limit > 200 {
		return nil, engine.FieldError("limit", "is not between 1 and 200")
	}
	if r.Params.Before != nil {
		before = *r.Params.Before
	}
	out := api.ListMessages200JSONResponse{Messages: []api.Message{}}
	err := s.Store.View(ctx, func(tx engine.Tx) error {
		conv, err := tx.Conversations().Get(brand, r.Id)
		if err != nil {
			return err
		}
		last, err := tx.Events().Last()
		if err != nil {
			return err
		}
		out.Cursor = last.String()
		thread, err := tx.Messages().Thread(brand, conv.Consumer, before, limit+1)
		if err != nil {
			return err
		}
		out.More = len(thread) > limit
		thread = thread[:min(len(thread), limit)]
		for _, m := range slices.Backward(thread) {
			out.Messages = append(out.Messages, message(m))
		}
		return nil
	})
	return out, err
}

func checkClientID(id string) error {
	if len(id) < 8 || len(id) > 64 {
		return engine.FieldError("client_id", "must have 8 to 64 characters")
	}
	return nil
}

// Reply writes to the consumer.
func (s *Server) Reply(ctx context.Context, r api.ReplyRequestObject) (api.ReplyResponseObject, error) {
	u, err := person(ctx)
	if err != nil {
		return nil, err
	}
	after, err := engine.ParseCursor(r.Body.After)
	if err != nil {
		return nil, err
	}
	if err := checkClientID(r.Body.ClientId); err != nil {
		return nil, err
	}
	m, err := s.Desk.Reply(ctx, u, r.Id, r.Body.ClientId, r.Body.Text, after)
	return api.Reply201JSONResponse{MessageAnswerJSONResponse: api.MessageAnswerJSONResponse(message(m))}, err
}

// AddNote writes to the team.
func (s *Server) AddNote(ctx context.Context, r api.AddNoteRequestObject) (api.AddNoteResponseObject, error) {
	u, err := person(ctx)
	if err != nil {
		return nil, err
	}
	if err := checkClientID(r.Body.ClientId); err != nil {
		return nil, err
	}
	m, err := s.Desk.Note(ctx, u, r.Id, r.Body.ClientId, r.Body.Text)
	return api.AddNote201JSONResponse{MessageAnswerJSONResponse: api.MessageAnswerJSONResponse(message(m))}, err
}

// MarkRead notes what the agent has read.
func (s *Server) MarkRead(ctx context.Context, r api.MarkReadRequestObject) (api.MarkReadResponseObject, error) {
	u, err := person(ctx)
	if err != nil {
		return nil, err
	}
	return api.MarkRead204Response{}, s.Desk.Read(ctx, u, r.Id, r.Body.Message)
}
