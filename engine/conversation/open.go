package conversation

import (
	"time"

	"parley/engine"
	"parley/engine/catalog"
)

// Opening is what a new conversation begins with.
type Opening struct {
	Entry    catalog.Entry
	Channel  engine.Channel
	Consumer engine.Consumer
	Address  string
	Draft    string // a version that its bot runs instead; "" for none
	Actor    string // who opens it, for the log
	Reason   string
}

// Open begins a conversation, which its bot has. Conflict when the address has an
// open one on the channel.
func (w Writer) Open(tx engine.Tx, now time.Time, o Opening) (*Change, error) {
	pulse, err := tx.Consumers().Pulse(o.Channel.Brand, o.Consumer.ID)
	if err != nil {
		return nil, err
	}
	lang, spoken := o.Consumer.Language, o.Entry.Brand.Settings.Languages
	if lang == "" && len(spoken) > 0 {
		lang = spoken[0]
	}
	heard, err := heardAt(tx, o)
	if err != nil {
		return nil, err
	}
	c, err := w.begin(tx, now, o.Entry, engine.Conversation{
		Brand: o.Channel.Brand, Channel: o.Channel.ID, Kind: o.Channel.Kind, Consumer: o.Consumer.ID, Address: o.Address, Owner: engine.OwnerBot,
		Language: lang, Mood: Begin(o.Entry.Brand, o.Consumer.Language), Draft: o.Draft, Pulse: pulse, HeardAt: heard,
	}, o.Actor, o.Reason)
	o.Consumer.CreatedAt = Milliseconds(o.Consumer.CreatedAt)
	c.opened = &o.Consumer
	return c, err
}

// mostEarlier is how many conversations are looked at for when a consumer wrote last.
const mostEarlier = 20

// heardAt is when the consumer wrote last before the opening, which they do themselves
// when they write now.
func heardAt(tx engine.Tx, o Opening) (last time.Time, err error) {
	if o.Actor == "consumer" {
		return last, nil
	}
	earlier, err := tx.Conversations().List(engine.ConversationFilter{Brand: o.Channel.Brand, Consumer: o.Consumer.ID, Limit: mostEarlier})
	for _, c := range earlier {
		if c.Channel == o.Channel.ID && c.Address == o.Address {
			last = engine.Later(last, c.HeardAt)
		}
	}
	return last, err
}

// Reopen goes on where a closed conversation ended, and nobody has it yet. The
// open one of its address is taken when there is one.
func (w Writer) Reopen(tx engine.Tx, now time.Time, e catalog.Entry, old engine.Conversation, actor, reason string) (*Change, error) {
	conv, err := tx.Conversations().OpenByAddress(old.Channel, old.Address)
	if engine.CodeOf(err) != engine.NotFound {
		return w.Change(tx, now, conv).In(e), err
	}
	return w.begin(tx, now, e, engine.Conversation{
		Brand: old.Brand, Channel: old.Channel, Kind: old.Kind, Consumer: old.Consumer, Address: old.Address, Owner: engine.OwnerNone,
		Language: old.Language, Mood: Begin(e.Brand, old.Language), Preview: old.Preview, PreviewAuthor: old.PreviewAuthor, HeardAt: old.HeardAt,
	}, actor, reason)
}

// Given adds a conversation as it is told: what a simulation begins with.
func Given(tx engine.Tx, conv engine.Conversation) error { return tx.Conversations().Add(conv) }

func (w Writer) begin(tx engine.Tx, now time.Time, e catalog.Entry, conv engine.Conversation, actor, reason string) (*Change, error) {
	conv.ID, conv.State, conv.LastAt, conv.CreatedAt = w.NewID(), engine.Open, now, now
	c := w.Change(tx, now, conv).In(e)
	if err := tx.Conversations().Add(c.Conversation); err != nil {
		return c, err
	}
	return c, c.Log(engine.EventOpened, actor, c.state(reason))
}
