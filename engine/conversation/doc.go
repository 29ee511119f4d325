// Package conversation writes messages into conversations: the message itself,
// what it changes in the conversation, its sends and its event, all in the
// caller's transaction.
package conversation
