// Package blackbox holds tests that drive the built parley binary from
// outside, as providers, agents and operators do: over HTTP, signals and files,
// with a fake provider at the other end. It has no code of its own.
package blackbox
