package desk

import (
	"context"
	"slices"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/texts"
)

// maxNote is the longest note of a move and the longest summary, in characters.
const maxNote = 2000

// Accept takes the conversation that is offered to the agent.
func (d *Desk) Accept(ctx context.Context, u engine.User, id string) (engine.Conversation, error) {
	return d.run(ctx, u.Brand, id, func(tx engine.Tx, _ catalog.Entry, conv *conversation.Change) error {
		if conv.Owner == engine.OwnerAgent && conv.Agent == u.ID {
			return errNothing // accepted twice
		}
		if err := offered(tx, u, conv); err != nil {
			return err
		}
		return conv.Assign(u, nil)
	})
}

// Decline sends the offer to another agent.
func (d *Desk) Decline(ctx context.Context, u engine.User, id string) (engine.Conversation, error) {
	return d.run(ctx, u.Brand, id, func(tx engine.Tx, _ catalog.Entry, conv *conversation.Change) error {
		if err := offered(tx, u, conv); err != nil {
			return err
		}
		entry, err := tx.Queue().Get(conv.ID)
		if err != nil {
			return err
		}
		return conversation.EndOffer(tx, conv.Now, entry, conversation.Declined)
	})
}

// offered refuses who does not have the offer. It reads the user first, as who takes back
// what is offered to her does.
func offered(tx engine.Tx, u engine.User, conv *conversation.Change) error {
	if _, err := tx.Users().Get(u.Brand, u.ID); err != nil {
		return err
	}
	entry, err := tx.Queue().Get(conv.ID)
	if engine.CodeOf(err) == engine.NotFound || (err == nil && entry.OfferedTo != u.ID) {
		return engine.Errorf(engine.Conflict, "The offer is no longer yours.")
	}
	return err
}

// Take takes a waiting conversation out of turn, or one whose agent is not
// there. A supervisor may take any from its agent or bot.
func (d *Desk) Take(ctx context.Context, u engine.User, id string, rev int64) (engine.Conversation, error) {
	return d.run(ctx, u.Brand, id, func(tx engine.Tx, _ catalog.Entry, conv *conversation.Change) error {
		if err := at(tx, conv.Conversation, rev); err != nil {
			return err
		}
		switch {
		case conv.State == engine.Closed:
			return engine.Errorf(engine.Conflict, "The conversation is closed.")
		case conv.Owner == engine.OwnerQueue && (slices.Contains(u.Skills, conv.Skill) || u.Role.Allows(engine.RoleSupervisor)):
		case conv.Owner == engine.OwnerAgent && conv.Agent != u.ID:
			if err := d.mayTakeOver(tx, u, conv.Conversation); err != nil {
				return err
			}
		case conv.Owner == engine.OwnerBot && u.Role.Allows(engine.RoleSupervisor):
			conv.Pending = nil
			if err := conv.EndSession(); err != nil {
				return err
			}
		case conv.Owner == engine.OwnerQueue:
			return engine.Errorf(engine.Forbidden, "You do not have the skill that this conversation waits for.")
		default:
			return engine.Errorf(engine.Conflict, "The conversation is not waiting.")
		}
		return conv.Assign(u, nil)
	})
}

// mayTakeOver says whether the user may take a conversation from its agent:
// supervisors may, and who has the skill when the agent is not there.
func (d *Desk) mayTakeOver(tx engine.Tx, u engine.User, conv engine.Conversation) error {
	if u.Role.Allows(engine.RoleSupervisor) {
		return nil
	}
	holder, err := tx.Users().Get(conv.Brand, conv.Agent)
	switch {
	case err != nil && engine.CodeOf(err) != engine.NotFound:
		return err
	case err == nil && !holder.Disabled && holder.There(d.Clock()):
		return engine.Errorf(engine.Conflict, "The conversation is with %s, who is there.", holder.Name)
	case !slices.Contains(u.Skills, conv.Skill):
		return engine.Errorf(engine.Forbidden, "You do not have the skill of this conversation.")
	}
	return nil
}

// Target of a transfer: exactly one is set.
type Target struct {
	Skill string
	Agent string // user id
}

// Transfer gives the conversation to a skill's queue or to one agent, with a
// note for the receiver.
func (d *Desk) Transfer(ctx context.Context, u engine.User, id string, rev int64, to Target, note string) (engine.Conversation, error) {
	if (to.Skill == "") == (to.Agent == "") {
		return engine.Conversation{}, engine.FieldError("skill", "name a skill or an agent")
	}
	if err := checkText("note", note, maxNote); err != nil {
		return engine.Conversation{}, err
	}
	return d.own(ctx, u, id, rev, func(tx engine.Tx, e catalog.Entry, conv *conversation.Change) error {
		enter := conversation.Entering{Actor: actor(u), Avoid: had(u, conv.Conversation), Passed: true}
		skill := to.Skill
		if to.Agent != "" {
			other, err := tx.Users().Get(u.Brand, to.Agent)
			if err != nil && engine.CodeOf(err) != engine.NotFound {
				return err
			}
			if err != nil || other.Disabled {
				return engine.FieldError("agent", "There is no such agent.")
			}
			if other.ID == conv.Agent {
				return engine.FieldError("agent", "%s has the conversation already.", other.Name)
			}
			enter.Agent, enter.Name = other.ID, other.Name
			enter.Avoid = slices.DeleteFunc(enter.Avoid, func(id string) bool { return id == other.ID })
			skill = skillFor(e, other, conv.Skill)
		} else if _, ok := e.Skill(skill); !ok {
			return engine.FieldError("skill", "There is no such skill.")
		}
		return d.enqueue(u, conv, enter, skill, "Transferred by "+u.Name, note)
	})
}

// skillFor is the skill in which a conversation waits for an agent: its own, or
// else the first of theirs that the brand still has.
func skillFor(e catalog.Entry, u engine.User, skill string) string {
	if slices.Contains(u.Skills, skill) {
		return skill
	}
	for _, id := range u.Skills {
		if _, ok := e.Skill(id); ok {
			return id
		}
	}
	return skill
}

// Requeue puts the conversation back into its skill's queue, to be tried on
// another agent.
func (d *Desk) Requeue(ctx context.Context, u engine.User, id string, rev int64, note string) (engine.Conversation, error) {
	if err := checkLength("note", note, maxNote); err != nil {
		return engine.Conversation{}, err
	}
	return d.own(ctx, u, id, rev, func(tx engine.Tx, e catalog.Entry, conv *conversation.Change) error {
		enter := conversation.Entering{Actor: actor(u), Avoid: had(u, conv.Conversation), Silent: true}
		return d.enqueue(u, conv, enter, conv.Skill, "Back to the queue by "+u.Name, note)
	})
}

// had lists who should not get the conversation back: who gives it away, and
// who has it, when that is a supervisor and an agent.
func had(u engine.User, conv engine.Conversation) []string {
	if u.ID == conv.Agent {
		return []string{u.ID}
	}
	return []string{conv.Agent, u.ID}
}

func (d *Desk) enqueue(u engine.User, conv *conversation.Change, enter conversation.Entering, skill, reason, note string) error {
	if note != "" {
		if _, err := say(u, conv.Note, "", note); err != nil {
			return err
		}
	}
	h := engine.Handoff{From: u.Name, Skill: skill, Reason: reason, Note: note}
	if old := conv.Handoff; old != nil { // what the bot learnt stays known
		h.Facts, h.Tried, h.Version, h.Priority = old.Facts, old.Tried, old.Version, old.Priority
		h.Language, h.Expects = old.Language, old.Expects
		if skill == old.Skill {
			h.Level = old.Level
		}
		h.Summary = old.Summary // the note says what to do, not what it is about
	}
	enter.Handoff = h
	// To the same skill it keeps its place: the consumer waits for the same thing.
	enter.Back = skill == conv.Skill
	return conv.HandOver(enter)
}

// Return gives the conversation back to its bot.
func (d *Desk) Return(ctx context.Context, u engine.User, id string, rev int64, note string) (engine.Conversation, error) {
	if err := checkLength("note", note, maxNote); err != nil {
		return engine.Conversation{}, err
	}
	return d.own(ctx, u, id, rev, func(tx engine.Tx, e catalog.Entry, conv *conversation.Change) error {
		if note != "" {
			if _, err := say(u, conv.Note, "", note); err != nil {
				return err
			}
		}
		if err := conv.System(texts.BotBack, nil); err != nil {
			return err
		}
		if conv.Handoff != nil {
			conv.Handoff.Expects = nil // the bot asks again when it still wants to know
		}
		out := engine.HandoffOutcome{Kind: engine.OutcomeReturned, Agent: u.Name, Note: note}
		waits, err := conv.Return(out, actor(u))
		if err == nil && !waits {
			err = conv.Restart(actor(u))
		}
		return err
	})
}

// Close ends the agent's work with an outcome. A bot that waits for it goes on
// before the conversation ends. fields is what the agent filled in of what the
// handoff expects: text, numbers (float64) and booleans by name.
func (d *Desk) Close(ctx context.Context, u engine.User, id string, rev int64, outcome, summary string, fields map[string]any) (engine.Conversation, error) {
	if err := checkText("outcome", outcome, 60); err != nil {
		return engine.Conversation{}, err
	}
	if err := checkLength("summary", summary, maxNote); err != nil {
		return engine.Conversation{}, err
	}
	return d.own(ctx, u, id, rev, func(tx engine.Tx, _ catalog.Entry, conv *conversation.Change) error {
		filled, err := checkFields(conv.Handoff, fields)
		if err != nil {
			return err
		}
		remember(&conv.Conversation, filled)
		conv.Outcome, conv.Summary, conv.ClosedBy = outcome, summary, "agent"
		out := engine.HandoffOutcome{Kind: engine.OutcomeClosed, Agent: u.Name, Outcome: outcome, Summary: summary, Fields: filled}
		waits, err := conv.Return(out, actor(u))
		if err == nil && !waits {
			err = conv.Close(actor(u), outcome, summary)
		}
		return err
	})
}
