// Package memory is a store that lives as long as the process needs it: for
// tests, simulations and replays. It keeps the whole contract but the disk.
package memory
