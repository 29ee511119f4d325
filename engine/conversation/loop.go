package conversation

import "parley/engine"

// EndLoop takes the conversation from its bot because two machines answer each
// other: it is told, noted, and a person of the default skill gets it. A brand
// without skills ends it without a word, which is the end of the loop too.
func (c *Change) EndLoop(found engine.LoopData) error {
	entry, err := c.Entry()
	if err != nil {
		return err
	}
	if err := c.Log(engine.EventLoop, "system", found); err != nil {
		return err
	}
	why, more := "Perhaps two machines answer each other: ", " Perhaps another machine answers it. The bot is silent here until somebody of the team has written to the consumer."
	if found.Kind == "waiting" {
		why, more = "The bot did not come to read: ", " All of them are in the conversation."
	}
	if err := c.Remark("The bot was stopped: " + found.Text + "." + more); err != nil {
		return err
	}
	h := engine.Handoff{
		From: entry.Brand.Settings.BotName, Reason: why + found.Text, Summary: c.Preview,
	}
	if old := c.Handoff; old != nil { // what is known stays known
		h.Facts, h.Tried, h.Summary = old.Facts, old.Tried, old.Summary
	}
	if _, person := SkillFor(entry, ""); person {
		return c.HandOver(Entering{Actor: "system", Handoff: h, Silent: found.Kind == "follow_ups"})
	}
	return c.Close("system", "loop", "")
}
