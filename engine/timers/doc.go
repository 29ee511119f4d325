// Package timers puts what is due into the inbox of its conversation.
package timers
