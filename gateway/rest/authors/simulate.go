package authors

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/engine"
	"parley/engine/simulate"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
	"parley/storage/memory"
)

// Limits of a simulation.
const (
	maxTurns   = 2000 // of bots, in all
	maxEffects = 5000
)

// ExportTest gives a conversation as a test.
func (s *Handlers) ExportTest(ctx context.Context, r api.ExportTestRequestObject) (api.ExportTestResponseObject, error) {
	x, err := chattest.ExportFrom(ctx, s.Store, s.stage(), signin.Who(ctx).User.Brand, r.Id)
	if err != nil {
		return nil, err
	}
	return api.ExportTest200JSONResponse(savedTest(x)), nil
}

func (s *Handlers) stage() simulate.Stage {
	return simulate.Stage{Runtime: s.runtime, Store: memory.New}
}

func savedTest(x chattest.Exported) api.SavedTest {
	out := api.SavedTest{Text: chattest.Format(x.Test), Notes: draw.List(x.Notes)}
	if x.Failure != nil {
		out.Failure = testResult(chattest.Result{Failure: x.Failure}).Failure
	}
	return out
}

// SimulateBot plays a consumer's conversation in memory.
func (s *Handlers) SimulateBot(ctx context.Context, r api.SimulateBotRequestObject) (api.SimulateBotResponseObject, error) {
	q := *r.Body
	b, problems, err := s.program(ctx, q.Files, q.Version)
	if err != nil {
		return nil, err
	}
	out := api.SimulateBot200JSONResponse{
		Version: b.Bundle.Hash, Problems: draw.List(problems), Events: []api.SimulatedEvent{}, Sessions: []api.BotSession{},
	}
	out.Steps = draw.List(out.Steps)
	if len(problems) > 0 {
		return out, nil
	}
	p, err := s.play(ctx, b, q, q.Inputs)
	if err != nil {
		return nil, err
	}
	if q.Fork != nil {
		n, err := p.sim.Before(q.Fork.Session, q.Fork.Step)
		if err != nil {
			return nil, err
		}
		if p, err = s.play(ctx, b, q, q.Inputs[:n]); err != nil {
			return nil, err
		}
	}
	out.Steps = draw.Sized(out.Steps, len(p.states))
	for i, st := range p.states {
		out.Steps[i].Events, out.Steps[i].State = p.events[i], simulatedState(st)
	}
	out.Played, out.Error = len(p.states), draw.Or(p.failed)
	out.Events = draw.Each(p.sim.Events(), simulatedEvent)
	for _, j := range p.sim.Journal() {
		out.Sessions = append(out.Sessions, botSession(engine.Session{
			ID: j.ID, Conversation: j.Conversation, Bot: j.Bot, Version: b.Bundle.Hash, State: j.State,
		}, j.Entries))
	}
	if rec, ok := p.sim.Recording(); ok && draw.Given(q.Test) {
		x, err := chattest.Export(ctx, rec, b, s.stage())
		if err != nil {
			return nil, err
		}
		out.Test = new(savedTest(x))
	}
	return out, nil
}

// played is a simulation with how it stood after each input.
type played struct {
	sim    *simulate.Simulation
	states []simulate.State
	events []int
	failed string
}

// play does the inputs until one is not possible.
func (s *Handlers) play(ctx context.Context, b brandfolder.Brand, q api.SimulationRequest, inputs []api.SimulationInput) (*played, error) {
	cfg, err := simulation(b, q)
	if err != nil {
		return nil, err
	}
	lim := &limited{BotRuntime: s.runtime, ctx: ctx}
	cfg.Stage = simulate.Stage{Runtime: lim, Store: memory.New}
	p := &played{}
	if p.sim, err = simulate.New(cfg); err != nil {
		return nil, err
	}
	for _, in := range inputs {
		err := p.sim.Do(input(in))
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case lim.turns > maxTurns || lim.effects > maxEffects:
			p.failed = "too much happens: the bot takes too many turns or says too much"
			return p, nil
		case engine.CodeOf(err) == engine.Internal:
			return nil, err
		case err != nil:
			p.failed = wordsOf(err)
			return p, nil
		}
		p.states, p.events = append(p.states, p.sim.State()), append(p.events, len(p.sim.Events()))
	}
	return p, nil
}

// limited is a runtime whose bots stop when they have done too much, or when
// nobody waits for the answer any more. It belongs to one simulation.
type limited struct {
	engine.BotRuntime
	ctx            context.Context
	turns, effects int
}

func (l *limited) Bot(hash, name string, load func() (engine.Bundle, error)) (engine.Bot, error) {
	b, err := l.BotRuntime.Bot(hash, name, load)
	return limitedBot{b, l}, err
}

type limitedBot struct {
	bot engine.Bot
	*limited
}

func (b limitedBot) Step(t engine.Turn) (engine.Outcome, error) {
	b.turns++
	if err := b.ctx.Err(); err != nil {
		return engine.Outcome{}, err
	}
	if b.turns > maxTurns || b.effects > maxEffects {
		return engine.Outcome{}, engine.Errorf(engine.Invalid, "too much happens")
	}
	out, err := b.bot.Step(t)
	b.effects += len(out.Effects)
	return out, err
}

// simulation is what the request begins with.
func simulation(b brandfolder.Brand, q api.SimulationRequest) (simulate.Config, error) {
	cfg := simulate.Config{
		Brand: b.Brand, Channels: b.Channels, Skills: b.Skills, Bundle: b.Bundle, Bot: draw.Text(q.Bot), Language: draw.Text(q.Language),
	}
	i := b.Kinds.Served(b.Channels)
	if name := draw.Text(q.Channel); name != "" {
		i = slices.IndexFunc(b.Channels, func(c engine.Channel) bool { return c.ID == name || c.ID == b.Brand.ID+"."+name })
		if i < 0 {
			return cfg, engine.FieldError("channel", "is no channel of these files")
		}
	}
	cfg.Channel = b.Channels[max(i, 0)] // a brand has a channel, else it has a problem
	cfg.Spec, _ = b.Kinds.Of(cfg.Channel.Kind)
	if q.Start != nil {
		cfg.Start = time.UnixMilli(*q.Start).UTC()
	}
	if q.Seed != nil {
		cfg.Seed, cfg.Seeds = *q.Seed, []int64{*q.Seed}
	}
	if c := q.Consumer; c != nil {
		cfg.Consumer.Name = draw.Text(c.Name)
		if draw.Text(c.Address) != "" {
			cfg.Address = *c.Address
		}
		cfg.Consumer.Attributes = draw.Given(c.Attributes)
	}
	cfg.Queues = draw.Given(q.Queues)
	values := draw.Given(q.Values)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		cfg.Values = append(cfg.Values, engine.Value{Key: key, Data: engine.JSON(values[key])})
	}
	if q.Http != nil {
		cfg.HTTP = (&recorded{calls: *q.Http, used: make([]bool, len(*q.Http))}).answer
	}
	return cfg, nil
}

// recorded are answers of outside calls and which of them were used.
type recorded struct {
	calls []api.SimulatedCall
	used  []bool
}

func (r *recorded) answer(q engine.HTTPRequest) (simulate.Reply, bool) {
	fit := -1
	for i, c := range r.calls {
		if c.Method != q.Method || !fits(c.Url, q.URL) {
			continue
		}
		if fit = i; !r.used[i] {
			break
		}
	}
	if fit < 0 {
		return simulate.Reply{}, false
	}
	r.used[fit] = true
	call := r.calls[fit]
	return simulate.Reply{HTTPResponse: draw.Given(call.Answer), After: seconds(draw.Given(call.After))}, true
}

// fits says whether the text is the pattern, in which * stands for anything.
func fits(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	s, ok := strings.CutPrefix(s, parts[0])
	if !ok || len(parts) == 1 {
		return ok && s == ""
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return strings.HasSuffix(s, last)
}

// seconds is a time of at most a day: no outside call waits for longer.
func seconds(v float64) time.Duration {
	return time.Duration(max(0, min(v, 86400)) * float64(time.Second))
}

func input(in api.SimulationInput) simulate.Input {
	out := simulate.Input{
		Kind: simulate.InputKind(in.Kind), Agent: draw.Text(in.Agent), Text: draw.Text(in.Text), Content: in.Content, Seconds: draw.Given(in.Seconds),
	}
	switch out.Kind {
	case simulate.InputMessage:
		if out.Content == nil && in.Text != nil {
			out.Content, out.Text = &engine.Content{Text: *in.Text}, ""
		}
	case simulate.InputClose:
		out.Outcome = &engine.HandoffOutcome{Outcome: draw.Text(in.Outcome), Summary: draw.Text(in.Summary), Fields: draw.Given(in.Fields)}
	case simulate.InputReturn:
		out.Outcome = &engine.HandoffOutcome{Note: draw.Text(in.Text)}
	case simulate.InputAnswer:
		out.Reply, out.Seconds = &simulate.Reply{HTTPResponse: draw.Given(in.Answer), After: seconds(out.Seconds)}, 0
	}
	return out
}

// state of a bot that restarts, or of a follow-up.
func stateOf(raw []byte) any {
	if len(raw) == 0 {
		return nil
	}
	return json.RawMessage(raw)
}
