package simulate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/desk"
	"parley/engine/dialog"
	"parley/engine/followup"
	"parley/engine/receive"
	"parley/engine/routing"
	"parley/engine/timers"
)

// Stage is what simulations are played on.
type Stage struct {
	Runtime engine.BotRuntime
	Store   func() engine.Store // makes an empty one, which is not closed
}

// Config is what a simulation begins with. Stage, Brand, Channel and Bundle are
// needed; nothing of it is changed.
type Config struct {
	Stage
	Brand    engine.Brand
	Channel  engine.Channel   // where the consumer writes
	Channels []engine.Channel // others, for follow-ups
	Skills   []engine.Skill
	Bundle   engine.Bundle
	Bot      string // "" takes the channel's
	Start    time.Time
	Language string // of the consumer; "" takes the brand's first
	// Seed varies ids and what math.random gives. Seeds are those of the
	// sessions, in order; further ones come from Seed.
	Seed  int64
	Seeds []int64

	Conversation string // id of the first conversation; "" makes one
	Tags         []string
	Attributes   map[string]string // of the first conversation
	Consumer     engine.Consumer   // ID "" makes one
	Address      string            // "" makes one
	Identities   []engine.Identity // further ones of the consumer
	History      []engine.PastConversation
	Values       []engine.Value // the brand's store
	// Queues are what bots hear of a skill's queue. A skill that is not named has
	// nobody waiting, nobody online, and the hours of the brand.
	Queues map[string]engine.QueueStatus
	// HTTP answers outside calls. When it says false, or is nil, the call stays
	// open until Answer, or fails after its time limit.
	HTTP func(engine.HTTPRequest) (Reply, bool)
	// Spec is that of the channel's kind; the zero value is one that shows everything.
	Spec engine.ChannelSpec
}

// Reply answers an outside call, After some time.
type Reply struct {
	engine.HTTPResponse
	After time.Duration `json:"after,omitempty"`
}

// Simulation is a consumer's conversations with a bot. It belongs to one goroutine.
type Simulation struct {
	cfg       Config
	store     store
	now       time.Time
	began     begun
	lines     map[string][]string // where the bot was at each journal entry, by session
	ids       int
	log       []Event
	inputs    []Input
	calls     []call // outside calls without an answer, oldest first
	seen      seen   // what is in the log already
	decided   *decision
	err       error // the first that ended it
	receiver  *receive.Receiver
	worker    *dialog.Worker
	timers    *timers.Worker
	followups *followup.Worker
	desk      *desk.Desk
	catalog   *catalog.Catalog
	held      map[string]time.Time // conversations that wait for their time
}

// begun are the ids of what began, in that order.
type begun struct{ conversations, sessions []string }

// call is an outside call without an answer.
type call struct {
	item    engine.OutboxItem
	request engine.HTTPRequest
	reply   *Reply // nil: somebody must say
	due     time.Time
}

// New makes a simulation in which nothing has happened yet. The error says that
// the configuration has no such bot, or that the bundle does not compile.
func New(cfg Config) (*Simulation, error) {
	if cfg.Bot != "" {
		cfg.Channel.Bot = cfg.Bot
	}
	if cfg.Start.IsZero() {
		cfg.Start = time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)
	}
	if cfg.Spec.Capabilities == nil {
		cfg.Spec.Capabilities = func(engine.Channel) engine.Capabilities {
			return engine.Capabilities{Choices: true, Media: true, Typing: true}
		}
	}
	if cfg.Consumer.ID == "" {
		cfg.Consumer.ID = "consumer-1"
	}
	if cfg.Address == "" {
		cfg.Address = cmp.Or(cfg.Spec.Consumer, "+15550100")
	}
	if cfg.Language != "" {
		cfg.Consumer.Language = cfg.Language
	}
	cfg.Brand.Version = cfg.Bundle.Hash
	cfg.Brand.Canary = engine.Canary{} // this version is simulated, and no other
	cfg.Consumer.Brand, cfg.Consumer.CreatedAt = cfg.Brand.ID, cfg.Start
	cfg.Channel.Brand = cfg.Brand.ID
	_, err := cfg.Runtime.Bot(cfg.Bundle.Hash, cfg.Channel.Bot, func() (engine.Bundle, error) { return cfg.Bundle, nil })
	if err != nil {
		return nil, err
	}
	s := &Simulation{cfg: cfg, now: cfg.Start, seen: seen{queries: map[query]engine.Query{}}, held: map[string]time.Time{}, lines: map[string][]string{}}
	s.store = store{cfg.Store(), s}
	if err := s.store.Store.Update(context.Background(), s.fill); err != nil {
		return nil, err
	}
	s.open()
	return s, nil
}

// fill stores what was before.
func (s *Simulation) fill(t engine.Tx) error {
	cfg := s.cfg
	bundle, first := cfg.Bundle, engine.Identity{Kind: cfg.Channel.Kind, Address: cfg.Address}
	bundle.Brand = cfg.Brand.ID
	others := slices.DeleteFunc(slices.Clone(cfg.Channels), func(c engine.Channel) bool { return c.ID == cfg.Channel.ID })
	err := errors.Join(t.Brands().Save(cfg.Brand), t.Brands().SaveChannels(cfg.Brand.ID, append(others, cfg.Channel)),
		t.Brands().SaveSkills(cfg.Brand.ID, cfg.Skills), t.Bundles().Add(bundle), t.Consumers().Add(cfg.Consumer, first))
	for _, v := range cfg.Values {
		v.Brand = cfg.Brand.ID
		for range min(max(v.Version, 1), maxVersion) {
			_, put := t.Values().Put(v, false, s.now)
			err = errors.Join(err, put)
		}
	}
	for _, p := range slices.Backward(cfg.History) {
		err = errors.Join(err, conversation.Given(t, engine.Conversation{
			ID: p.ID, Brand: cfg.Brand.ID, Channel: p.Channel, Consumer: cfg.Consumer.ID, Address: cfg.Address, State: engine.Closed, Owner: engine.OwnerNone,
			Outcome: p.Outcome, Summary: p.Summary, Skill: p.Skill, Tags: p.Tags, Attributes: p.Facts,
			CreatedAt: time.Unix(p.Opened, 0), LastAt: time.Unix(p.Closed, 0), ClosedAt: time.Unix(p.Closed, 0),
		}))
	}
	return err
}

// maxVersion bounds how often a value of the configuration is written to have its version.
const maxVersion = 1000

// open puts the engine around the store.
func (s *Simulation) open() {
	cfg := s.cfg
	clock := func() time.Time { return s.now }
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	s.catalog = catalog.New(s.store, silence{}, clock, time.Hour)
	writer := conversation.Writer{NewID: s.id, Render: func(engine.Channel, engine.Content, string) []engine.Content { return nil }}
	s.receiver = &receive.Receiver{
		Store: s.store, Clock: clock, NewID: s.id, Catalog: s.catalog, Writer: writer, Log: quiet,
		Connectors: map[engine.ChannelKind]engine.Connector{cfg.Channel.Kind: provider{cfg.Spec}},
	}
	s.worker = &dialog.Worker{
		AnyAgent: true, Queues: routing.QueueStatus,
		Store: s.store, Bus: silence{}, Clock: clock, NewID: s.id, Catalog: s.catalog, Writer: writer,
		Runtime: runtime{cfg.Runtime, s}, Log: quiet, Shards: 1,
	}
	s.timers = &timers.Worker{Store: s.store, Bus: silence{}, Clock: clock, Log: quiet}
	s.followups = &followup.Worker{Store: s.store, Bus: silence{}, Clock: clock, Writer: writer, Log: quiet}
	s.desk = &desk.Desk{Store: s.store, Clock: clock, Catalog: s.catalog, Writer: writer}
}

// id makes the next id. Sessions get their seed from theirs.
func (s *Simulation) id() string {
	s.ids++
	return fmt.Sprintf("sim-%x-%06d", uint64(s.cfg.Seed), s.ids)
}

// silence is a bus that nobody listens to: a simulation looks by itself.
type silence struct{}

func (silence) Publish(engine.Signal) {}
func (silence) Subscribe(engine.Topic, func(engine.Signal)) func() {
	return func() {}
}

// provider stands for the channel's connector. Nothing is sent.
type provider struct {
	spec engine.ChannelSpec
}

func (p provider) Spec() engine.ChannelSpec { return p.spec }
func (provider) Decode(engine.Channel, engine.WebhookRequest) (engine.Decoded, error) {
	return engine.Decoded{}, errNoNetwork
}
func (provider) Send(context.Context, engine.Channel, engine.Outbound) (engine.Receipt, error) {
	return engine.Receipt{}, errNoNetwork
}

var errNoNetwork = engine.Errorf(engine.Unavailable, "a simulation has no network")

// runtime lets the simulation see what bots decide.
type runtime struct {
	engine.BotRuntime
	s *Simulation
}

// decision is what a bot decided last, until it is in the log.
type decision struct {
	turn engine.Turn
	out  engine.Outcome
}

func (r runtime) Bot(hash, name string, load func() (engine.Bundle, error)) (engine.Bot, error) {
	b, err := r.BotRuntime.Bot(hash, name, load)
	return watched{r.s, b}, err
}

type watched struct {
	s   *Simulation
	bot engine.Bot
}

func (w watched) Step(t engine.Turn) (engine.Outcome, error) {
	t.Session.Seed = w.s.seed(t.Session)
	t.Input = w.s.answered(t)
	out, err := w.bot.Step(t)
	if err == nil {
		w.s.decided = &decision{turn: t, out: out}
	}
	return out, err
}

// seed gives a session its own, by its place.
func (s *Simulation) seed(of engine.Session) int64 {
	i := slices.Index(s.began.sessions, of.ID)
	if i < 0 {
		i = len(s.began.sessions)
	}
	if i < len(s.cfg.Seeds) {
		return s.cfg.Seeds[i]
	}
	return of.Seed
}

// answered replaces the engine's answer about a queue by the configured one:
// nobody waits here and nobody works.
func (s *Simulation) answered(t engine.Turn) *engine.InboxEntry {
	if t.Input == nil || t.Input.Kind != engine.InboxResult {
		return t.Input
	}
	q, ok := s.seen.queries[query{t.Session.ID, t.Input.Step}]
	if !ok {
		return t.Input
	}
	if q.Queue == nil {
		return t.Input
	}
	status, ok := s.cfg.Queues[*q.Queue]
	if !ok {
		return t.Input
	}
	in := *t.Input
	in.Data = engine.JSON(status)
	return &in
}
