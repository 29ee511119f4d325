// Package attendance decides which agents are gone, and gives the conversations
// of those who are back to their queues.
package attendance
