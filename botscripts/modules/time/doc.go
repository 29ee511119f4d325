// Package time is what require "time" gives: counting with times, in the brand's zone.
package time
