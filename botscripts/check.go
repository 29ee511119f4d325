package botscripts

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/brandfolder"
	"parley/botscripts/callcheck"
	"parley/botscripts/faq"
	"parley/botscripts/i18n"
	"parley/botscripts/intents"
	"parley/botscripts/luaapi"
	"parley/botscripts/sandbox"
	"parley/engine"
)

// Problem is one finding of Check.
type Problem struct {
	File    string // path in the brand folder, "" for the bundle as a whole
	Line    int    // 0 for the file as a whole
	Message string
}

func (p Problem) String() string {
	if p.File == "" {
		return p.Message
	}
	return Position(p.File, p.Line) + ": " + p.Message
}

// Check compiles every script of the bundle, looks for common mistakes, and
// runs each bot's file up to its first host call. Problems are sorted by file
// and line.
func (r *Runtime) Check(files engine.Bundle) []Problem {
	c := &checker{runtime: r, bundle: &Bundle{Hash: files.Hash, Chunks: map[string]*sandbox.Chunk{}}}
	for _, path := range slices.Sorted(maps.Keys(files.Files)) {
		switch {
		case isScript(path):
			chunk, err := sandbox.Compile(path, files.Files[path])
			if err != nil {
				c.refused(path, err)
				continue
			}
			c.bundle.Chunks[path] = chunk
		case isFAQ(path):
			_, err := faq.Parse(path, files.Files[path])
			for _, p := range faq.Problems(err) {
				c.problem(path, p.Line, "%s", p.Message)
			}
		}
	}
	texts, broken := i18n.Load(files.Files)
	c.bundle.Texts = texts
	for _, p := range broken {
		c.problem(p.File, p.Line, "%s", p.Message)
	}
	settings := brandOf(files.Files)
	names, brand := r.vocabulary(c.bundle), c.brandNames(files.Files, settings)
	if len(broken) == 0 {
		brand.texts = setOf(texts.Keys())
	}
	pages, err := luaapi.Reference()
	if err != nil {
		c.problem("", 0, "%v", err)
	}
	api := callcheck.New(pages)
	calls := map[string][]literalCall{}
	for _, path := range slices.Sorted(maps.Keys(c.bundle.Chunks)) {
		var found []Problem
		found, calls[path] = lint(path, files.Files[path], names, brand, api)
		c.problems = append(c.problems, found...)
	}
	for _, path := range slices.Sorted(maps.Keys(calls)) {
		c.tryCalls(path, calls[path], settings.Brand, settings.Skills)
	}
	if len(c.problems) == 0 && len(c.bundle.Bots()) == 0 {
		c.problem("", 0, "the brand has no bot: put one into bots/<name>.lua")
	}
	for _, name := range c.bundle.Bots() {
		c.tryOut(name)
	}
	sort.SliceStable(c.problems, func(i, j int) bool {
		a, b := c.problems[i], c.problems[j]
		if a.File != b.File {
			return a.File < b.File
		}
		return a.Line < b.Line
	})
	return c.problems
}

type checker struct {
	runtime  *Runtime
	bundle   *Bundle
	problems []Problem
	tried    int
}

func (c *checker) problem(file string, line int, format string, values ...any) {
	c.problems = append(c.problems, Problem{File: file, Line: line, Message: fmt.Sprintf(format, values...)})
}

func (c *checker) refused(path string, err error) {
	var ce *sandbox.CompileError
	if errors.As(err, &ce) {
		c.problem(path, ce.Line, "%s", ce.Message)
		return
	}
	c.problem(path, 0, "%v", err)
}

// brandNames are what the bundle's files say of the brand. Without a readable
// brand.yaml the names in it are open: what is wrong with it is told elsewhere.
func (c *checker) brandNames(files map[string]string, brand brandfolder.Brand) brandNames {
	b := brandNames{bots: map[string]bool{}}
	for path := range files { // scripts that do not compile are bots, too
		if name, ok := botName(path); ok {
			b.bots[name] = true
		}
	}
	if text, ok := files[intents.File]; !ok {
		b.noIntents = true
	} else if found, problems := intents.Parse(text); len(problems) == 0 {
		b.intents = map[string]bool{}
		for _, in := range found {
			b.intents[in.Name] = true
		}
	}
	if _, ok := files["brand.yaml"]; !ok {
		return b
	}
	b.settled = brand.Brand.ID != ""
	b.hosts, b.secrets = brand.Brand.Settings.HTTPHosts, map[string][]string{}
	for name, secret := range brand.Brand.Secrets {
		b.secrets[name] = secret.Hosts
	}
	var skills, channels []string
	for _, s := range brand.Skills {
		skills = append(skills, s.ID)
	}
	for _, ch := range brand.Channels {
		_, short, _ := strings.Cut(ch.ID, ".")
		channels = append(channels, ch.ID, short)
	}
	if len(skills) > 0 {
		b.skills = setOf(skills)
	}
	if len(channels) > 0 {
		b.channels = setOf(channels)
	}
	return b
}

// brandOf reads the folder's brand.yaml as far as it can be read.
func brandOf(files map[string]string) brandfolder.Brand {
	if _, ok := files["brand.yaml"]; !ok {
		return brandfolder.Brand{}
	}
	// Channels that need an environment to be set are channels, too.
	brand, _ := brandfolder.FromFiles(files, func(string) (string, bool) { return "set", true })
	return brand
}

func setOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// tryOut runs the bot's file, but not its function, until the first host call.
func (c *checker) tryOut(name string) {
	r := rehearse(c.runtime, c.bundle, name)
	defer r.VM.Close()
	_, err := r.VM.Call(r.VM.L().NewFunction(func(L *lua.LState) int {
		r.entryPoints(L)
		return 0
	}))
	var fault *sandbox.Fault
	if !errors.As(err, &fault) {
		return
	}
	file, line := fault.File, fault.Line
	if file == "" {
		file = botFile(name)
	}
	for _, p := range c.problems {
		if p.File == file && p.Line == line {
			return // a lint has said it already
		}
	}
	c.problem(file, line, "%s", fault.Message)
}

// rehearse makes a run that stops at the first host call after its start.
func rehearse(rt *Runtime, b *Bundle, name string) *Run {
	limits := rt.limits
	limits.Wall *= 4 // nobody waits for it, and a busy machine is no problem of the bot's
	r := &Run{Bundle: b, limits: rt.session, rehearsal: true, VM: sandbox.New(limits)}
	r.Turn.Session.Bot = name
	r.install()
	return r
}

// vocabulary is what scripts may name: taken from a real VM, so that it
// cannot differ from what scripts will find.
func (r *Runtime) vocabulary(b *Bundle) vocabulary {
	v := vocabulary{globals: map[string]map[string]bool{}, modules: map[string]map[string]bool{}}
	run := rehearse(r, b, "")
	defer run.VM.Close()
	L := run.VM.L()
	globals := L.G.Global
	for key, value := globals.Next(lua.LNil); key != lua.LNil; key, value = globals.Next(key) {
		v.globals[key.String()] = members(value)
	}
	v.globals["consumer"], v.globals["conversation"] = nil, nil
	for _, name := range hostModules() {
		v.modules[name] = members(run.hostModule(L, name))
	}
	for _, name := range b.Libs() {
		v.modules[name] = nil
	}
	return v
}

// members are the names in a library table; nil when v is none.
func members(v lua.LValue) map[string]bool {
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil
	}
	names := map[string]bool{}
	for key, _ := t.Next(lua.LNil); key != lua.LNil; key, _ = t.Next(key) {
		names[key.String()] = true
	}
	return names
}
