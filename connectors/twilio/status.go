package twilio

import (
	"net/url"
	"strconv"

	"parley/connectors/exchange"
	"parley/engine"
)

// itemKey is the query parameter of a status callback's URL that carries the
// id of our outbox item, so that a status finds its send even if the answer
// to the send was lost.
const itemKey = "item"

// callbackURL is where Twilio reports on an item.
func callbackURL(out engine.Outbound) string {
	u, err := url.Parse(out.CallbackURL)
	if err != nil || out.CallbackURL == "" || out.Item == "" {
		return out.CallbackURL
	}
	query := u.Query()
	if query.Has(itemKey) {
		return out.CallbackURL
	}
	query.Set(itemKey, out.Item)
	u.RawQuery = query.Encode()
	return u.String()
}

func decodeStatus(rawURL string, form url.Values, sid, status string) engine.Decoded {
	state, known := deliveryState(status)
	if !known {
		return engine.Decoded{}
	}
	update := engine.StatusUpdate{ProviderID: sid, State: state}
	if query, err := rawQuery(rawURL); err == nil {
		if item := exchange.Clean(query.Get(itemKey)); len(item) <= maxIDLength {
			update.Item = item
		}
	}
	if state == engine.Failed {
		code, _ := strconv.Atoi(form.Get("ErrorCode"))
		failure := statusFailure(status, code)
		update.Code, update.Class, update.Message = failure.Code, failure.Class, failure.Message
		if update.Class == engine.SendThrottle {
			update.RetryAfter = throttleWait(code)
		}
	}
	return engine.Decoded{Statuses: []engine.StatusUpdate{update}}
}

// deliveryState maps Twilio's message status. Queued at Twilio is sent for us:
// from there on it is theirs, and sending again would send twice.
func deliveryState(status string) (engine.DeliveryState, bool) {
	switch status {
	case "accepted", "scheduled", "queued", "sending", "sent", "partially_delivered":
		return engine.Sent, true
	case "delivered":
		return engine.Delivered, true
	case "read":
		return engine.Read, true
	case "undelivered", "failed", "canceled":
		return engine.Failed, true
	}
	return "", false
}

// statusFailure explains a send that Twilio accepted and that failed later.
func statusFailure(status string, code int) *engine.SendError {
	if status == "canceled" {
		return &engine.SendError{Class: engine.SendInvalid, Code: codeString(code), Message: "The message was canceled at Twilio before it went out."}
	}
	if class, words, known := codeClass(code); known {
		return &engine.SendError{Class: class, Code: codeString(code), Message: words}
	}
	if status == "undelivered" {
		return &engine.SendError{Class: engine.SendBlocked, Code: codeString(code), Message: "The carrier did not deliver the message."}
	}
	return &engine.SendError{Class: engine.SendInvalid, Code: codeString(code), Message: "Twilio could not send the message."}
}
