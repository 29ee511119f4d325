package chattest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/simulate"
)

// config makes what a test begins with. The step is the one at fault.
func config(t Test, b brandfolder.Brand, on simulate.Stage) (simulate.Config, *Step, error) {
	zone := engine.ZoneOf(b.Brand.Settings.TimeZone)
	cfg := simulate.Config{
		Stage: on, Brand: b.Brand, Channels: b.Channels, Skills: b.Skills, Bundle: b.Bundle,
		Start:      time.Date(2026, 1, 5, 10, 0, 0, 0, zone),
		Attributes: map[string]string{}, Queues: map[string]engine.QueueStatus{},
	}
	if len(b.Channels) > 0 {
		cfg.Channel = first(b)
	}
	for i, s := range t.Steps {
		if err := begin(&cfg, s, b, zone); err != nil {
			return cfg, &t.Steps[i], err
		}
	}
	if cfg.Channel.Bot == "" && cfg.Bot == "" {
		return cfg, nil, fmt.Errorf("the brand has no channel with a bot; name one: bot NAME")
	}
	cfg.Spec, _ = b.Kinds.Of(cfg.Channel.Kind)
	if cfg.Language != "" {
		cfg.Consumer.Language = cfg.Language
	}
	return cfg, nil, nil
}

// first is the channel of a test that names none: the web page, or whatever there is.
func first(b brandfolder.Brand) engine.Channel {
	return b.Channels[max(b.Kinds.Served(b.Channels), 0)]
}

func begin(cfg *simulate.Config, s Step, b brandfolder.Brand, zone *time.Location) error {
	switch s.Kind {
	case KindChannel:
		i := slices.IndexFunc(b.Channels, func(c engine.Channel) bool { return c.ID == s.Name || c.ID == b.Brand.ID+"."+s.Name })
		if i < 0 {
			i = slices.IndexFunc(b.Channels, func(c engine.Channel) bool { return string(c.Kind) == s.Name })
		}
		if i < 0 {
			var names []string
			for _, c := range b.Channels {
				names = append(names, strings.TrimPrefix(c.ID, b.Brand.ID+"."))
			}
			return fmt.Errorf("there is no channel %q; there are: %s", s.Name, strings.Join(names, ", "))
		}
		cfg.Channel = b.Channels[i]
	case KindBot:
		cfg.Bot = s.Name
	case KindLanguage:
		cfg.Language = s.Name
	case KindAt:
		cfg.Start = s.start(zone)
	case KindSeed:
		cfg.Seed, _ = strconv.ParseInt(s.Text, 10, 64) // Parse has checked it
		cfg.Seeds = append(cfg.Seeds, cfg.Seed)
	case KindConsumer:
		consumer(cfg, s.Args)
	case KindIdentity:
		cfg.Identities = append(cfg.Identities, engine.Identity{
			Brand: b.Brand.ID, Kind: engine.ChannelKind(s.Name), Address: s.Text, Consumer: cmp.Or(cfg.Consumer.ID, "consumer-1"),
		})
	case KindGiven:
		given(cfg, s)
	case KindQueue:
		if !hasSkill(b, s.Name) {
			return fmt.Errorf("there is no skill %q", s.Name)
		}
		cfg.Queues[s.Name] = queueOf(s.Args)
	case KindPast:
		cfg.History = append(cfg.History, past(s.Args, cfg, zone))
	}
	return nil
}

func consumer(cfg *simulate.Config, list []Arg) {
	for _, a := range list {
		value := plain(a.Value)
		switch a.Key {
		case "id":
			cfg.Consumer.ID = value
		case "name":
			cfg.Consumer.Name = value
		case "language":
			cfg.Consumer.Language = value
		case "address":
			cfg.Address = value
		case "conversation":
			cfg.Conversation = value
		default:
			if cfg.Consumer.Attributes == nil {
				cfg.Consumer.Attributes = map[string]string{}
			}
			cfg.Consumer.Attributes[a.Key] = value
		}
	}
}

func given(cfg *simulate.Config, s Step) {
	value := plain(s.Text)
	if s.Name == "tag" {
		cfg.Tags = append(cfg.Tags, value)
		return
	}
	if name, ok := strings.CutPrefix(s.Name, "set."); ok {
		cfg.Attributes[name] = value
		return
	}
	data := []byte(s.Text)
	if !json.Valid(data) {
		data = engine.JSON(value)
	}
	cfg.Values = append(cfg.Values, engine.Value{Key: strings.TrimPrefix(s.Name, "store."), Data: data})
}

// queueOf is open and nobody's, unless the line says more.
func queueOf(list []Arg) engine.QueueStatus {
	q := engine.QueueStatus{Open: true, Online: 1}
	expected := false
	for _, a := range list {
		n, _ := strconv.ParseFloat(a.Value, 64) // Parse has checked it
		switch a.Key {
		case "":
			q.Open = a.Value == "open"
			if !q.Open {
				q.Online = 0
			}
		case "waiting":
			q.Waiting = int(n)
		case "online":
			q.Online = int(n)
		case "expected":
			q.Expected, expected = n, true
		}
	}
	if !expected && q.Online == 0 {
		q.Expected = -1
	}
	return q
}

func past(list []Arg, cfg *simulate.Config, zone *time.Location) engine.PastConversation {
	p := engine.PastConversation{
		ID: fmt.Sprintf("past-%d", len(cfg.History)+1), Channel: cfg.Channel.ID, Outcome: "completed",
		Opened: cfg.Start.AddDate(0, 0, -7*(len(cfg.History)+1)).Unix(), Facts: map[string]string{},
	}
	for _, a := range list {
		switch a.Key {
		case "outcome":
			p.Outcome = plain(a.Value)
		case "summary":
			p.Summary = plain(a.Value)
		case "skill":
			p.Skill = a.Value
		case "channel":
			p.Channel = cfg.Brand.ID + "." + a.Value
		case "tag":
			p.Tags = append(p.Tags, plain(a.Value))
		case "at":
			t, _ := moment(a.Value, zone) // Parse has checked it
			p.Opened = t.Unix()
		default:
			p.Facts[a.Key] = plain(a.Value)
		}
	}
	p.Closed = p.Opened + 600
	return p
}
