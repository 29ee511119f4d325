package connectors_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"parley/connectors"
	"parley/engine"
)

var update = flag.Bool("update", false, "write docs/channels.md")

const docs = "../docs/channels.md"

// TestDocs holds the table of docs/channels.md to what the connectors declare.
func TestDocs(t *testing.T) {
	table(t, "kinds", kindsTable())
}

// table compares what stands in the docs between the marks of a table, or writes it.
// Tests that write take turns, so that they do not run in parallel.
func table(t *testing.T, mark, want string) {
	t.Helper()
	begin, end := "<!-- "+mark+": go test ./connectors -run Docs -update -->\n", "<!-- /"+mark+" -->\n"
	raw, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), begin)
	old, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has lost the marks of its table of %s", docs, mark)
	}
	if *update {
		if err := os.WriteFile(docs, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if old != want {
		t.Errorf("the table of %s in %s is old; go test ./connectors -run Docs -update writes it", mark, docs)
	}
}

func kindsTable() string {
	var b strings.Builder
	b.WriteString("\n| `kind` | | choices | pictures | one message | typing | delivered | read | STOP, START, HELP |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, spec := range connectors.Kinds() {
		cell := func(yes, no string, can func(engine.Capabilities) bool) string { return able(spec, yes, no, can) }
		size := "any length"
		if n := spec.Can(sample(spec)).MaxText; n > 0 {
			size = fmt.Sprintf("%d characters", n)
		}
		fmt.Fprintf(&b, "| [`%s`](brand.md#%s) | %s: %s | %s | %s | %s | %s | %s | %s | %s |\n", spec.Kind, spec.Kind, spec.Label, spec.Doc,
			cell("buttons", "numbered", func(c engine.Capabilities) bool { return c.Choices }),
			cell("shown", "links", func(c engine.Capabilities) bool { return c.Media }), size,
			cell("shown", "–", func(c engine.Capabilities) bool { return c.Typing }),
			cell("told", "–", func(c engine.Capabilities) bool { return c.Receipts }),
			cell("told", "–", func(c engine.Capabilities) bool { return c.ReadStates }),
			cell("obeyed", "–", func(c engine.Capabilities) bool { return c.Keywords }))
	}
	return b.String() + "\n"
}

// able is the word for what a channel of the kind can do, and with which of its settings.
func able(spec engine.ChannelSpec, yes, no string, can func(engine.Capabilities) bool) string {
	if can(spec.Can(sample(spec))) {
		return yes
	}
	for _, set := range spec.Takes() {
		values := set.Values
		if set.Type == engine.SettingBool {
			values = []string{"true", "false"}
		}
		for _, value := range values {
			ch := sample(spec)
			ch.Put(set, value)
			if can(spec.Can(ch)) {
				return fmt.Sprintf("%s; %s with `%s: %s`", no, yes, set.Name, value)
			}
		}
	}
	return no
}

// sample is a channel with what it must have.
func sample(spec engine.ChannelSpec) engine.Channel {
	ch := engine.Channel{Kind: spec.Kind, Config: map[string]string{}, Secrets: map[string]engine.Secret{}}
	for _, set := range spec.Takes() {
		if set.Required {
			ch.Put(set, strings.Trim(set.Example, `"`))
		}
	}
	return ch
}
