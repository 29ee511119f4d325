// Package fakes starts fake providers for people who try a channel without an account.
package fakes
