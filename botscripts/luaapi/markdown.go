package luaapi

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Markdown is the reference page.
func Markdown(pages []Page) string {
	var b strings.Builder
	b.WriteString("<!-- Generated from the pages beside the modules in botscripts; go test ./botscripts/luaapi -update writes it. -->\n\n")
	b.WriteString("# Lua reference\n\n")
	b.WriteString("Everything that a bot script may use beside the Lua of [the sandbox](sandbox.md). " +
		"[The guide](bots.md) tells how it goes together, [the tutorial](tutorial.md) where to begin. " +
		"Each example is a whole bot with a test of it, and all of them are run whenever parley is tested.\n\n")
	b.WriteString("A `?` after a type says that the value may be left out, or be nil. A wrong argument, such as an unknown option, " +
		"is an error that names the function and the option; the errors below are those beside it. " +
		"Where a call waits, the bot stops there for as long as it takes, also across restarts.\n")
	for _, p := range pages {
		fmt.Fprintf(&b, "\n- [%s](#%s)", p.Title, anchor(p.Title))
		for i, m := range p.Members {
			sep := ", "
			if i == 0 {
				sep = ": "
			}
			fmt.Fprintf(&b, "%s[`%s`](#%s)", sep, m.Name, anchor(m.Signature()))
		}
	}
	b.WriteString("\n")
	for _, p := range pages {
		writePage(&b, p)
	}
	return b.String()
}

func writePage(b *strings.Builder, p Page) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n", p.Title, strings.TrimSpace(p.Doc))
	for _, m := range p.Members {
		writeMember(b, m)
	}
	for _, t := range p.Types {
		fmt.Fprintf(b, "\n### %s\n\n%s\n", t.Name, strings.TrimSpace(t.Doc))
		if t.Extends != "" {
			fmt.Fprintf(b, "\nIt has the fields of [%s](#%s), and:\n", t.Extends, anchor(t.Extends))
		}
		if t.Alias != "" {
			fmt.Fprintf(b, "\n`%s`\n", t.Alias)
		} else {
			writeTable(b, "field", t.Fields)
		}
	}
}

func writeMember(b *strings.Builder, m Member) {
	fmt.Fprintf(b, "\n### %s\n\n%s", m.Signature(), m.Summary)
	if m.Waits != "" {
		fmt.Fprintf(b, " It waits for %s.", m.Waits)
	}
	b.WriteString("\n")
	if m.Field != "" {
		fmt.Fprintf(b, "\nType: `%s`\n", m.Field)
	}
	if m.Doc != "" {
		fmt.Fprintf(b, "\n%s\n", strings.TrimSpace(m.Doc))
	}
	if len(m.Params) > 0 {
		writeTable(b, "parameter", m.Params)
	}
	if len(m.Returns) > 0 {
		b.WriteString("\nReturns\n")
		for _, r := range m.Returns {
			fmt.Fprintf(b, "\n- `%s`: %s", r.Type, described(r))
		}
		b.WriteString("\n")
	}
	if len(m.Errors) > 0 {
		b.WriteString("\nErrors\n")
		for _, e := range m.Errors {
			fmt.Fprintf(b, "\n- %s", e)
		}
		b.WriteString("\n")
	}
	switch {
	case m.Shown != "":
		fmt.Fprintf(b, "\nExample: see `%s`.\n", m.Shown)
	case m.Example != nil:
		writeExample(b, *m.Example)
	}
}

// writeExample shows a bot that stands alone as a plain Lua block. One that
// needs other files has its path beside it.
func writeExample(b *strings.Builder, e Example) {
	path := ""
	if len(e.Files) > 0 {
		path = " bots/example.lua"
	}
	for _, name := range slices.Sorted(maps.Keys(e.Files)) {
		fence(b, language(name)+" "+name, e.Files[name])
	}
	fence(b, "lua"+path, e.Bot)
	fence(b, "chat", e.Test)
}

func fence(b *strings.Builder, info, text string) {
	fmt.Fprintf(b, "\n```%s\n%s\n```\n", info, strings.TrimSpace(text))
}

func language(file string) string {
	return cmp.Or(map[string]string{".md": "markdown", ".yaml": "yaml", ".chat": "chat"}[path.Ext(file)], "lua")
}

func writeTable(b *strings.Builder, what string, values []Value) {
	fmt.Fprintf(b, "\n| %s | type | means |\n|---|---|---|\n", what)
	for _, v := range values {
		fmt.Fprintf(b, "| `%s` | `%s` | %s |\n", v.Name, strings.ReplaceAll(v.Type, "|", `\|`), strings.ReplaceAll(described(v), "|", `\|`))
	}
}

// described adds unit and default to a value's text.
func described(v Value) string {
	text := strings.Join(strings.Fields(v.Doc), " ")
	if v.Unit != "" {
		text += " In " + v.Unit + "."
	}
	if v.Default != "" {
		text += " Default: " + v.Default + "."
	}
	return text
}

// anchor is what GitHub makes of a heading.
func anchor(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(heading) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			b.WriteRune(r)
		}
	}
	return b.String()
}
