// Package schedule is what require "schedule" gives: later conversations with the consumer.
package schedule
