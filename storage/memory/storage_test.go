package memory_test

import (
	"testing"

	"go.uber.org/goleak"

	"parley/engine"
	"parley/storage/memory"
	"parley/storage/storagetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestContracts(t *testing.T) {
	storagetest.Run(t, func(testing.TB) engine.Store { return memory.New() })
}
