package messaging

import (
	"context"
	"strings"

	"parley/connectors/graph"
	"parley/engine"
)

// Send makes one message at Meta. The error is a *engine.SendError. What an agent wrote
// goes out as a person's where it is too late for anything else; what answers a message
// that is gone goes out without naming it. Neither is sent a second time before Meta has
// refused it.
func (c *Connector) Send(ctx context.Context, ch engine.Channel, out engine.Outbound) (engine.Receipt, error) {
	acct, err := c.account(ch)
	if err != nil {
		return engine.Receipt{}, err
	}
	person := out.Author == engine.AuthorAgent && PeopleMay(ch) > Window
	late := person && !out.HeardAt.IsZero() && c.now().Sub(out.HeardAt) >= Window
	receipt, failed := c.send(ctx, acct, ch, out, late)
	if failed != nil && failed.Class == engine.SendWindow && person && !late {
		late = true
		receipt, failed = c.send(ctx, acct, ch, out, late)
	}
	if failed != nil && failed.Class == engine.SendInvalid && strings.HasPrefix(failed.Code, "100") && out.Answers != "" {
		out.Answers = ""
		receipt, failed = c.send(ctx, acct, ch, out, late)
	}
	if failed != nil {
		return engine.Receipt{}, failed
	}
	return receipt, nil
}

func (c *Connector) send(ctx context.Context, a graph.Account, ch engine.Channel, out engine.Outbound, late bool) (engine.Receipt, *engine.SendError) {
	body, failed := c.request(out, late)
	if failed != nil {
		return engine.Receipt{}, failed
	}
	var made struct {
		MessageID string `json:"message_id"`
	}
	if err := c.client.Post(ctx, a, c.path(ch), body, &made); err != nil {
		return engine.Receipt{}, sendError(err)
	}
	if made.MessageID == "" {
		return engine.Receipt{}, &engine.SendError{Class: engine.SendUnsure, Message: "Meta's answer names no message."}
	}
	return engine.Receipt{ProviderID: short(made.MessageID), State: engine.Sent}, nil
}
