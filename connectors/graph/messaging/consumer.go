package messaging

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"parley/connectors/graph"
	"parley/engine"
)

// Typing shows for up to 20 seconds that somebody writes.
func (c *Connector) Typing(ctx context.Context, ch engine.Channel, to, _ string) error {
	return c.act(ctx, ch, to, "typing_on")
}

// Seen marks everything that the consumer wrote as read.
func (c *Connector) Seen(ctx context.Context, ch engine.Channel, to, _ string) error {
	return c.act(ctx, ch, to, "mark_seen")
}

func (c *Connector) act(ctx context.Context, ch engine.Channel, to, action string) error {
	acct, err := c.account(ch)
	if err != nil {
		return err
	}
	body, failed := encode(outgoing{Recipient: recipient{to}, Action: action})
	if failed != nil {
		return failed
	}
	var done struct{}
	return c.client.Post(ctx, acct, c.path(ch), body, &done)
}

// Person is what Meta may tell of somebody.
type Person struct {
	Name     string `json:"name"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
	Username string `json:"username"`
	Locale   string `json:"locale"` // "en_US"
}

// Profile asks who somebody is. Meta tells it of those alone who have written, and only
// to apps that may know.
func (c *Connector) Profile(ctx context.Context, ch engine.Channel, address string) (engine.Profile, error) {
	acct, err := c.account(ch)
	if err != nil {
		return engine.Profile{}, err
	}
	var found Person
	for _, fields := range c.platform.Fields {
		found = Person{}
		err = c.client.Get(ctx, acct, url.PathEscape(address), url.Values{"fields": {fields}}, &found)
		failed, ok := errors.AsType[*engine.SendError](err)
		if !ok || failed.Class != engine.SendAuth && failed.Class != engine.SendInvalid || unknown(failed) {
			break
		}
	}
	if failed, ok := errors.AsType[*engine.SendError](err); ok && unknown(failed) {
		return engine.Profile{}, engine.Errorf(engine.NotFound, "Meta tells nothing about this person.").Because(err)
	}
	if err != nil {
		return engine.Profile{}, err
	}
	p := c.platform.Person(found)
	p.Name = clean(strings.TrimSpace(p.Name), maxTitle)
	if p.Name == "" {
		return engine.Profile{}, engine.Errorf(engine.NotFound, "Meta tells nothing about this person.")
	}
	return p, nil
}

// unknown tells the answers about people of whom nothing is told.
func unknown(failed *engine.SendError) bool {
	return failed.Class == engine.SendGone || slices.Contains([]string{"100/33", "100/2018218", "230"}, failed.Code)
}

// account is what requests for a channel need.
func (c *Connector) account(ch engine.Channel) (graph.Account, error) {
	acct, err := graph.AccountOf(ch, c.platform.Base)
	if err == nil && c.path(ch) == "/messages" {
		err = engine.FieldError(engine.AddressSetting, "is missing")
	}
	if err != nil {
		return acct, &engine.SendError{Class: engine.SendAuth, Message: "The channel's settings for Meta are not complete.", Cause: err}
	}
	return acct, nil
}

func (c *Connector) path(ch engine.Channel) string {
	if c.platform.Sender != "" {
		return c.platform.Sender + "/messages"
	}
	return url.PathEscape(ch.Address) + "/messages"
}
