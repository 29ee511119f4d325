package twilio

import (
	"net/http"
	"time"

	"parley/connectors/exchange"
	"parley/engine"
)

// Kind names this connector in brand.yaml.
const Kind engine.ChannelKind = "twilio"

var (
	_ engine.Connector  = (*Connector)(nil)
	_ engine.Renderer   = (*Connector)(nil)
	_ engine.Reconciler = (*Connector)(nil)
)

// Config of a Connector.
type Config struct {
	HTTP *http.Client     // guarded; carries every request to Twilio. Required.
	Now  func() time.Time // nil takes time.Now
}

// Connector speaks to Twilio for every channel of its kind. It holds no state
// and serves any number of goroutines.
type Connector struct {
	http *http.Client
	now  func() time.Time
	spec engine.ChannelSpec
}

// New makes a connector. It panics without an HTTP client: an unguarded default
// would let a brand's settings reach into the private network.
func New(cfg Config) *Connector {
	if cfg.HTTP == nil {
		panic("twilio: Config.HTTP is nil")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Connector{http: exchange.Client(cfg.HTTP), now: cfg.Now, spec: spec()}
}
