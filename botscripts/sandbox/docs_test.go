package sandbox

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/sandbox.md")

const docsPage = "../../docs/sandbox.md"

// hostAdditions is what the runtime adds to the globals of a bot: name and purpose.
func hostAdditions() [][2]string {
	return [][2]string{
		{"consumer", "who writes"},
		{"conversation", "what is being talked about"},
		{"math.random", "a journaled random number"},
		{"os.date", "the journaled date in the brand's time zone"},
		{"os.time", "the journaled time"},
		{"pairs", "as the sandbox's, and also iterates the tables that the host made, such as `consumer`"},
		{"require", "a host module, or `lib/x.lua` of the brand's folder for `require \"lib.x\"`"},
	}
}

// differences lists where the language itself is not quite Lua 5.1.
func differences() []string {
	return []string{
		"`goto` and labels exist, as in Lua 5.2.",
		"`#t` asks `__len`, as in Lua 5.2.",
		"`local f = function() … end` sees `f` as itself, like `local function f`.",
		"The bounds and the step of a numeric `for` must be numbers; strings that read as numbers are refused.",
		"Empty statements (`;`) are allowed. A decimal escape above `\\255` is not refused.",
		"Integers up to 2^53 are written in full (`1000000000000000`, not `1e+15`), and `-0` as `0`.",
		"`pairs` goes through the list part first, then through the other keys in the order in which they were first set.",
		"The same script makes the same names for tables and functions (`table: 0x00000001`) in every run.",
		"Errors that the machine raises are worded in its own way (`attempt to call a non-function object`).",
		"An error object that nothing catches is reported by its `__tostring`, or by its field `message`.",
	}
}

func renderDocs() []byte {
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# The sandbox\n")
	line("<!-- Written by a test: go test ./botscripts/sandbox -run TestDocs -update -->\n")
	line("A bot is Lua 5.1. It runs in a machine that has only what this page lists, and it is stopped when it uses up a budget.")
	line("Nothing that a script does can keep a stop from happening: `pcall` does not catch it. The conversation then goes to a person,")
	line("and the trace is kept.\n")
	line("## Limits\n")
	line("Every turn of a conversation has these budgets. Replayed steps do not count.\n")
	line("| limit | value |\n|---|---|")
	l := DefaultLimits()
	for _, row := range [][2]string{
		{"instructions", thousands(l.Instructions) + "; what one instruction or call handles beyond the usual counts too: patterns, sorting, long strings that are compared, hashed or read as numbers, lists that are searched for their end, arguments and results in hundreds"},
		{"memory", bytesText(l.MemoryBytes) + " of strings and list slots made, freed or not"},
		{"tables and functions", bytesText(l.ObjectBytes) + " made, freed or not"},
		{"one string", bytesText(l.StringBytes)},
		{"time", l.Wall.String() + "; not counted is while the process stands still; a turn of a test has 3 s, so that how fast the machine is decides nothing"},
		{"growth of the heap", bytesText(l.HeapBytes)},
		{"nested calls", strconv.Itoa(l.CallDepth)},
		{"nested `pcall` and `xpcall`", strconv.Itoa(l.PcallDepth)},
		{"depth of a pattern's recursion", strconv.Itoa(l.MatchDepth) + ", " + strconv.Itoa(maxCaptures) + " captures"},
		{"values that one library call returns", strconv.Itoa(maxResults)},
		{"a value given to the host", fmt.Sprintf("%d tables deep, %s entries, %s of text; a list or named fields, not both", l.ValueDepth, thousands(int64(l.ValueEntries)), bytesText(l.ValueBytes))},
		{"a source file", bytesText(MaxSourceBytes)},
		{"nesting of expressions and blocks", fmt.Sprintf("%d levels", MaxSyntaxDepth)},
		{"operands of `..` in a row", strconv.Itoa(MaxConcatOperands) + "; use `table.concat` for more"},
		{"different constants and names in a function", thousands(MaxConstants)},
		{"outer locals that a function uses", strconv.Itoa(MaxUpvalues)},
	} {
		line("| %s | %s |", row[0], row[1])
	}
	line("\n## Globals\n")
	line("*Kept* behaves as in Lua 5.1. *Replaced* behaves as the last column says. *Removed* is `nil`. *Added* comes from the runtime,")
	line("which journals what it answers, so that a turn that is run again sees the same.\n")
	line("| name | status | notes |\n|---|---|---|")
	rows := map[string][2]string{}
	for _, g := range Globals() {
		rows[g.Name] = [2]string{g.Status, g.Why}
	}
	for _, a := range hostAdditions() {
		rows[a[0]] = [2]string{"added", a[1]}
	}
	names := make([]string, 0, len(rows))
	for name := range rows {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		line("| `%s` | %s | %s |", name, rows[name][0], strings.ReplaceAll(rows[name][1], "|", "\\|"))
	}
	line("\n## Differences from Lua 5.1\n")
	for _, d := range differences() {
		line("- %s", d)
	}
	return b.Bytes()
}

func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func bytesText(n int64) string {
	if n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}

func TestDocs(t *testing.T) {
	t.Parallel()
	want := renderDocs()
	if *update {
		if err := os.WriteFile(docsPage, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docsPage)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("docs/sandbox.md differs; run go test ./botscripts/sandbox -run TestDocs -update")
	}
}

// TestHostAdditions reads the runtime's source for the globals that it sets: each must be on the page.
func TestHostAdditions(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	for _, a := range hostAdditions() {
		top, _, _ := strings.Cut(a[0], ".")
		listed[top] = true
	}
	delete(listed, "math") // a library of the sandbox, to which a member is added
	files, err := filepath.Glob("../kernel/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	set := libraries(t)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 2 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || method.Sel.Name != "SetGlobal" {
				return true
			}
			if field, ok := call.Args[0].(*ast.SelectorExpr); ok && field.Sel.Name == "Name" {
				return true // a module's, see libraries
			}
			literal, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: SetGlobal with a computed name", file)
				return true
			}
			name, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			set[name] = true
			return true
		})
	}
	for name := range set {
		if !listed[name] {
			t.Errorf("the runtime sets the global %s, which hostAdditions does not list", name)
		}
	}
	for name := range listed {
		if !set[name] {
			t.Errorf("hostAdditions lists %s, which the runtime does not set", name)
		}
	}
}

// libraries are the modules that bots find as a global, beside those of the sandbox.
func libraries(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../modules/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	declared, set := regexp.MustCompile(`Name: "(\w+)", Kind: kernel\.Library`), map[string]bool{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if m := declared.FindSubmatch(raw); m != nil && string(m[1]) != "math" {
			set[string(m[1])] = true
		}
	}
	return set
}
