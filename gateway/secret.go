package gateway

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const keyBytes = 32

// visitorKey reads the key that signs visitors' tokens, or makes it at the
// first start. It lives beside the database and never in it, so that a backup
// of the data does not let anybody be a visitor.
func visitorKey(dir string) ([]byte, error) {
	file := filepath.Join(dir, "visitor.key")
	key, err := os.ReadFile(file)
	switch {
	case err == nil && len(key) == keyBytes:
		return key, nil
	case err == nil:
		return nil, fmt.Errorf("%s is damaged: it must have %d bytes; delete it to make a new one (visitors start anew)", file, keyBytes)
	case !errors.Is(err, os.ErrNotExist):
		return nil, err
	}
	key = make([]byte, keyBytes)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	return key, os.WriteFile(file, key, 0o600)
}
