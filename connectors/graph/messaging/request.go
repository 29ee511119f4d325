package messaging

import (
	"encoding/json"
	"slices"
	"strings"

	"parley/engine"
)

// outgoing is the body of a POST to an account's messages.
type outgoing struct {
	Recipient recipient `json:"recipient"`
	Type      string    `json:"messaging_type,omitempty"`
	Tag       string    `json:"tag,omitempty"`
	ReplyTo   *replyTo  `json:"reply_to,omitempty"`
	Message   *sending  `json:"message,omitempty"`
	Action    string    `json:"sender_action,omitempty"`
}

type recipient struct {
	ID string `json:"id"`
}

type replyTo struct {
	MID string `json:"mid"`
}

type sending struct {
	Text       string       `json:"text,omitempty"`
	Attachment *attaching   `json:"attachment,omitempty"`
	Replies    []quickReply `json:"quick_replies,omitempty"`
	Metadata   string       `json:"metadata,omitempty"`
}

type quickReply struct {
	Type    string `json:"content_type"`
	Title   string `json:"title"`
	Payload string `json:"payload"`
}

type attaching struct {
	Type    string `json:"type"`
	Payload any    `json:"payload"`
}

type mediaPayload struct {
	URL string `json:"url"`
}

type templatePayload struct {
	Type     string   `json:"template_type"`
	Text     string   `json:"text,omitempty"`
	Buttons  []button `json:"buttons,omitempty"`
	Elements []card   `json:"elements,omitempty"`
}

type card struct {
	Title    string      `json:"title"`
	Subtitle string      `json:"subtitle,omitempty"`
	Image    string      `json:"image_url,omitempty"`
	Opens    *cardAction `json:"default_action,omitempty"`
	Buttons  []button    `json:"buttons,omitempty"`
}

type cardAction struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type button struct {
	Type    string `json:"type"`
	Title   string `json:"title"`
	URL     string `json:"url,omitempty"`
	Payload string `json:"payload,omitempty"`
}

// request is what one part becomes. With human it says that a person wrote it, which may
// go out for longer. The error is a *engine.SendError.
func (c *Connector) request(out engine.Outbound, human bool) ([]byte, *engine.SendError) {
	m := c.message(out.Content)
	switch {
	case out.To == "":
		return nil, &engine.SendError{Class: engine.SendInvalid, Message: "The message has no recipient."}
	case m == nil:
		return nil, &engine.SendError{Class: engine.SendInvalid, Message: "The message has nothing that the channel shows."}
	}
	body := outgoing{Recipient: recipient{out.To}, Type: c.platform.Answer, Message: m}
	if human {
		body.Type, body.Tag = "MESSAGE_TAG", "HUMAN_AGENT"
	}
	if out.Answers != "" {
		body.ReplyTo = &replyTo{out.Answers}
	}
	if out.Item != "" {
		m.Metadata = ownMetadata + out.Item
	}
	return encode(body)
}

func encode(body outgoing) ([]byte, *engine.SendError) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, &engine.SendError{Class: engine.SendInvalid, Message: "The message cannot be written.", Cause: err}
	}
	return raw, nil
}

// message is a part that Render made, nil for one that it would not make.
func (c *Connector) message(part engine.Content) *sending {
	switch {
	case len(part.Cards) > 0:
		return &sending{Attachment: &attaching{"template", c.template(part.Cards)}}
	case len(part.Media) > 0:
		m := part.Media[0]
		return &sending{Attachment: &attaching{kind(m), mediaPayload{m.URL}}}
	case strings.TrimSpace(part.Text) == "":
		return nil
	}
	m := &sending{Text: part.Text}
	for _, o := range part.Choices {
		m.Replies = append(m.Replies, quickReply{"text", o.Label, o.ID})
	}
	return m
}

func (c *Connector) template(cards []engine.Card) templatePayload {
	if len(cards) == 1 && !c.fits(cards[0]) {
		return templatePayload{Type: "button", Text: cardText(cards[0]), Buttons: buttonsOf(cards[0].Links)}
	}
	t := templatePayload{Type: "generic"}
	for _, source := range cards {
		to := card{Title: source.Title, Subtitle: source.Subtitle, Image: source.Image, Buttons: buttonsOf(source.Links)}
		if len(to.Buttons) > 0 && to.Buttons[0].Type == "web_url" {
			to.Opens = &cardAction{"web_url", to.Buttons[0].URL}
		}
		t.Elements = append(t.Elements, to)
	}
	return t
}

func buttonsOf(links []engine.Link) []button {
	var all []button
	for _, l := range links {
		if number, found := strings.CutPrefix(l.URL, "tel:"); found {
			all = append(all, button{Type: "phone_number", Title: label(l), Payload: number})
		} else {
			all = append(all, button{Type: "web_url", Title: label(l), URL: l.URL})
		}
	}
	return all
}

// kind is the type of an attachment. Pictures that are not shown as such go as files.
func kind(m engine.Media) string {
	shown := []string{"", "image/jpeg", "image/png", "image/gif"}
	switch {
	case m.Kind == engine.MediaImage && slices.Contains(shown, m.MIME), m.Kind == engine.MediaVideo, m.Kind == engine.MediaAudio:
		return m.Kind
	}
	return "file"
}
