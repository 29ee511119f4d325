// Package command is the parley command line.
package command
