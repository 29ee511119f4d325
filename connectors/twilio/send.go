package twilio

import (
	"context"
	"errors"
	"net/http"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"parley/engine"
	"parley/engine/egress"
)

// Send creates one message at Twilio. The error is a *engine.SendError. Its
// class is retry only when nothing can have been created, and unknown when the
// request went out and no answer of Twilio's tells what became of it.
func (c *Connector) Send(ctx context.Context, ch engine.Channel, out engine.Outbound) (engine.Receipt, error) {
	acct, err := accountOf(ch)
	if err != nil {
		return engine.Receipt{}, &engine.SendError{Class: engine.SendAuth, Message: "The channel's Twilio settings are not complete.", Cause: err}
	}
	params, refused := createParams(ch, out)
	if refused != nil {
		return engine.Receipt{}, refused
	}
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	call := &apiClient{ctx: ctx, http: c.http, account: acct, now: c.now}
	message, err := call.service().CreateMessage(params)
	if err != nil {
		return engine.Receipt{}, c.sendFailure(ch, call, err)
	}
	return receipt(message)
}

func createParams(ch engine.Channel, out engine.Outbound) (*api.CreateMessageParams, *engine.SendError) {
	body, media := wire(out)
	params := (&api.CreateMessageParams{}).SetTo(out.To)
	switch {
	case out.To == "":
		return nil, &engine.SendError{Class: engine.SendInvalid, Code: "21604", Message: "The message has no recipient."}
	case body == "" && len(media) == 0:
		return nil, &engine.SendError{Class: engine.SendInvalid, Code: "21602", Message: "The message has no text and no media."}
	}
	if body != "" {
		params.SetBody(body)
	}
	if len(media) > 0 {
		params.SetMediaUrl(media)
	}
	if service := ch.Config["messaging_service_sid"]; service != "" {
		params.SetMessagingServiceSid(service)
	} else {
		params.SetFrom(ch.Address)
	}
	if callback := callbackURL(out); callback != "" {
		params.SetStatusCallback(callback)
	}
	return params, nil
}

// wire is the text and the media URLs that go out for a part that Render made.
// Render cannot see who it is for, so media for a number outside the United
// States and Canada turns into links here.
func wire(out engine.Outbound) (body string, media []string) {
	body = out.Content.Text
	if len(out.Content.Media) == 0 {
		return body, nil
	}
	if !takesMMS(out.To) {
		return textWithLinks(body, out.Content.Media), nil
	}
	for _, m := range out.Content.Media {
		media = append(media, m.URL)
	}
	return body, media
}

func receipt(message *api.ApiV2010Message) (engine.Receipt, error) {
	sid, status := deref(message.Sid), deref(message.Status)
	state, _ := deliveryState(status)
	switch {
	case sid == "":
		return engine.Receipt{}, &engine.SendError{Class: engine.SendUnsure, Message: "Twilio's answer names no message."}
	case state == engine.Failed:
		return engine.Receipt{}, statusFailure(status, deref(message.ErrorCode))
	case state == "":
		state = engine.Sent
	}
	return engine.Receipt{ProviderID: sid, State: state}, nil
}

// sendFailure classifies whatever CreateMessage returned.
func (c *Connector) sendFailure(ch engine.Channel, call *apiClient, err error) *engine.SendError {
	if answered, ok := errors.AsType[*apiError](err); ok {
		failure := answered.sendError(c.now(), secretsOf(ch))
		failure.Settled = failure.Class == engine.SendUnsure && answered.status != http.StatusGatewayTimeout && call.settled(err)
		return failure
	}
	if errors.Is(err, egress.ErrBlocked) {
		return &engine.SendError{Class: engine.SendInvalid, Message: "The API address is not on the public internet; check api_base.", Cause: err}
	}
	if call.written.Load() {
		return &engine.SendError{Class: engine.SendUnsure, Message: "Twilio's answer was lost; the message may have been sent.", Settled: call.settled(err), Cause: err}
	}
	return &engine.SendError{Class: engine.SendRetry, Message: "Twilio could not be reached.", Cause: err}
}

func deref[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}
