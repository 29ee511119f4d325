package secrets

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/catalog"
	"parley/storage/sqlite"
)

// Config of a vault.
type Config struct {
	Dir  string                           // the data folder
	File string                           // a second list that only the operator writes; "" for none
	Env  func(name string) (string, bool) // as os.LookupEnv
	// Kinds tell where what a channel has is sent.
	Kinds engine.ChannelKinds
	Log   *slog.Logger
}

// Vault gives the values of references that are allowed. What an operator
// allows or revokes while it is open counts from the next look on. Safe for
// concurrent use, by several processes on one folder, too.
type Vault struct {
	cfg Config

	mu      sync.Mutex
	files   []watched
	granted List            // for as long as the process lives
	told    map[string]bool // references that were logged
}

// watched is a list with what its file looked like when it was read.
type watched struct {
	name string
	seen os.FileInfo
	read bool
	list List
}

// look is a file as it is now; nil when there is none.
func look(name string) os.FileInfo {
	info, err := os.Stat(name)
	if err != nil {
		return nil
	}
	return info
}

func unchanged(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// Open reads what is allowed. A list that cannot be read is an error.
func Open(cfg Config) (*Vault, error) {
	v := &Vault{cfg: cfg, told: map[string]bool{}}
	names := []string{filepath.Join(cfg.Dir, File)}
	if cfg.File != "" {
		if _, err := os.Stat(cfg.File); err != nil {
			return nil, engine.FieldError("--secrets", "names a file that cannot be read: %s", cfg.File)
		}
		names = append(names, cfg.File)
	}
	for _, name := range names {
		w := watched{name: name, seen: look(name), read: true}
		var err error
		if w.list, err = read(name); err != nil {
			return nil, engine.Errorf(engine.Invalid, "the list of allowed variables cannot be used: %v", err)
		}
		v.files = append(v.files, w)
	}
	return v, nil
}

// Listed says whether an operator's own list decides: then nothing is allowed
// by itself and nobody is asked.
func (v *Vault) Listed() bool { return v.cfg.File != "" }

// List gives what is allowed.
func (v *Vault) List() List {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out List
	for i := range v.files {
		w := &v.files[i]
		if now := look(w.name); !w.read || !unchanged(now, w.seen) {
			list, err := read(w.name)
			if err != nil { // what cannot be read allows nothing
				v.cfg.Log.Error("the list of allowed variables cannot be used", "file", w.name, "error", err)
			}
			w.seen, w.list, w.read = now, list, true
		}
		out = out.with(w.list)
	}
	return out.with(v.granted)
}

// Grant allows references for as long as this process lives.
func (v *Vault) Grant(refs []engine.Reference) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.granted = v.granted.with(refs)
}

// Allow adds references to the list in the data folder.
func (v *Vault) Allow(ctx context.Context, refs []engine.Reference) error {
	return v.change(ctx, func(l List) List { return l.with(refs) })
}

// Revoke takes away what the filter fits, and gives what that was.
func (v *Vault) Revoke(ctx context.Context, f Filter) (gone List, err error) {
	err = v.change(ctx, func(l List) (left List) {
		left, gone = l.without(f)
		return left
	})
	return gone, err
}

func (v *Vault) change(ctx context.Context, fn func(List) List) (err error) {
	file := filepath.Join(v.cfg.Dir, File)
	unlock, err := sqlite.LockFile(ctx, file+".lock")
	if err != nil {
		return err
	}
	defer func() {
		if uerr := unlock(); err == nil {
			err = uerr
		}
	}()
	list, err := read(file)
	if err != nil {
		return engine.Errorf(engine.Invalid, "the list of allowed variables cannot be used: %v", err)
	}
	if err := write(file, fn(list)); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.files[0].read = false
	return nil
}

// References lists what a brand names, each once.
func References(b brandfolder.Brand) (out []engine.Reference) {
	for _, u := range b.Uses {
		if !(List)(out).Covers(u.Reference) {
			out = append(out, u.Reference)
		}
	}
	return out
}

// Missing gives those of the brand's references that nobody has allowed.
func (v *Vault) Missing(b brandfolder.Brand) []engine.Reference {
	list := v.List()
	return slices.DeleteFunc(References(b), list.Covers)
}

// Known says whether anything was ever allowed for the brand.
func (v *Vault) Known(brand string) bool {
	return slices.ContainsFunc(v.List(), func(r engine.Reference) bool { return r.Brand == brand })
}

// IsSet says whether the variable of a reference has a value. Ask only for
// references that are allowed: that a variable exists is nobody else's business.
func (v *Vault) IsSet(r engine.Reference) bool {
	value, ok := v.cfg.Env(r.Variable)
	return ok && strings.TrimSpace(value) != ""
}

// Admit says what keeps a brand, read with all its variables taken as set, from
// being used here: references that are not allowed, and variables that are not
// set. An optional channel with such a one is left out instead.
func (v *Vault) Admit(b brandfolder.Brand) (brandfolder.Brand, []brandfolder.Problem) {
	list := v.List()
	var problems []brandfolder.Problem
	out := map[string]bool{}
	for _, u := range b.Uses {
		var why string
		switch {
		case !list.Covers(u.Reference):
			why = Refusal(u.Reference)
		case !v.IsSet(u.Reference):
			why = fmt.Sprintf("%s: the environment variable %s is not set", u.Field, u.Variable)
		default:
			continue
		}
		if u.Optional {
			out[u.Channel] = true
			continue
		}
		problems = append(problems, brandfolder.Problem{File: "brand.yaml", Line: u.Line, Message: why})
	}
	b.Channels = slices.DeleteFunc(slices.Clone(b.Channels), func(ch engine.Channel) bool { return out[ch.ID] })
	return b, problems
}

// Refused lists the references of optional channels that nobody has allowed:
// such a channel is left out without a problem.
func (v *Vault) Refused(b brandfolder.Brand) (out []engine.Reference) {
	list := v.List()
	for _, u := range b.Uses {
		if u.Optional && !list.Covers(u.Reference) {
			out = append(out, u.Reference)
		}
	}
	return out
}

// Refusal tells people that a reference is not allowed, and what allows it.
func Refusal(r engine.Reference) string {
	to := ""
	if len(r.Hosts) > 0 {
		to = " to be sent to " + strings.Join(r.Hosts, ", ")
	}
	return fmt.Sprintf("%s: the variable %s is not allowed here%s; who runs the server allows it with: %s", r.Field, r.Variable, to, Command(r))
}

// Command is the command line that allows a reference.
func Command(r engine.Reference) string {
	s := fmt.Sprintf("parley secrets allow --brand-id %s --field %s --variable %s", r.Brand, r.Field, r.Variable)
	if len(r.Hosts) > 0 {
		s += " --host " + strings.Join(r.Hosts, ",")
	}
	return s
}

// Fill gives an entry of the catalog the values that it may have.
func (v *Vault) Fill(e catalog.Entry) catalog.Entry {
	list := v.List()
	e.Brand, e.Channels = brandfolder.Fill(v.cfg.Kinds, e.Brand, e.Channels, func(r engine.Reference) (string, bool) {
		if !list.Covers(r) || !v.IsSet(r) {
			v.tell(r)
			return "", false
		}
		value, ok := v.cfg.Env(r.Variable)
		return strings.TrimRight(value, "\r\n"), ok // echo and editors end a line, in secrets of Kubernetes, say
	})
	return e
}

// tell logs once that a reference gives nothing.
func (v *Vault) tell(r engine.Reference) {
	v.mu.Lock()
	defer v.mu.Unlock()
	key := fmt.Sprint(r)
	if v.told[key] || len(v.told) > maxEntries {
		return
	}
	v.told[key] = true
	v.cfg.Log.Warn("a variable of the environment is not allowed or not set", "brand", r.Brand, "field", r.Field, "variable", r.Variable, "hosts", r.Hosts)
}
