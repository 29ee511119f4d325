// Package breaker takes a version that fails too often out of new conversations.
package breaker
