package luaapi

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"parley/botscripts/kernel"
	"parley/botscripts/modules"
)

//go:embed globals.yaml
var globals string

// Page describes one object, one module, or a group of globals.
type Page struct {
	Name    string   `json:"name" yaml:"name"`
	Title   string   `json:"title" yaml:"title"`
	Object  string   `json:"object,omitempty" yaml:"object"` // "chat": members are methods and fields of it
	Module  string   `json:"module,omitempty" yaml:"module"` // "http": what require gives
	Doc     string   `json:"doc" yaml:"doc"`                 // Markdown
	Members []Member `json:"members" yaml:"members"`
	Types   []Type   `json:"types,omitempty" yaml:"types"`
}

// Member is one function, method or field.
type Member struct {
	Name    string   `json:"name" yaml:"name"`                       // as a script writes it
	Field   string   `json:"field,omitempty" yaml:"field"`           // a field's type; "" for what is called
	Waits   string   `json:"waits,omitempty" yaml:"waits"`           // what the bot waits for in this call
	Summary string   `json:"summary" yaml:"summary"`                 // one sentence
	Doc     string   `json:"doc,omitempty" yaml:"doc"`               // Markdown
	Params  []Value  `json:"params,omitempty" yaml:"params"`         //
	Returns []Value  `json:"returns,omitempty" yaml:"returns"`       //
	Errors  []string `json:"errors,omitempty" yaml:"errors"`         // when the call raises one
	Shown   string   `json:"shown_with,omitempty" yaml:"shown_with"` // the member whose example shows this one too
	Example *Example `json:"example,omitempty" yaml:"example"`
}

// Value is a parameter, a result, or a field of a type.
type Value struct {
	Name    string `json:"name" yaml:"name"`
	Type    string `json:"type" yaml:"type"` // ends with ? when it may be left out
	Unit    string `json:"unit,omitempty" yaml:"unit"`
	Default string `json:"default,omitempty" yaml:"default"`
	Doc     string `json:"doc" yaml:"doc"`
	// Names says that the text is a name of the brand's, to be checked: skill, channel, bot, text, or the address of an outside call.
	Names string `json:"-" yaml:"names"`
}

// Optional says whether the value may be nil.
func (v Value) Optional() bool { return strings.HasSuffix(v.Type, "?") }

// Type is a table with named fields, or another name for a type.
type Type struct {
	Name    string  `json:"name" yaml:"name"`
	Doc     string  `json:"doc" yaml:"doc"`
	Alias   string  `json:"alias,omitempty" yaml:"alias"`     // the type that it stands for
	Extends string  `json:"extends,omitempty" yaml:"extends"` // the type whose fields it has too
	Fields  []Value `json:"fields,omitempty" yaml:"fields"`
	// Probe is a call with _ in the place of such a table, or with __ in such a
	// table. The runtime names the fields that it takes when it is given an
	// unknown one.
	Probe string `json:"-" yaml:"probe"`
}

// Example is a bot and a conversation with it.
type Example struct {
	Bot   string            `json:"bot" yaml:"bot"`               // bots/example.lua
	Test  string            `json:"test" yaml:"test"`             // tests/example.chat
	Files map[string]string `json:"files,omitempty" yaml:"files"` // the folder's other files
}

// Reference has all pages, read once. They are shared: nobody changes them.
// An error is a mistake of this package.
func Reference() ([]Page, error) { return reference() }

var reference = sync.OnceValues(readReference)

func readReference() ([]Page, error) {
	var pages []Page
	var errs []error
	for _, m := range append(modules.All(), kernel.Module{Name: "globals", Pages: []string{globals}}) {
		for _, text := range m.Pages {
			page, err := parsePage([]byte(text))
			if err != nil {
				errs = append(errs, fmt.Errorf("luaapi: a page of %s: %w", m.Name, err))
			}
			pages = append(pages, page)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return pages, validate(pages)
}

func parsePage(raw []byte) (Page, error) {
	var page Page
	if err := yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict()).Decode(&page); err != nil {
		return Page{}, err
	}
	return page, nil
}

// These are never written.
var (
	memberName = regexp.MustCompile(`^[a-z_0-9]+([.:][a-z_0-9]+)?$`)
	fieldName  = regexp.MustCompile(`^([a-z_][a-z_0-9]*|\.\.\.|\[[a-z]+\])$`)
	typeWord   = regexp.MustCompile(`"[^"]*"|[A-Za-z_]+`)
)

// validate holds what the generators rely on.
func validate(pages []Page) error {
	var errs []error
	wrong := func(where, format string, values ...any) {
		errs = append(errs, fmt.Errorf("luaapi: %s: %s", where, fmt.Sprintf(format, values...)))
	}
	types, members := map[string]bool{}, map[string]*Member{}
	for _, p := range pages {
		for _, t := range p.Types {
			if types[t.Name] {
				wrong(t.Name, "is described twice")
			}
			types[t.Name] = true
		}
		for i, m := range p.Members {
			if members[m.Name] != nil {
				wrong(m.Name, "is described twice")
			}
			members[m.Name] = &p.Members[i]
		}
	}
	check := func(where string, values []Value) {
		for _, v := range values {
			if !fieldName.MatchString(v.Name) || v.Type == "" || v.Doc == "" {
				wrong(where, "%q needs a name, a type and a description", v.Name)
			}
			for _, word := range unknownTypes(v.Type, types) {
				wrong(where, "%s: there is no type %s", v.Name, word)
			}
		}
	}
	for _, p := range pages {
		if p.Title == "" || p.Doc == "" {
			wrong(p.Name, "needs a title and a doc")
		}
		for _, t := range p.Types {
			check(t.Name, t.Fields)
			if t.Doc == "" || (t.Alias == "") == (len(t.Fields) == 0) {
				wrong(t.Name, "needs a doc, and either fields or an alias")
			}
		}
		for _, m := range p.Members {
			check(m.Name, m.Params)
			check(m.Name, m.Returns)
			example := m
			if m.Shown != "" && members[m.Shown] != nil {
				example = *members[m.Shown]
			}
			switch {
			case !memberName.MatchString(m.Name):
				wrong(m.Name, "is not a name")
			case !strings.HasSuffix(m.Summary, ".") || strings.Contains(m.Summary, "\n"):
				wrong(m.Name, "needs a summary, one sentence in one line")
			case example.Example == nil || (m.Shown != "" && m.Example != nil):
				wrong(m.Name, "needs an example of its own, or another member's")
			case m.Field != "" && len(m.Params)+len(m.Returns) > 0:
				wrong(m.Name, "is a field and takes nothing")
			case !strings.Contains(example.Example.Bot, shortName(m.Name)):
				wrong(m.Name, "does not occur in its example")
			}
			for _, word := range unknownTypes(m.Field, types) {
				wrong(m.Name, "there is no type %s", word)
			}
		}
	}
	return errors.Join(errs...)
}

// shortName is the part after the object or module.
func shortName(name string) string {
	if i := strings.IndexAny(name, ".:"); i >= 0 {
		return name[i+1:]
	}
	return name
}

func unknownTypes(typ string, known map[string]bool) (unknown []string) {
	for _, word := range typeWord.FindAllString(typ, -1) {
		if word[0] >= 'A' && word[0] <= 'Z' && !known[word] {
			unknown = append(unknown, word)
		}
	}
	return unknown
}

// Signature shows how the member is called: "chat:ask(prompt, options?)".
func (m Member) Signature() string {
	if m.Field != "" {
		return m.Name
	}
	var names []string
	for _, p := range m.Params {
		name := p.Name
		if p.Optional() {
			name += "?"
		}
		names = append(names, name)
	}
	return m.Name + "(" + strings.Join(names, ", ") + ")"
}
