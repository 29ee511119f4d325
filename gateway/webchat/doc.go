// Package webchat serves consumers on the web: the chat page, visitors'
// sessions, and their side of a conversation over HTTP, long poll and WebSocket.
package webchat
