package botscripts

import (
	"fmt"
	"testing"

	"parley/engine"
)

// BenchmarkStep measures one turn, new VM included, after a number of
// replayed host calls: half of them say, half ask.
func BenchmarkStep(b *testing.B) {
	for _, calls := range []int{0, 10, 50, 200} {
		b.Run(fmt.Sprint(calls), func(b *testing.B) {
			d := newDriver(b, script(`return function(chat)
				for i = 1, 1000 do
					local a = chat:ask("Question " .. i .. "?", { hint = "Please.", timeout = 600 })
					chat:say("You said " .. a.text .. ".")
				end
			end`))
			d.start("hi")
			for len(d.journal) < calls {
				d.say("an answer")
			}
			turn := d.turn(d.entry(engine.InboxMessage, engine.Content{Text: "an answer"}), nil)
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				out, err := d.bot.Step(turn)
				if err != nil || out.State != engine.SessionWaiting {
					b.Fatalf("%v %+v", err, out.Fault)
				}
			}
		})
	}
}
