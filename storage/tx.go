package storage

import "parley/engine"

// tx gives the facets on one connection inside one transaction.
type tx struct{ c *conn }

var _ engine.Tx = tx{}

func (t tx) Brands() engine.Brands               { return brands{t.c} }
func (t tx) Bundles() engine.Bundles             { return bundles{t.c} }
func (t tx) Users() engine.Users                 { return users{t.c} }
func (t tx) Logins() engine.Logins               { return logins{t.c} }
func (t tx) Consumers() engine.Consumers         { return consumers{t.c} }
func (t tx) Conversations() engine.Conversations { return conversations{t.c} }
func (t tx) Messages() engine.Messages           { return messages{t.c} }
func (t tx) Inbox() engine.Inbox                 { return inbox{t.c} }
func (t tx) Sessions() engine.Sessions           { return sessions{t.c} }
func (t tx) Outbox() engine.Outbox               { return outbox{t.c} }
func (t tx) Queue() engine.Queue                 { return queue{t.c} }
func (t tx) Timers() engine.Timers               { return timers{t.c} }
func (t tx) Events() engine.Events               { return events{t.c} }
