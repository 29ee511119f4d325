package release

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"parley/engine"
	"parley/engine/publish"
)

// Fate is what a version would make of a session that waits.
type Fate string

const (
	Continues Fate = "continues"
	Diverges  Fate = "diverges" // it does something else than the session has done
	NoBot     Fate = "no_bot"   // the version has no such bot
	Fails     Fate = "fails"
)

// Blast is what to try on the sessions that wait.
type Blast struct {
	Store   engine.Store
	Runtime engine.BotRuntime
	Clock   engine.Clock
	Version publish.Version // the new one; it need not be stored
	// Sample bounds how many sessions are tried, chosen by chance but always
	// the same ones; 0 tries all.
	Sample int
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
	Examples []Example // at most maxExamples
}

// Example is one session of a group.
type Example struct{ Session, Conversation, Bundle string }

const maxExamples = 10

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

// page is how many sessions are read at a time.
const page = 100

// Run replays each waiting session against the version. Nothing is changed.
// Errors: Invalid when the version does not compile.
func (b Blast) Run(ctx context.Context) (Report, error) {
	r := &blasting{Blast: b, groups: map[reason]*Group{}}
	ids, err := r.choose(ctx)
	if err != nil {
		return Report{}, err
	}
	for part := range slices.Chunk(ids, page) {
		turns, err := r.read(ctx, part)
		if err != nil {
			return Report{}, err
		}
		if err := r.try(ctx, turns); err != nil {
			return Report{}, err
		}
		if b.Progress != nil {
			b.Progress(r.report.Tried, len(ids))
		}
	}
	return r.finish(), nil
}

type blasting struct {
	Blast
	report Report

	mu     sync.Mutex
	groups map[reason]*Group
}

// reason is what sessions of a group have in common.
type reason struct {
	fate Fate
	bot  string // "" for those that continue
	file string
	line int
}

// choose lists the sessions to try.
func (r *blasting) choose(ctx context.Context) ([]string, error) {
	var ids []string
	for after := ""; ; {
		var found []engine.Session
		err := r.Store.View(ctx, func(tx engine.Tx) (err error) {
			found, err = tx.History().Waiting(r.Version.Brand.ID, after, page)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			r.report.Waiting++
			if s.Bundle == r.Version.Bundle.Hash {
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

// read makes the turns that would replay the sessions. A session that has
// ended meanwhile is left out.
func (r *blasting) read(ctx context.Context, ids []string) ([]engine.Turn, error) {
	channels := map[string]engine.Channel{}
	for _, ch := range r.Version.Channels {
		channels[ch.ID] = ch
	}
	var turns []engine.Turn
	err := r.Store.View(ctx, func(tx engine.Tx) error {
		turns = turns[:0]
		for _, id := range ids {
			t := engine.Turn{Now: r.Clock(), Brand: r.Version.Brand, Skills: r.Version.Skills}
			var err error
			if t.Session, err = tx.Sessions().Get(id); err != nil {
				return err
			}
			if t.Session.State != engine.SessionWaiting {
				continue
			}
			if t.Conversation, err = tx.Conversations().Get(t.Session.Brand, t.Session.Conversation); err != nil {
				return err
			}
			if t.Consumer, err = tx.Consumers().Get(t.Session.Brand, t.Conversation.Consumer); err != nil {
				return err
			}
			if t.Journal, err = tx.Sessions().Journal(id); err != nil {
				return err
			}
			t.Channel = channels[t.Conversation.Channel]
			turns = append(turns, t)
		}
		return nil
	})
	return turns, err
}

// try steps the turns in parallel.
func (r *blasting) try(ctx context.Context, turns []engine.Turn) error {
	work := make(chan engine.Turn)
	failed := make(chan error, 1)
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(turns)) {
		group.Go(func() {
			for t := range work {
				if err := r.one(t); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	var err error
	for _, t := range turns {
		select {
		case work <- t:
			continue
		case <-ctx.Done():
			err = ctx.Err()
		case err = <-failed:
		}
		break
	}
	close(work)
	group.Wait()
	select {
	case lost := <-failed:
		err = cmp.Or(err, lost)
	default:
	}
	return err
}

// one replays a session against the version.
func (r *blasting) one(t engine.Turn) error {
	from := t.Session.Bundle
	bot, err := r.Runtime.Bot(r.Version.Bundle.Hash, t.Session.Bot, func() (engine.Bundle, error) { return r.Version.Bundle, nil })
	if engine.CodeOf(err) == engine.NotFound {
		r.add(reason{fate: NoBot, bot: t.Session.Bot}, "", t, from)
		return nil
	}
	if err != nil {
		return err
	}
	t.Session.Bundle = r.Version.Bundle.Hash
	out, err := bot.Step(t)
	why := reason{fate: Continues}
	message := ""
	switch {
	case err != nil:
		why, message = reason{fate: Fails, bot: t.Session.Bot}, said(err)
	case out.Fault != nil:
		why, message = reason{Fails, t.Session.Bot, out.Fault.File, out.Fault.Line}, out.Fault.Message
		if out.Fault.Kind == "divergence" {
			why.fate = Diverges
		}
	case t.Session.Wait.Kind == engine.WaitStart: // it has done nothing yet
	case out.State != engine.SessionWaiting || out.Wait.Step != t.Session.Wait.Step:
		why = reason{Diverges, t.Session.Bot, "bots/" + t.Session.Bot + ".lua", 0}
		message = "the bot does not wait where the session does"
	}
	r.add(why, message, t, from)
	return nil
}

func (r *blasting) add(why reason, message string, t engine.Turn, from string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Tried++
	g, ok := r.groups[why]
	if !ok {
		g = &Group{Fate: why.fate, Bot: why.bot, File: why.file, Line: why.line, Message: message}
		r.groups[why] = g
	}
	g.Sessions++
	if len(g.Examples) < maxExamples {
		g.Examples = append(g.Examples, Example{t.Session.ID, t.Conversation.ID, from})
	}
}

// finish orders what was found.
func (r *blasting) finish() Report {
	for _, g := range r.groups {
		slices.SortFunc(g.Examples, func(a, b Example) int { return cmp.Compare(a.Session, b.Session) })
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
