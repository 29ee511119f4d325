// Package setup looks whether a channel is set up well: its settings, the address of
// its webhook and, by its connector, what the provider knows of it.
package setup
