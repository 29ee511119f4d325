package trial

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"parley/engine"
	"parley/engine/versions"
)

// Fate is what a version would make of a session that waits.
type Fate string

const (
	Continues Fate = "continues"
	Diverges  Fate = "diverges" // it does something else than the session has done
	NoBot     Fate = "no_bot"   // the version has no such bot
	Fails     Fate = "fails"
)

// Options are how a version is tried.
type Options struct {
	// Sample bounds how many sessions are tried, chosen by chance but always
	// the same ones; 0 tries all.
	Sample int
	// Examples bounds the sessions that each group names; 0 for ten.
	Examples int
	// Progress, when set, is told after each step how many are done, and of how many.
	Progress func(done, all int)
}

// Report is what a version would make of the sessions that wait.
type Report struct {
	Waiting int // sessions that wait
	Same    int // of them on this very version: not tried
	Tried   int
	// Groups are the fates, those that continue first, then the most frequent.
	Groups []Group
}

// Group are sessions with the same fate for the same reason.
type Group struct {
	Fate     Fate
	Bot      string
	File     string // where, for Diverges and Fails
	Line     int
	Message  string // of one of them
	Sessions int
	Examples []Example // see Options.Examples
}

// Example is one session of a group.
type Example struct{ Session, Conversation, Version string }

// Harmless says whether every session that was tried continues.
func (r Report) Harmless() bool { return r.count(Continues) == r.Tried }

func (r Report) count(f Fate) (n int) {
	for _, g := range r.Groups {
		if g.Fate == f {
			n += g.Sessions
		}
	}
	return n
}

// String is the report in a line: "412 continue, 3 would diverge at
// bots/concierge.lua:48".
func (r Report) String() string {
	if r.Waiting-r.Same == 0 {
		return "no conversation waits in another version"
	}
	var parts []string
	if n := r.count(Continues); n > 0 || r.Harmless() {
		parts = append(parts, fmt.Sprintf("%d continue", n))
	}
	for _, g := range r.Groups {
		if g.Fate != Continues {
			parts = append(parts, fmt.Sprintf("%d would %s", g.Sessions, g.how()))
		}
	}
	s := strings.Join(parts, ", ")
	if left := r.Waiting - r.Same - r.Tried; left > 0 {
		s += fmt.Sprintf(" (%d of %d were tried)", r.Tried, r.Tried+left)
	}
	return s
}

func (g Group) how() string {
	at := ""
	if g.File != "" {
		at = " at " + g.File
	}
	if g.File != "" && g.Line > 0 {
		at += fmt.Sprintf(":%d", g.Line)
	}
	switch g.Fate {
	case Diverges:
		return "diverge" + at
	case NoBot:
		return fmt.Sprintf("find no bot %q", g.Bot)
	}
	return "fail" + at
}

// page is how many sessions are listed, or tried between two reports of progress.
const page = 100

// Run replays each session that waits against a version, which need not be
// stored. Nothing is changed. Errors: Invalid when the version does not compile.
func Run(ctx context.Context, shelf *versions.Versions, b engine.Bundle, o Options) (Report, error) {
	v, err := shelf.Read(b)
	if err != nil {
		return Report{}, err
	}
	v.Bundle = b
	r := &trial{Options: o, shelf: shelf, version: v, channels: map[string]engine.Channel{}, groups: map[reason]*Group{}}
	for _, ch := range v.Channels {
		r.channels[ch.ID] = ch
	}
	ids, err := r.choose(ctx)
	if err != nil {
		return Report{}, err
	}
	for part := range slices.Chunk(ids, page) {
		if err := r.try(ctx, part); err != nil {
			return Report{}, err
		}
		if o.Progress != nil {
			o.Progress(r.report.Tried, len(ids))
		}
	}
	return r.finish(), nil
}

type trial struct {
	Options
	shelf    *versions.Versions
	version  versions.Version
	channels map[string]engine.Channel
	report   Report
	groups   map[reason]*Group
}

// reason is what sessions of a group have in common.
type reason struct {
	fate Fate
	bot  string // "" for those that continue
	file string
	line int
}

// verdict is the fate of one session; one that has ended meanwhile has none.
type verdict struct {
	reason
	message string
	of      Example
}

// choose lists the sessions to try.
func (r *trial) choose(ctx context.Context) ([]string, error) {
	var ids []string
	for after := ""; ; {
		var found []engine.Session
		err := r.shelf.Store.View(ctx, func(tx engine.Tx) (err error) {
			found, err = tx.History().Waiting(r.version.Brand.ID, after, page)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			r.report.Waiting++
			if s.Version == r.version.Bundle.Hash {
				r.report.Same++
				continue
			}
			ids = append(ids, s.ID)
		}
		if len(found) < page {
			break
		}
		after = found[len(found)-1].ID
	}
	if r.Sample > 0 && len(ids) > r.Sample {
		slices.SortFunc(ids, func(a, b string) int {
			x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
			return slices.Compare(x[:], y[:])
		})
		ids = ids[:r.Sample]
		slices.Sort(ids)
	}
	return ids, nil
}

// try judges sessions in parallel and counts them in their order. Each is read
// by itself: journals are large, and only a few are in memory at a time.
func (r *trial) try(ctx context.Context, ids []string) error {
	verdicts, errs := make([]verdict, len(ids)), make([]error, len(ids))
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(ids)) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(ids) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				verdicts[i], errs[i] = r.judge(ctx, ids[i])
			}
		})
	}
	group.Wait()
	if err := cmp.Or(append(errs, ctx.Err())...); err != nil {
		return err
	}
	for _, v := range verdicts {
		if v.fate != "" {
			r.add(v)
		}
	}
	return nil
}

// read makes the turn that would replay a session.
func (r *trial) read(ctx context.Context, id string) (engine.Turn, error) {
	t := engine.Turn{Now: r.shelf.Clock(), Brand: r.version.Brand.Bare(), Skills: r.version.Skills}
	for _, ch := range r.version.Channels {
		t.Channels = append(t.Channels, ch.ID)
	}
	err := r.shelf.Store.View(ctx, func(tx engine.Tx) (err error) {
		if t.Session, err = tx.Sessions().Get(id); err != nil || t.Session.State != engine.SessionWaiting {
			return err
		}
		if t.Conversation, err = tx.Conversations().Get(t.Session.Brand, t.Session.Conversation); err != nil {
			return err
		}
		if t.Consumer, err = tx.Consumers().Get(t.Session.Brand, t.Conversation.Consumer); err != nil {
			return err
		}
		t.Journal, err = tx.Sessions().Journal(id)
		return err
	})
	t.Channel = r.channels[t.Conversation.Channel].Bare()
	return t, err
}

// judge replays a session against the version.
func (r *trial) judge(ctx context.Context, id string) (verdict, error) {
	t, err := r.read(ctx, id)
	if err != nil || t.Session.State != engine.SessionWaiting {
		return verdict{}, err
	}
	name := t.Session.Bot
	v := verdict{reason: reason{fate: Continues}, of: Example{t.Session.ID, t.Conversation.ID, t.Session.Version}}
	bot, err := r.shelf.Runtime.Bot(r.version.Bundle.Hash, name, func() (engine.Bundle, error) { return r.version.Bundle, nil })
	if engine.CodeOf(err) == engine.NotFound {
		v.reason = reason{fate: NoBot, bot: name}
		return v, nil
	}
	if err != nil {
		return v, err
	}
	t.Session.Version = r.version.Bundle.Hash
	out, err := bot.Step(t)
	switch {
	case err != nil:
		v.reason, v.message = reason{fate: Fails, bot: name}, versions.Said(err)
	case out.Fault != nil:
		v.reason, v.message = reason{Fails, name, out.Fault.File, out.Fault.Line}, out.Fault.Message
		if out.Fault.Kind == "divergence" {
			v.fate = Diverges
		}
	case t.Session.Wait.Kind == engine.WaitStart: // it has done nothing yet
	case out.State != engine.SessionWaiting || out.Wait.Step != t.Session.Wait.Step:
		v.reason, v.message = reason{Diverges, name, "bots/" + name + ".lua", 0}, "the bot does not wait where the session does"
	}
	return v, nil
}

func (r *trial) add(v verdict) {
	r.report.Tried++
	g, ok := r.groups[v.reason]
	if !ok {
		g = &Group{Fate: v.fate, Bot: v.bot, File: v.file, Line: v.line, Message: v.message}
		r.groups[v.reason] = g
	}
	g.Sessions++
	if len(g.Examples) < cmp.Or(r.Examples, 10) {
		g.Examples = append(g.Examples, v.of)
	}
}

// finish orders what was found.
func (r *trial) finish() Report {
	for _, g := range r.groups {
		r.report.Groups = append(r.report.Groups, *g)
	}
	rank := func(g Group) int {
		if g.Fate == Continues {
			return 0
		}
		return 1
	}
	slices.SortFunc(r.report.Groups, func(a, b Group) int {
		return cmp.Or(
			rank(a)-rank(b), b.Sessions-a.Sessions,
			cmp.Compare(a.Fate, b.Fate), cmp.Compare(a.Bot, b.Bot), cmp.Compare(a.File, b.File), a.Line-b.Line,
		)
	})
	return r.report
}
