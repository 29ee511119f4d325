package meta

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// WhatsApp is one business account with its phone numbers.
type WhatsApp struct {
	server  *Server
	account string
	numbers map[string]string // display numbers by phone number id
}

// WhatsApp adds a business account with these phone number ids.
func (s *Server) WhatsApp(account string, ids ...string) *WhatsApp {
	p := &WhatsApp{server: s, account: account, numbers: map[string]string{}}
	for i, id := range ids {
		p.numbers[id] = "1555078" + strconv.Itoa(3881+i)
		s.add(id, p)
	}
	s.add(account, p)
	return p
}

// Person is a consumer. One of the ids may be missing, as Meta has it.
type Person struct {
	WaID   string // telephone number without +
	UserID string // "US.13491208655302741918"
	Name   string
}

// From writes a consumer's message to a phone number: kind and body are what Meta's
// type and its object are. It gives the message's id and what waits until it is taken.
func (p *WhatsApp) From(who Person, number, kind string, body any) (id string, taken *sync.WaitGroup) {
	id = p.server.id("wamid.IN")
	m := map[string]any{"id": id, "timestamp": p.stamp(), "type": kind, kind: body}
	return id, p.Emit(who, number, m)
}

// Say is From with a text.
func (p *WhatsApp) Say(who Person, number, text string) (id string, taken *sync.WaitGroup) {
	return p.From(who, number, "text", map[string]any{"body": text})
}

// Emit posts a message as it stands, with who it is from.
func (p *WhatsApp) Emit(who Person, number string, m map[string]any) (taken *sync.WaitGroup) {
	contact := map[string]any{"profile": map[string]any{"name": who.Name}}
	for key, value := range map[string]string{"from": who.WaID, "from_user_id": who.UserID} {
		if value != "" {
			m[key] = value
		}
	}
	for key, value := range map[string]string{"wa_id": who.WaID, "user_id": who.UserID} {
		if value != "" {
			contact[key] = value
		}
	}
	p.server.hear(number, cmp.Or(who.WaID, who.UserID))
	p.server.hear(number, cmp.Or(who.UserID, who.WaID))
	return p.server.emit(p, p.change(number, map[string]any{"contacts": []any{contact}, "messages": []any{m}}))
}

func (p *WhatsApp) stamp() string { return strconv.FormatInt(p.server.cfg.Now().Unix(), 10) }

// change is an entry of a webhook.
func (p *WhatsApp) change(number string, value map[string]any) any {
	value["messaging_product"] = "whatsapp"
	value["metadata"] = map[string]any{"display_phone_number": p.numbers[number], "phone_number_id": number}
	return map[string]any{"id": p.account, "changes": []any{map[string]any{"field": "messages", "value": value}}}
}

func (p *WhatsApp) object() string { return "whatsapp_business_account" }

func (p *WhatsApp) about(_ *Server, node, path string, _ url.Values) any {
	number, isNumber := p.numbers[node]
	switch {
	case isNumber && path == "":
		return map[string]any{
			"id": node, "display_phone_number": "+" + number, "verified_name": "Acme", "quality_rating": "GREEN",
			"code_verification_status": "VERIFIED", "platform_type": "CLOUD_API", "status": "CONNECTED",
		}
	case node == p.account && path == "subscribed_apps":
		return map[string]any{"data": []any{map[string]any{"whatsapp_business_api_data": map[string]any{"id": "670843887433847", "name": "Acme", "link": "https://acme.example"}}}}
	case node == p.account && path == "phone_numbers":
		var all []any
		for id, display := range p.numbers {
			all = append(all, map[string]any{"id": id, "display_phone_number": "+" + display})
		}
		return map[string]any{"data": all}
	}
	return nil
}

func (p *WhatsApp) take(s *Server, node string, body []byte) (*Message, []Action, any, *Refusal) {
	if _, ok := p.numbers[node]; !ok {
		u := unknown("post", node)
		return nil, nil, nil, &u
	}
	var read struct {
		Product string `json:"messaging_product"`
		Status  string `json:"status"`
		ID      string `json:"message_id"`
		Typing  *struct {
			Type string `json:"type"`
		} `json:"typing_indicator"`
	}
	if json.Unmarshal(body, &read) != nil || read.Product != "whatsapp" {
		return nil, nil, nil, Refused(100, "The parameter messaging_product is required.")
	}
	if read.Status != "" {
		if read.Status != "read" || read.ID == "" || read.Typing != nil && read.Typing.Type != "text" {
			return nil, nil, nil, Refused(100, "Invalid parameter")
		}
		actions := []Action{{Node: node, Kind: "read", Of: read.ID}}
		if read.Typing != nil {
			actions = append(actions, Action{Node: node, Kind: "typing", Of: read.ID})
		}
		return nil, actions, map[string]any{"success": true}, nil
	}
	var send waSend
	if err := json.Unmarshal(body, &send); err != nil {
		return nil, nil, nil, Refused(100, "Param is of the wrong type: "+err.Error())
	}
	if refused := send.check(); refused != nil {
		return nil, nil, nil, refused
	}
	to := cmp.Or(send.To, send.Recipient)
	contact := map[string]any{"input": to}
	if send.To != "" {
		contact["wa_id"] = send.To
	} else {
		contact["user_id"] = send.Recipient
	}
	m := &Message{ID: s.id("wamid.OUT"), To: to, Kind: send.Type, Text: send.words(), Mark: send.Mark}
	return m, nil, map[string]any{
		"messaging_product": "whatsapp", "contacts": []any{contact},
		"messages": []any{map[string]any{"id": m.ID, "message_status": "accepted"}},
	}, nil
}

// reports are sent, delivered and read, or a failure: that which was scripted, or that
// the window was closed, of which Meta tells only so.
func (p *WhatsApp) reports(s *Server, m Message, later int) []any {
	if later == 0 && m.Kind != "template" && !s.open(m.Node, m.To) {
		later = 131047
	}
	status := func(state string) map[string]any {
		st := map[string]any{"id": m.ID, "status": state, "timestamp": strconv.FormatInt(m.At.Add(time.Second).Unix(), 10), "recipient_id": m.To}
		if m.Mark != "" {
			st["biz_opaque_callback_data"] = m.Mark
		}
		return st
	}
	entry := func(st map[string]any) any { return p.change(m.Node, map[string]any{"statuses": []any{st}}) }
	if later != 0 {
		st := status("failed")
		st["errors"] = []any{map[string]any{
			"code": later, "title": title(later), "message": title(later), "error_data": map[string]any{"details": "Message failed: " + title(later)},
			"href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
		}}
		return []any{entry(st)}
	}
	states := []string{"sent", "delivered", "read"}
	if m.Kind == "reaction" {
		states = states[:1] // reactions have no further ones
	}
	entries := make([]any, len(states))
	for i, state := range states {
		st := status(state)
		st["conversation"] = map[string]any{"id": "c0ffee", "origin": map[string]any{"type": "service"}}
		st["pricing"] = map[string]any{"billable": false, "pricing_model": "PMP", "category": "service"}
		entries[i] = entry(st)
	}
	return entries
}
