package notice

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/alias"
)

// Lost tells the agent who has the conversation that it goes. conv is as it was
// before; actor is who does it, as the event log names them; to is the name of
// the skill or agent that has it next. Nobody is told what they did themselves
// to one conversation; what goes back because the agent is not there is always told.
func Lost(tx engine.Tx, now time.Time, conv engine.Conversation, kind engine.NoticeKind, actor, to string) error {
	if conv.Owner != engine.OwnerAgent || conv.Agent == "" || own(kind) && actor == "agent:"+conv.Agent {
		return nil
	}
	n := engine.Notice{Brand: conv.Brand, Agent: conv.Agent, Kind: kind, Conversation: conv.ID, To: to, At: now}
	_, err := tx.Users().Get(conv.Brand, conv.Agent)
	if engine.CodeOf(err) == engine.NotFound {
		return nil // nobody is left to read it
	}
	if err != nil {
		return err
	}
	if n.ByID, n.By, err = by(tx, conv, actor); err != nil {
		return err
	}
	brand, err := tx.Brands().Get(conv.Brand)
	if err != nil {
		return err
	}
	c, err := tx.Consumers().Get(conv.Brand, conv.Consumer)
	if err != nil && engine.CodeOf(err) != engine.NotFound {
		return err
	}
	c.ID = cmp.Or(c.ID, conv.Consumer)
	n.Consumer = alias.Name(c, conv, brand.Settings.Language())
	return Tell(tx, n)
}

// own says whether a person does it to one conversation.
func own(kind engine.NoticeKind) bool {
	return slices.Contains([]engine.NoticeKind{engine.NoticeTaken, engine.NoticeTransferred, engine.NoticeRequeued, engine.NoticeToBot, engine.NoticeClosed}, kind)
}

// by finds the person behind an actor; "" when it is the gateway, the consumer
// or the agent.
func by(tx engine.Tx, conv engine.Conversation, actor string) (id, name string, err error) {
	id, isAgent := strings.CutPrefix(actor, "agent:")
	if !isAgent || id == conv.Agent {
		return "", "", nil
	}
	u, err := tx.Users().Get(conv.Brand, id)
	if engine.CodeOf(err) == engine.NotFound {
		return id, "", nil
	}
	return id, u.Name, err
}

// Tell keeps a notice, and puts it into the event log for those who are there.
func Tell(tx engine.Tx, n engine.Notice) error {
	if err := tx.Notices().Add(&n); err != nil {
		return err
	}
	data, err := json.Marshal(n)
	if err != nil {
		return engine.Errorf(engine.Internal, "notice").Because(err)
	}
	return tx.Events().Add(&engine.Event{
		At: n.At, Brand: n.Brand, Conversation: n.Conversation, Kind: engine.EventNotice, Actor: "system", Data: data,
	})
}
