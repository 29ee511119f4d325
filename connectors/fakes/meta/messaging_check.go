package meta

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Limits of the Send API.
const (
	msText      = 2000 // of Pages, in UTF-16
	msAccount   = 1000 // of accounts, in bytes
	msReplies   = 13
	msLabel     = 20
	msPayload   = 1000
	msMetadata  = 1000
	msElements  = 10
	msLine      = 80
	msButtons   = 3
	msButtonful = 640 // the text above buttons
)

// msSend is what is posted to an account's messages.
type msSend struct {
	Recipient struct {
		ID string `json:"id"`
	} `json:"recipient"`
	Type    string `json:"messaging_type"`
	Tag     string `json:"tag"`
	Action  string `json:"sender_action"`
	ReplyTo *struct {
		MID string `json:"mid"`
	} `json:"reply_to"`
	Message *struct {
		Text       string        `json:"text"`
		Metadata   string        `json:"metadata"`
		Attachment *msAttachment `json:"attachment"`
		Replies    []struct {
			Type    string `json:"content_type"`
			Title   string `json:"title"`
			Payload string `json:"payload"`
		} `json:"quick_replies"`
	} `json:"message"`
}

type msAttachment struct {
	Type    string `json:"type"`
	Payload struct {
		URL      string     `json:"url"`
		Template string     `json:"template_type"`
		Text     string     `json:"text"`
		Buttons  []msButton `json:"buttons"`
		Elements []struct {
			Title    string     `json:"title"`
			Subtitle string     `json:"subtitle"`
			Image    string     `json:"image_url"`
			Buttons  []msButton `json:"buttons"`
		} `json:"elements"`
	} `json:"payload"`
}

type msButton struct {
	Type    string `json:"type"`
	Title   string `json:"title"`
	URL     string `json:"url"`
	Payload string `json:"payload"`
}

func invalid(format string, args ...any) *Refusal {
	return &Refusal{Code: 100, Message: "(#100) " + fmt.Sprintf(format, args...)}
}

// check finds what the Send API refuses, of a Page or of an account.
func (m msSend) check(page bool) *Refusal {
	switch known, _ := regexp.MatchString(`^[0-9]{5,20}$`, m.Recipient.ID); { // the pattern is right
	case !known:
		return &Refusal{Code: 100, Sub: 2018001, Message: "(#100) No matching user found"}
	case m.Action != "" && m.Message != nil:
		return invalid("Cannot send both message and state at the same time.")
	case m.Action != "":
		if !slices.Contains([]string{"typing_on", "typing_off", "mark_seen"}, m.Action) {
			return invalid("Param sender_action must be one of {MARK_SEEN, TYPING_OFF, TYPING_ON}")
		}
		return nil
	case m.Message == nil:
		return invalid("The parameter message is required.")
	case page && !slices.Contains([]string{"RESPONSE", "UPDATE", "MESSAGE_TAG"}, m.Type):
		return invalid("Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}")
	case (m.Type == "MESSAGE_TAG") != (m.Tag != "") || m.Tag != "" && m.Tag != "HUMAN_AGENT":
		return &Refusal{Code: 100, Sub: 1893061, Message: "(#100) Invalid parameter"}
	case m.ReplyTo != nil && m.ReplyTo.MID == "":
		return invalid("The parameter reply_to.mid is required.")
	case len(m.Message.Metadata) > msMetadata:
		return invalid("Param metadata must be at most 1000 characters long.")
	case m.Message.Attachment != nil:
		if m.Message.Text != "" || !page && m.Message.Replies != nil {
			return invalid("Message cannot have both text and attachment.")
		}
		return m.Message.Attachment.check(page)
	}
	return m.checkText(page)
}

func (m msSend) checkText(page bool) *Refusal {
	text := m.Message.Text
	switch {
	case strings.TrimSpace(text) == "":
		return invalid("Message cannot be empty, must provide valid attachment or text")
	case page && size(text) > msText:
		return invalid("Length of param message[text] must be less than or equal to %d", msText)
	case !page && len(text) > msAccount:
		return invalid("Length of param message[text] must be less than or equal to %d bytes", msAccount)
	case len(m.Message.Replies) > msReplies:
		return invalid("Too many quick replies, at most %d", msReplies)
	}
	for _, r := range m.Message.Replies {
		if r.Type != "text" || r.Title == "" || size(r.Title) > msLabel || r.Payload == "" || len(r.Payload) > msPayload {
			return invalid("Invalid quick reply %q", r.Title)
		}
	}
	return nil
}

func (a *msAttachment) check(page bool) *Refusal {
	switch {
	case slices.Contains([]string{"image", "video", "audio", "file"}, a.Type):
		if !isURL(a.Payload.URL) {
			return &Refusal{Code: 100, Sub: 2018008, Message: "(#100) Failed to fetch the file from the url"}
		}
		return nil
	case a.Type != "template":
		return invalid("Unknown attachment type %q", a.Type)
	case a.Payload.Template == "button" && page:
		if size(a.Payload.Text) > msButtonful || a.Payload.Text == "" || len(a.Payload.Buttons) == 0 {
			return invalid("Length of param text must be from 1 to %d, and it needs buttons", msButtonful)
		}
		return checkMSButtons(a.Payload.Buttons, page)
	case a.Payload.Template != "generic":
		return invalid("Unknown template %q", a.Payload.Template)
	case len(a.Payload.Elements) == 0 || len(a.Payload.Elements) > msElements:
		return invalid("Param elements must have 1 to %d items", msElements)
	}
	for _, e := range a.Payload.Elements {
		switch {
		case e.Title == "" || size(e.Title) > msLine || size(e.Subtitle) > msLine:
			return invalid("Title and subtitle of an element have at most %d characters", msLine)
		case e.Subtitle == "" && e.Image == "" && len(e.Buttons) == 0:
			return invalid("An element needs more than its title")
		case e.Image != "" && !isURL(e.Image):
			return invalid("Param image_url is not a valid URL")
		}
		if refused := checkMSButtons(e.Buttons, page); refused != nil {
			return refused
		}
	}
	return nil
}

func checkMSButtons(buttons []msButton, page bool) *Refusal {
	if len(buttons) > msButtons {
		return invalid("At most %d buttons are allowed", msButtons)
	}
	for _, b := range buttons {
		switch {
		case b.Title == "" || size(b.Title) > msLabel:
			return invalid("Length of a button's title must be from 1 to %d", msLabel)
		case b.Type == "web_url" && isURL(b.URL), b.Type == "postback" && b.Payload != "" && len(b.Payload) <= msPayload:
		case b.Type == "phone_number" && page && strings.HasPrefix(b.Payload, "+"):
		default:
			return invalid("Invalid button of type %q", b.Type)
		}
	}
	return nil
}
