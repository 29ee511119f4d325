// Package storagetest holds the store contracts as tests that any engine.Store
// must pass. A database is a folder in storage with a test of five lines:
//
//	func TestContracts(t *testing.T) {
//		storagetest.Run(t, func(t testing.TB) engine.Store { return open(t, t.TempDir()) })
//	}
//
// open gives an empty store and closes it in t.Cleanup. What is the database's
// own (its files, plans, migrations and tricks) is tested in its folder. A store
// with a searcher runs RunSearch, too.
package storagetest
