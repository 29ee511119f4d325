package webhook

import (
	"net/http"
	"time"

	"parley/connectors/exchange"
	"parley/engine"
)

// Kind names this connector in brand.yaml.
const Kind engine.ChannelKind = "webhook"

var (
	_ engine.Connector  = (*Connector)(nil)
	_ engine.Reconciler = (*Connector)(nil)
	_ engine.Checker    = (*Connector)(nil)
)

// Config of a Connector.
type Config struct {
	HTTP *http.Client     // guarded; carries every request. Required.
	Now  func() time.Time // nil takes time.Now
}

// Connector serves every channel of its kind. It holds no state and serves any
// number of goroutines.
type Connector struct {
	http *http.Client
	now  func() time.Time
	spec engine.ChannelSpec
}

// New makes a connector. It panics without an HTTP client: an unguarded default
// would let a brand's settings reach into the private network.
func New(cfg Config) *Connector {
	if cfg.HTTP == nil {
		panic("webhook: Config.HTTP is nil")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Connector{http: exchange.Client(cfg.HTTP), now: cfg.Now, spec: spec()}
}
