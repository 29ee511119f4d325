//go:build !race

package nlu

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// largeChild has a child process of this test binary index a large FAQ, and nothing else.
const largeChild = "NLU_LARGE_FAQ"

// A process that indexes 10,000 questions holds less than 300 MB, the index as it is kept included.
func TestLargeFAQMemory(t *testing.T) {
	questions := func() []Question { return helpCentre(10000) }
	if os.Getenv(largeChild) != "" {
		x := newTestFAQ(t, questions())
		y, err := DecodeFAQ(x.Encode())
		if err != nil || y.Questions() != 10000 {
			t.Fatalf("%v", err)
		}
		return
	}
	t.Parallel()
	if testing.Short() {
		t.Skip("indexes a large FAQ")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, "-test.run", "^TestLargeFAQMemory$")
	cmd.Env = append(os.Environ(), largeChild+"=1", "GOGC=200") // as the program has it
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatal("no resource usage")
	}
	const most = 300
	peak := usage.Maxrss >> 10
	t.Logf("peak RSS %d MB, %v of processor time", peak, cmd.ProcessState.UserTime())
	if peak > most {
		t.Errorf("peak RSS %d MB, the limit is %d MB", peak, most)
	}
}
