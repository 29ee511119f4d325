// Package outbox performs what the outbox asks for, in order within a
// conversation, and settles each item by what came of it. A send that may or
// may not have happened is looked up at the provider before anything else.
package outbox
