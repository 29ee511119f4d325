// Package hours is what require "hours" gives: when people work.
package hours
