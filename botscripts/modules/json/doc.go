// Package json is what require "json" gives.
package json
