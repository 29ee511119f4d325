// Package slots is what require "slots" gives: the values in a text.
package slots
