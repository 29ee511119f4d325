// Package store is what require "store" gives: values that the brand keeps.
package store
