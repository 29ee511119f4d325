package webchat

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const keyBytes = 32

// VisitorKey reads the key that signs visitors' tokens, or makes it at the
// first start. It lives beside the database and never in it, so that a backup
// of the data does not let anybody be a visitor.
func VisitorKey(dir string) ([]byte, error) {
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
	return key, writeWhole(file, key)
}

// writeWhole makes a file that only we may read, in full or not at all: a key
// cut off by a crash would refuse every later start.
func writeWhole(file string, data []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // with mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}
