package lifecycle

import (
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
)

// EndLoop takes a conversation from its bot because two machines answer each
// other: it is told, noted, and a person of the default skill gets it. A brand
// without skills ends it without a word, which is the end of the loop too. The
// caller saves conv.
func EndLoop(tx engine.Tx, w conversation.Writer, now time.Time, conv *engine.Conversation, entry catalog.Entry, ch engine.Channel, found engine.LoopData) error {
	if err := conversation.Log(tx, now, *conv, engine.EventLoop, "system", found); err != nil {
		return err
	}
	why, more := "Perhaps two machines answer each other: ", " Perhaps another machine answers it. The bot is silent here until somebody of the team has written to the consumer."
	if found.Kind == "waiting" {
		why, more = "The bot did not come to read: ", " All of them are in the conversation."
	}
	_, err := w.Note(tx, now, conv, engine.Message{Author: engine.AuthorSystem, Content: engine.Content{
		Text: "The bot was stopped: " + found.Text + "." + more,
	}})
	if err != nil {
		return err
	}
	h := engine.Handoff{
		From: entry.Brand.Settings.BotName, Reason: why + found.Text, Summary: conv.Preview,
	}
	if old := conv.Handoff; old != nil { // what is known stays known
		h.Facts, h.Tried, h.Summary = old.Facts, old.Tried, old.Summary
	}
	if _, person := SkillFor(entry, ""); person {
		return Enqueue(tx, w, now, conv, Entering{Entry: entry, Channel: ch, Actor: "system", Handoff: h, Silent: found.Kind == "follow_ups"})
	}
	return Close(tx, now, conv, "system", "loop", "")
}
