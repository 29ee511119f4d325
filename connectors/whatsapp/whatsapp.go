package whatsapp

import (
	"net/http"
	"time"

	"parley/connectors/graph"
	"parley/engine"
)

// Kind names this connector in brand.yaml.
const Kind engine.ChannelKind = "whatsapp"

var (
	_ engine.Connector   = (*Connector)(nil)
	_ engine.Renderer    = (*Connector)(nil)
	_ engine.Reconciler  = (*Connector)(nil)
	_ engine.MediaSource = (*Connector)(nil)
	_ engine.Attentive   = (*Connector)(nil)
	_ engine.Checker     = (*Connector)(nil)
)

// Config of a Connector.
type Config struct {
	HTTP *http.Client     // guarded; carries every request to Meta. Required.
	Now  func() time.Time // nil takes time.Now
}

// Connector speaks to the Cloud API for every channel of its kind. It holds no state
// and serves any number of goroutines.
type Connector struct {
	graph *graph.Client
	spec  engine.ChannelSpec
}

// New makes a connector. It panics without an HTTP client: an unguarded default
// would let a brand's settings reach into the private network.
func New(cfg Config) *Connector {
	return &Connector{graph: graph.New(graph.Config{HTTP: cfg.HTTP, Now: cfg.Now, Reasons: reasons()}), spec: spec()}
}
