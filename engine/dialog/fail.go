package dialog

import (
	"strconv"
	"strings"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/lifecycle"
	"parley/engine/texts"
	"parley/engine/versions"
)

// maxTrace bounds what agents see of a failed bot, in bytes.
const maxTrace = 4 << 10

// fail hands a failed bot's conversation to a person, with the trace.
func (c commit) fail(tx engine.Tx, d *draft) error {
	f, conv, brand := c.out.Fault, d.conv, c.look.entry
	if err := c.record(tx, d); err != nil {
		return err
	}
	if conv.Owner != engine.OwnerBot { // it had given the conversation away before it failed
		return c.note(tx, conv, inWords(*f)+", after it had handed over.")
	}
	if c.epilogue(d) {
		return lifecycle.Close(tx, c.turn.Now, conv, "system", "bot_failed", "")
	}
	d.routing, d.delivery = true, true
	_, person := lifecycle.SkillFor(brand, "")
	key := texts.BotFailed
	switch {
	case !person:
		key = texts.BotStopped
	case f.Kind == faultMisunderstood:
		key = texts.Misunderstood
	}
	if err := c.Writer.System(tx, c.turn.Now, brand.Brand, c.turn.Channel, conv, key, nil); err != nil {
		return err
	}
	if !person { // a brand without skills has nobody to ask
		return lifecycle.Close(tx, c.turn.Now, conv, "system", "bot_failed", "")
	}
	return c.enqueue(tx, conv, engine.HandoffEffect{Reason: inWords(*f)}, trace(*f))
}

// inWords says for the team why a bot failed. What its author needs to know is
// in the trace.
func inWords(f engine.Fault) string {
	switch f.Kind {
	case faultMisunderstood:
		return "The bot did not understand several answers in a row"
	case faultLoop, faultStorm:
		return "The bot went round in circles"
	case "budget":
		return "The bot took too long"
	}
	return "The bot failed"
}

// record keeps a fault: as an event, and among the brand's faults.
func (c commit) record(tx engine.Tx, d *draft) error {
	f, now := *c.out.Fault, c.turn.Now
	c.Log.Warn("bot failed", "conversation", d.conv.ID, "kind", f.Kind, "file", f.File, "line", f.Line)
	if err := conversation.Log(tx, now, *d.conv, engine.EventBotFailed, "bot:"+f.Bot, f); err != nil {
		return err
	}
	group := engine.FaultGroup{
		Brand: d.conv.Brand, ID: versions.FaultID(f), Fault: f, Conversations: 1, Count: 1, First: now, Last: now, Sample: d.conv.ID,
	}
	group.Fault.Message = versions.Normal(f.Message)
	if err := tx.Faults().Record(group, d.conv.ID); err != nil {
		return err
	}
	if c.Failed == nil || f.Bundle == "" {
		return nil
	}
	return c.Failed(tx, d.conv.Brand, f.Bundle, now)
}

// note tells the team something in the gateway's name.
func (w *Worker) note(tx engine.Tx, conv *engine.Conversation, text string) error {
	_, err := w.Writer.Note(tx, w.Clock(), conv, engine.Message{
		Author: engine.AuthorSystem, Content: engine.Content{Text: text},
	})
	return err
}

// trace is what the bot's author needs to know of a failure; the team sees it
// when it asks for it.
func trace(f engine.Fault) string {
	lines := []string{f.Message}
	if f.File != "" {
		where := f.File
		if f.Line > 0 {
			where += ":" + strconv.Itoa(f.Line)
		}
		lines = append(lines, where)
	}
	if f.Traceback != "" {
		lines = append(lines, f.Traceback)
	}
	text := strings.Join(lines, "\n")
	if len(text) > maxTrace {
		text = strings.ToValidUTF8(text[:maxTrace], "") + "…"
	}
	return text
}

// epilogue says whether only the bot's last words after an agent's close are
// lost: nobody needs a person for them.
func (c commit) epilogue(d *draft) bool {
	return c.input() == engine.InboxOutcome && d.conv.ClosedBy == "agent" && !d.unread()
}
