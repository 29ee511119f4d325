// Package webchat is the connector of parley's own widget and chat page. There
// is no provider: visitors write through the gateway and read the event log, so
// a message that is in the log is sent.
package webchat
