package nlu

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// helpCentre makes the questions of a large help centre: n of them, by template, each with two other wordings and an answer.
func helpCentre(n int) []Question {
	things := strings.Fields("order parcel invoice refund voucher account password subscription delivery address bike helmet frame wheel brake saddle battery charger tyre pedal light lock bag jersey glove shoe pump rack mirror bell")
	acts := []string{"change", "cancel", "return", "track", "pay for", "repair", "register", "insure", "reset", "download", "share", "exchange", "clean", "store", "renew"}
	wheres := []string{"in the shop", "on the phone", "from abroad", "without an account", "as a company", "after a week", "before it ships", "for a friend", "on a Sunday", "with a voucher"}
	r := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("ba be bi bo bu da de di do du fa fe ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se si so ta te ti to va ve vi vo za ze")
	name := func() string {
		var b strings.Builder
		for range 3 + r.IntN(2) {
			b.WriteString(syllables[r.IntN(len(syllables))])
		}
		return b.String()
	}
	out := make([]Question, n)
	for i := range out {
		thing, act, where, model := things[i%len(things)], acts[i/len(things)%len(acts)], wheres[r.IntN(len(wheres))], name()
		out[i] = Question{
			Phrasings: []string{
				fmt.Sprintf("How do I %s my %s %s %s?", act, model, thing, where),
				fmt.Sprintf("Can I %s the %s %s?", act, thing, model),
				fmt.Sprintf("I want to %s a %s from %s %s", act, thing, model, where),
			},
			Answer: fmt.Sprintf("To %s your %s %s, open the page of the %s and choose %s. It takes %d days, and you get an e-mail as soon as the %s is done. Keep the number %d at hand when you call us %s.",
				act, model, thing, thing, act, 1+i%14, thing, 10000+i, where),
		}
	}
	return out
}

func BenchmarkFAQLarge(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		questions := helpCentre(n)
		b.Run(fmt.Sprintf("index %d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				newTestFAQ(b, questions)
			}
		})
	}
	x := newTestFAQ(b, helpCentre(10000))
	b.Run("search", func(b *testing.B) {
		for b.Loop() {
			x.Search("can i send the saddle back that my frend bought abroad", 3)
		}
	})
}
