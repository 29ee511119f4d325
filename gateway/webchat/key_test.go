package webchat_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"parley/engine"
	"parley/gateway/webchat"
	"parley/storage/memory"
)

func visitorKey(t *testing.T, store engine.Store, dir string) []byte {
	t.Helper()
	key, err := webchat.VisitorKey(t.Context(), store, dir)
	if err != nil || len(key) != 32 {
		t.Errorf("a key of %d bytes, %v", len(key), err)
	}
	return key
}

// TestOneVisitorKey: processes that start at once, each with a folder of its own, have
// one key, and so has who comes later.
func TestOneVisitorKey(t *testing.T) {
	t.Parallel()
	store := memory.New()
	keys := make([][]byte, 3)
	var group sync.WaitGroup
	for i := range keys {
		dir := t.TempDir()
		group.Go(func() { keys[i] = visitorKey(t, store, dir) })
	}
	group.Wait()
	for _, key := range append(keys, visitorKey(t, store, t.TempDir())) {
		if !bytes.Equal(key, keys[0]) {
			t.Error("two processes have two keys")
		}
	}
	if bytes.Equal(keys[0], visitorKey(t, memory.New(), t.TempDir())) {
		t.Error("two stores have one key")
	}
}

// TestTheKeyOfAnEarlierBuild is taken over once: what becomes of the file after that is
// of no account.
func TestTheKeyOfAnEarlierBuild(t *testing.T) {
	t.Parallel()
	store, dir := memory.New(), t.TempDir()
	file, old := filepath.Join(dir, "visitor.key"), bytes.Repeat([]byte{7}, 32)
	for _, written := range [][]byte{old, []byte("short")} {
		if err := os.WriteFile(file, written, 0o600); err != nil {
			t.Fatal(err)
		}
		if key := visitorKey(t, store, dir); !bytes.Equal(key, old) {
			t.Errorf("the key is %x", key)
		}
	}
	if _, err := webchat.VisitorKey(t.Context(), memory.New(), dir); err == nil {
		t.Error("a damaged key is taken over")
	}
}
