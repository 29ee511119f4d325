package check

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parley/botscripts/brandfolder"
	"parley/botscripts/callcheck"
	"parley/botscripts/faq"
	"parley/botscripts/i18n"
	"parley/botscripts/intents"
	"parley/botscripts/kernel"
	"parley/botscripts/luaapi"
	"parley/botscripts/modules"
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
	return kernel.Position(p.File, p.Line) + ": " + p.Message
}

// Config is how scripts are run that are checked.
type Config struct {
	Machine sandbox.Limits
	Session kernel.Limits
	// Bot makes the bots that try a call; see engine.BotRuntime.
	Bot func(hash, name string, load func() (engine.Bundle, error)) (engine.Bot, error)
}

// Bundle compiles every script of the bundle, looks for common mistakes, and
// runs each bot's file up to its first host call. Problems are sorted by file
// and line.
func Bundle(cfg Config, files engine.Bundle) []Problem {
	cfg.Machine.Wall *= 4 // nobody waits for it, and a busy machine is no problem of the bot's
	c := &checker{cfg: cfg, bundle: &kernel.Bundle{Hash: files.Hash, Chunks: map[string]*sandbox.Chunk{}}}
	for _, path := range slices.Sorted(maps.Keys(files.Files)) {
		switch {
		case kernel.IsScript(path):
			chunk, err := sandbox.Compile(path, files.Files[path])
			if err != nil {
				c.refused(path, err)
				continue
			}
			c.bundle.Chunks[path] = chunk
		case kernel.IsFAQ(path):
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
	names, brand := kernel.NamesIn(c.job("")), c.brandNames(files.Files, settings)
	if len(broken) == 0 {
		brand.texts = setOf(texts.Keys())
	}
	pages, err := luaapi.Reference()
	if err != nil {
		c.problem("", 0, "%v", err)
	}
	api := callcheck.New(pages, modules.All())
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
	slices.SortStableFunc(c.problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line)
	})
	return c.problems
}

type checker struct {
	cfg      Config
	bundle   *kernel.Bundle
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
		if name, ok := kernel.BotName(path); ok {
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
	brand, _ := brandfolder.Reader{Env: brandfolder.Assumed}.FromFiles(files)
	return brand
}

func setOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// job is the step of a bot that is only looked at.
func (c *checker) job(bot string) kernel.Job {
	return kernel.Job{
		Modules: modules.All(), Bundle: c.bundle, Machine: c.cfg.Machine, Session: c.cfg.Session,
		Turn: engine.Turn{Session: engine.Session{Bot: bot}},
	}
}

// tryOut runs the bot's file, but not its function, until the first host call.
func (c *checker) tryOut(name string) {
	fault := kernel.Rehearse(c.job(name))
	if fault == nil {
		return
	}
	file, line := cmp.Or(fault.File, kernel.BotFile(name)), fault.Line
	if !slices.ContainsFunc(c.problems, func(p Problem) bool { return p.File == file && p.Line == line }) { // else a lint has said it already
		c.problem(file, line, "%s", fault.Message)
	}
}
