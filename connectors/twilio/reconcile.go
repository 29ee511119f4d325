package twilio

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

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
	call := &apiClient{ctx: ctx, http: c.http, account: acct, now: c.now}
	service := call.service()

	params := (&api.ListMessageParams{}).SetTo(out.To).SetPageSize(reconcilePageSize)
	if ch.Config["messaging_service_sid"] == "" {
		params.SetFrom(ch.Address)
	}
	token, number := "", ""
	for range reconcilePages {
		page, err := service.PageMessage(params, token, number)
		if err != nil {
			return engine.Receipt{}, fmt.Errorf("list messages: %w", err)
		}
		if page.Messages == nil {
			return engine.Receipt{}, errors.New("list messages: the answer has no list")
		}
		exhausted := true
		for i := range page.Messages {
			message := &page.Messages[i]
			created, err := time.Parse(time.RFC1123Z, deref(message.DateCreated))
			if err != nil {
				return engine.Receipt{}, fmt.Errorf("list messages: read date: %w", err)
			}
			if created.After(out.FirstTried.Add(-listOrderSlack)) {
				exhausted = false
			}
			if created.Before(out.FirstTried.Add(-clockSkew).Truncate(time.Second)) || !isSend(message, ch, out) || known(deref(message.Sid)) {
				continue
			}
			state, _ := deliveryState(deref(message.Status))
			if state == "" {
				state = engine.Sent
			}
			return engine.Receipt{ProviderID: deref(message.Sid), State: state}, nil
		}
		next := deref(page.NextPageUri)
		if next == "" || exhausted {
			return engine.Receipt{}, engine.ErrNotSent{}
		}
		if token, number, err = nextPage(next); err != nil {
			return engine.Receipt{}, err
		}
	}
	return engine.Receipt{}, fmt.Errorf("list messages: nothing found in the first %d, and there are more", reconcilePages*reconcilePageSize)
}

func isSend(message *api.ApiV2010Message, ch engine.Channel, out engine.Outbound) bool {
	if deref(message.Sid) == "" || !strings.HasPrefix(deref(message.Direction), "outbound") || deref(message.To) != out.To {
		return false
	}
	if service := ch.Config["messaging_service_sid"]; service != "" {
		if deref(message.MessagingServiceSid) != service {
			return false
		}
	} else if deref(message.From) != ch.Address {
		return false
	}
	body, media := wire(out)
	if count, err := strconv.Atoi(deref(message.NumMedia)); err == nil && count != len(media) {
		return false
	}
	return sameForm(strings.TrimPrefix(deref(message.Body), trialPrefix)) == sameForm(body)
}

// sameForm is a text without what a provider may change about it.
func sameForm(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

func nextPage(uri string) (token, number string, err error) {
	u, err := url.Parse(uri)
	if err != nil {
		return "", "", fmt.Errorf("list messages: read next page: %w", err)
	}
	query := u.Query()
	token, number = query.Get("PageToken"), query.Get("Page")
	if token == "" && number == "" {
		return "", "", fmt.Errorf("list messages: the next page has neither a token nor a number")
	}
	return token, number, nil
}
