package desk

import (
	"context"

	"parley/engine"
	"parley/engine/desk"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// moved draws the conversation that an agent's command has changed.
func (s *Handlers) moved(ctx context.Context, conv engine.Conversation, err error) (api.ConversationAnswerJSONResponse, error) {
	if err != nil {
		return api.ConversationAnswerJSONResponse{}, err
	}
	out, err := draw.Conversation(ctx, s.Store, conv, s.Clock())
	return api.ConversationAnswerJSONResponse(out), err
}

// AcceptOffer takes the offered conversation.
func (s *Handlers) AcceptOffer(ctx context.Context, r api.AcceptOfferRequestObject) (api.AcceptOfferResponseObject, error) {
	conv, err := s.Desk.Accept(ctx, signin.Who(ctx).User, r.Id)
	out, err := s.moved(ctx, conv, err)
	return api.AcceptOffer200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// DeclineOffer sends the offer on.
func (s *Handlers) DeclineOffer(ctx context.Context, r api.DeclineOfferRequestObject) (api.DeclineOfferResponseObject, error) {
	conv, err := s.Desk.Decline(ctx, signin.Who(ctx).User, r.Id)
	out, err := s.moved(ctx, conv, err)
	return api.DeclineOffer200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// TakeConversation takes a waiting conversation out of turn.
func (s *Handlers) TakeConversation(ctx context.Context, r api.TakeConversationRequestObject) (api.TakeConversationResponseObject, error) {
	conv, err := s.Desk.Take(ctx, signin.Who(ctx).User, r.Id, r.Body.Rev)
	out, err := s.moved(ctx, conv, err)
	return api.TakeConversation200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// TransferConversation passes the conversation on.
func (s *Handlers) TransferConversation(ctx context.Context, r api.TransferConversationRequestObject) (api.TransferConversationResponseObject, error) {
	to := desk.Target{Skill: draw.Text(r.Body.Skill), Agent: draw.Text(r.Body.Agent)}
	conv, err := s.Desk.Transfer(ctx, signin.Who(ctx).User, r.Id, r.Body.Rev, to, r.Body.Note)
	out, err := s.moved(ctx, conv, err)
	return api.TransferConversation200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// RequeueConversation puts the conversation back into its queue.
func (s *Handlers) RequeueConversation(ctx context.Context, r api.RequeueConversationRequestObject) (api.RequeueConversationResponseObject, error) {
	conv, err := s.Desk.Requeue(ctx, signin.Who(ctx).User, r.Id, r.Body.Rev, draw.Text(r.Body.Note))
	out, err := s.moved(ctx, conv, err)
	return api.RequeueConversation200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// ReturnConversation gives the conversation back to its bot.
func (s *Handlers) ReturnConversation(ctx context.Context, r api.ReturnConversationRequestObject) (api.ReturnConversationResponseObject, error) {
	conv, err := s.Desk.Return(ctx, signin.Who(ctx).User, r.Id, r.Body.Rev, draw.Text(r.Body.Note))
	out, err := s.moved(ctx, conv, err)
	return api.ReturnConversation200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// CloseConversation ends the agent's work.
func (s *Handlers) CloseConversation(ctx context.Context, r api.CloseConversationRequestObject) (api.CloseConversationResponseObject, error) {
	conv, err := s.Desk.Close(ctx, signin.Who(ctx).User, r.Id, r.Body.Rev, r.Body.Outcome, draw.Text(r.Body.Summary), draw.Given(r.Body.Fields))
	out, err := s.moved(ctx, conv, err)
	return api.CloseConversation200JSONResponse{ConversationAnswerJSONResponse: out}, err
}
