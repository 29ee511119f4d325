// Package http is what require "http" gives: calls of other machines, which the outbox makes.
package http
