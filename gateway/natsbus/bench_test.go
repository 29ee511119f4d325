package natsbus_test

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"parley/engine"
	"parley/gateway/natsbus"
)

// BenchmarkPublish is what publishing costs the worker that does it: a wake-up, which
// merges with the one that waits, and a remark.
func BenchmarkPublish(b *testing.B) {
	s := serve(b, 0, nil)
	cfg := natsbus.Config{Servers: []string{s.ClientURL()}, Prefix: "parley"}
	for name, sig := range map[string]engine.Signal{
		"events": {Topic: engine.TopicEvents}, "work": {Topic: engine.TopicDialog, Brand: "acme", Key: "c1"},
		"typing": engine.Typing(engine.ConversationRef{Brand: "acme", ID: "c1"}, engine.AuthorAgent, "u1", "Ana", true),
	} {
		b.Run(name, func(b *testing.B) {
			p, err := natsbus.Open(natsbus.Config{Servers: cfg.Servers, Prefix: cfg.Prefix, Log: quiet()})
			if err != nil {
				b.Fatal(err)
			}
			defer p.Close()
			until(b, "connection", func() bool { return p.Links() == 1 })
			b.ReportAllocs()
			for b.Loop() {
				p.Publish(sig)
			}
		})
	}
}

// BenchmarkFanOut is the time from Publish in one process until two others have
// heard it: three nodes with servers of their own, and three on one server.
func BenchmarkFanOut(b *testing.B) {
	b.Run("nodes", func(b *testing.B) {
		first := node(b)
		fanOut(b, first, node(b, first.addr), node(b, first.addr))
	})
	b.Run("server", func(b *testing.B) {
		cfg := natsbus.Config{Servers: []string{serve(b, 0, nil).ClientURL()}}
		fanOut(b, open(b, cfg), open(b, cfg), open(b, cfg))
	})
}

func fanOut(b *testing.B, from *process, to ...*process) {
	from.reaches(to...)
	var heard atomic.Int32
	all := make(chan struct{}, 1)
	for _, p := range to {
		defer p.Subscribe(engine.TopicPass, func(engine.Signal) {
			if heard.Add(1) == int32(len(to)) {
				all <- struct{}{}
			}
		})()
	}
	sig := engine.Typing(engine.ConversationRef{Brand: "acme", ID: "c1"}, engine.AuthorAgent, "u1", "Ana", true)
	pause := time.NewTicker(12 * time.Millisecond) // so that each goes at once
	defer pause.Stop()
	var took []time.Duration
	for b.Loop() {
		<-pause.C
		heard.Store(0)
		began := time.Now()
		from.Publish(sig)
		<-all
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs/p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs/p99")
}
