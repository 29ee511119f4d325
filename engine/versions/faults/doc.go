// Package faults tells the mistakes of a version apart, whatever conversations met them.
package faults
