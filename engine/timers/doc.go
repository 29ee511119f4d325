// Package timers puts timers that are due into the inbox of their conversation.
package timers
