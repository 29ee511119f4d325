package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"parley/engine"
	"parley/engine/receive"
)

// Metrics are what /metrics shows. Labels come from closed sets, so that their
// number is bounded.
type Metrics struct {
	registry *prometheus.Registry
	hooks    *prometheus.HistogramVec
	left     *prometheus.CounterVec
	turns    *prometheus.HistogramVec
	sends    *prometheus.HistogramVec
	held     *prometheus.GaugeVec
}

// New makes metrics without figures.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		hooks: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parley_webhook_seconds", Help: "Time from a webhook's body to its durable acknowledgement.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
		}, []string{"result"}),
		left: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_webhook_left_out_total", Help: "Parts of verified webhooks that were not taken.",
		}, []string{"why"}),
		turns: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parley_turn_seconds", Help: "Time of one bot turn, commit included.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
		}, []string{"state"}),
		sends: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parley_send_seconds", Help: "Time of one send to a provider.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
		}, []string{"kind", "class"}),
	}
	m.held = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "parley_channel_held", Help: "1 for a channel whose messages wait because its provider does not take them.",
	}, []string{"channel", "class"})
	m.registry.MustRegister(m.hooks, m.left, m.turns, m.sends, m.held,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Bus shows how signals fare between processes: how many connections there are, and
// what became of the signals so far, by the name of the result.
func (m *Metrics) Bus(links func() int, signals func() map[string]uint64) {
	m.registry.MustRegister(bus{
		links: links, signals: signals,
		linksDesc:   prometheus.NewDesc("parley_nats_connections", "Connections to a NATS server (0 or 1), or of a node to other nodes.", nil, nil),
		signalsDesc: prometheus.NewDesc("parley_nats_signals_total", "Signals between processes, by what became of them.", []string{"result"}, nil),
	})
}

type bus struct {
	links                  func() int
	signals                func() map[string]uint64
	linksDesc, signalsDesc *prometheus.Desc
}

func (b bus) Describe(out chan<- *prometheus.Desc) {
	out <- b.linksDesc
	out <- b.signalsDesc
}

func (b bus) Collect(out chan<- prometheus.Metric) {
	out <- prometheus.MustNewConstMetric(b.linksDesc, prometheus.GaugeValue, float64(b.links()))
	for result, n := range b.signals() {
		out <- prometheus.MustNewConstMetric(b.signalsDesc, prometheus.CounterValue, float64(n), result)
	}
}

// Webhook notes a webhook that was answered.
func (m *Metrics) Webhook(err error, took time.Duration) {
	result := "ok"
	if err != nil {
		result = string(engine.CodeOf(err))
	}
	m.hooks.WithLabelValues(result).Observe(took.Seconds())
}

// LeftOut notes parts of a webhook that were not taken.
func (m *Metrics) LeftOut(n int, why receive.LeftOut) {
	m.left.WithLabelValues(string(why)).Add(float64(n))
}

// Turn notes one bot turn.
func (m *Metrics) Turn(took time.Duration, state engine.SessionState) {
	m.turns.WithLabelValues(string(state)).Observe(took.Seconds())
}

// Send notes one send.
func (m *Metrics) Send(kind engine.ChannelKind, class engine.SendClass, took time.Duration) {
	m.sends.WithLabelValues(string(kind), string(class)).Observe(took.Seconds())
}

// Channels notes which channels are not well.
func (m *Metrics) Channels(all []engine.Circuit) {
	m.held.Reset()
	for _, c := range all {
		if c.Open() {
			m.held.WithLabelValues(c.Channel, string(c.Class)).Set(1)
		}
	}
}
