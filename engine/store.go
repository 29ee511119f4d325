package engine

import (
	"context"
	"time"
)

// Store is the truth.
type Store interface {
	// View runs fn on a consistent snapshot, of all that was committed before it began. Writing in it is an error.
	View(ctx context.Context, fn func(Tx) error) error
	// Update runs fn in a transaction. When Update returns nil, what fn wrote
	// is on disk. When fn fails, panics or ends its goroutine, nothing of it is.
	// Updates come out as if they had run one after the other: what fn reads by key is
	// as it was when it wrote, and others see all of what it wrote or nothing. A list, a
	// count and "none of them" are what was committed when fn read it. Who decides on one
	// reads first, by key, the row that guards it, which all who change it read or write,
	// too: the user for what an agent has, the conversation for what is said and told in
	// it, the consumer for what is planned with them, Brands.Rev for what a brand has.
	// What never changes, and a brand's settings, hold up nobody who reads it. What is
	// wrong with a write (Conflict, NotFound) may be told by a later call, or by Update.
	// fn may run more than once, so it sets what it gives its caller and adds to nothing,
	// and must not keep a Tx; it may not block on anything but the Tx. Its wake-ups
	// go out after the commit and before Update returns, each of them once; those of
	// a try that failed or was run again do not.
	Update(ctx context.Context, fn func(Tx) error) error
	// Notify says where wake-ups go. Call it before the first Update that matters:
	// without it they are lost, and workers find their work by polling.
	Notify(publish func(Signal))
	Close() error
}

// View gives what read finds in one View of the store.
func View[T any](ctx context.Context, s Store, read func(Tx) (T, error)) (v T, err error) {
	err = s.View(ctx, func(tx Tx) (err error) {
		v, err = read(tx)
		return err
	})
	return v, err
}

// Update gives what write tells of what it wrote in one Update of the store: nothing when
// the store could not keep it, so that nobody goes by what is not so.
func Update[T any](ctx context.Context, s Store, write func(Tx) (T, error)) (T, error) {
	var v, none T
	var refused error // by write itself
	err := s.Update(ctx, func(tx Tx) error {
		v, refused = write(tx)
		return refused
	})
	if err != nil && refused == nil {
		return none, err
	}
	return v, err
}

// Tx gives the facets of the store inside one transaction. Every method
// returns NotFound when the one thing that it names is missing.
type Tx interface {
	// Wake sends a signal after the commit. What is put up for a worker wakes it by
	// itself: Events.Add, Outbox.Add, Timers.Add, Followups.Add, Queue.Put, what saves of
	// Brands, and Blobs that are due.
	Wake(Signal)
	// Ahead says that a turn's reads of a conversation follow in this view: its inbox,
	// so many entries at a look, its current session with the journal, and its consumer.
	// A store that is far away fetches them together; others do nothing.
	Ahead(of ConversationRef, entries int)
	// AheadOfSends says the same of what is read just before sends: consents of the
	// recipients, and circuits of the channels.
	AheadOfSends([]OutboxItem)
	Brands() Brands
	Bundles() Bundles
	Users() Users
	Logins() Logins
	Consumers() Consumers
	Conversations() Conversations
	Ready() Ready
	Messages() Messages
	Inbox() Inbox
	Sessions() Sessions
	Outbox() Outbox
	Sends() Sends
	Circuits() Circuits
	Queue() Queue
	Timers() Timers
	Events() Events
	Values() Values
	Followups() Followups
	VersionChanges() VersionChanges
	Faults() Faults
	History() History
	Utterances() Utterances
	Tones() Tones
	Feedback() Feedback
	Erasure() Erasure
	Retention() Retention
	Attendance() Attendance
	Notices() Notices
	Projections() Projections
	Leases() Leases
	Marks() Marks
	Keys() Keys
	Blobs() Blobs
}

// Brands holds brands with their channels and skills. Each of the three that save
// raises Brand.Rev by one in its transaction, and wakes TopicBrand.
type Brands interface {
	Get(id string) (Brand, error) // as it is now; an update that changes it begins with Rev
	// Rev is that of Get, alone. In an update it guards the brand and what it has, and
	// that there is none.
	Rev(id string) (int64, error)
	List() ([]Brand, error)
	Save(Brand) error // inserts or replaces; what it says of Rev counts for nothing
	Channel(id string) (Channel, error)
	Channels(brand string) ([]Channel, error)
	SaveChannels(brand string, all []Channel) error // replaces the brand's set
	Skills(brand string) ([]Skill, error)           // by id
	SaveSkills(brand string, all []Skill) error     // replaces the brand's set
}

// Bundles are immutable.
type Bundles interface {
	Get(brand, hash string) (Bundle, error)
	Add(Bundle) error // adding a known hash does nothing
	// List gives a brand's bundles without their files, newest first.
	List(brand string, limit int) ([]Bundle, error)
}

// Users holds the people who sign in, and their presence.
type Users interface {
	Get(brand, id string) (User, error)
	ByEmail(email string) (User, error) // lower case
	List(brand string) ([]User, error)  // by name
	// Save inserts or replaces; Conflict when the e-mail is taken. Another password,
	// or Disabled, ends the user's logins.
	Save(User) error
	// SetPresence is what the agent says: the gateway's reason and the lapses are over with it.
	SetPresence(brand, id string, p Presence, at time.Time) error
	Seen(brand, id string, at time.Time) error // and has not left
	Assigned(brand, id string, at time.Time) error
	Remove(brand, id string) error
}

// Attendance tells which processes hold live connections of whom: an agent whose
// connection to one of them ends may have others.
type Attendance interface {
	Here(brand, user, process string, at time.Time) error // inserts or replaces; drops the user's of more than a day ago
	Left(brand, user, process string) error               // none is no error
	// Last is the newest At of the user, over all processes; zero when there is none.
	Last(brand, user string) (time.Time, error)
}

// Notices are what agents must not miss.
type Notices interface {
	Add(*Notice) error                             // sets N, and drops the agent's oldest beyond MaxNotices
	List(brand, agent string) ([]Notice, error)    // by N
	Dismiss(brand, agent string, n ...int64) error // none is no error
}

// Logins holds signed-in browsers and API tokens.
type Logins interface {
	Add(Login) error // removes the user's expired ones
	Get(tokenHash string) (Login, error)
	Used(id string, at time.Time) error // a login's token hash, or an API token's id
	Remove(tokenHash string) error
	AddToken(Token) error
	Token(id string) (Token, error) // across brands: the secret decides
	Tokens(brand string) ([]Token, error)
	RemoveToken(brand, id string) error
}

// Consumers holds people, their identities and consent.
type Consumers interface {
	Get(brand, id string) (Consumer, error)
	ByAddress(brand string, kind ChannelKind, address string) (Consumer, error)
	Add(Consumer, Identity) error
	Save(Consumer) error // all but Outreach
	Reached(brand, consumer string, outreach []int64) error
	Identities(brand, consumer string) ([]Identity, error)
	// Pulse is that of the consumer's newest conversation that is closed; zero when there is none.
	Pulse(brand, consumer string) (Pulse, error)
	AddConsent(Consent) error
	Consent(brand, channel, address string) (Consent, error) // newest; NotFound when none
	// Consents are the records of all addresses that a consumer has, the newest first.
	Consents(brand, consumer string, limit int) ([]Consent, error)
}

// ConversationFilter selects for lists. Zero fields do not filter.
type ConversationFilter struct {
	Brand    string // required
	State    State
	Owner    Owner
	Agent    string
	Skills   []string
	Consumer string
	Before   time.Time // LastAt before this, for paging
	Limit    int       // 1 … 200
}

// SearchQuery asks for conversations in which all of the text's words stand: in
// the consumer's name and addresses, at any place, or as the beginnings of words
// in what was written. Case, accents and the grouping of digits do not matter.
type SearchQuery struct {
	Brand string // required
	Text  string
	State State // "" for any, as with the next two
	Owner Owner
	Agent string
	Among []string // ids; nil for all of the brand
	After string   // the Next of the page before
	Limit int      // 1 … 200
}

// SearchPage is what was found: the conversation that began last comes first.
// With a Next there may be more, also after a page that is not full.
type SearchPage struct {
	Conversations []Conversation
	Next          string
}

// Searcher finds conversations. It reads an index that follows the store within
// seconds, and on connections of its own: a search delays nobody's message.
// Errors: Unavailable when it takes too long, Invalid for an After of no page.
type Searcher interface {
	Search(ctx context.Context, q SearchQuery) (SearchPage, error)
}

// Conversations is the record of each conversation.
type Conversations interface {
	Get(brand, id string) (Conversation, error)
	// OpenByAddress finds the open conversation of an address on a channel.
	OpenByAddress(channel, address string) (Conversation, error)
	Add(Conversation) error // Conflict when the address already has an open one on the channel
	// Save writes c with Rev+1 when the stored Rev is still c.Rev, else Conflict.
	Save(c *Conversation) error
	List(ConversationFilter) ([]Conversation, error) // newest LastAt first
	// Count is how long an endless List is. Open ones by owner and agent cost the same however many they are.
	Count(ConversationFilter) (int, error)
	// Load is the summed skill weight of open conversations that each agent owns or is offered.
	Load(brand string) (map[string]float64, error)
}

// Ready are the conversations with Ready set.
type Ready interface {
	List(limit int) ([]ConversationRef, error) // those that are claimed, too; in no order
	// Claim gives those whose ReadyAt has come to the caller alone, until then: it sets
	// their ReadyAt, and leaves Rev as it is. It takes of all brands in turn, of each
	// those that are ready longest, so that a crowd of one brand is before nobody else's.
	// Two updates at once are not given the same ones, and wait for none of each other's.
	Claim(now, until time.Time, limit int) ([]ConversationRef, error)
	Any(now time.Time) (bool, error) // whether Claim finds any
}

// ConversationRef names a conversation.
type ConversationRef struct{ Brand, ID string }

// Messages is the transcript.
type Messages interface {
	// Add inserts; Conflict when (Channel, ProviderID) or (Conversation, ClientID) is taken.
	Add(Message) error
	Get(brand, id string) (Message, error)
	// ByProvider finds an inbound message by the provider's id.
	ByProvider(channel, providerID string) (Message, error)
	// ByClient finds a message by its writer's idempotency key.
	ByClient(conversation, clientID string) (Message, error)
	// List gives messages of one conversation by seq, after `after`, at most limit.
	List(brand, conversation string, after int64, limit int) ([]Message, error)
	// Thread gives a consumer's messages over all conversations, newest first,
	// before the message with id `before` ("" for the newest), at most limit.
	Thread(brand, consumer, before string, limit int) ([]Message, error)
	// Progress is all that receipts ask of a message.
	Progress(brand, id string) (Progress, error)
	// Mark sets the marks.
	Mark(brand, id string, m MessageMarks) error
	// SetState sets the state as it is given; the caller has advanced it.
	SetState(brand, id string, s DeliveryState, failure string) error
	// Move sets the state of a message that has the other one, and no failure: Conflict
	// when there is no such message.
	Move(brand, id string, from, to DeliveryState) error
}

// Inbox holds what nobody has handled yet.
type Inbox interface {
	// Add appends an entry to the inbox of a conversation. N is the conversation's
	// LastInbox, counted up: the rev guards it.
	Add(InboxEntry) error
	// List gives the conversation's entries by N.
	List(conversation string) ([]InboxEntry, error)
	// Look gives, by N, the first limit entries, limit of those that are no
	// messages, and the last one: all that a turn needs, however many wait.
	Look(conversation string, limit int) ([]InboxEntry, error)
	Remove(conversation string, n int64) error // NotFound or Conflict when somebody else was faster
	Clear(conversation string) error
}

// Sessions holds bot sessions and their journals.
type Sessions interface {
	Add(Session) error
	Save(Session) error
	Get(id string) (Session, error)
	// Current is the conversation's newest session; NotFound when it has none.
	Current(conversation string) (Session, error)
	// Record inserts entries or sets the answer of known ones.
	Record(entries []JournalEntry) error
	Journal(session string) ([]JournalEntry, error) // by N
}

// Outbox holds the effects on the outside world. What ends an item behind which others
// of its line wait wakes TopicDelivery.
type Outbox interface {
	Add(*OutboxItem) error // sets Seq by the end of the update, wakes TopicDelivery
	// Claim leases due pending items that are the first active one of their
	// conversation and kind: State leased, Attempt+1, LeaseUntil and TriedAt set. Of a
	// channel whose circuit is open it gives no message before ProbeAt, and then one,
	// which becomes the Probe, with ProbeAt moved to leaseUntil. What waits costs nothing.
	Claim(now, leaseUntil time.Time, limit int) ([]OutboxItem, error)
	Get(id string) (OutboxItem, error)
	// Save writes State, DueAt, LeaseUntil, Tries, Lookups, DeniedAt, Apart, ProviderID,
	// Receipt and Failure when the stored Attempt is still item.Attempt, else Conflict.
	// One that has ended (done, failed) is not begun again: Conflict, too.
	Save(OutboxItem) error
	// Settle is Save for an item that was claimed as claimed: Conflict when a receipt or
	// another attempt came first.
	Settle(claimed, settled OutboxItem) error
	// Stale lists leased items whose lease ended and unsure items that are due.
	Stale(now time.Time, limit int) ([]OutboxItem, error)
	// Expire ends every lease now: only for a process that knows it is alone.
	Expire(now time.Time) error
	// ByProvider is the newest that the provider knows so. In an update it guards that
	// there is none; who changes what it gives begins with Get.
	ByProvider(channel, providerID string) (OutboxItem, error)
	// Next is when the earliest item can be claimed, or unsure one is due; zero when none.
	Next() (time.Time, error)
}

// Sends are the outbox's messages, for who asks about one of them.
type Sends interface {
	// Of gives the sends of a message by part, those of one part in their order. It
	// knows those whose id is a SendID.
	Of(message string) ([]OutboxItem, error)
	// Waiting gives a conversation's pending sends in their order.
	Waiting(conversation string, limit int) ([]OutboxItem, error)
	// Overdue gives pending sends of a channel, the first of their conversations, that
	// were due at `at` or before, the longest due first.
	Overdue(channel string, at time.Time, limit int) ([]OutboxItem, error)
	// Hurry makes those that are due after now and until `until` due now.
	Hurry(channel string, now, until time.Time) error
}

// Circuits tell which channels are not well.
type Circuits interface {
	Get(channel string) (Circuit, error)
	List(brand string) ([]Circuit, error) // by channel; of all brands with ""
	Add(Circuit) error                    // Conflict when there is one
	Save(Circuit) error                   // inserts or replaces
	Remove(channel string) error          // none is no error
}

// Queue holds waiting conversations.
type Queue interface {
	Put(QueueEntry) error // inserts or replaces; wakes TopicRouting for the brand
	Get(conversation string) (QueueEntry, error)
	Remove(conversation string) error
	List(brand string) ([]QueueEntry, error) // by priority, then EnteredAt
	// Meant lists, in that order, what is offered to the agent or meant for them.
	Meant(brand, agent string) ([]QueueEntry, error)
	// Waiting is how many wait by skill. It costs the same however many they are.
	Waiting(brand string) (map[string]int, error)
	Brands() ([]string, error) // brands with a waiting conversation
	// Position is 1 for the next one in its skill.
	Position(conversation string) (int, error)
}

// Timers fire into the inbox.
type Timers interface {
	Add(Timer) error // wakes TopicTimers
	// Due gives those whose time has come, the longest due first. What it gives an
	// update no other one is given before that has ended: who does it takes it off in
	// the same update, and nobody does it twice or waits for another.
	Due(now time.Time, limit int) ([]Timer, error)
	Remove(id string) error
	RemoveSession(session string) error
	Next() (time.Time, error) // zero when none
}

// EventFilter selects for readers of the log.
type EventFilter struct {
	After        Cursor
	Brand        string // "" for all: only in-process readers
	Conversation string
	Consumer     string // events of all conversations of the consumer
	Kinds        []EventKind
	// Since leaves out what was earlier, of one conversation or one consumer's: it
	// reads back to there and no further.
	Since time.Time
	Limit int
}

// Events is the log: it grows at its end, and may lose its beginning.
type Events interface {
	Add(*Event) error                  // sets Version at once and Seq by the end of the update, wakes TopicEvents; NotFound when its conversation is missing
	List(EventFilter) ([]Event, error) // by Seq
	// Last is the end of the log. Nothing at or before it appears later, so that who
	// has read up to here and goes on from here misses no event that commits late.
	Last() (Cursor, error)
	// Drop removes about so many of the oldest events that are from before, and says how
	// many went: from the log's beginning on, so that what is left has no hole, only what
	// every projection has read, and never the last event. A store whose log is in parts
	// removes whole parts, whatever becomes of the update, and says 0 while somebody
	// reads them.
	Drop(before time.Time, limit int) (int, error)
	// Gone is the last event that Drop removed, zero when none was: who goes on from a
	// cursor before it misses some. Who asks after he has read is told of all that he missed.
	Gone() (RetentionMark, error)
}

// Values is the brand's key-value store for bots.
type Values interface {
	Get(brand, key string, now time.Time) (Value, error) // NotFound also when it has expired
	// Put writes v. With check, only when the stored version is v.Version (0: missing
	// or expired), else Conflict. It gives the new version: 1 for a key that was
	// missing or had expired.
	Put(v Value, check bool, now time.Time) (int64, error)
	Remove(brand, key string) error
	Count(brand string) (int, error)
	Expire(now time.Time, limit int) (int, error) // removes expired ones, and says how many
}

// Followups are planned conversations.
type Followups interface {
	Add(Followup) error                               // replaces one of the same brand, consumer and name; wakes TopicTimers
	Due(now time.Time, limit int) ([]Followup, error) // as Timers.Due
	Remove(id string) error
	Cancel(brand, consumer, name string) (bool, error) // false when there is none
	Count(brand, consumer string) (int, error)
	Next() (time.Time, error) // zero when none
}

// VersionChanges is the history of a brand's versions.
type VersionChanges interface {
	Add(VersionChange) error
	List(brand string, limit int) ([]VersionChange, error) // newest first
}

// Faults are failed bot turns, grouped.
type Faults interface {
	// Record counts one fault of a conversation, at g.Last, in the group with g's
	// id, which begins with g.Fault when there is none.
	Record(g FaultGroup, conversation string) error
	List(brand string, since time.Time, limit int) ([]FaultGroup, error) // by Last, newest first
	Get(brand, id string) (FaultGroup, error)
	Conversations(brand, id string, limit int) ([]string, error) // newest first
}

// UtteranceFilter selects for lists.
type UtteranceFilter struct {
	Brand string // required
	State UtteranceState
	Below int64 // N below this, for paging; 0 for the newest
	Limit int
}

// Utterances are what bots can learn from.
type Utterances interface {
	// Add sets u.N, the brand's highest yet plus one. Conflict when the
	// conversation has the text already.
	Add(u *Utterance) error
	Get(brand string, n int64) (Utterance, error)
	Find(brand, conversation, text string) (Utterance, error)
	// Save writes what became of it: Message, Source, State, Intent, Question, Version, By and At.
	Save(Utterance) error
	List(UtteranceFilter) ([]Utterance, error) // by N, highest first
	Drop(brand string, upTo int64) error       // removes those up to this N; none is no error
}

// Tones is what agents say of how messages sound.
type Tones interface {
	// Judge sets a message's Heard. With By it is an example to learn from.
	Judge(brand, message string, h Heard) error
	// Judged gives the newest messages that agents judged.
	Judged(brand string, limit int) ([]Message, error)
	// Version changes with every Judge of the brand; 0 before the first.
	Version(brand string) (int64, error)
}

// Feedback is what consumers say of FAQ entries.
type Feedback interface {
	Add(f FAQFeedback) error                  // adds the counts; At becomes the later one
	List(brand string) ([]FAQFeedback, error) // by question
}

// Erasure takes out of the store what is known of a consumer. Rows that count
// stay, without what they said.
type Erasure interface {
	// Conversations lists the consumer's, by id, after the id `after`.
	Conversations(brand, consumer, after string, limit int) ([]string, error)
	// Conversation removes what was said in a closed conversation, sent, kept by its
	// bots and told by its events, and gives the number of messages. Its blobs are gone,
	// and due, so that their worker removes the bytes. Conflict when it is open.
	Conversation(brand, id string) (messages int, err error)
	// Outbox finds the items of the consumer's conversations; it reads all of them.
	Outbox(brand, consumer string) ([]int64, error)
	// Consumer removes name, attributes, addresses and plans, and the outbox items.
	Consumer(brand, id string, outbox []int64) error
}

// Retention removes what is older than a brand keeps it, a little in each call, and remembers how far it has come.
type Retention interface {
	// Sends looks at so many outbox items and removes the finished ones of the brand that were made before, up to
	// one that is not finished; more says that others are to be looked at.
	Sends(brand string, before time.Time, limit int) (more bool, err error)
	// Journals removes those of so many conversations that closed before.
	Journals(brand string, before time.Time, limit int) (more bool, err error)
	// Conversations lists so many that closed before, for Erasure.Conversation, and the mark
	// to be reached when all are done.
	Conversations(brand string, before time.Time, limit int) (ids []string, mark RetentionMark, err error)
	Reached(brand string, mark RetentionMark) error
}

// History reads what sessions did, for the authors of bots.
type History interface {
	// Waiting lists sessions that wait in open conversations, by id, after the id `after`.
	Waiting(brand, after string, limit int) ([]Session, error)
	Sessions(brand, conversation string) ([]Session, error) // oldest first
	// Conversations lists conversations created in [from, until), oldest first, after
	// the conversation `after` ("" for the first).
	Conversations(brand string, from, until time.Time, after string, limit int) ([]Conversation, error)
	Figures(brand string, since time.Time) ([]VersionFigures, error) // of sessions begun since
	// Begun counts a version's sessions begun since, at most the 2,000 newest, and those of them that failed.
	Begun(brand, version string, since time.Time) (all, failed int, err error)
}
