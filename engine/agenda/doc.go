// Package agenda does what the store plans for a time, when the time has come.
package agenda
