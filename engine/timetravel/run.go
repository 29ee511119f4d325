package timetravel

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"parley/engine"
	"parley/engine/log/recording"
	"parley/engine/simulate"
)

// Version is what recordings are run against.
type Version struct {
	simulate.Stage
	Brand    engine.Brand
	Channels []engine.Channel
	Skills   []engine.Skill
	Bundle   engine.Bundle
}

// played is what the version did in one recorded conversation.
type played struct {
	turns      [][]recording.Act // by turn of the recording
	understood []recording.Answer
	unrecorded []string // outside calls that nobody has an answer for
}

// errNoChannel says that the version has no channel for the recording.
var errNoChannel = errors.New("the brand no longer has the channel")

// play lets the version meet what was recorded. Inputs that make no sense to it,
// because it has done something else before, are left out.
func play(v Version, rec recording.Recording) (played, error) {
	i := slices.IndexFunc(v.Channels, func(c engine.Channel) bool { return c.ID == rec.Channel })
	if i < 0 {
		return played{}, errNoChannel
	}
	a := newAnswers(rec.Answers)
	sim, err := simulate.New(simulate.Config{
		Stage: v.Stage, Brand: v.Brand, Channel: v.Channels[i], Channels: v.Channels, Skills: v.Skills, Bundle: v.Bundle,
		Start: rec.Opened, Language: rec.Language, Seeds: rec.Seeds, Conversation: rec.Conversation,
		Tags: rec.Tags, Attributes: rec.Attributes, Address: rec.Address,
		Consumer: engine.Consumer{
			ID: rec.Consumer.ID, Name: rec.Consumer.Name, Language: rec.Consumer.Language, Attributes: rec.Consumer.Attributes,
		},
		Identities: a.identities, History: a.history, Values: a.values(v.Brand.ID), Queues: a.queues, HTTP: a.http,
	})
	if err != nil {
		return played{}, err
	}
	var out played
	for _, turn := range rec.Turns {
		from := len(sim.Events())
		if wait := turn.At.Sub(sim.Now()); wait > 0 {
			if err := sim.Advance(wait); err != nil {
				return played{}, err
			}
		}
		// What happened by itself while time passed belongs to the turn before.
		if n := len(out.turns); n > 0 {
			out.turns[n-1] = append(out.turns[n-1], acts(sim.Since(from))...)
		}
		from = len(sim.Events())
		if err := feed(sim, turn); err != nil && engine.CodeOf(err) == engine.Internal {
			return played{}, err
		}
		out.turns = append(out.turns, acts(sim.Since(from)))
	}
	from := len(sim.Events())
	if err := sim.Settle(settled); err != nil {
		return played{}, err
	}
	if n := len(out.turns); n > 0 {
		out.turns[n-1] = append(out.turns[n-1], acts(sim.Since(from))...)
	}
	for _, s := range sim.Journal() {
		for _, e := range s.Entries {
			if v.Runtime.Traits(e.Call).Has(engine.TraitUnderstands) && e.Answer != nil {
				out.understood = append(out.understood, recording.Answer{Call: e.Call, Hash: e.Hash, Args: e.Args, Answer: e.Answer})
			}
		}
	}
	out.unrecorded = a.unknown
	return out, nil
}

// settled is how long the end of a recording may take: a pause or two of the bot.
const settled = time.Minute

func feed(sim *simulate.Simulation, turn recording.Turn) error {
	switch {
	case turn.Message != nil:
		return sim.Message(*turn.Message)
	case turn.Outcome != nil:
		owner := sim.State().Owner
		if owner != engine.OwnerQueue && owner != engine.OwnerAgent {
			return nil // this version handed nothing over
		}
		agent := sim.Agent(turn.Outcome.Agent)
		switch turn.Outcome.Kind {
		case engine.OutcomeClosed:
			return agent.Close(turn.Outcome.Outcome, turn.Outcome.Summary, turn.Outcome.Fields)
		case engine.OutcomeReturned:
			return agent.Return(turn.Outcome.Note)
		}
	}
	return nil
}

// acts are what the bots did among what happened.
func acts(events []simulate.Event) []recording.Act {
	var out []recording.Act
	for _, e := range events {
		act := recording.Act{Line: e.Line}
		switch e.Kind {
		case simulate.EventMessage:
			if e.Author != engine.AuthorBot {
				continue
			}
			act.Say = e.Content
		case simulate.EventHandoff:
			act.Handoff = &recording.Handoff{Skill: e.Handoff.Skill, Reason: e.Handoff.Reason}
		case simulate.EventClosed:
			if e.Name != "bot" {
				continue
			}
			act.Close = &e.Close.Outcome
		case simulate.EventFault:
			act.Fault = e.Fault
		default:
			continue
		}
		out = append(out, act)
	}
	return out
}

// answers are the recorded answers of outside calls, by what was asked.
type answers struct {
	calls      map[string][]engine.HTTPResponse
	stored     map[string]engine.ValueAnswer // by key, as it was first read
	keys       []string
	queues     map[string]engine.QueueStatus
	history    []engine.PastConversation
	identities []engine.Identity
	unknown    []string
}

func newAnswers(all []recording.Answer) *answers {
	a := &answers{calls: map[string][]engine.HTTPResponse{}, stored: map[string]engine.ValueAnswer{}, queues: map[string]engine.QueueStatus{}}
	for _, one := range all {
		args, ok := engine.ArgumentsOf(one.Args)
		if !ok {
			continue
		}
		switch one.Call {
		case engine.CallQueue:
			read(one.Answer, func(s engine.QueueStatus) { a.queues[args.Skill] = s })
		case engine.CallHistory:
			read(one.Answer, func(h []engine.PastConversation) { a.history = h })
		case engine.CallIdentities:
			read(one.Answer, func(h []engine.Identity) { a.identities = h })
		default:
			if args.Method != "" {
				key := callKey(args.Method, args.URL, args.Body)
				read(one.Answer, func(p engine.HTTPResponse) { a.calls[key] = append(a.calls[key], p) })
			} else if args.Key != "" {
				a.store(one.Call, args.Key, one.Answer)
			}
		}
	}
	return a
}

func read[T any](raw json.RawMessage, use func(T)) {
	var v T
	if json.Unmarshal(raw, &v) == nil {
		use(v)
	}
}

// store keeps what a key held before the bots wrote it.
func (a *answers) store(call, key string, raw json.RawMessage) {
	if _, known := a.stored[key]; known {
		return
	}
	a.keys = append(a.keys, key)
	a.stored[key] = engine.ValueAnswer{}
	if call == engine.CallStoreGet || call == engine.CallStoreIncrement {
		read(raw, func(v engine.ValueAnswer) { a.stored[key] = v })
	}
}

func (a *answers) values(brand string) []engine.Value {
	var out []engine.Value
	for _, key := range a.keys {
		if v := a.stored[key]; v.Done {
			out = append(out, engine.Value{Brand: brand, Key: key, Data: v.Data, Version: v.Version})
		}
	}
	return out
}

func callKey(method, url, body string) string { return method + " " + url + "\x00" + body }

// http gives the recorded answers of a call in their order, and the last of
// them when it is made more often than it was.
func (a *answers) http(q engine.HTTPRequest) (simulate.Reply, bool) {
	key := callKey(q.Method, q.URL, q.Body)
	list := a.calls[key]
	if len(list) == 0 {
		a.unknown = append(a.unknown, q.Method+" "+q.URL)
		return simulate.Reply{HTTPResponse: engine.HTTPResponse{Error: "the call was not recorded"}}, true
	}
	if len(list) > 1 {
		a.calls[key] = list[1:]
	}
	return simulate.Reply{HTTPResponse: list[0]}, true
}
