package sqlite

import (
	"fmt"
	"strconv"
	"strings"

	"parley/engine"
)

// A pulse is written with each message, so it is no JSON: its numbers in their order, then the text, apart by blanks.

func writePulse(p engine.Pulse) string {
	if p == (engine.Pulse{}) {
		return ""
	}
	b := make([]byte, 0, 64)
	for _, n := range [...]int64{p.At, p.Burst, p.Answers, p.Opened, p.Unanswered, p.Followups, flag(p.Spoke), int64(p.Same)} {
		b = append(strconv.AppendInt(b, n, 10), ' ')
	}
	return string(append(b, p.Text...))
}

// pulse reads column i.
func (r *rows) pulse(i int) engine.Pulse {
	text := r.text(i)
	if text == "" {
		return engine.Pulse{}
	}
	var n [8]int64
	for i := range n {
		word, rest, _ := strings.Cut(text, " ")
		var err error
		if n[i], err = strconv.ParseInt(word, 10, 64); err != nil && r.err == nil {
			r.err = engine.Errorf(engine.Internal, "a stored pulse is broken").Because(fmt.Errorf("%w in %q", err, r.q))
		}
		text = rest
	}
	return engine.Pulse{At: n[0], Burst: n[1], Answers: n[2], Opened: n[3], Unanswered: n[4], Followups: n[5], Spoke: n[6] == 1, Same: int(n[7]), Text: text}
}
