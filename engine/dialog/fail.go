package dialog

import (
	"strconv"
	"strings"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/texts"
	"parley/engine/versions/faults"
)

// maxTrace bounds what agents see of a failed bot, in bytes.
const maxTrace = 4 << 10

// fail hands a failed bot's conversation to a person, with the trace.
func (c commit) fail(d *draft) error {
	f := c.out.Fault
	if err := c.record(d); err != nil {
		return err
	}
	if d.Owner != engine.OwnerBot { // it had given the conversation away before it failed
		return d.Remark(inWords(*f) + ", after it had handed over.")
	}
	if c.epilogue(d) {
		return d.Close("system", "bot_failed", "")
	}
	_, person := conversation.SkillFor(c.look.entry, "")
	key := texts.BotFailed
	switch {
	case !person:
		key = texts.BotStopped
	case f.Kind == faultMisunderstood:
		key = texts.Misunderstood
	}
	if err := d.System(key, nil); err != nil {
		return err
	}
	if !person { // a brand without skills has nobody to ask
		return d.Close("system", "bot_failed", "")
	}
	return c.enqueue(d, engine.HandoffEffect{Reason: inWords(*f)}, trace(*f))
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
func (c commit) record(d *draft) error {
	f, now := *c.out.Fault, c.turn.Now
	c.Log.Warn("bot failed", "conversation", d.ID, "kind", f.Kind, "file", f.File, "line", f.Line)
	if err := d.Log(engine.EventBotFailed, "bot:"+f.Bot, f); err != nil {
		return err
	}
	group := engine.FaultGroup{
		Brand: d.Brand, ID: faults.ID(f), Fault: f, Conversations: 1, Count: 1, First: now, Last: now, Sample: d.ID,
	}
	group.Fault.Message = faults.Normal(f.Message)
	if err := d.tx.Faults().Record(group, d.ID); err != nil {
		return err
	}
	if c.Failed == nil || f.Version == "" {
		return nil
	}
	return c.Failed(d.tx, d.Brand, f.Version, now)
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
	return c.input() == engine.InboxOutcome && d.ClosedBy == "agent" && !d.unread()
}
