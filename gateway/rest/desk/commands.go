package desk

import (
	"context"

	"parley/engine"
	"parley/engine/desk"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// moved runs an agent's command and draws the conversation after it.
func (s *Handlers) moved(ctx context.Context, cmd func(engine.User) (engine.Conversation, error)) (api.ConversationAnswerJSONResponse, error) {
	var out api.Conversation
	u := signin.Who(ctx).User
	conv, err := cmd(u)
	if err != nil {
		return api.ConversationAnswerJSONResponse(out), err
	}
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		n, err := draw.NewNames(tx, u.Brand, s.Clock())
		if err != nil {
			return err
		}
		out, err = n.Conversation(conv)
		return err
	})
	return api.ConversationAnswerJSONResponse(out), err
}

// AcceptOffer takes the offered conversation.
func (s *Handlers) AcceptOffer(ctx context.Context, r api.AcceptOfferRequestObject) (api.AcceptOfferResponseObject, error) {
	out, err := s.moved(ctx, func(u engine.User) (engine.Conversation, error) { return s.Desk.Accept(ctx, u, r.Id) })
	return api.AcceptOffer200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// DeclineOffer sends the offer on.
func (s *Handlers) DeclineOffer(ctx context.Context, r api.DeclineOfferRequestObject) (api.DeclineOfferResponseObject, error) {
	out, err := s.moved(ctx, func(u engine.User) (engine.Conversation, error) { return s.Desk.Decline(ctx, u, r.Id) })
	return api.DeclineOffer200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// TakeConversation takes a waiting conversation out of turn.
func (s *Handlers) TakeConversation(ctx context.Context, r api.TakeConversationRequestObject) (api.TakeConversationResponseObject, error) {
	out, err := s.moved(ctx, func(u engine.User) (engine.Conversation, error) { return s.Desk.Take(ctx, u, r.Id, r.Body.Rev) })
	return api.TakeConversation200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// TransferConversation passes the conversation on.
func (s *Handlers) TransferConversation(ctx context.Context, r api.TransferConversationRequestObject) (api.TransferConversationResponseObject, error) {
	to := desk.Target{Skill: draw.Text(r.Body.Skill), Agent: draw.Text(r.Body.Agent)}
	out, err := s.moved(ctx, func(u engine.User) (engine.Conversation, error) {
		return s.Desk.Transfer(ctx, u, r.Id, r.Body.Rev, to, r.Body.Note)
	})
	return api.TransferConversation200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// RequeueConversation puts the conversation back into its queue.
func (s *Handlers) RequeueConversation(ctx context.Context, r api.RequeueConversationRequestObject) (api.RequeueConversationResponseObject, error) {
	out, err := s.moved(ctx, func(u engine.User) (engine.Conversation, error) {
		return s.Desk.Requeue(ctx, u, r.Id, r.Body.Rev, draw.Text(r.Body.Note))
	})
	return api.RequeueConversation200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// ReturnConversation gives the conversation back to its bot.
func (s *Handlers) ReturnConversation(ctx context.Context, r api.ReturnConversationRequestObject) (api.ReturnConversationResponseObject, error) {
	out, err := s.moved(ctx, func(u engine.User) (engine.Conversation, error) {
		return s.Desk.Return(ctx, u, r.Id, r.Body.Rev, draw.Text(r.Body.Note))
	})
	return api.ReturnConversation200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// CloseConversation ends the agent's work.
func (s *Handlers) CloseConversation(ctx context.Context, r api.CloseConversationRequestObject) (api.CloseConversationResponseObject, error) {
	var fields map[string]any
	if r.Body.Fields != nil {
		fields = *r.Body.Fields
	}
	out, err := s.moved(ctx, func(u engine.User) (engine.Conversation, error) {
		return s.Desk.Close(ctx, u, r.Id, r.Body.Rev, r.Body.Outcome, draw.Text(r.Body.Summary), fields)
	})
	return api.CloseConversation200JSONResponse{ConversationAnswerJSONResponse: out}, err
}
