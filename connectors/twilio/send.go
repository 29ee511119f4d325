package twilio

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"parley/connectors/exchange"
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
	form, refused := createForm(ch, out)
	if refused != nil {
		return engine.Receipt{}, refused
	}
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	call := &apiClient{ctx: ctx, http: c.http, account: acct, sent: exchange.New(c.now)}
	made, err := call.create(form)
	if err != nil {
		return engine.Receipt{}, c.sendFailure(ch, call, err)
	}
	return receipt(made)
}

func createForm(ch engine.Channel, out engine.Outbound) (url.Values, *engine.SendError) {
	body, media := wire(out)
	form := url.Values{"To": {out.To}}
	switch {
	case out.To == "":
		return nil, &engine.SendError{Class: engine.SendInvalid, Code: "21604", Message: "The message has no recipient."}
	case body == "" && len(media) == 0:
		return nil, &engine.SendError{Class: engine.SendInvalid, Code: "21602", Message: "The message has no text and no media."}
	}
	if body != "" {
		form.Set("Body", body)
	}
	if len(media) > 0 {
		form["MediaUrl"] = media
	}
	if service := ch.Config["messaging_service_sid"]; service != "" {
		form.Set("MessagingServiceSid", service)
	} else {
		form.Set("From", ch.Address)
	}
	if callback := callbackURL(out); callback != "" {
		form.Set("StatusCallback", callback)
	}
	return form, nil
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

func receipt(m message) (engine.Receipt, error) {
	state, _ := deliveryState(m.Status)
	switch {
	case m.SID == "":
		return engine.Receipt{}, &engine.SendError{Class: engine.SendUnsure, Message: "Twilio's answer names no message."}
	case state == engine.Failed:
		return engine.Receipt{}, statusFailure(m.Status, m.ErrorCode)
	case state == "":
		state = engine.Sent
	}
	return engine.Receipt{ProviderID: m.SID, State: state}, nil
}

// sendFailure classifies why no message was made.
func (c *Connector) sendFailure(ch engine.Channel, call *apiClient, err error) *engine.SendError {
	if answered, ok := errors.AsType[*apiError](err); ok {
		failure := answered.sendError(c.now(), secretsOf(ch))
		failure.Settled = failure.Class == engine.SendUnsure && answered.status != http.StatusGatewayTimeout && call.sent.Settled(err)
		return failure
	}
	if errors.Is(err, egress.ErrBlocked) {
		return &engine.SendError{Class: engine.SendInvalid, Message: "The API address is not on the public internet; check api_base.", Cause: err}
	}
	if call.sent.Written() {
		return &engine.SendError{Class: engine.SendUnsure, Message: "Twilio's answer was lost; the message may have been sent.", Settled: call.sent.Settled(err), Cause: err}
	}
	return &engine.SendError{Class: engine.SendRetry, Message: "Twilio could not be reached.", Cause: err}
}
