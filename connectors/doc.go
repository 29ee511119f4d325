// Package connectors lists the channel kinds that parley speaks. Each has a
// package of its own below this one.
package connectors
