package nlu

import (
	"runtime"
	"slices"
	"testing"
	"time"
)

func BenchmarkClassify(b *testing.B) {
	m := trained(b, shop(50, 30), Options{DefaultCut: true})
	texts := []string{"could you tell me how i can return the helmet that i bought last week", "rapair my bkie", "what is the weather like in lisbon"}
	var took []time.Duration
	i := 0
	for b.Loop() {
		start := time.Now()
		m.Classify(texts[i%len(texts)])
		took = append(took, time.Since(start))
		i++
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
}

// A brand of 50 intents with 30 examples each, its cut measured.
func BenchmarkTrainBrand(b *testing.B) {
	examples := shop(50, 30)
	for b.Loop() {
		trained(b, examples, Options{})
	}
}

func BenchmarkDecode(b *testing.B) {
	data := trained(b, shop(50, 30), Options{DefaultCut: true}).Encode()
	for b.Loop() {
		if _, err := Decode(data, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// Not parallel: it measures the heap.
func TestMemory(t *testing.T) {
	examples := shop(50, 30)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	m := trained(t, examples, Options{DefaultCut: true}) // the measured cut would add 6 kB
	runtime.GC()
	runtime.ReadMemStats(&after)
	const most = 5 << 20
	if used := int64(after.HeapAlloc) - int64(before.HeapAlloc); used > most {
		t.Errorf("the model of a brand takes %d bytes, want at most %d", used, most)
	}
	runtime.KeepAlive(m)
}
