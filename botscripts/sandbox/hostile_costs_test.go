package sandbox

import (
	"os"
	"strings"
	"testing"
	"time"
)

// countedLimits leave the clock and the heap out, as tests of a brand nearly do: what ends a program is what it is charged for.
func countedLimits() Limits {
	limits := DefaultLimits()
	limits.Wall, limits.HeapBytes = time.Minute, 1<<40
	return limits
}

// TestHostileCosts runs each program in a process of its own, without a look at the clock or the heap: it must be ended by a
// budget that counts, or by itself, in seconds and without much memory.
func TestHostileCosts(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts a process for each program")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	programs := append(hostilePrograms(t), corpus(t, "hostile_costs.txt", "\t")...)
	for _, c := range programs {
		name, source := c[0], c[1]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := runInChild(t, exe, source, childCounted+"=1")
			judge(t, name, report)
			if strings.Contains(report.Fault, BudgetWall) {
				t.Error("the clock had to end it")
			}
			if limit := slowness * 3 * time.Second; report.CPU > limit {
				t.Errorf("took %v of processor time, the limit is %v", report.CPU, limit)
			}
		})
	}
}
