package bus_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/bus"
)

var _ engine.Bus = (*bus.Bus)(nil)

func TestPublishReachesTheTopicOnly(t *testing.T) {
	t.Parallel()
	b := bus.New()
	var got []string
	b.Subscribe(engine.TopicRouting, func(s engine.Signal) { got = append(got, "first "+s.Brand) })
	b.Subscribe(engine.TopicRouting, func(s engine.Signal) { got = append(got, "second "+s.Key) })
	b.Subscribe(engine.TopicEvents, func(engine.Signal) { got = append(got, "events") })

	b.Publish(engine.Signal{Topic: engine.TopicRouting, Brand: "acme", Key: "k"})
	b.Publish(engine.Signal{Topic: engine.TopicTimers})

	if diff := cmp.Diff([]string{"first acme", "second k"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	b := bus.New()
	var one, two int
	cancel := b.Subscribe(engine.TopicPass, func(engine.Signal) { one++ })
	b.Subscribe(engine.TopicPass, func(engine.Signal) { two++ })
	b.Publish(engine.Signal{Topic: engine.TopicPass})
	cancel()
	cancel()
	b.Publish(engine.Signal{Topic: engine.TopicPass})
	if one != 1 || two != 2 {
		t.Errorf("cancelled got %d, the other %d, want 1 and 2", one, two)
	}
}

func TestSubscriberMayUseTheBus(t *testing.T) {
	t.Parallel()
	b := bus.New()
	var got int
	b.Subscribe(engine.TopicEvents, func(engine.Signal) { got++ })
	var cancel func()
	cancel = b.Subscribe(engine.TopicRouting, func(engine.Signal) {
		cancel()
		b.Publish(engine.Signal{Topic: engine.TopicEvents})
	})
	b.Publish(engine.Signal{Topic: engine.TopicRouting})
	b.Publish(engine.Signal{Topic: engine.TopicRouting})
	if got != 1 {
		t.Errorf("got %d, want 1", got)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	b := bus.New()
	var kept atomic.Int64
	b.Subscribe(engine.TopicEvents, func(engine.Signal) { kept.Add(1) })
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				cancel := b.Subscribe(engine.TopicEvents, func(engine.Signal) {})
				b.Publish(engine.Signal{Topic: engine.TopicEvents})
				cancel()
			}
		})
	}
	wg.Wait()
	if kept.Load() != 800 {
		t.Errorf("the lasting subscriber got %d of 800", kept.Load())
	}
}
