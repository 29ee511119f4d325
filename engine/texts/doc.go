// Package texts holds the sentences that the gateway itself says to consumers,
// in each language it speaks, and the brand's overrides of them.
package texts
