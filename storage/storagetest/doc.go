// Package storagetest holds the store contracts as tests that any engine.Store
// must pass.
package storagetest
