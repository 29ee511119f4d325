// Package bus carries wake-ups and passing remarks between the workers of one
// process.
package bus
