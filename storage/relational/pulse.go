package relational

import (
	"fmt"
	"strconv"
	"strings"

	"parley/engine"
)

// pulse is written with each message, so it is no JSON: its numbers in their order, then the text, apart by blanks.
type pulse struct{ p *engine.Pulse }

func (x pulse) write() (any, error) {
	p := x.p
	if *p == (engine.Pulse{}) {
		return "", nil
	}
	spoke := int64(0)
	if p.Spoke {
		spoke = 1
	}
	b := make([]byte, 0, 64)
	for _, n := range [...]int64{p.At, p.Burst, p.Answers, p.Opened, p.Unanswered, p.Followups, spoke, int64(p.Same)} {
		b = append(strconv.AppendInt(b, n, 10), ' ')
	}
	return string(append(b, p.Text...)), nil
}

func (x pulse) read(r *Rows, i int) {
	*x.p = engine.Pulse{}
	text := string(r.cursor.View(i))
	if text == "" {
		return
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
	*x.p = engine.Pulse{At: n[0], Burst: n[1], Answers: n[2], Opened: n[3], Unanswered: n[4], Followups: n[5], Spoke: n[6] == 1, Same: int(n[7]), Text: text}
}
