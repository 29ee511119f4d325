package botscripts

import (
	"container/list"
	"errors"
	"runtime"
	"sort"
	"strings"
	"sync"

	"parley/botscripts/sandbox"
	"parley/engine"
)

// Config bounds a Runtime. Zero fields take the defaults.
type Config struct {
	Limits   sandbox.Limits // of one step; DefaultLimits
	Bundles  int            // compiled bundles kept; 64
	Parallel int            // steps at a time; GOMAXPROCS
	Calls    int            // host calls of one session; 1,000
	Messages int            // chat:say in one turn; 30, so that a loop by mistake stays cheap
	// Trace, when set, is told each line that a step runs, for coverage. Steps that
	// run at the same time call it at the same time.
	Trace func(file string, line int)
}

// sessionLimits bound what a bot does, beside what its VM uses.
type sessionLimits struct {
	calls    int // host calls of a session
	messages int // chat:say in one turn
	answers  int // bytes of a session's answers, which each turn reads again
}

// Runtime compiles bundles and runs their bots. It is safe for concurrent use.
type Runtime struct {
	limits  sandbox.Limits
	session sessionLimits
	gate    chan struct{} // one token for each running step
	again   sync.Mutex    // held by a step that runs a second time
	maximum int           // compiled bundles kept
	trace   func(file string, line int)

	mu     sync.Mutex
	byHash map[string]*list.Element // of *compiling
	recent *list.List               // most recently used first
}

var _ engine.BotRuntime = (*Runtime)(nil)

// compiling is a bundle that is compiled, or being compiled by the first
// caller who asked for it.
type compiling struct {
	hash   string
	done   chan struct{}
	bundle *bundle
	err    error
}

// New makes a runtime.
func New(cfg Config) *Runtime {
	if cfg.Limits == (sandbox.Limits{}) {
		cfg.Limits = sandbox.DefaultLimits()
	}
	if cfg.Bundles <= 0 {
		cfg.Bundles = 64
	}
	if cfg.Parallel <= 0 {
		cfg.Parallel = runtime.GOMAXPROCS(0)
	}
	if cfg.Calls <= 0 {
		cfg.Calls = 1000
	}
	if cfg.Messages <= 0 {
		cfg.Messages = 30
	}
	return &Runtime{
		limits:  cfg.Limits,
		session: sessionLimits{calls: cfg.Calls, messages: cfg.Messages, answers: 4 << 20},
		gate:    make(chan struct{}, cfg.Parallel),
		maximum: cfg.Bundles,
		trace:   cfg.Trace,
		byHash:  map[string]*list.Element{},
		recent:  list.New(),
	}
}

// Bot gives the named bot of the bundle with this hash; see engine.BotRuntime.
func (r *Runtime) Bot(hash, name string, load func() (engine.Bundle, error)) (engine.Bot, error) {
	b, err := r.compiled(hash, load)
	if err != nil {
		return nil, err
	}
	if _, ok := b.chunks[botFile(name)]; !ok {
		return nil, engine.Errorf(engine.NotFound, "the bundle has no bot %q (it has: %s)", name, listOr(b.bots(), "none"))
	}
	return &bot{runtime: r, bundle: b, name: name}, nil
}

func (r *Runtime) compiled(hash string, load func() (engine.Bundle, error)) (*bundle, error) {
	r.mu.Lock()
	if el, ok := r.byHash[hash]; ok {
		r.recent.MoveToFront(el)
		r.mu.Unlock()
		c := el.Value.(*compiling)
		<-c.done
		return c.bundle, c.err
	}
	c := &compiling{hash: hash, done: make(chan struct{}), err: errors.New("botscripts: loading the bundle panicked")}
	el := r.recent.PushFront(c)
	r.byHash[hash] = el
	for r.recent.Len() > r.maximum {
		last := r.recent.Back()
		delete(r.byHash, last.Value.(*compiling).hash)
		r.recent.Remove(last)
	}
	r.mu.Unlock()

	// Failures are told to everybody who waits, and forgotten, because a
	// load may fail for passing reasons. Also on a panic of load nobody may
	// wait for ever.
	defer func() {
		if c.err != nil {
			r.mu.Lock()
			if r.byHash[hash] == el {
				delete(r.byHash, hash)
				r.recent.Remove(el)
			}
			r.mu.Unlock()
		}
		close(c.done)
	}()
	files, err := load()
	if err != nil {
		c.err = err
		return nil, c.err
	}
	c.bundle, c.err = compile(hash, files)
	return c.bundle, c.err
}

func botFile(name string) string { return "bots/" + name + ".lua" }

func listOr(names []string, none string) string {
	if len(names) == 0 {
		return none
	}
	return strings.Join(names, ", ")
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
