package webchat

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"parley/engine"
)

const (
	keyBytes = 32
	keyName  = "visitors"
	keyFile  = "visitor.key" // where earlier builds had it
)

// VisitorKey gives the key that signs visitors' tokens, the same to all processes on a
// store. Whoever is first makes it, or takes over the one of an earlier build that lies in
// the data folder, so that its visitors stay who they are.
func VisitorKey(ctx context.Context, store engine.Store, dir string) ([]byte, error) {
	stored := func(tx engine.Tx) ([]byte, error) { return tx.Keys().Get(keyName) }
	key, err := engine.View(ctx, store, stored)
	if engine.CodeOf(err) == engine.NotFound {
		if key, err = firstKey(dir); err != nil {
			return nil, err
		}
		err = store.Update(ctx, func(tx engine.Tx) error { return tx.Keys().Add(keyName, key) })
		if engine.CodeOf(err) == engine.Conflict { // another process was faster
			key, err = engine.View(ctx, store, stored)
		}
	}
	if err == nil && len(key) != keyBytes {
		err = fmt.Errorf("the visitors' key in the database is damaged: it must have %d bytes", keyBytes)
	}
	return key, err
}

func firstKey(dir string) ([]byte, error) {
	file := filepath.Join(dir, keyFile)
	key, err := os.ReadFile(file)
	switch {
	case err == nil && len(key) != keyBytes:
		return nil, fmt.Errorf("%s is damaged: it must have %d bytes; delete it to make a new one (visitors start anew)", file, keyBytes)
	case err == nil:
		return key, nil
	case !errors.Is(err, os.ErrNotExist):
		return nil, err
	}
	key = make([]byte, keyBytes)
	_, _ = rand.Read(key) // never fails
	return key, nil
}
