package webchat

import (
	"encoding/json"

	"parley/engine"
)

// messageView is a message as its visitor sees it.
type messageView struct {
	ID         string               `json:"id"`
	ClientID   string               `json:"client_id,omitempty"` // of the visitor's own
	Author     engine.Author        `json:"author"`
	AuthorName string               `json:"author_name,omitempty"`
	Content    engine.Content       `json:"content"`
	State      engine.DeliveryState `json:"state"`
	At         int64                `json:"at"`
}

func viewOf(m engine.Message) messageView {
	v := messageView{ID: m.ID, Author: m.Author, AuthorName: m.AuthorName, Content: m.Content, State: m.State, At: m.At.UnixMilli()}
	if m.Author == engine.AuthorConsumer {
		v.ClientID = m.ClientID
	}
	return v
}

// statusView is who has the visitor's conversation.
type statusView struct {
	Open      bool         `json:"open"`
	Owner     engine.Owner `json:"owner"`
	AgentName string       `json:"agent_name,omitempty"`
	Position  int          `json:"position,omitempty"` // in the queue, 1 is next
}

func statusOf(state engine.State, owner engine.Owner, f facts) statusView {
	v := statusView{Open: state == engine.Open, Owner: owner}
	if !v.Open {
		v.Owner = engine.OwnerNone
	}
	switch v.Owner {
	case engine.OwnerAgent:
		v.AgentName = f.agentName
	case engine.OwnerQueue:
		v.Position = f.position
	}
	return v
}

// facts are what an event does not say itself.
type facts struct {
	agentName string
	position  int
}

// frame is what the server sends: a message, the state of one, a status, typing,
// "live", "reset", or "beat", which tells a page, from which its browser keeps the
// pings, that the gateway is there. Durable frames carry a cursor.
type frame struct {
	Type    string               `json:"type"`
	Cursor  string               `json:"cursor,omitempty"`
	Message any                  `json:"message,omitempty"` // a view, or the id
	State   engine.DeliveryState `json:"state,omitempty"`
	Status  *statusView          `json:"status,omitempty"`
	Author  engine.Author        `json:"author,omitempty"`
	Name    string               `json:"name,omitempty"`
	On      *bool                `json:"on,omitempty"`
	Beat    int                  `json:"beat,omitempty"` // seconds between two beats
}

// frameOf draws an event of the visitor's own conversations. ok is false for
// everything that is not for the visitor's eyes, notes first of all.
func frameOf(ev engine.Event, f facts) (_ frame, ok bool) {
	cursor := engine.Cursor(ev.Seq).String()
	switch ev.Kind {
	case engine.EventMessage:
		var d engine.MessageData
		if json.Unmarshal(ev.Data, &d) != nil || d.ID == "" || d.Note {
			return frame{}, false
		}
		return frame{Type: "message", Cursor: cursor, Message: viewOf(engine.Message{
			ID: d.ID, ClientID: d.ClientID, Author: d.Author, AuthorName: d.AuthorName, Content: d.Content, State: d.State, At: ev.At,
		})}, true
	case engine.EventStatus, engine.EventConsumerRead:
		var d engine.StatusData
		if json.Unmarshal(ev.Data, &d) != nil || d.Message == "" {
			return frame{}, false
		}
		return frame{Type: "state", Cursor: cursor, Message: d.Message, State: d.State}, true
	case engine.EventOpened, engine.EventOwner, engine.EventClosed:
		d, ok := changeOf(ev)
		if !ok {
			return frame{}, false
		}
		return frame{Type: "status", Cursor: cursor, Status: new(statusOf(d.State, d.Owner, f))}, true
	}
	return frame{}, false
}

// changeOf reads the conversation's new state from an event that tells it.
func changeOf(ev engine.Event) (d engine.ConversationData, ok bool) {
	switch ev.Kind {
	case engine.EventOpened, engine.EventOwner, engine.EventClosed:
		ok = json.Unmarshal(ev.Data, &d) == nil && d.Owner != ""
	}
	return d, ok
}

// typingOf draws a passing remark; visitors need not be told that they type.
func typingOf(sig engine.Signal) (_ frame, ok bool) {
	var d engine.TypingData
	if json.Unmarshal(sig.Data, &d) != nil || d.Author != engine.AuthorBot && d.Author != engine.AuthorAgent {
		return frame{}, false
	}
	return frame{Type: "typing", Author: d.Author, Name: d.Name, On: &d.On}, true
}

// clientFrame is what a visitor's socket says.
type clientFrame struct {
	Type      string   `json:"type"` // hello, typing, receipt; others are for newer gateways
	Token     string   `json:"token"`
	After     string   `json:"after"`
	On        bool     `json:"on"`
	Delivered []string `json:"delivered"`
	Read      []string `json:"read"`
}

func parseClientFrame(data []byte) (clientFrame, error) {
	var f clientFrame
	if err := json.Unmarshal(data, &f); err != nil {
		return clientFrame{}, engine.Errorf(engine.Invalid, "The frame is not understood.").Because(err)
	}
	if f.Type == "" {
		return clientFrame{}, engine.FieldError("type", "is missing")
	}
	return f, checkReceipts(f.Delivered, f.Read)
}
