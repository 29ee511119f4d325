// Package log is what require "log" gives: one function that writes to the brand's log.
package log
