// Package routing decides which agent gets which waiting conversation, and
// moves conversations into and out of the queue.
package routing
