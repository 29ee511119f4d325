// Package loop finds machines that answer each other: it counts what bots and
// one address write, over all conversations of the address, and says when a
// person has to look at it.
package loop
