package twilio

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/connectors/exchange"
	"parley/engine"
)

const (
	reconcilePageSize = 100
	reconcilePages    = 10
	// clockSkew is by how much Twilio's clock may be behind ours. Generous,
	// because a message that is overlooked goes out a second time, while older
	// ones with the same words are known already.
	clockSkew = time.Minute
	// listOrderSlack is by how much Twilio's list, newest sent first, may differ
	// from the order of creation: messages wait in a sender's queue for hours.
	listOrderSlack = 24 * time.Hour
	trialPrefix    = "Sent from your Twilio trial account - "
)

// Reconcile looks for a send in the account's list of messages: same
// recipient, sender, text and number of media, made since the first attempt,
// and not the message of another send. The list is not narrowed by DateSent, as
// a message that still waits in Twilio's queue has none.
func (c *Connector) Reconcile(ctx context.Context, ch engine.Channel, out engine.Outbound, known func(providerID string) bool) (engine.Receipt, error) {
	acct, err := accountOf(ch)
	if err != nil {
		return engine.Receipt{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpTimeout)
	defer cancel()
	call := &apiClient{ctx: ctx, http: c.http, account: acct, sent: exchange.New(c.now)}
	query := url.Values{"To": {out.To}, "PageSize": {strconv.Itoa(reconcilePageSize)}}
	if ch.Config["messaging_service_sid"] == "" {
		query.Set("From", ch.Address)
	}
	for range reconcilePages {
		page, err := call.list(query)
		if err != nil {
			return engine.Receipt{}, fmt.Errorf("list messages: %w", err)
		}
		if page.Messages == nil {
			return engine.Receipt{}, errors.New("list messages: the answer has no list")
		}
		exhausted := true
		for _, m := range page.Messages {
			created, err := time.Parse(time.RFC1123Z, m.DateCreated)
			if err != nil {
				return engine.Receipt{}, fmt.Errorf("list messages: read date: %w", err)
			}
			if created.After(out.FirstTried.Add(-listOrderSlack)) {
				exhausted = false
			}
			if created.Before(out.FirstTried.Add(-clockSkew).Truncate(time.Second)) || !isSend(m, ch, out) || known(m.SID) {
				continue
			}
			state, _ := deliveryState(m.Status)
			if state == "" {
				state = engine.Sent
			}
			return engine.Receipt{ProviderID: m.SID, State: state}, nil
		}
		if page.Next == "" || exhausted {
			return engine.Receipt{}, engine.ErrNotSent{}
		}
		if err := turn(query, page.Next); err != nil {
			return engine.Receipt{}, err
		}
	}
	return engine.Receipt{}, fmt.Errorf("list messages: nothing found in the first %d, and there are more", reconcilePages*reconcilePageSize)
}

func isSend(m message, ch engine.Channel, out engine.Outbound) bool {
	if m.SID == "" || !strings.HasPrefix(m.Direction, "outbound") || m.To != out.To {
		return false
	}
	if service := ch.Config["messaging_service_sid"]; service != "" {
		if m.MessagingServiceSID != service {
			return false
		}
	} else if m.From != ch.Address {
		return false
	}
	body, media := wire(out)
	if count, err := strconv.Atoi(m.NumMedia); err == nil && count != len(media) {
		return false
	}
	return sameForm(strings.TrimPrefix(m.Body, trialPrefix)) == sameForm(body)
}

// sameForm is a text without what a provider may change about it.
func sameForm(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// turn makes the query of the page that Twilio says is next.
func turn(query url.Values, next string) error {
	u, err := url.Parse(next)
	if err != nil {
		return fmt.Errorf("list messages: read next page: %w", err)
	}
	at := u.Query()
	query.Del("PageToken")
	query.Del("Page")
	for _, name := range []string{"PageToken", "Page"} {
		if value := at.Get(name); value != "" {
			query.Set(name, value)
		}
	}
	if !query.Has("PageToken") && !query.Has("Page") {
		return fmt.Errorf("list messages: the next page has neither a token nor a number")
	}
	return nil
}
