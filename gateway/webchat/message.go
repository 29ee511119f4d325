package webchat

import (
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"parley/engine"
)

const (
	maxText     = 4000 // characters
	maxChoiceID = 200  // bytes
)

var clientIDForm = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

type said struct {
	ClientID string         `json:"client_id"`
	Text     string         `json:"text"`
	Choice   *engine.Choice `json:"choice"`
}

// inbound checks what the visitor said and brings it to the common model.
func (in said) inbound(who visitor) (engine.Inbound, error) {
	if !clientIDForm.MatchString(in.ClientID) {
		return engine.Inbound{}, engine.FieldError("client_id", "must have 8 to 64 letters, digits, - or _")
	}
	out := engine.Inbound{
		From: who.address, ProviderID: who.address + ":" + in.ClientID, ClientID: in.ClientID, Language: who.language,
		Draft: who.draft,
	}
	field, text := "text", in.Text
	if in.Choice != nil {
		if in.Text != "" {
			return engine.Inbound{}, engine.FieldError("text", "cannot go with a choice")
		}
		if in.Choice.ID == "" || len(in.Choice.ID) > maxChoiceID {
			return engine.Inbound{}, engine.FieldError("choice.id", "must have 1 to %d bytes", maxChoiceID)
		}
		out.Payload = in.Choice.ID
		field, text = "choice.label", in.Choice.Label
	}
	text = clean(text)
	switch {
	case text == "":
		return engine.Inbound{}, engine.FieldError(field, "is empty")
	case engine.Blank(text):
		return engine.Inbound{}, engine.FieldError(field, "has only characters that cannot be seen")
	case utf8.RuneCountInString(text) > maxText:
		return engine.Inbound{}, engine.FieldError(field, "has more than %d characters", maxText)
	}
	out.Content.Text = text
	return out, nil
}

// clean drops control characters, all but line breaks and tabs, and the white space around.
func clean(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text))
}

// postMessage stores what the visitor says, once per client_id.
func (s *Server) postMessage(c echo.Context, v visit) error {
	if err := s.allow(s.rates.messages, v.address, "That was quick. Wait a moment, then send it again."); err != nil {
		return err
	}
	var body said
	if err := decode(c, &body); err != nil {
		return err
	}
	in, err := body.inbound(v.visitor)
	if err != nil {
		return err
	}
	taken, err := s.Receiver.Inbound(c.Request().Context(), v.entry, v.ch, in)
	if err != nil {
		return err
	}
	if taken.Message.ID == "" {
		return engine.Errorf(engine.Conflict, "The client_id is taken.")
	}
	if taken.Message.Seq == 1 {
		s.Bus.Publish(arrival(v.ch, v.address))
	}
	status := http.StatusCreated
	if taken.Duplicate {
		status = http.StatusOK
	}
	return c.JSON(status, struct {
		Message messageView `json:"message"`
	}{viewOf(taken.Message)})
}
