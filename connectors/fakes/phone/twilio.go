package phone

import (
	"context"

	"parley/connectors/twilio/twiliotest"
)

// Twilio is a telephone that sends SMS. Hook is the gateway's webhook.
type Twilio struct {
	Server     *twiliotest.Server
	Hook       string
	From, Ours string // numbers
}

// Say sends a text.
func (l Twilio) Say(ctx context.Context, w Written) error {
	reply, err := l.Server.Inbound(ctx, twiliotest.Hook{URL: l.Hook}, twiliotest.Inbound{From: l.From, To: l.Ours, Body: w.Text})
	if err != nil || reply.Status/100 != 2 {
		return notTaken()
	}
	return nil
}

// Sent is what the consumer's number got.
func (l Twilio) Sent() []Shown {
	all := l.Server.SentTo(l.From)
	shown := make([]Shown, len(all))
	for i, m := range all {
		shown[i] = Shown{Text: m.Body, Links: m.Media}
	}
	return shown
}
