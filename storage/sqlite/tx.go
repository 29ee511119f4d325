package sqlite

import "parley/engine"

// tx gives the facets on one connection inside one transaction.
type tx struct{ c *conn }

var _ engine.Tx = tx{}

func (t tx) Wake(s engine.Signal) { t.c.wake(s) }

func (t tx) Brands() engine.Brands               { return brands(t) }
func (t tx) Bundles() engine.Bundles             { return bundles(t) }
func (t tx) Users() engine.Users                 { return users(t) }
func (t tx) Logins() engine.Logins               { return logins(t) }
func (t tx) Consumers() engine.Consumers         { return consumers(t) }
func (t tx) Conversations() engine.Conversations { return conversations(t) }
func (t tx) Messages() engine.Messages           { return messages(t) }
func (t tx) Inbox() engine.Inbox                 { return inbox(t) }
func (t tx) Sessions() engine.Sessions           { return sessions(t) }
func (t tx) Outbox() engine.Outbox               { return outbox(t) }
func (t tx) Sends() engine.Sends                 { return sends(t) }
func (t tx) Circuits() engine.Circuits           { return circuits(t) }
func (t tx) Queue() engine.Queue                 { return queue(t) }
func (t tx) Timers() engine.Timers               { return timers(t) }
func (t tx) Events() engine.Events               { return events(t) }
func (t tx) Values() engine.Values               { return values(t) }
func (t tx) Followups() engine.Followups         { return followups(t) }
func (t tx) Releases() engine.Releases           { return releases(t) }
func (t tx) Faults() engine.Faults               { return faults(t) }
func (t tx) History() engine.History             { return history(t) }
func (t tx) Utterances() engine.Utterances       { return utterances(t) }
func (t tx) Tones() engine.Tones                 { return tones(t) }
func (t tx) Feedback() engine.Feedback           { return feedback(t) }
func (t tx) Attendance() engine.Attendance       { return attendance(t) }
func (t tx) Notices() engine.Notices             { return notices(t) }
func (t tx) Projections() engine.Projections     { return projections(t) }
func (t tx) Erasure() engine.Erasure             { return erasure(t) }
func (t tx) Retention() engine.Retention         { return retention(t) }
