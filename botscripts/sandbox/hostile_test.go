package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childProgram names the hostile program that a child process of this test binary runs instead of tests.
const childProgram = "SANDBOX_HOSTILE_PROGRAM"

// childCounted has the child run it under [countedLimits].
const childCounted = "SANDBOX_HOSTILE_COUNTED"

// childReport is what the child prints.
type childReport struct {
	Result string
	Fault  string
	Kind   string
	Millis int64
	Peak   int64         // MB that the process held at most
	CPU    time.Duration // of the whole process, which the parent measures
}

// execute runs one program.
func execute(source string, limits Limits) childReport {
	started := time.Now()
	chunk, err := Compile("hostile", source)
	if err != nil {
		return childReport{Fault: err.Error(), Kind: "compile"}
	}
	s := New(limits)
	defer s.Close()
	values, err := s.Call(s.Load(chunk))
	report := childReport{Millis: time.Since(started).Milliseconds()}
	var fault *Fault
	switch {
	case errors.As(err, &fault):
		report.Fault, report.Kind = fault.Error(), fault.Kind
	case err != nil:
		report.Fault, report.Kind = err.Error(), "unknown"
	default:
		report.Result = show(s, values)
	}
	return report
}

func runChild(source string) int {
	limits := DefaultLimits()
	if os.Getenv(childCounted) != "" {
		limits = countedLimits()
	}
	report := execute(source, limits)
	var err error
	if report.Peak, err = heldAtMost(); err == nil {
		err = json.NewEncoder(os.Stdout).Encode(report)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// judge checks what any hostile program must come to.
func judge(t *testing.T, name string, r childReport) {
	t.Helper()
	if r.Kind == FaultInternal || r.Kind == "unknown" {
		t.Errorf("%s: %s fault: %s", name, r.Kind, r.Fault)
	}
	switch name {
	case "40_names":
		if r.Result != "nil" {
			t.Errorf("%s: %+v, want nil", name, r)
		}
	case "33_num_metatable":
		if r.Kind != FaultError {
			t.Errorf("%s: %+v, want an error", name, r)
		}
	}
	t.Logf("%-22s %4d ms  %.200s%.200s", name, r.Millis, r.Result, r.Fault)
}

func hostilePrograms(t testing.TB) [][2]string {
	t.Helper()
	return append(corpus(t, "hostile.txt", "\t"), corpus(t, "hostile_more.txt", "\t")...)
}

func TestHostileInProcess(t *testing.T) {
	t.Parallel()
	own := corpus(t, "hostile_more.txt", "\t")
	if len(own) < 100 {
		t.Errorf("only %d programs in hostile_more.txt", len(own))
	}
	for i, c := range hostilePrograms(t) {
		if testing.Short() && i%4 > 0 {
			continue
		}
		judge(t, c[0], execute(c[1], DefaultLimits()))
	}
}

// TestHostileInChildProcess runs each program in a process of its own, which must not die, not hold much memory, and not run for
// more than twice the deadline.
func TestHostileInChildProcess(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts a process for each program")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range hostilePrograms(t) {
		name, source := c[0], c[1]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// What other processes take from a program is not its fault, and they only ever make it slower.
			limit := (slowness * 2 * DefaultLimits().Wall).Milliseconds()
			quickest := int64(0)
			for range 5 {
				report := runInChild(t, exe, source)
				judge(t, name, report)
				if quickest = min(report.Millis, report.CPU.Milliseconds()); quickest <= limit || t.Failed() {
					return
				}
			}
			t.Errorf("ran for %d ms, the limit is %d ms", quickest, limit)
		})
	}
}

func runInChild(t *testing.T, exe, source string, env ...string) childReport {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(append(os.Environ(), childProgram+"="+source, "GORACE=atexit_sleep_ms=0"), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the process died: %v", err)
	}
	var report childReport
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	report.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	t.Logf("peak RSS %d MB", report.Peak)
	if report.Peak > peakMegabytes {
		t.Errorf("peak RSS %d MB, the limit is %d MB", report.Peak, peakMegabytes)
	}
	return report
}

// heldAtMost is this process's highest resident memory in MB. The resources that its
// parent is told count the parent's own memory, too, as it was at the fork.
func heldAtMost() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if errors.Is(err, fs.ErrNotExist) {
		var usage syscall.Rusage
		err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
		return usage.Maxrss >> 10, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kilobytes >> 10, err
		}
	}
	return 0, errors.Join(err, errors.New("/proc/self/status has no VmHWM"))
}
