package memory

import (
	"slices"
	"time"

	"parley/engine"
)

// state is all that a store holds. A copy of it is a snapshot.
type state struct {
	brands         table[engine.Brand]         // id
	channels       table[engine.Channel]       // id
	skills         table[engine.Skill]         // brand, id
	bundles        table[engine.Bundle]        // brand, hash
	users          table[engine.User]          // id
	attendance     table[presence]             // user, process
	notices        table[engine.Notice]        // agent, n
	logins         table[engine.Login]         // token hash
	tokens         table[engine.Token]         // id
	consumers      table[engine.Consumer]      // id
	identities     table[engine.Identity]      // brand, kind and address
	consents       table[engine.Consent]       // n
	conversations  table[conversation]         // id
	messages       table[message]              // conversation, seq
	inbox          table[engine.InboxEntry]    // conversation, n
	sessions       table[engine.Session]       // id
	journal        table[engine.JournalEntry]  // session, n
	outbox         table[engine.OutboxItem]    // seq
	circuits       table[engine.Circuit]       // channel
	queue          table[engine.QueueEntry]    // conversation
	timers         table[engine.Timer]         // id
	events         table[engine.Event]         // seq
	values         table[engine.Value]         // brand, key
	followups      table[engine.Followup]      // id
	versionChanges table[engine.VersionChange] // n
	faults         table[engine.FaultGroup]    // brand, id
	faulty         table[faulty]               // brand and fault, conversation
	utterances     table[engine.Utterance]     // brand, n
	tones          table[int64]                // brand
	feedback       table[engine.FAQFeedback]   // brand, question
	retention      table[engine.RetentionMark] // brand, kind
	positions      table[engine.Position]      // projection
	projected      table[projected]            // projection, key
	leases         table[engine.Lease]         // name
	marks          table[time.Time]            // key
	keys           table[[]byte]               // name
	blobs          table[engine.Blob]          // id
}

// conversation is one with what only the store knows: its place in the order
// they began, and whether an agent ever had it.
type conversation struct {
	engine.Conversation
	n        int64
	hadAgent bool
}

// message is one with its place in the order they came.
type message struct {
	engine.Message
	n int64
}

type presence struct {
	brand string
	at    time.Time
}

// faulty is a conversation in which a fault came up last at.
type faulty struct {
	conversation string
	at           time.Time
}

// tx gives the facets inside one transaction. Any number of views share one that
// is over.
type tx struct {
	state
	readOnly bool  // nothing of it changes any more
	number   int64 // of the update
	signals  []engine.Signal
}

var _ engine.Tx = &tx{}

// Wake keeps a signal until the commit. The same one twice is one.
func (t *tx) Ahead(engine.ConversationRef, int) {}
func (t *tx) AheadOfSends([]engine.OutboxItem)  {}

func (t *tx) Wake(s engine.Signal) {
	same := func(o engine.Signal) bool {
		return o.Topic == s.Topic && o.Brand == s.Brand && o.Key == s.Key && o.Data == nil && s.Data == nil && o.Local == nil && s.Local == nil
	}
	if !t.readOnly && !slices.ContainsFunc(t.signals, same) {
		t.signals = append(t.signals, s)
	}
}

func (t *tx) Brands() engine.Brands                 { return brands{t} }
func (t *tx) Bundles() engine.Bundles               { return bundles{t} }
func (t *tx) Users() engine.Users                   { return users{t} }
func (t *tx) Logins() engine.Logins                 { return logins{t} }
func (t *tx) Consumers() engine.Consumers           { return consumers{t} }
func (t *tx) Conversations() engine.Conversations   { return conversations{t} }
func (t *tx) Ready() engine.Ready                   { return ready{t} }
func (t *tx) Messages() engine.Messages             { return messages{t} }
func (t *tx) Inbox() engine.Inbox                   { return inbox{t} }
func (t *tx) Sessions() engine.Sessions             { return sessions{t} }
func (t *tx) Outbox() engine.Outbox                 { return outbox{t} }
func (t *tx) Sends() engine.Sends                   { return sends{t} }
func (t *tx) Circuits() engine.Circuits             { return circuits{t} }
func (t *tx) Queue() engine.Queue                   { return queue{t} }
func (t *tx) Timers() engine.Timers                 { return timers{t} }
func (t *tx) Events() engine.Events                 { return events{t} }
func (t *tx) Values() engine.Values                 { return values{t} }
func (t *tx) Followups() engine.Followups           { return followups{t} }
func (t *tx) VersionChanges() engine.VersionChanges { return versionChanges{t} }
func (t *tx) Faults() engine.Faults                 { return faults{t} }
func (t *tx) History() engine.History               { return history{t} }
func (t *tx) Utterances() engine.Utterances         { return utterances{t} }
func (t *tx) Tones() engine.Tones                   { return tones{t} }
func (t *tx) Feedback() engine.Feedback             { return feedback{t} }
func (t *tx) Attendance() engine.Attendance         { return attendance{t} }
func (t *tx) Notices() engine.Notices               { return notices{t} }
func (t *tx) Erasure() engine.Erasure               { return erasure{t} }
func (t *tx) Projections() engine.Projections       { return projections{t} }
func (t *tx) Retention() engine.Retention           { return retention{t} }
func (t *tx) Leases() engine.Leases                 { return leases{t} }
func (t *tx) Marks() engine.Marks                   { return marks{t} }
func (t *tx) Keys() engine.Keys                     { return keys{t} }
func (t *tx) Blobs() engine.Blobs                   { return blobs{t} }
