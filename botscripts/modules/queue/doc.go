// Package queue is what require "queue" gives: how the queues to the people stand.
package queue
