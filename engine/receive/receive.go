package receive

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/listen"
	"parley/engine/loop"
	"parley/engine/smstext"
)

// Receiver stores what comes in. Safe for concurrent use.
type Receiver struct {
	Store      engine.Store
	Clock      engine.Clock
	NewID      engine.NewID // of consumers
	Catalog    *catalog.Catalog
	Writer     conversation.Writer
	Connectors map[engine.ChannelKind]engine.Connector
	Listener   *listen.Listener // nil hears by lexicon
	Log        *slog.Logger
	Bus        engine.Bus // of passing remarks; nil has none
	// Observe notes how much was left out of webhooks, and why; nil for nobody.
	Observe func(n int, why LeftOut)
	// Hold keeps the bots from being woken: a benchmark of the intake alone.
	Hold bool
}

// Taken is a stored inbound message.
type Taken struct {
	Message      engine.Message
	Conversation engine.Conversation
	Duplicate    bool // it was known already; nothing was changed
}

// maxTries bounds lost races in a row, which only a store with several writers has.
const maxTries = 16

// Inbound takes in one thing that a consumer did. A message is stored once: into the
// open conversation of its address, or into a new one.
func (r *Receiver) Inbound(ctx context.Context, entry catalog.Entry, ch engine.Channel, in engine.Inbound) (Taken, error) {
	if err := check(in); err != nil {
		return Taken{}, err
	}
	switch in.Kind {
	case engine.InboundMessage:
		return r.message(ctx, entry, ch, in)
	case engine.InboundTyping:
		return Taken{}, r.typing(ctx, ch, in)
	case engine.InboundEcho:
		return r.echo(ctx, entry, ch, in)
	case engine.InboundReaction:
		return r.change(ctx, ch, in, func(tx engine.Tx, m engine.Message) (Taken, error) { return r.react(tx, entry, ch, in, m) })
	}
	r.leave(1, LeftKind)
	return Taken{}, nil
}

// message stores a message.
func (r *Receiver) message(ctx context.Context, entry catalog.Entry, ch engine.Channel, in engine.Inbound) (Taken, error) {
	caps := r.can(ch)
	var heard listen.Reading
	if in.Payload == "" { // a pressed button has the brand's words
		heard = r.Listener.Read(entry.Brand, in.Content)
	}
	var taken Taken
	tries := 0
	err := again(func() error {
		tries++
		return r.Store.Update(ctx, func(tx engine.Tx) (err error) {
			taken, err = r.take(tx, entry, ch, caps, in, heard, tries > 1)
			return err
		})
	})
	return taken, err
}

// can tells what a channel can do; without a connector it is nothing.
func (r *Receiver) can(ch engine.Channel) engine.Capabilities {
	if con, ok := r.Connectors[ch.Kind]; ok {
		return con.Spec().Can(ch)
	}
	return engine.Capabilities{}
}

// again repeats what lost a race.
func again(fn func() error) error {
	err := fn()
	for tries := 1; engine.CodeOf(err) == engine.Conflict && tries < maxTries; tries++ {
		err = fn()
	}
	return err
}

// Limits of one inbound message, beyond what the edge has cut already.
const (
	maxText    = 64 << 10
	maxMedia   = 20
	maxAddress = 200
	maxEmoji   = 64
)

func check(in engine.Inbound) error {
	switch {
	case in.From == "" || len(in.From) > maxAddress:
		return engine.FieldError("from", "must have 1 to %d characters", maxAddress)
	case len(in.ProviderID) > maxAddress:
		return engine.FieldError("id", "is too long")
	case len(in.Of) > maxAddress:
		return engine.FieldError("of", "is too long")
	case len(in.Emoji) > maxEmoji:
		return engine.FieldError("emoji", "is longer than %d bytes", maxEmoji)
	case len(in.Content.Text) > maxText:
		return engine.FieldError("text", "is longer than %d bytes", maxText)
	case len(in.Content.Media) > maxMedia:
		return engine.FieldError("media", "has more than %d files", maxMedia)
	}
	return nil
}

func (r *Receiver) take(tx engine.Tx, entry catalog.Entry, ch engine.Channel, caps engine.Capabilities, in engine.Inbound, heard listen.Reading, again bool) (Taken, error) {
	now := r.Clock()
	open, err := tx.Conversations().OpenByAddress(ch.ID, in.From)
	conv := r.Writer.Change(tx, now, open).In(entry)
	opened := engine.CodeOf(err) == engine.NotFound
	if err != nil && !opened {
		return Taken{}, err
	}
	// A late duplicate must not open a new conversation. That a message is there already
	// the store may tell at the end only, and then it is looked for here.
	if opened || again {
		if known, err := known(tx, ch, open.ID, in); err != nil || known.Duplicate {
			return known, err
		}
	}
	if opened {
		if to, err := reactionTo(tx, ch, caps, in, ""); err != nil {
			return Taken{}, err
		} else if to != nil { // to a goodbye, say: that begins nothing
			return r.note(tx, now, ch, in, to)
		}
		if conv, err = r.open(tx, now, entry, ch, in); err != nil {
			return Taken{}, err
		}
	}
	word, err := keyword(tx, caps, entry.Brand, ch, in)
	if err != nil {
		return Taken{}, err
	}
	var to *reaction
	if word == none && !opened {
		if to, err = reactionTo(tx, ch, caps, in, conv.Consumer); err != nil {
			return Taken{}, err
		}
	}
	said, silent := in, in.Standby // what the consumer says by it
	if caps.Keywords {
		said.Content.Text = smstext.Unsigned(in.Content.Text)
	}
	if to != nil {
		said.Content = engine.Content{Text: to.means()}
		silent = silent || said.Content.Text == ""
	}
	if word == none && !silent {
		said.Content.Picked = picked(now, caps, conv.Conversation, said)
		if in.Content.Picked = said.Content.Picked; in.Content.Picked != nil {
			conv.Pending = nil // a later "2" answers another question
		}
	}
	// A text that is known already fails below, and nothing of this is saved.
	loops, err := endless(tx, entry, conv, in.Content.Text, silent, opened)
	if err != nil {
		return Taken{}, err
	}
	was, since := conv.Mood.Tone, conv.WaitingSince
	var hears engine.Heard
	if word == none && in.Content.Picked == nil && to == nil {
		hears = heard.Hear(&conv.Conversation)
	}
	answered, err := about(tx, ch, in)
	if engine.UnlessGone(err) != nil {
		return Taken{}, err
	}
	m, err := conv.Hear(engine.Message{
		AuthorName: in.FromName, Content: in.Content, Heard: hears, Marks: engine.MessageMarks{Answers: answered.ID},
		ProviderID: in.ProviderID, ClientID: in.ClientID, ProviderAt: in.ProviderAt,
	})
	// One that came twice at once, and opened something, looks again: nothing of that may stay.
	if engine.CodeOf(err) == engine.Conflict && !opened {
		if known, err := known(tx, ch, conv.ID, in); err != nil || known.Duplicate {
			return known, err
		}
	}
	if err != nil {
		return Taken{}, err
	}
	if in.Standby { // who has it answers, in their app
		conv.WaitingSince = since
	}
	switch {
	case word != none:
		err = r.obey(tx, entry, ch, caps, conv, m, in, word, opened, loops != nil || in.Standby)
	case loops != nil:
		err = conv.EndLoop(*loops)
	case conv.Owner == engine.OwnerBot && !silent:
		err = r.give(conv, m.ID, said.Content)
	}
	if err == nil && to != nil {
		_, err = mark(tx, now, to.message, to.sign, now)
	}
	if err != nil {
		return Taken{}, err
	}
	if err := conv.Turned(was, "system"); err != nil {
		return Taken{}, err
	}
	err = conv.Save()
	return Taken{Message: m, Conversation: conv.Conversation}, err
}

// give puts what the consumer means by a message into the inbox of the bot.
func (r *Receiver) give(conv *conversation.Change, message string, means engine.Content) (err error) {
	e := engine.InboxEntry{Kind: engine.InboxMessage, Message: message, Data: engine.JSON(means)}
	if conv.Ready = true; r.Hold {
		_, err = conv.Keep(e)
		return err
	}
	return conv.Put(e)
}

// endless tells when the bot that has a conversation would answer a machine, or has more
// before it than it will ever read.
func endless(tx engine.Tx, entry catalog.Entry, conv *conversation.Change, text string, silent, opened bool) (*engine.LoopData, error) {
	if conv.Owner != engine.OwnerBot {
		return nil, nil
	}
	if !silent {
		if loops := loop.Answered(&conv.Pulse, entry.Brand.Settings.Loops, text, opened, conv.Now); loops != nil {
			return loops, nil
		}
	}
	if !conv.Ready {
		return nil, nil
	}
	return crowded(tx, conv.Conversation)
}

// maxWaiting is how many messages wait for a bot that does not come to read them.
const maxWaiting = 1000

// crowded says when more wait than a bot will ever read. They are all in the
// transcript, and a person goes on from there.
func crowded(tx engine.Tx, conv engine.Conversation) (*engine.LoopData, error) {
	if conv.LastInbox < maxWaiting {
		return nil, nil
	}
	first, err := tx.Inbox().Look(conv.ID, 1)
	if err != nil || len(first) == 0 || conv.LastInbox-first[0].N+1 < maxWaiting {
		return nil, err
	}
	return &engine.LoopData{Kind: "waiting", Limit: maxWaiting, Text: fmt.Sprintf("%d messages waited for the bot", maxWaiting)}, nil
}

// known finds the message that in repeats, by the provider's id or, within a
// conversation, by the writer's.
func known(tx engine.Tx, ch engine.Channel, conversation string, in engine.Inbound) (Taken, error) {
	m, err := engine.Message{}, error(engine.Errorf(engine.NotFound, "no message"))
	if in.ProviderID != "" {
		m, err = tx.Messages().ByProvider(ch.ID, in.ProviderID)
	}
	if engine.CodeOf(err) == engine.NotFound && conversation != "" && in.ClientID != "" {
		m, err = tx.Messages().ByClient(conversation, in.ClientID)
	}
	if engine.CodeOf(err) == engine.NotFound {
		return Taken{}, nil
	}
	if err != nil {
		return Taken{}, err
	}
	conv, err := tx.Conversations().Get(m.Brand, m.Conversation)
	return Taken{Message: m, Conversation: conv, Duplicate: true}, err
}

// open makes a conversation, and the consumer when the address is new.
func (r *Receiver) open(tx engine.Tx, now time.Time, entry catalog.Entry, ch engine.Channel, in engine.Inbound) (*conversation.Change, error) {
	c, err := tx.Consumers().ByAddress(ch.Brand, ch.Kind, in.From)
	if engine.CodeOf(err) == engine.NotFound {
		c = engine.Consumer{ID: r.NewID(), Brand: ch.Brand, Name: in.FromName, Language: in.Language, CreatedAt: now}
		err = tx.Consumers().Add(c, engine.Identity{Brand: ch.Brand, Kind: ch.Kind, Address: in.From, Consumer: c.ID})
	}
	if err != nil {
		return nil, err
	}
	return r.Writer.Open(tx, now, conversation.Opening{Entry: entry, Channel: ch, Consumer: c, Address: in.From, Draft: in.Draft, Actor: "consumer"})
}
