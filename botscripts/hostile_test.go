package botscripts

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/botscripts/kernel"
	"parley/botscripts/sandbox"
	"parley/engine"
)

// hostileBot has the child process run one bot, and print how its turn ended.
const hostileBot = "BOTSCRIPTS_HOSTILE_BOT"

// TestHostileHostCalls runs each bot in a process of its own, without the clock or the heap to end it.
func TestHostileHostCalls(t *testing.T) {
	if body := os.Getenv(hostileBot); body != "" {
		out := hostileTurn(t, body)
		fmt.Println("\nend: " + string(kernel.Encode(out)))
		return
	}
	t.Parallel()
	if testing.Short() {
		t.Skip("starts a process for each bot")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("testdata/hostile_host.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		name, body, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), exe, "-test.run", "^TestHostileHostCalls$")
			cmd.Env = append(os.Environ(), hostileBot+"="+body)
			cmd.Stderr = os.Stderr
			printed, err := cmd.Output()
			if err != nil {
				t.Fatalf("the process died: %v\n%s", err, printed)
			}
			var end string
			for line := range strings.Lines(string(printed)) {
				if text, ok := strings.CutPrefix(line, "end: "); ok {
					end = text
				}
			}
			var fault engine.Fault
			if err := json.Unmarshal([]byte(end), &fault); err != nil {
				t.Fatalf("%v in %q", err, printed)
			}
			usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
			if !ok {
				t.Fatal("no resource usage")
			}
			took := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			t.Logf("%v, %d MB: %.200s", took, usage.Maxrss>>10, fault.Message)
			if fault.Kind != "budget" && fault.Kind != "error" || strings.Contains(fault.Message, "wall budget") {
				t.Errorf("ended by %s: %.200s", fault.Kind, fault.Message)
			}
			if len(fault.Message) > 2*kernel.MaxQuoted {
				t.Errorf("the message has %d bytes", len(fault.Message))
			}
			if limit := slowness * 3 * time.Second; took > limit {
				t.Errorf("took %v of processor time, the limit is %v", took, limit)
			}
			if peak := usage.Maxrss >> 10; peak > peakMegabytes {
				t.Errorf("peak RSS %d MB, the limit is %d MB", peak, peakMegabytes)
			}
		})
	}
}

func hostileTurn(t *testing.T, body string) engine.Fault {
	limits := sandbox.DefaultLimits()
	limits.Wall, limits.HeapBytes = time.Minute, 1<<40
	d := driverFor(t, load(t, New(Config{Limits: limits, Once: true}), map[string]string{
		"bots/main.lua": "return function(chat) " + body + "\nend",
		"faq/en.md":     "# Help\n\n## Where is my order?\n\nOn its way.\n",
	}, "main"))
	out, err := d.bot.Step(d.turn(nil, &engine.Content{Text: "hi"}))
	if err != nil {
		t.Fatal(err)
	}
	if out.Fault == nil {
		return engine.Fault{Kind: string(out.State)}
	}
	return *out.Fault
}
