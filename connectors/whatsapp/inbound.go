package whatsapp

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"parley/connectors/exchange"
	"parley/connectors/graph"
	"parley/engine"
)

const maxID = 200

// Decode verifies one webhook request and parses it: messages and statuses of all the
// phone numbers of an app, which Inbound.To and StatusUpdate.To tell apart. What cannot
// be read of a signed request is left out alone; the rest counts.
func (c *Connector) Decode(ch engine.Channel, req engine.WebhookRequest) (engine.Decoded, error) {
	raw, answer, err := graph.Webhook(req, ch.Secrets["verify_token"].Reveal(), graph.SigningSecrets(ch)...)
	if err != nil || raw == nil {
		return engine.Decoded{Response: answer}, err
	}
	decoded := engine.Decoded{Response: answer}
	var e envelope
	err = json.Unmarshal(raw, &e)
	if _, broken := errors.AsType[*json.SyntaxError](err); broken {
		return engine.Decoded{}, engine.Errorf(engine.Invalid, "the request is no JSON").Because(err)
	}
	if err != nil || e.Object != "whatsapp_business_account" {
		return decoded, nil // of another product
	}
	for _, entry := range e.Entry {
		for _, ch := range entry.Changes {
			c.read(ch, &decoded)
		}
	}
	return decoded, nil
}

func (c *Connector) read(ch change, into *engine.Decoded) {
	var v value
	if ch.Field != "messages" && ch.Field != "smb_message_echoes" || json.Unmarshal(ch.Value, &v) != nil {
		return
	}
	to := exchange.Clean(v.Metadata.PhoneNumberID)
	for _, raw := range v.Messages {
		if in, ok := inbound(raw, v.Contacts); ok {
			in.To = to
			into.Inbound = append(into.Inbound, in)
		}
	}
	for _, raw := range v.Echoes {
		if in, ok := echo(raw); ok {
			in.To = to
			into.Inbound = append(into.Inbound, in)
		}
	}
	for _, raw := range v.Statuses {
		if st, ok := c.status(raw); ok {
			st.To = to
			into.Statuses = append(into.Statuses, st)
		}
	}
}

// inbound reads one message; false for one that is from nobody.
func inbound(raw json.RawMessage, contacts []contact) (in engine.Inbound, ok bool) {
	var m message
	if json.Unmarshal(raw, &m) != nil {
		// Of a form that nobody knows: that it came is all that can be told.
		m = message{}
		if json.Unmarshal(raw, &m.origin) != nil {
			return in, false
		}
		in.Content.Unsupported = named(m.Type)
	} else if m.Type == "system" {
		return in, false // their number or app changed: nobody said anything
	} else {
		in = m.inbound()
	}
	in.ProviderID, in.ProviderAt = exchange.Clean(m.ID), m.Timestamp.time()
	in.From, in.FromName, in.Aliases = sender(m.From, m.FromUserID, contacts)
	return in, in.From != "" && in.ProviderID != "" && len(in.ProviderID) <= maxID && len(in.From) <= maxID
}

// echo reads a message that somebody of the brand wrote in the WhatsApp Business app.
func echo(raw json.RawMessage) (in engine.Inbound, ok bool) {
	var m message
	if json.Unmarshal(raw, &m) != nil {
		return in, false
	}
	in = m.inbound()
	if in.Kind != engine.InboundMessage {
		return in, false // a reaction or an edit of the brand's own
	}
	in.Kind, in.ProviderID, in.ProviderAt = engine.InboundEcho, exchange.Clean(m.ID), m.Timestamp.time()
	in.From, _, in.Aliases = sender(m.To, m.ToUserID, nil)
	in.Referral = nil
	return in, in.From != "" && in.ProviderID != "" && len(in.ProviderID) <= maxID && len(in.From) <= maxID
}

// sender is the address that a consumer goes by: the telephone number where Meta tells
// it, else the id that Meta gives them for this business. The other one is an alias.
func sender(waID, userID string, contacts []contact) (address, name string, aliases []string) {
	i := slices.IndexFunc(contacts, func(c contact) bool {
		return waID != "" && c.WaID == waID || userID != "" && c.UserID == userID
	})
	if i < 0 && len(contacts) == 1 {
		i = 0
	}
	if i >= 0 {
		name = contacts[i].Profile.Name
		if name == "" {
			name = contacts[i].Profile.Username
		}
		if userID == "" {
			userID = contacts[i].UserID
		}
		if waID == "" {
			waID = contacts[i].WaID
		}
	}
	for _, id := range []string{waID, userID} {
		switch id = exchange.Clean(id); {
		case id == "" || len(id) > maxID:
		case address == "":
			address = id
		default:
			aliases = append(aliases, id)
		}
	}
	return address, exchange.Clean(name), aliases
}

func (s stamp) time() time.Time {
	if s <= 0 || s > 1<<40 {
		return time.Time{}
	}
	return time.Unix(int64(s), 0).UTC()
}

// status reads one receipt; false for a state that is none of ours.
func (c *Connector) status(raw json.RawMessage) (st engine.StatusUpdate, ok bool) {
	var s status
	if json.Unmarshal(raw, &s) != nil || s.ID == "" || len(s.ID) > maxID {
		return st, false
	}
	st.ProviderID = exchange.Clean(s.ID)
	if len(s.Item) <= maxID {
		st.Item = exchange.Clean(s.Item)
	}
	switch s.Status {
	case "sent":
		st.State = engine.Sent
	case "delivered":
		st.State = engine.Delivered
	case "read", "played":
		st.State = engine.Read
	case "failed":
		st.State = engine.Failed
		failure := graph.Failure{}
		if len(s.Errors) > 0 {
			failure = s.Errors[0]
		}
		failed := c.graph.Later(failure)
		st.Code, st.Class, st.Message, st.RetryAfter = failed.Code, failed.Class, failed.Message, failed.RetryAfter
	default:
		return st, false
	}
	return st, true
}
