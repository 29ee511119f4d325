// Package live tells clients what happens, as it happens, over WebSockets and long
// polls, and by them who is there.
package live
