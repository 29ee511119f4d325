package webhook

import (
	"encoding/json"
	"math"
	"strings"
	"time"

	"golang.org/x/text/language"

	"parley/connectors/exchange"
	"parley/engine"
	"parley/engine/uri"
)

const (
	maxBody     = 1 << 20
	maxText     = 64 << 10 // bytes
	maxName     = 200
	maxEmoji    = 64
	maxURL      = 2048
	maxMedia    = 20
	maxContacts = 20
	maxLines    = 10 // telephone numbers and addresses of a contact
)

// event is what a system tells the gateway.
type event struct {
	Type string `json:"type"`
	Data struct {
		ID        string    `json:"id"`
		Sender    sender    `json:"sender"`
		Timestamp time.Time `json:"timestamp"`
		Content   content   `json:"content"`
		Picked    string    `json:"picked"`
		Answers   string    `json:"answers"`
		MessageID string    `json:"message_id"`
		Emoji     string    `json:"emoji"`
		State     string    `json:"state"`
		Code      string    `json:"code"`
		refusal
	} `json:"data"`
}

type sender struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"`
}

// content is what a consumer can say: of the common model neither what only brands
// send nor what the gateway itself writes.
type content struct {
	Text     string           `json:"text"`
	Media    []engine.Media   `json:"media"`
	Location *engine.Location `json:"location"`
	Contacts []engine.Contact `json:"contacts"`
}

// Decode verifies one request and parses its event.
func (c *Connector) Decode(ch engine.Channel, req engine.WebhookRequest) (engine.Decoded, error) {
	id, err := verify(ch, req)
	if err != nil {
		return engine.Decoded{}, err
	}
	var e event
	if err := json.Unmarshal(req.Body, &e); err != nil {
		return engine.Decoded{}, engine.Errorf(engine.Invalid, "the body is no event: see docs/webhook.schema.json").Because(err)
	}
	if e.Type == "message.status" {
		return e.status()
	}
	in := engine.Inbound{ProviderID: id}
	switch e.Type {
	case "message.created":
		err = e.message(&in)
	case "reaction":
		in.Kind, in.Emoji = engine.InboundReaction, exchange.Clean(e.Data.Emoji)
		if len(in.Emoji) > maxEmoji {
			err = engine.FieldError("data.emoji", "must be one emoji")
		}
	case "edit":
		in.Kind = engine.InboundEdit
		in.Content, err = e.Data.Content.normal()
	case "unsend":
		in.Kind = engine.InboundUnsend
	case "typing":
		in.Kind = engine.InboundTyping
	default:
		return engine.Decoded{}, nil
	}
	if err == nil {
		err = e.about(&in, req.Now)
	}
	if err != nil {
		return engine.Decoded{}, err
	}
	return engine.Decoded{Inbound: []engine.Inbound{in}}, nil
}

// message reads what a consumer wrote.
func (e event) message(in *engine.Inbound) (err error) {
	if id := exchange.Clean(e.Data.ID); id != "" {
		in.ProviderID = id
	}
	in.Of, in.Payload = exchange.Clean(e.Data.Answers), exchange.Clean(e.Data.Picked)
	for field, value := range map[string]string{"id": in.ProviderID, "answers": in.Of, "picked": in.Payload} {
		if len(value) > maxID {
			return engine.FieldError("data."+field, "must have at most %d bytes", maxID)
		}
	}
	in.Content, err = e.Data.Content.normal()
	return err
}

// about reads who did it, when, and to which message.
func (e event) about(in *engine.Inbound, now time.Time) error {
	who := e.Data.Sender
	if in.From = exchange.Clean(who.ID); in.From == "" || len(in.From) > maxID {
		return engine.FieldError("data.sender.id", "must have 1 to %d bytes", maxID)
	}
	if in.FromName = exchange.Clean(who.Name); len(in.FromName) > maxName {
		return engine.FieldError("data.sender.name", "must have at most %d bytes", maxName)
	}
	if who.Language != "" {
		tag, err := language.Parse(who.Language)
		if err != nil {
			return engine.FieldError("data.sender.language", "must be a language such as en or de-CH")
		}
		in.Language = tag.String()
	}
	if at := e.Data.Timestamp.UTC(); !e.Data.Timestamp.IsZero() && !at.After(now) {
		in.ProviderAt = at
	}
	switch in.Kind {
	case engine.InboundReaction, engine.InboundEdit, engine.InboundUnsend:
		if in.Of = exchange.Clean(e.Data.MessageID); in.Of == "" || len(in.Of) > maxID {
			return engine.FieldError("data.message_id", "must have 1 to %d bytes", maxID)
		}
	}
	return nil
}

// status reads what became of a message that was sent.
func (e event) status() (engine.Decoded, error) {
	st := engine.StatusUpdate{Item: exchange.Clean(e.Data.ID), Code: exchange.Clean(e.Data.Code)}
	if st.Item == "" || len(st.Item) > maxID || len(st.Code) > maxID {
		return engine.Decoded{}, engine.FieldError("data.id", "must be that of message.send")
	}
	switch st.State = engine.DeliveryState(e.Data.State); st.State {
	case engine.Sent, engine.Delivered, engine.Read:
	case engine.Failed:
		st.Class, st.Message = e.Data.class(), e.Data.words(nil, "The system could not deliver the message.")
	default:
		return engine.Decoded{}, engine.FieldError("data.state", "must be sent, delivered, read or failed")
	}
	return engine.Decoded{Statuses: []engine.StatusUpdate{st}}, nil
}

// normal checks a content and makes it one of ours.
func (c content) normal() (engine.Content, error) {
	out := engine.Content{Text: exchange.Clean(c.Text)}
	switch {
	case out.Text == "" && len(c.Media)+len(c.Contacts) == 0 && c.Location == nil:
		return out, engine.FieldError("data.content", "is empty")
	case len(out.Text) > maxText:
		return out, engine.FieldError("data.content.text", "must have at most %d bytes", maxText)
	case len(c.Media) > maxMedia:
		return out, engine.FieldError("data.content.media", "must have at most %d files", maxMedia)
	case len(c.Contacts) > maxContacts:
		return out, engine.FieldError("data.content.contacts", "must have at most %d contacts", maxContacts)
	}
	for _, m := range c.Media {
		address, err := uri.Escape(m.URL)
		if err != nil || !strings.HasPrefix(address, "https://") || len(address) > maxURL {
			return out, engine.FieldError("data.content.media.url", "must be an https URL of at most %d bytes", maxURL)
		}
		switch m.Kind {
		case engine.MediaImage, engine.MediaVideo, engine.MediaAudio, engine.MediaFile:
		default:
			return out, engine.FieldError("data.content.media.kind", "must be image, video, audio or file")
		}
		if len(m.MIME) > maxName || len(m.Name) > maxName {
			return out, engine.FieldError("data.content.media.name", "must have at most %d bytes", maxName)
		}
		out.Media = append(out.Media, engine.Media{Kind: m.Kind, URL: address, MIME: exchange.Clean(m.MIME), Name: exchange.Clean(m.Name)})
	}
	if p := c.Location; p != nil {
		if !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180) || len(p.Name) > maxName || len(p.Address) > maxName {
			return out, engine.FieldError("data.content.location", "must be degrees, with a name and an address of at most %d bytes", maxName)
		}
		out.Location = &engine.Location{Lat: p.Lat, Lon: p.Lon, Name: exchange.Clean(p.Name), Address: exchange.Clean(p.Address)}
	}
	for _, p := range c.Contacts {
		one := engine.Contact{Name: exchange.Clean(p.Name), Org: exchange.Clean(p.Org), Phones: cleanAll(p.Phones), Emails: cleanAll(p.Emails)}
		if one.Name == "" || len(one.Name)+len(one.Org) > 2*maxName || len(p.Phones) > maxLines || len(p.Emails) > maxLines {
			return out, engine.FieldError("data.content.contacts", "must have a name, and at most %d telephone numbers and addresses", maxLines)
		}
		out.Contacts = append(out.Contacts, one)
	}
	return out, nil
}

// cleanAll cleans lines, each cut to the length of a name.
func cleanAll(lines []string) (out []string) {
	for _, l := range lines {
		l = exchange.Clean(l)
		out = append(out, strings.ToValidUTF8(l[:min(len(l), maxName)], ""))
	}
	return out
}
