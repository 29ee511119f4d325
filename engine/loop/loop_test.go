package loop_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/loop"
)

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// TestNoPaceIsEndless: whatever the pace of a machine, the bot's answers within any
// day are bounded; and the amounts never go out of their bounds.
func TestNoPaceIsEndless(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var p engine.Pulse
		s := engine.LoopSettings{Same: 1 << 20, Burst: rapid.IntRange(0, 50).Draw(t, "burst"), Answers: rapid.IntRange(0, 90).Draw(t, "answers")}
		all := s.WithDefaults()
		now, answers := noon(), []time.Time{}
		for range rapid.IntRange(1, 400).Draw(t, "texts") {
			now = now.Add(time.Duration(rapid.IntRange(-1000, 3_600_000).Draw(t, "pause")) * time.Millisecond)
			text := strings.Repeat("word ", rapid.IntRange(0, 6).Draw(t, "words")) + rapid.StringMatching(`[a-z]{0,3}`).Draw(t, "text")
			if loop.Answered(&p, s, text, rapid.Bool().Draw(t, "opened"), now) == nil {
				answers = append(answers, now)
				loop.Heard(&p, engine.AuthorConsumer)
				loop.Heard(&p, engine.AuthorBot)
			}
			for _, n := range []int64{p.Burst, p.Answers, p.Opened} {
				if n < 0 || n > 1000*int64(max(all.Burst, all.Answers, all.Conversations)+1) {
					t.Fatalf("an amount of %d in %+v", n, p)
				}
			}
		}
		for i := range answers {
			n := 0
			for _, at := range answers[i:] {
				if at.Sub(answers[i]) < engine.LoopPeriod {
					n++
				}
			}
			if n > 2*all.Answers+2 {
				t.Fatalf("%d answers within a day, with %+v", n, all)
			}
		}
	})
}

func TestWhoAnswersNobodyIsNotCounted(t *testing.T) {
	t.Parallel()
	var p engine.Pulse
	for n := range 200 {
		if found := loop.Answered(&p, engine.LoopSettings{}, fmt.Sprint("all by myself ", n), false, noon()); found != nil {
			t.Fatalf("text %d: %+v", n, found)
		}
		loop.Heard(&p, engine.AuthorConsumer)
	}
}

func TestHeard(t *testing.T) {
	t.Parallel()
	full := engine.Pulse{At: 1, Burst: 2, Answers: 3, Opened: 4, Unanswered: 5, Followups: 6, Spoke: true, Text: "x", Same: 2}
	for by, want := range map[engine.Author]engine.Pulse{
		engine.AuthorConsumer: {At: 1, Burst: 2, Answers: 3, Opened: 4, Text: "x", Same: 2},
		engine.AuthorAgent:    {},
		engine.AuthorBot:      full,
		engine.AuthorSystem:   full,
	} {
		p := full
		if loop.Heard(&p, by); p != want {
			t.Errorf("after %s it is %+v", by, p)
		}
	}
}

// TestAnotherMachinesClock: a clock that is behind takes nothing back and gives nothing.
func TestAnotherMachinesClock(t *testing.T) {
	t.Parallel()
	p := engine.Pulse{}
	loop.Said(&p, engine.LoopSettings{}, 10, noon())
	before := p
	loop.Said(&p, engine.LoopSettings{}, 1, noon().Add(-time.Hour))
	if p.At != before.At || p.Unanswered != before.Unanswered+1000 {
		t.Errorf("it is %+v", p)
	}
	if many, most := loop.TooMany(p, engine.LoopSettings{Unanswered: 12}, 1, noon()); many || most != 12 {
		t.Errorf("12 of 12 are too many")
	}
	if many, _ := loop.TooMany(p, engine.LoopSettings{Unanswered: 12}, 2, noon()); !many {
		t.Errorf("13 of 12 are not too many")
	}
}
