package desk

import (
	"context"
	"strings"
	"unicode/utf8"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
)

// maxText is the longest reply or note, in characters.
const maxText = 5000

// Reply sends a message to the consumer. after is the last event that the
// writer saw: when somebody else has answered since, or the owner has changed,
// the error is a Conflict with what happened and nothing is sent. The same
// clientID twice sends once and returns the first message.
func (d *Desk) Reply(ctx context.Context, u engine.User, id, clientID, text string, after engine.Cursor) (engine.Message, error) {
	if err := checkText("text", text, maxText); err != nil {
		return engine.Message{}, err
	}
	return d.write(ctx, u, id, clientID, func(tx engine.Tx, conv *conversation.Change) (engine.Message, error) {
		told, err := since(tx, conv.Conversation, after, actor(u))
		if err != nil {
			return engine.Message{}, err
		}
		owner := owns(u, conv.Conversation)
		if len(told) > 0 || owner != nil && engine.CodeOf(owner) == engine.Conflict {
			c := engine.Errorf(engine.Conflict, "Something happened while you wrote.")
			if owner != nil {
				c.Message = engine.MessageOf(owner)
			}
			c.Events = told
			return engine.Message{}, c
		}
		if owner != nil {
			return engine.Message{}, owner
		}
		return say(u, conv.Say, clientID, text)
	})
}

// Note adds a message that only the team sees. Any agent of the brand may.
func (d *Desk) Note(ctx context.Context, u engine.User, id, clientID, text string) (engine.Message, error) {
	if err := checkText("text", text, maxText); err != nil {
		return engine.Message{}, err
	}
	return d.write(ctx, u, id, clientID, func(_ engine.Tx, conv *conversation.Change) (engine.Message, error) {
		return say(u, conv.Note, clientID, text)
	})
}

// say adds a text of the user's: with Say for the consumer, with Note for the team.
func say(u engine.User, add func(engine.Message) (engine.Message, error), clientID, text string) (engine.Message, error) {
	return add(engine.Message{
		Author: engine.AuthorAgent, AuthorID: u.ID, AuthorName: u.Name, ClientID: clientID,
		Content: engine.Content{Text: text},
	})
}

func (d *Desk) write(ctx context.Context, u engine.User, id, clientID string, add func(engine.Tx, *conversation.Change) (engine.Message, error)) (engine.Message, error) {
	var m engine.Message
	_, err := d.run(ctx, u.Brand, id, func(tx engine.Tx, _ catalog.Entry, conv *conversation.Change) (err error) {
		if m, err = tx.Messages().ByClient(conv.ID, clientID); err == nil {
			if m.Author != engine.AuthorAgent || m.AuthorID != u.ID {
				return engine.FieldError("client_id", "is somebody else's")
			}
			return errNothing
		}
		if engine.CodeOf(err) != engine.NotFound {
			return err
		}
		m, err = add(tx, conv)
		return err
	})
	if err != nil {
		return engine.Message{}, err
	}
	return m, nil
}

func checkText(field, text string, most int) error {
	switch {
	case strings.TrimSpace(text) == "":
		return engine.FieldError(field, "is empty")
	case engine.Blank(text):
		return engine.FieldError(field, "has only characters that cannot be seen")
	}
	return checkLength(field, text, most)
}

// checkLength checks a text that may be empty.
func checkLength(field, text string, most int) error {
	switch {
	case !utf8.ValidString(text):
		return engine.FieldError(field, "is not valid text")
	case utf8.RuneCountInString(text) > most:
		return engine.FieldError(field, "has more than %d characters", most)
	}
	return nil
}
