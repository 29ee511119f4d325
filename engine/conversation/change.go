package conversation

import (
	"encoding/json"
	"time"

	"parley/engine"
	"parley/engine/catalog"
)

// Writer makes changes. It is immutable and safe for concurrent use.
type Writer struct {
	NewID engine.NewID
	// Render fits a content to a channel; see engine.Renderer.
	Render func(ch engine.Channel, c engine.Content, hint string) []engine.Content
	// Served says which kinds parley itself serves: who reads the event log has their
	// messages, and nothing has to be sent. nil is none.
	Served func(engine.ChannelKind) bool
}

// Change is what one transaction does to one conversation. Its methods write
// everything but the conversation itself, which Save does at the end; a Change
// that is not saved belongs to a transaction that fails.
type Change struct {
	engine.Conversation
	Now time.Time

	w     Writer
	tx    engine.Tx
	entry *catalog.Entry // nil until somebody asks
	news  bool           // the inbox has something that its worker does not know of
	// What the worker of the inbox is told with it: the revision before, what was put,
	// for whom a new conversation is, and whether the change did something else, too.
	before int64
	put    []engine.InboxEntry
	opened *engine.Consumer
	mixed  bool
	moved  bool // agents have more or less to do
}

// Change begins with a conversation that the transaction, or an earlier view, has
// read: a revision that is no longer the stored one fails in Save.
func (w Writer) Change(tx engine.Tx, now time.Time, conv engine.Conversation) *Change {
	return &Change{Conversation: conv, Now: now, w: w, tx: tx, before: conv.Rev}
}

// Load reads the conversation. NotFound when the brand has none with the id.
func (w Writer) Load(tx engine.Tx, now time.Time, brand, id string) (*Change, error) {
	conv, err := tx.Conversations().Get(brand, id)
	return w.Change(tx, now, conv), err
}

// In says what the brand is, for those who know: it is read once, otherwise.
func (c *Change) In(e catalog.Entry) *Change {
	c.entry = &e
	return c
}

// Entry is the brand of the conversation.
func (c *Change) Entry() (catalog.Entry, error) {
	if c.entry == nil {
		e, err := catalog.Read(c.tx, c.Brand)
		if err != nil {
			return e, err
		}
		c.entry = &e
	}
	return *c.entry, nil
}

// Save writes the conversation, and after the commit wakes whoever has something
// to do with it now. Conflict when somebody else has changed it.
func (c *Change) Save() error {
	if err := c.tx.Conversations().Save(&c.Conversation); err != nil {
		return err
	}
	if c.news && c.Ready {
		c.tx.Wake(engine.Signal{Topic: engine.TopicDialog, Brand: c.Brand, Key: c.ID, Local: c.told()})
	}
	if c.moved {
		c.tx.Wake(engine.Signal{Topic: engine.TopicRouting, Brand: c.Brand, Key: c.Brand})
	}
	c.news, c.moved, c.mixed = false, false, true
	return nil
}

// Log appends an event about the conversation.
func (c *Change) Log(kind engine.EventKind, actor string, data any) error {
	return Log(c.tx, c.Now, engine.ConversationRef{Brand: c.Brand, ID: c.ID}, kind, actor, data)
}

// Updated tells that tags, attributes or a name changed.
func (c *Change) Updated(actor string) error {
	return c.Log(engine.EventUpdated, actor, c.state(""))
}

// Log appends an event about a conversation that need not be read for it.
func Log(tx engine.Tx, at time.Time, ref engine.ConversationRef, kind engine.EventKind, actor string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return engine.Errorf(engine.Internal, "event data").Because(err)
	}
	return tx.Events().Add(&engine.Event{At: at, Brand: ref.Brand, Conversation: ref.ID, Kind: kind, Actor: actor, Data: raw})
}

// state is the data of an event that tells what the conversation is after it.
func (c *Change) state(reason string) engine.ConversationData {
	return engine.ConversationData{
		State: c.State, Owner: c.Owner, Agent: c.Agent, Skill: c.Skill,
		Rev: c.Rev + 1, Reason: reason, Outcome: c.Outcome, Tags: c.Tags,
	}
}

// holding is who has a conversation, and since when.
type holding struct {
	owner       engine.Owner
	agent, name string // name is "" of an agent who was removed
	skill       string
	since       time.Time
}

func (c *Change) holding() (holding, error) {
	h := holding{owner: c.Owner, skill: c.Skill, since: c.OwnedAt}
	if h.since.IsZero() {
		h.since = c.CreatedAt
	}
	if c.Owner != engine.OwnerAgent || c.Agent == "" {
		return h, nil
	}
	h.agent = c.Agent
	u, err := c.tx.Users().Get(c.Brand, c.Agent)
	if engine.CodeOf(err) == engine.NotFound {
		return h, nil
	}
	h.name = u.Name
	return h, err
}

// passed tells that the conversation went from one holder to what it has now.
func (c *Change) passed(kind engine.EventKind, from holding, actor string, data engine.ConversationData) error {
	data.Was, data.WasSkill, data.Since = from.owner, from.skill, from.since.UnixMilli()
	data.From, data.FromName = from.agent, from.name
	c.OwnedAt = c.Now
	for _, o := range []engine.Owner{from.owner, c.Owner} {
		c.moved = c.moved || o == engine.OwnerQueue || o == engine.OwnerAgent
	}
	return c.Log(kind, actor, data)
}
