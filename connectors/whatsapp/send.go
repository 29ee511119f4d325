package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"

	"parley/connectors/graph"
	"parley/engine"
)

// Send makes one message at Meta. The error is a *engine.SendError. Its class is retry
// only when nothing can have been made, and unknown when the request went out and no
// answer tells what became of it: then only a status can, which names the item.
func (c *Connector) Send(ctx context.Context, ch engine.Channel, out engine.Outbound) (engine.Receipt, error) {
	account, err := accountOf(ch)
	if err != nil {
		return engine.Receipt{}, err
	}
	raw, refused := request(ch, out)
	if refused != nil {
		return engine.Receipt{}, refused
	}
	var made answer
	if err := c.graph.Post(ctx, account, ch.Address+"/messages", raw, &made); err != nil {
		return engine.Receipt{}, err
	}
	return made.receipt()
}

// waited is how many look-ups are given to a status: one and a half minutes. Nearly all
// come within seconds.
const waited = 4

// Reconcile waits for a status, which names the item: Meta has no list of what was sent.
// When none has come, the send stays unknown, for people to see, until one comes.
func (c *Connector) Reconcile(_ context.Context, _ engine.Channel, out engine.Outbound, _ func(string) bool) (engine.Receipt, error) {
	if out.Lookups < waited {
		return engine.Receipt{}, errors.New("whatsapp: no status has come yet")
	}
	return engine.Receipt{}, &engine.SendError{Class: engine.SendInvalid, Message: "Meta has reported nothing of the message."}
}

// Typing shows the consumer for up to 25 seconds, or until the next message, that
// somebody writes. Meta ties it to a message of theirs, which is marked as read by it.
func (c *Connector) Typing(ctx context.Context, ch engine.Channel, _, last string) error {
	return c.attend(ctx, ch, last, &typing{"text"})
}

// Seen marks the consumer's messages up to last as read.
func (c *Connector) Seen(ctx context.Context, ch engine.Channel, _, last string) error {
	return c.attend(ctx, ch, last, nil)
}

type attention struct {
	Product string  `json:"messaging_product"`
	Status  string  `json:"status"`
	ID      string  `json:"message_id"`
	Typing  *typing `json:"typing_indicator,omitempty"`
}

type typing struct {
	Type string `json:"type"`
}

func (c *Connector) attend(ctx context.Context, ch engine.Channel, last string, sign *typing) error {
	if last == "" {
		return nil // there is nothing to tie it to
	}
	account, err := accountOf(ch)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(attention{Product: "whatsapp", Status: "read", ID: last, Typing: sign})
	if err != nil {
		return err
	}
	return c.graph.Post(ctx, account, ch.Address+"/messages", raw, &struct{}{})
}

// mediaID is the form of a file's id at Meta.
var mediaID = regexp.MustCompile(`^[0-9A-Za-z_-]{1,200}$`)

// OpenMedia opens a file of a consumer's message: Meta gives its address, which holds
// for five minutes and needs the access token, too. It keeps files for some days only.
func (c *Connector) OpenMedia(ctx context.Context, ch engine.Channel, m engine.Media) (engine.OpenMedia, error) {
	account, err := accountOf(ch)
	if err != nil {
		return engine.OpenMedia{}, err
	}
	if !mediaID.MatchString(m.Ref) {
		return engine.OpenMedia{}, &engine.SendError{Class: engine.SendInvalid, Message: "The file has no id of Meta's."}
	}
	var found struct {
		URL  string `json:"url"`
		MIME string `json:"mime_type"`
	}
	if err := c.graph.Get(ctx, account, m.Ref, url.Values{"phone_number_id": {ch.Address}}, &found); err != nil {
		return engine.OpenMedia{}, err
	}
	file, err := c.graph.Open(ctx, account, found.URL)
	if err != nil {
		return engine.OpenMedia{}, err
	}
	if found.MIME != "" {
		file.MIME = found.MIME
	}
	file.Name = m.Name
	return file, nil
}

// address is the form of a phone number's id.
var address = regexp.MustCompile(`^[0-9]{5,20}$`)

func accountOf(ch engine.Channel) (graph.Account, error) {
	account, err := graph.AccountOf(ch, graph.Base)
	if err == nil && !address.MatchString(ch.Address) {
		err = engine.FieldError(engine.AddressSetting, "must be the phone number's id")
	}
	if err != nil {
		return graph.Account{}, &engine.SendError{Class: engine.SendAuth, Message: "The channel's WhatsApp settings are not complete.", Cause: err}
	}
	return account, nil
}
