package sandbox

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	lowerMaxArrayIndex() // before a test makes a state of gopher-lua's own
	if name := os.Getenv(childProgram); name != "" {
		os.Exit(runChild(name))
	}
	goleak.VerifyTestMain(m)
}

// patient is DefaultLimits with time for a slow machine and the race detector.
func patient() Limits {
	limits := DefaultLimits()
	limits.Wall = 20 * time.Second
	limits.HeapBytes = 1 << 30
	return limits
}

func mustCompile(t testing.TB, name, source string) *Chunk {
	t.Helper()
	chunk, err := Compile(name, source)
	if err != nil {
		t.Fatalf("Compile(%q): %v", source, err)
	}
	return chunk
}

// run executes a program in a fresh state.
func run(t testing.TB, limits Limits, source string) ([]lua.LValue, error) {
	t.Helper()
	s := New(limits)
	defer s.Close()
	return s.Call(s.Load(mustCompile(t, "test", source)))
}

// show writes results as the corpus does.
func show(s *State, values []lua.LValue) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = s.display(s.l, v).String()
	}
	return strings.Join(texts, ", ")
}

// corpus reads lines of a testdata file, without comments, cut at a separator.
func corpus(t testing.TB, file, separator string) [][2]string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var cases [][2]string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		left, right, ok := strings.Cut(line, separator)
		if !ok {
			t.Fatalf("%s: line without %q: %s", file, separator, line)
		}
		cases = append(cases, [2]string{left, right})
	}
	return cases
}

func TestSemantics(t *testing.T) {
	t.Parallel()
	cases := corpus(t, "semantics.txt", " => ")
	if len(cases) < 320 {
		t.Fatalf("only %d cases", len(cases))
	}
	compareSemantics(t, cases)
}

// TestReplaced runs what differs from Lua 5.1 on purpose.
func TestReplaced(t *testing.T) {
	t.Parallel()
	compareSemantics(t, corpus(t, "replaced.txt", " => "))
}

func compareSemantics(t *testing.T, cases [][2]string) {
	t.Helper()
	for _, c := range cases {
		source, want := c[0], c[1]
		chunk, err := Compile("semantics", source)
		if err != nil {
			if want != "compile error" {
				t.Errorf("%s\n   %v", source, err)
			}
			continue
		}
		s := New(patient())
		values, err := s.Call(s.Load(chunk))
		got := ""
		var fault *Fault
		switch {
		case err == nil:
			got = show(s, values)
		case errors.As(err, &fault):
			got = fault.Kind + ": " + fault.Message
		default:
			got = err.Error()
		}
		if got != want && (want != "error" || fault == nil || fault.Kind != FaultError) {
			t.Errorf("%s\n   is %s\n want %s", source, got, want)
		}
		s.Close()
	}
}

// TestSemanticsAgainstLua compares semantics.txt with the real Lua 5.1 where there is one.
func TestSemanticsAgainstLua(t *testing.T) {
	t.Parallel()
	lua51, err := exec.LookPath("lua5.1")
	if err != nil {
		t.Skip("needs lua5.1")
	}
	out, err := exec.CommandContext(t.Context(), lua51, "testdata/oracle.lua", "testdata/semantics.txt").Output()
	if err != nil {
		t.Fatal(err)
	}
	results := strings.Split(string(out), "\n")
	for i, c := range corpus(t, "semantics.txt", " => ") {
		want := c[1]
		if strings.HasPrefix(want, "error: ") {
			want = "error" // worded in another way
		}
		if i >= len(results) || results[i] != want {
			t.Fatalf("%s\n   is %s in Lua 5.1\n the file has %s", c[0], results[min(i, len(results)-1)], want)
		}
	}
}
