// Package receive takes in what comes from outside: consumer messages and
// delivery receipts. What it has accepted is on disk before anybody is told so.
package receive
