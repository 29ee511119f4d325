// Package timetravel runs a version of a brand over recorded conversations and
// tells where it does something else than what was done then.
package timetravel
