package messaging

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"parley/engine"
)

const (
	// mostListed is how many messages of a conversation Meta tells about, the newest.
	mostListed = 20
	// clockSkew is by how much Meta's clock may be behind ours. Generous, because a message
	// that is overlooked goes out a second time, while older ones are known already.
	clockSkew = time.Minute
)

// listed is a message as the Conversations API tells it.
type listed struct {
	ID   string `json:"id"`
	At   string `json:"created_time"`
	Text string `json:"message"`
	From party  `json:"from"`
}

// Reconcile looks for a send among the latest messages of the conversation: ours, made
// since the first attempt, with the same text or with none, as files and templates have
// it, and not the message of another send. A SendInvalid says that nobody can find out:
// apps that may not read conversations, or when too much was written since.
func (c *Connector) Reconcile(ctx context.Context, ch engine.Channel, out engine.Outbound, known func(providerID string) bool) (engine.Receipt, error) {
	all, err := c.latest(ctx, ch, out.To)
	if err != nil {
		return engine.Receipt{}, err
	}
	m := c.message(out.Content)
	if m == nil || len(all) == 0 {
		return engine.Receipt{}, nobodyToAsk("Meta shows nothing of the conversation.")
	}
	whole := len(all) < mostListed // that what is looked for must be among them
	for _, one := range all {
		at, err := moment(one.At)
		if err != nil {
			return engine.Receipt{}, fmt.Errorf("list messages: read date: %w", err)
		}
		if at.Before(out.FirstTried.Add(-clockSkew).Truncate(time.Second)) {
			whole = true
			continue
		}
		id := short(one.ID)
		if id == "" || string(one.From.ID) == out.To || sameForm(one.Text) != sameForm(m.Text) || known(id) {
			continue
		}
		return engine.Receipt{ProviderID: id, State: engine.Sent}, nil
	}
	if whole {
		return engine.Receipt{}, engine.ErrNotSent{}
	}
	return engine.Receipt{}, nobodyToAsk("Too much was written since, and Meta shows the latest messages alone.")
}

// nobodyToAsk ends a look-up that will not find out more later either.
func nobodyToAsk(why string) *engine.SendError {
	return &engine.SendError{Class: engine.SendInvalid, Message: why}
}

// latest are the latest messages of a consumer's conversation, newest first.
func (c *Connector) latest(ctx context.Context, ch engine.Channel, consumer string) ([]listed, error) {
	acct, err := c.account(ch)
	if err != nil {
		return nil, err
	}
	var found struct {
		Data []struct {
			Messages struct {
				Data []listed `json:"data"`
			} `json:"messages"`
		} `json:"data"`
	}
	query := url.Values{
		"platform": {c.platform.Name}, "user_id": {consumer},
		"fields": {fmt.Sprintf("messages.limit(%d){id,created_time,from,message}", mostListed)},
	}
	err = c.client.Get(ctx, acct, strings.TrimSuffix(c.path(ch), "messages")+"conversations", query, &found)
	if failed, ok := errors.AsType[*engine.SendError](err); ok && failed.Class == engine.SendAuth && !strings.HasPrefix(failed.Code, "190") {
		return nil, nobodyToAsk(failed.Message)
	}
	if err != nil || len(found.Data) == 0 {
		return nil, err
	}
	return found.Data[0].Messages.Data, nil
}

// moment reads a time of the Graph API: "2026-11-03T10:00:00+0000", or a number.
func moment(s string) (time.Time, error) {
	if at := text(s).at(); !at.IsZero() {
		return at, nil
	}
	return time.Parse("2006-01-02T15:04:05-0700", s)
}

// sameForm is a text without what Meta may change about it.
func sameForm(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}
