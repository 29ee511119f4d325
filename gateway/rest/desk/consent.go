package desk

import (
	"context"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// mostConsents is how many records of a consumer are told.
const mostConsents = 200

// RecordConsent records what the consumer told the agent.
func (s *Handlers) RecordConsent(ctx context.Context, r api.RecordConsentRequestObject) (api.RecordConsentResponseObject, error) {
	conv, err := s.Desk.Consent(ctx, signin.Who(ctx).User, r.Id, r.Body.OptedOut, r.Body.Source)
	out, err := s.moved(ctx, conv, err)
	return api.RecordConsent200JSONResponse{ConversationAnswerJSONResponse: out}, err
}

// ListConsents is a consumer's ledger.
func (s *Handlers) ListConsents(ctx context.Context, r api.ListConsentsRequestObject) (api.ListConsentsResponseObject, error) {
	brand := signin.Who(ctx).User.Brand
	var list []engine.Consent
	err := s.Store.View(ctx, func(tx engine.Tx) (err error) {
		if _, err = tx.Consumers().Get(brand, r.Id); err != nil {
			return err
		}
		list, err = tx.Consumers().Consents(brand, r.Id, mostConsents)
		return err
	})
	return api.ListConsents200JSONResponse{Consents: draw.Each(list, draw.Consent)}, err
}
