package dialog

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/loop"
)

// Kinds of faults that the dialog itself finds, beside the runtime's.
const (
	faultMisunderstood = "misunderstood"
	faultLoop          = "loop"
	faultStorm         = "storm"
)

// What a bot may do before it counts as lost. All of it is per window: a
// conversation may go on for months.
const (
	window      = time.Hour // without a word of a person
	maxMinute   = 60        // turns in a minute
	maxAlone    = 200       // turns in a window
	maxRestarts = 3         // restarts in a window after the first
	maxSame     = 5         // turns that say the same thing
	maxMisses   = 6         // questions in a row that were not understood
)

// guard counts a turn. It gives the session's new pace, and the fault when the
// bot is lost.
func guard(t engine.Turn, out engine.Outcome) (engine.Pace, *engine.Fault) {
	p := t.Session.Wait.Pace
	now := t.Now.UnixMilli()
	wrote, person := heard(t)
	if p.Query {
		p.Query = false // the answer was there already: it is the same turn going on
	} else {
		if now-p.From >= time.Minute.Milliseconds() || p.From > now {
			p.From, p.Turns = now, 0
		}
		p.Turns++
		if person || now-p.Silent >= window.Milliseconds() || p.Silent > now {
			p.Silent, p.Alone, p.Restarts = now, 0, 0
		}
		p.Alone++
	}
	if out.Restart != nil {
		p.Restarts++
	}
	if wrote != "" && wrote != p.Heard {
		p.Heard, p.Said, p.Same = wrote, "", 0
	}
	says := sayings(out.Effects)
	if len(says) > 0 {
		said := digest(says...)
		if said != p.Said || now-p.SaidFrom >= window.Milliseconds() {
			p.Said, p.SaidFrom, p.Same = said, now, 0
		}
		p.Same++
	}
	for _, e := range out.Effects {
		p.Query = p.Query || e.Query != nil
	}
	many, most := loop.TooMany(t.Conversation.Pulse, t.Brand.Settings.Loops, messages(out.Effects), t.Now)
	switch {
	case out.Fault != nil:
	case p.Turns > maxMinute:
		return p, lost(t, out, faultStorm, fmt.Sprintf("the conversation took more than %d turns within a minute", maxMinute))
	case p.Alone > maxAlone:
		return p, lost(t, out, faultStorm, fmt.Sprintf("the conversation took more than %d turns, and nobody has written", maxAlone))
	case p.Restarts > maxRestarts+1:
		return p, lost(t, out, faultLoop, fmt.Sprintf("chat:restart was called %d times, and the consumer has not written since", p.Restarts))
	case many:
		return p, lost(t, out, faultLoop, fmt.Sprintf("the bot wrote %d messages, and nobody has written since", most))
	case p.Same >= maxSame || repeats(says):
		return p, lost(t, out, faultLoop, fmt.Sprintf("the bot said the same thing %d times in a row", maxSame))
	case misunderstood(t.Journal, out.Journal):
		return p, lost(t, out, faultMisunderstood, fmt.Sprintf("the bot did not understand %d answers in a row", maxMisses))
	}
	return p, nil
}

// heard gives the hash of what the consumer wrote, and whether a person, the
// consumer or an agent, caused the turn.
func heard(t engine.Turn) (wrote string, person bool) {
	switch {
	case t.First != nil:
		return digest(engine.JSON(t.First)), true
	case t.Input == nil:
		return "", false
	case t.Input.Kind == engine.InboxMessage:
		return digest(t.Input.Data), true
	}
	return "", t.Input.Kind == engine.InboxOutcome
}

func digest(parts ...[]byte) string {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write(p)
		h.Write([]byte{0})
	}
	return strconv.FormatUint(h.Sum64(), 16)
}

func sayings(effects []engine.Effect) (out [][]byte) {
	for _, e := range effects {
		if e.Say != nil {
			out = append(out, engine.JSON(e.Say))
		}
	}
	return out
}

// messages is how many messages of a turn are against the pulse of the
// address. A handoff is one: the gateway tells the consumer of it.
func messages(effects []engine.Effect) (n int) {
	for _, e := range effects {
		if e.Say != nil || e.Handoff != nil {
			n++
		}
	}
	return n
}

// repeats says whether one turn says the same thing too often in a row.
func repeats(says [][]byte) bool {
	same := 0
	for i := range says {
		if i > 0 && bytes.Equal(says[i], says[i-1]) {
			same++
		} else {
			same = 1
		}
		if same >= maxSame {
			return true
		}
	}
	return false
}

// misunderstood says whether the last questions of a session were all not
// understood: the answer of such a question has the kind "again" or "failed".
// A question that allows more retries than the limit has them.
func misunderstood(journal, latest []engine.JournalEntry) bool {
	n, limit := 0, maxMisses
	for i := len(journal) + len(latest) - 1; i >= 0; i-- {
		var e engine.JournalEntry
		if i >= len(journal) {
			e = latest[i-len(journal)]
		} else if e = journal[i]; len(latest) > 0 && e.N >= latest[0].N {
			continue // latest has it with its answer
		}
		switch engine.ReplyKindOf(e.Answer) {
		case engine.ReplyAgain, engine.ReplyFailed:
			if n == 0 && i < len(journal) {
				return false // this turn has not asked in vain
			}
			n++
			limit = max(limit, retries(e.Args)+2)
		case "":
		default:
			return false
		}
		if n >= limit {
			return true
		}
	}
	return false
}

func retries(args []byte) int {
	question, _ := engine.ArgumentsOf(args)
	return min(max(question.Retries, 0), 100)
}

// lost is the fault of a bot that would go on for ever, with the line of its
// last host call.
func lost(t engine.Turn, out engine.Outcome, kind, message string) *engine.Fault {
	f := fault(t, kind, message).Fault
	last := ""
	for _, all := range [][]engine.JournalEntry{t.Journal, out.Journal} {
		if len(all) > 0 {
			last = all[len(all)-1].Line
		}
	}
	if i := strings.LastIndexByte(last, ':'); i > 0 {
		if line, err := strconv.Atoi(last[i+1:]); err == nil {
			f.File, f.Line = last[:i], line
		}
	}
	for _, e := range out.Effects {
		if e.Say != nil && kind != faultStorm {
			f.Message += ", last “" + conversation.Preview(*e.Say) + "”"
			break
		}
	}
	return f
}
