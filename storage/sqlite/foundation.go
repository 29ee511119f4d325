package sqlite

import (
	"fmt"
	"hash/crc32"
	"io/fs"

	"parley/engine"
)

// foundation is the first migration's fingerprint. Until the first release it
// changes in place, and a database that another one made has other tables under
// the same version. Each database has its own in SQLite's user_version.
func foundation(steps fs.FS) (int64, error) {
	files, err := fs.Glob(steps, "*.sql")
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("storage: no migrations: %w", err)
	}
	text, err := fs.ReadFile(steps, files[0])
	if err != nil {
		return 0, fmt.Errorf("storage: migrations: %w", err)
	}
	return int64(crc32.ChecksumIEEE(text) >> 1), nil // 31 bits: user_version has a sign
}

// checkFoundation refuses a database that another first migration made.
func checkFoundation(path string, have, want int64) error {
	if have == want {
		return nil
	}
	return engine.Errorf(engine.Unavailable,
		"%s was made by a parley from before the first release, and its tables are others: move the folder away and start anew", path)
}
