// Package frames reads messages of WebSocket clients within limits, so that a
// client who breaks one can be told.
package frames
