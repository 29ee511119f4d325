package conversation

import (
	"encoding/json"
	"slices"
	"time"

	"parley/engine"
	"parley/engine/notice"
)

// Ends of an offer, in OfferData.End.
const (
	Accepted  = "accepted"
	Declined  = "declined"
	Expired   = "expired"
	Withdrawn = "withdrawn"
)

// maxAvoid bounds QueueEntry.Avoid; the oldest go first.
const maxAvoid = 50

// EndOffer puts an offered conversation back to waiting, where it keeps its
// place. entry is what this transaction read. end is Declined, Expired or
// Withdrawn; after the first two the agent is on the entry's avoid list.
// Conflict when the conversation is not offered.
func EndOffer(tx engine.Tx, now time.Time, entry engine.QueueEntry, end string) error {
	if entry.OfferedTo == "" {
		return engine.Errorf(engine.Conflict, "The conversation is not offered to anybody.")
	}
	offered := entry
	entry.OfferedTo, entry.OfferExpires = "", time.Time{}
	switch end {
	case Withdrawn:
	case Declined, Expired:
		entry.Avoid, entry.TriedAt = avoidToo(entry.Avoid, offered.OfferedTo), now
	default:
		return engine.Errorf(engine.Invalid, "An offer cannot end as %q.", end)
	}
	if err := tx.Queue().Put(entry); err != nil {
		return err
	}
	if err := ended(tx, now, offered, end); err != nil {
		return err
	}
	switch end {
	case Declined:
		return answered(tx, entry.Brand, offered.OfferedTo)
	case Expired:
		return lapsed(tx, now, entry.Brand, offered.OfferedTo)
	}
	return nil
}

// answered ends a row of offers that the agent let expire.
func answered(tx engine.Tx, brand, agent string) error {
	u, err := tx.Users().Get(brand, agent)
	if err != nil || u.Lapses == 0 {
		return engine.UnlessGone(err)
	}
	u.Lapses = 0
	return tx.Users().Save(u)
}

// lapsed counts an offer that an agent let expire. After too many in a row she
// is set away, is told so, and what else is offered to her waits again.
func lapsed(tx engine.Tx, now time.Time, brand, agent string) error {
	u, err := tx.Users().Get(brand, agent)
	if err != nil {
		return engine.UnlessGone(err)
	}
	b, err := tx.Brands().Get(brand)
	if err != nil {
		return err
	}
	u.Lapses++
	if u.Presence != engine.Online || u.Lapses < b.Settings.Desk.MaxLapses() {
		return tx.Users().Save(u)
	}
	u.Presence, u.PresenceSince, u.PresenceReason, u.Lapses = engine.Away, now, engine.PresenceLapsed, 0
	if err := tx.Users().Save(u); err != nil {
		return err
	}
	if _, err := Withdraw(tx, now, brand, agent); err != nil {
		return err
	}
	data, err := json.Marshal(engine.PresenceData{Agent: agent, Presence: u.Presence, Seen: u.There(now), Reason: u.PresenceReason})
	if err != nil {
		return engine.Errorf(engine.Internal, "event data").Because(err)
	}
	err = tx.Events().Add(&engine.Event{At: now, Brand: brand, Kind: engine.EventPresence, Actor: "system", Data: data})
	if err != nil {
		return err
	}
	return notice.Tell(tx, engine.Notice{Brand: brand, Agent: agent, Kind: engine.NoticeLapsed, At: now})
}

// Withdraw puts all offers of an agent who left back to waiting and says how many they
// were. The caller has the agent's row, so that no new ones come.
func Withdraw(tx engine.Tx, now time.Time, brand, agent string) (int, error) {
	entries, err := tx.Queue().Meant(brand, agent)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, listed := range entries {
		if listed.OfferedTo != agent {
			continue
		}
		e, err := tx.Queue().Get(listed.Conversation)
		if engine.UnlessGone(err) != nil {
			return n, err
		}
		if e.OfferedTo != agent { // somebody has it by now
			continue
		}
		if err := EndOffer(tx, now, e, Withdrawn); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func offerEnded(tx engine.Tx, now time.Time, e engine.QueueEntry, end, name string) error {
	actor := "system"
	if end == Accepted || end == Declined {
		actor = "agent:" + e.OfferedTo
	}
	return Log(tx, now, engine.ConversationRef{Brand: e.Brand, ID: e.Conversation}, engine.EventOfferEnded, actor, engine.OfferData{Agent: e.OfferedTo, AgentName: name, End: end})
}

// ended is offerEnded with the name of who had the offer, "" for somebody removed
// meanwhile.
func ended(tx engine.Tx, now time.Time, e engine.QueueEntry, end string) error {
	u, err := tx.Users().Get(e.Brand, e.OfferedTo)
	if engine.UnlessGone(err) != nil {
		return err
	}
	return offerEnded(tx, now, e, end, u.Name)
}

func avoidToo(list []string, agent string) []string {
	out := append(slices.DeleteFunc(slices.Clone(list), func(id string) bool { return id == agent }), agent)
	return out[max(0, len(out)-maxAvoid):]
}

// Unqueue removes an entry whose conversation does not wait.
func Unqueue(tx engine.Tx, e engine.QueueEntry) error { return tx.Queue().Remove(e.Conversation) }
