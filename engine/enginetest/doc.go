// Package enginetest is a whole engine around a store, with a provider that
// behaves like a real one, for the tests of the engine's packages.
package enginetest
