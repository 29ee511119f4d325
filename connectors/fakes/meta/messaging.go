package meta

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Messaging is a Page with Messenger, or a professional account of Instagram.
type Messaging struct {
	server *Server
	app    string // the product's name in webhooks
	id     string
	said   []Message // by consumers; the server's lock is held
}

const (
	pageObject = "page"
	// The app that the tokens are of, and the one with which people write in the inbox.
	ownApp, inboxApp = 1517776481860111, 263902037430900
	peopleWindow     = 7 * 24 * time.Hour
)

// Page adds a Page.
func (s *Server) Page(id string) *Messaging {
	p := &Messaging{server: s, app: pageObject, id: id}
	s.add(id, p)
	return p
}

// Account adds an account of the product that calls itself so in webhooks. The token is its
// own: "me" is the account.
func (s *Server) Account(id, object string) *Messaging {
	p := &Messaging{server: s, app: object, id: id}
	s.add(id, p)
	s.add("me", p)
	return p
}

// Say writes a consumer's text. It gives the message's id and what waits until it is taken.
func (p *Messaging) Say(consumer, text string) (id string, taken *sync.WaitGroup) {
	return p.From(consumer, map[string]any{"text": text})
}

// From writes a consumer's message as it stands, but for its id.
func (p *Messaging) From(consumer string, message map[string]any) (id string, taken *sync.WaitGroup) {
	id = p.server.id("m_IN")
	message["mid"] = id
	words, _ := message["text"].(string)
	p.server.mu.Lock()
	p.said = append(p.said, Message{ID: id, To: consumer, Kind: "text", Text: words, At: p.server.cfg.Now()})
	p.server.mu.Unlock()
	return id, p.Emit(consumer, map[string]any{"message": message})
}

// Emit posts something that a consumer did: a postback, a reaction.
func (p *Messaging) Emit(consumer string, event map[string]any) (taken *sync.WaitGroup) {
	p.server.hear(p.id, consumer)
	p.server.hear("me", consumer)
	return p.server.emit(p, p.entry(consumer, p.id, p.server.cfg.Now(), event))
}

// Inbox writes to a consumer as somebody of the brand in Meta's own inbox.
func (p *Messaging) Inbox(consumer, text string) (id string, taken *sync.WaitGroup) {
	id = p.server.id("m_INBOX")
	message := map[string]any{"is_echo": true, "mid": id, "text": text}
	if p.app == pageObject {
		message["app_id"] = inboxApp
	}
	return id, p.server.emit(p, p.entry(p.id, consumer, p.server.cfg.Now(), map[string]any{"message": message}))
}

func (p *Messaging) entry(from, to string, at time.Time, event map[string]any) any {
	one := map[string]any{"sender": map[string]any{"id": from}, "recipient": map[string]any{"id": to}, "timestamp": at.UnixMilli()}
	for key, value := range event {
		one[key] = value
	}
	return map[string]any{"id": p.id, "time": at.UnixMilli(), "messaging": []any{one}}
}

func (p *Messaging) object() string { return p.app }

func (p *Messaging) about(s *Server, _, path string, query url.Values) any {
	switch {
	case path == "conversations":
		return map[string]any{"data": p.conversation(s, query.Get("user_id"))}
	case path == "subscribed_apps":
		return map[string]any{"data": []any{map[string]any{"id": ownApp, "name": "Acme", "subscribed_fields": []string{"messages", "messaging_postbacks"}}}}
	case path == "" && p.app == pageObject:
		return map[string]any{"id": p.id, "name": "Acme"}
	case path == "":
		return map[string]any{"user_id": p.id, "username": "acme"}
	}
	return nil
}

// conversation is what the Conversations API tells of one: the latest messages, newest
// first; nothing of one that nobody has begun.
func (p *Messaging) conversation(s *Server, consumer string) []any {
	type told struct {
		at   time.Time
		from string
		Message
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []told
	for _, m := range p.said {
		if m.To == consumer {
			all = append(all, told{m.At, consumer, m})
		}
	}
	for _, m := range s.sent {
		if s.nodes[m.Node] == product(p) && m.To == consumer {
			all = append(all, told{m.At, p.id, m})
		}
	}
	if len(all) == 0 {
		return []any{}
	}
	slices.SortStableFunc(all, func(a, b told) int { return b.at.Compare(a.at) })
	const latest = 20
	var messages []any
	for _, m := range all[:min(len(all), latest)] {
		text := m.Text
		if m.Kind != "text" {
			text = ""
		}
		messages = append(messages, map[string]any{"id": m.ID, "created_time": m.at.UTC().Format("2006-01-02T15:04:05-0700"), "from": map[string]any{"id": m.from}, "message": text})
	}
	return []any{map[string]any{"id": "t_" + consumer, "messages": map[string]any{"data": messages}}}
}

func (p *Messaging) take(s *Server, node string, body []byte) (*Message, []Action, any, *Refusal) {
	var send msSend
	if err := json.Unmarshal(body, &send); err != nil {
		return nil, nil, nil, invalid("Param is of the wrong type: %v", err)
	}
	if refused := send.check(p.app == pageObject); refused != nil {
		return nil, nil, nil, refused
	}
	to := send.Recipient.ID
	if send.Action != "" {
		action := Action{Node: node, Kind: strings.TrimSuffix(strings.Replace(send.Action, "mark_seen", "read", 1), "_on"), To: to}
		return nil, []Action{action}, map[string]any{"recipient_id": to}, nil
	}
	late := !s.open(p.id, to)
	if late && send.Tag != "" {
		late = !s.heardWithin(p.id, to, peopleWindow)
	}
	if late {
		sub := 2018278
		if p.app != pageObject {
			sub = 2534022
		}
		return nil, nil, nil, &Refusal{Code: 10, Sub: sub, Message: "(#10) This message is sent outside of allowed window."}
	}
	m := &Message{ID: s.id("m_OUT"), To: to, Kind: send.kind(), Text: send.words(), Mark: send.Message.Metadata}
	return m, nil, map[string]any{"recipient_id": to, "message_id": m.ID}, nil
}

// reports are the echo, and that the message was delivered and read: by a time for
// Pages, by the last one that was read for accounts, of whose delivery nobody hears. Nothing
// fails after it was taken.
func (p *Messaging) reports(_ *Server, m Message, _ int) []any {
	echo := map[string]any{"is_echo": true, "mid": m.ID, "text": m.Text}
	from := func(event map[string]any, after time.Duration) any {
		return p.entry(m.To, p.id, m.At.Add(after), event)
	}
	if p.app != pageObject {
		return []any{
			p.entry(p.id, m.To, m.At, map[string]any{"message": echo}),
			from(map[string]any{"read": map[string]any{"mid": m.ID}}, 2*time.Second),
		}
	}
	echo["app_id"] = ownApp
	if m.Mark != "" {
		echo["metadata"] = m.Mark
	}
	watermark := m.At.UnixMilli()
	return []any{
		p.entry(p.id, m.To, m.At, map[string]any{"message": echo}),
		from(map[string]any{"delivery": map[string]any{"mids": []string{m.ID}, "watermark": watermark}}, time.Second),
		from(map[string]any{"read": map[string]any{"watermark": watermark}}, 2*time.Second),
	}
}

// heardWithin tells whether a consumer has written in a time of another length than the
// window.
func (s *Server) heardWithin(node, consumer string, d time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.heard[[2]string{node, consumer}]
	return ok && s.cfg.Now().Sub(at) < d
}

// words are what a consumer reads of a send first.
func (m msSend) words() string {
	if a := m.Message.Attachment; a != nil {
		first := ""
		if len(a.Payload.Elements) > 0 {
			first = a.Payload.Elements[0].Title
		}
		return cmp.Or(a.Payload.Text, first)
	}
	return m.Message.Text
}

func (m msSend) kind() string {
	if m.Message.Attachment != nil {
		return m.Message.Attachment.Type
	}
	return "text"
}
