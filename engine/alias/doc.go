// Package alias gives consumers whose names nobody knows a name to call them
// by: "Amber Otter 47". It is made from the consumer's id, so it is the same
// everywhere and for ever.
package alias
