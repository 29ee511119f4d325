package luaapi_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/botscripts/luaapi"
	"parley/botscripts/sandbox"
	"parley/connectors"
	"parley/engine/simulate"
	"parley/storage/memory"
)

// entry is one of a journal: its name, and the line of the bot that made it.
type entry struct{ call, line string }

// journalOf plays an example and gives what its journals have.
func journalOf(t *testing.T, rt *botscripts.Runtime, e luaapi.Example) map[entry]bool {
	t.Helper()
	files := map[string]string{"brand.yaml": exampleBrand, "bots/example.lua": e.Bot}
	maps.Copy(files, e.Files)
	brand, _ := brandfolder.Reader{Kinds: connectors.Kinds(), Env: func(string) (string, bool) { return "", false }}.FromFiles(files)
	tests, _ := chattest.Parse("tests/example.chat", e.Test)
	out := map[entry]bool{}
	for _, test := range tests {
		r := chattest.Run(t.Context(), test, brand, simulate.Stage{Runtime: rt, Store: memory.New})
		if r.Simulation == nil {
			t.Fatalf("the example cannot be played: %v", r.Failure)
		}
		for _, s := range r.Simulation.Journal() {
			for _, j := range s.Entries {
				file, n, _ := strings.Cut(j.Line, ":")
				line, _ := strconv.Atoi(n)
				source := strings.Split(files[file], "\n")
				out[entry{j.Call, source[min(max(line-1, 0), len(source)-1)]}] = true
			}
		}
	}
	return out
}

// inJournal is the name of a function's entries: "say" for chat:say, "consumer.set" for consumer:set.
func inJournal(name string) string {
	return strings.Replace(strings.TrimPrefix(name, "chat:"), ":", ".", 1)
}

// bare gives the entries that a function makes when it is called without arguments.
func bare(t *testing.T, name string) (names []string) {
	t.Helper()
	module, fn, method := strings.Cut(name, ".")
	call := name
	if method && module != "os" && module != "math" {
		call = `require("` + module + `").` + fn
	}
	for _, e := range step(t, "return function(chat) pcall("+call+") chat:ask '?' end").Journal {
		if e.Call != "start" && e.Call != "ask" {
			names = append(names, e.Call)
		}
	}
	return names
}

// TestJournaled holds docs/journal.md to what the functions do: every example is played, and its journals are read.
func TestJournaled(t *testing.T) {
	t.Parallel()
	limits := sandbox.DefaultLimits()
	limits.Wall = time.Minute
	rt := botscripts.New(botscripts.Config{Limits: limits})
	all := map[entry]bool{}
	for _, p := range reference(t) {
		for _, m := range p.Members {
			if m.Example != nil {
				maps.Copy(all, journalOf(t, rt, *m.Example))
			}
		}
	}
	own := map[string][]string{} // names of entries by the function whose they are
	for _, p := range reference(t) {
		for _, m := range p.Members {
			for e := range all {
				base := inJournal(m.Name)
				if m.Field == "" && (e.call == base || strings.HasPrefix(e.call, base+".")) && !slices.Contains(own[m.Name], e.call) {
					own[m.Name] = append(own[m.Name], e.call)
				}
			}
		}
	}
	told := map[string]bool{"start": true}
	var journaled, free strings.Builder
	for _, p := range reference(t) {
		var none []string
		for _, m := range p.Members {
			if m.Field != "" {
				continue
			}
			names := own[m.Name]
			if len(names) == 0 && !strings.HasPrefix(m.Name, "chat:") {
				names = append(names, bare(t, m.Name)...)
				if len(names) > 0 {
					fmt.Fprintf(&journaled, "| `%s` without a time | `%s` | |\n", m.Name, strings.Join(names, "`, `"))
					none = append(none, "`"+m.Name+"` of a time")
					continue
				}
			}
			for e := range all { // on its line there is nobody else to make the entry
				if len(own[m.Name]) > 0 || !strings.HasPrefix(m.Name, "chat:") || !strings.Contains(e.line, m.Name) || slices.Contains(names, e.call) {
					continue
				}
				theirs := slices.ContainsFunc(slices.Collect(maps.Keys(own)), func(name string) bool {
					return slices.Contains(own[name], e.call) && strings.Contains(e.line, name)
				})
				if !theirs && e.call != "start" {
					names = append(names, e.call)
				}
			}
			if len(names) == 0 {
				none = append(none, "`"+m.Name+"`")
				continue
			}
			slices.Sort(names)
			for _, name := range names {
				told[name] = true
			}
			fmt.Fprintf(&journaled, "| `%s` | `%s` | %s|\n", m.Name, strings.Join(names, "`, `"), strings.TrimLeft(m.Waits+" ", " "))
		}
		if len(none) > 0 {
			fmt.Fprintf(&free, "- %s: %s\n", p.Title, strings.Join(none, ", "))
		}
	}
	for e := range all {
		if !told[e.call] {
			t.Errorf("no function is told to make the entry %q", e.call)
		}
	}
	golden(t, "../../docs/journal.md", `# The journal

<!-- Written by a test: go test ./botscripts/luaapi -run TestJournaled -update -->

Each turn of a conversation runs the bot from line 1. What a call once gave is in the journal of the session, and the call
gives it again: a message is sent once, an outside call made once, and `+"`os.time()`"+` stays the time when that line first
ran. So the bot must make these calls in the same order, with the same arguments, when it runs again. It does as long as it
decides by what calls gave; when it does not, the session stops and a person takes over. Conversations that wait stay on the
version that they began with. When you [move them to another](versions.md), these calls, their arguments and their order
have to fit what has happened; all else may have changed.

A session has at most 1,000 entries ([limits](limits.md#a-session-and-its-journal)); `+"`chat:restart(state)`"+` begins a new one.

## Calls that are journaled

The first entry of every session is `+"`start`"+`: who writes, and what is known of the conversation. A word that asks for a
person makes the entry `+"`escape.handoff`"+`. What a question asks again, and what a form asks at its end, has entries of its own, such as
`+"`choose.again` and `form.confirm`"+`.

| call | entries | waits for |
|---|---|---|
`+journaled.String()+`
## Calls that are not

They depend on their arguments and on the version alone, and may come and go. `+"`math.random`"+` draws from the session's own
numbers: they stay the same, and one draw more changes those after it.

`+free.String())
}
