package botscripts

import (
	"cmp"
	"runtime"
	"sync"
	"time"

	"parley/botscripts/check"
	"parley/botscripts/faq"
	"parley/botscripts/kept"
	"parley/botscripts/kernel"
	"parley/botscripts/modules"
	"parley/botscripts/sandbox"
	"parley/engine"
	"parley/engine/understanding/nlu"
)

// Config bounds a Runtime. Zero fields take the defaults.
type Config struct {
	Limits   sandbox.Limits // of one step; DefaultLimits
	Bundles  int            // compiled bundles kept; 64
	Parallel int            // steps at a time; GOMAXPROCS
	Calls    int            // host calls of one session; 1,000
	// Once leaves it at the first run of a step that the clock or the heap stopped. Without it such a step runs
	// once more, alone and with more time: on a busy machine it was perhaps not the bot's fault.
	Once     bool
	Messages int // chat:say in one turn; 30, so that a loop by mistake stays cheap
	// Kept, when set, keeps what was learned from texts beyond this process.
	Kept Kept
	// Note, when set, is told in words of work that takes a while.
	Note func(text string)
	// Trace, when set, is told each line that a step runs, for coverage. Steps that
	// run at the same time call it at the same time.
	Trace func(file string, line int)
}

// Kept keeps bytes by a name, which a hash makes unique; see package kept. Load gives nil for what is not there.
type Kept interface {
	Load(name string) []byte
	Save(name string, data []byte) error
}

// Runtime compiles bundles and runs their bots. It is safe for concurrent use.
type Runtime struct {
	limits  sandbox.Limits
	session kernel.Limits
	modules []kernel.Module
	once    bool
	gate    chan struct{} // one token for each running step
	again   sync.Mutex    // held by a step that runs a second time
	kept    Kept
	note    func(text string)
	trace   func(file string, line int)
	bundles *cache[*kernel.Bundle]
	models  *cache[*nlu.Model] // of intents: an edit of a bot alone trains nothing
	indexes *cache[*faq.Index] // likewise
}

var _ engine.BotRuntime = (*Runtime)(nil)

// New makes a runtime.
func New(cfg Config) *Runtime {
	bundles := cmp.Or(cfg.Bundles, 64)
	if cfg.Note == nil {
		cfg.Note = func(string) {}
	}
	return &Runtime{
		kept:    cmp.Or[Kept](cfg.Kept, kept.Dir{}),
		note:    cfg.Note,
		limits:  cmp.Or(cfg.Limits, sandbox.DefaultLimits()),
		session: kernel.Limits{Calls: cmp.Or(cfg.Calls, 1000), Messages: cmp.Or(cfg.Messages, 30), Answers: 4 << 20},
		modules: modules.All(),
		once:    cfg.Once,
		gate:    make(chan struct{}, cmp.Or(cfg.Parallel, runtime.GOMAXPROCS(0))),
		trace:   cfg.Trace,
		bundles: newCache[*kernel.Bundle](bundles),
		models:  newCache[*nlu.Model](bundles),
		indexes: newCache[*faq.Index](bundles),
	}
}

// Bot gives the named bot of the bundle with this hash; see engine.BotRuntime.
func (r *Runtime) Bot(hash, name string, load func() (engine.Bundle, error)) (engine.Bot, error) {
	b, err := r.compiled(hash, load)
	if err != nil {
		return nil, err
	}
	if _, ok := b.Chunks[kernel.BotFile(name)]; !ok {
		return nil, engine.Errorf(engine.NotFound, "the bundle has no bot %q (it has: %s)", name, kernel.ListOr(b.Bots(), "none"))
	}
	return &bot{runtime: r, bundle: b, name: name}, nil
}

func (r *Runtime) compiled(hash string, load func() (engine.Bundle, error)) (*kernel.Bundle, error) {
	return r.bundles.get(hash, func() (*kernel.Bundle, error) {
		files, err := load()
		if err != nil {
			return nil, err
		}
		return r.compile(hash, files)
	})
}

// Warm compiles the bundle and trains what it understands, so that no consumer
// waits for that later. Whoever makes a version active calls it before. The
// error is that of Bot.
func (r *Runtime) Warm(files engine.Bundle) error {
	_, err := r.compiled(files.Hash, func() (engine.Bundle, error) { return files, nil })
	return err
}

// readySoon is how long Ready waits for what is being made: most bundles take less.
const readySoon = 200 * time.Millisecond

// Ready reports whether Bot will answer for the bundle at once. Otherwise it is being made, for which Ready waits a moment
// only; whoever asked asks again later. Bot tells the error of what cannot be made.
func (r *Runtime) Ready(hash string, load func() (engine.Bundle, error)) bool {
	done := r.bundles.done(hash)
	if done == nil {
		files, err := load()
		if err != nil {
			return true
		}
		made := make(chan struct{})
		go func() {
			defer close(made)
			_, _ = r.compiled(hash, func() (engine.Bundle, error) { return files, nil })
		}()
		done = made
	}
	select {
	case <-done:
		return true
	case <-time.After(readySoon):
		return false
	}
}

// Traits tells what a host call is; see engine.BotRuntime.
func (r *Runtime) Traits(call string) engine.Traits { return modules.Traits(call) }

// Problem is one finding of Check.
type Problem = check.Problem

// Check finds what is wrong with a bundle's scripts; see package check.
func (r *Runtime) Check(files engine.Bundle) []Problem {
	return check.Bundle(check.Config{Machine: r.limits, Session: r.session, Bot: r.Bot}, files)
}
