package relational

import "parley/engine"

// Tx gives the facets on one connection inside one transaction. A database adds those
// that it keeps in its own way: Inbox, Events and Erasure.
type Tx struct{ C *Conn }

// Ahead does nothing: a read costs as much as two.
func (t Tx) Ahead(engine.ConversationRef, int) {}
func (t Tx) AheadOfSends([]engine.OutboxItem)  {}

// Wake sends a signal after the commit.
func (t Tx) Wake(s engine.Signal) { t.C.Wake(s) }

func (t Tx) Brands() engine.Brands                 { return brands(t) }
func (t Tx) Bundles() engine.Bundles               { return bundles(t) }
func (t Tx) Users() engine.Users                   { return users(t) }
func (t Tx) Logins() engine.Logins                 { return logins(t) }
func (t Tx) Consumers() engine.Consumers           { return consumers(t) }
func (t Tx) Conversations() engine.Conversations   { return Conversations(t) }
func (t Tx) Ready() engine.Ready                   { return ready(t) }
func (t Tx) Messages() engine.Messages             { return messages(t) }
func (t Tx) Sessions() engine.Sessions             { return sessions(t) }
func (t Tx) Outbox() engine.Outbox                 { return Outbox(t) }
func (t Tx) Sends() engine.Sends                   { return sends(t) }
func (t Tx) Circuits() engine.Circuits             { return circuits(t) }
func (t Tx) Queue() engine.Queue                   { return queue(t) }
func (t Tx) Timers() engine.Timers                 { return timers(t) }
func (t Tx) Values() engine.Values                 { return values(t) }
func (t Tx) Followups() engine.Followups           { return followups(t) }
func (t Tx) VersionChanges() engine.VersionChanges { return versionChanges(t) }
func (t Tx) Faults() engine.Faults                 { return faults(t) }
func (t Tx) History() engine.History               { return history(t) }
func (t Tx) Utterances() engine.Utterances         { return utterances(t) }
func (t Tx) Tones() engine.Tones                   { return tones(t) }
func (t Tx) Feedback() engine.Feedback             { return feedback(t) }
func (t Tx) Attendance() engine.Attendance         { return attendance(t) }
func (t Tx) Notices() engine.Notices               { return notices(t) }
func (t Tx) Projections() engine.Projections       { return projections(t) }
func (t Tx) Retention() engine.Retention           { return retention(t) }
func (t Tx) Leases() engine.Leases                 { return leases(t) }
func (t Tx) Marks() engine.Marks                   { return marks(t) }
func (t Tx) Keys() engine.Keys                     { return keys(t) }
func (t Tx) Blobs() engine.Blobs                   { return blobs(t) }
