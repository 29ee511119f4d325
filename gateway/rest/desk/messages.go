package desk

import (
	"context"
	"slices"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// ListMessages gives a page of the consumer's thread.
func (s *Handlers) ListMessages(ctx context.Context, r api.ListMessagesRequestObject) (api.ListMessagesResponseObject, error) {
	brand := signin.Who(ctx).User.Brand
	limit := draw.UpTo(r.Params.Limit, 50)
	var out api.ListMessages200JSONResponse
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
		thread, err := threadUpTo(tx, conv, draw.Text(r.Params.Before), limit+1)
		if err != nil {
			return err
		}
		out.More = len(thread) > limit
		thread = thread[:min(len(thread), limit)]
		slices.Reverse(thread)
		out.Messages = draw.Each(thread, draw.Message)
		return nil
	})
	return out, err
}

// threadUpTo gives the consumer's thread, newest first. That of a closed
// conversation ends with it; what is open shows everything there is.
func threadUpTo(tx engine.Tx, conv engine.Conversation, before string, limit int) ([]engine.Message, error) {
	var out []engine.Message
	if before == "" && conv.State == engine.Closed {
		end, err := tx.Messages().List(conv.Brand, conv.ID, conv.LastSeq-1, 1)
		if err != nil {
			return nil, err
		}
		for _, m := range end {
			out, before = append(out, m), m.ID
		}
	}
	older, err := tx.Messages().Thread(conv.Brand, conv.Consumer, before, limit-len(out))
	return append(out, older...), err
}

// Reply writes to the consumer.
func (s *Handlers) Reply(ctx context.Context, r api.ReplyRequestObject) (api.ReplyResponseObject, error) {
	u := signin.Who(ctx).User
	after, err := engine.ParseCursor(r.Body.After)
	if err != nil {
		return nil, err
	}
	m, err := s.Desk.Reply(ctx, u, r.Id, r.Body.ClientId, r.Body.Text, after)
	return api.Reply201JSONResponse{MessageAnswerJSONResponse: api.MessageAnswerJSONResponse(draw.Message(m))}, err
}

// AddNote writes to the team.
func (s *Handlers) AddNote(ctx context.Context, r api.AddNoteRequestObject) (api.AddNoteResponseObject, error) {
	u := signin.Who(ctx).User
	m, err := s.Desk.Note(ctx, u, r.Id, r.Body.ClientId, r.Body.Text)
	return api.AddNote201JSONResponse{MessageAnswerJSONResponse: api.MessageAnswerJSONResponse(draw.Message(m))}, err
}

// MarkRead notes what the agent has read.
func (s *Handlers) MarkRead(ctx context.Context, r api.MarkReadRequestObject) (api.MarkReadResponseObject, error) {
	u := signin.Who(ctx).User
	return api.MarkRead204Response{}, s.Desk.Read(ctx, u, r.Id, r.Body.Message)
}

// SendAgain sends a message again that could not be delivered.
func (s *Handlers) SendAgain(ctx context.Context, r api.SendAgainRequestObject) (api.SendAgainResponseObject, error) {
	u := signin.Who(ctx).User
	m, err := s.Desk.SendAgain(ctx, u, r.Id, r.Message)
	return api.SendAgain200JSONResponse{MessageAnswerJSONResponse: api.MessageAnswerJSONResponse(draw.Message(m))}, err
}
