package dialog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"parley/engine"
)

// Limits of a brand's values.
const (
	maxKey    = 200
	maxData   = 64 << 10
	maxValues = 100_000
	maxTTL    = 10 * 365 * 24 * time.Hour
	expireAt  = 1000 // expired values that make room at a time
	maxPast   = 20
)

// answer gives the JSON answer of a query. Errors: Invalid.
func (c commit) answer(d *draft, q engine.Query) ([]byte, error) {
	tx, conv := d.tx, d.Conversation
	var found any
	var err error
	switch {
	case q.Value != nil:
		found, err = value(tx, conv.Brand, *q.Value, maxValues, c.turn.Now)
	case q.Queue != nil:
		found = c.queues[*q.Queue]
	case q.History != nil:
		found, err = history(tx, conv, *q.History)
	case q.Identities:
		found, err = identities(tx, conv)
	case q.Schedule != nil:
		found, err = c.schedule(d, *q.Schedule)
	default:
		err = engine.Errorf(engine.Invalid, "The query asks for nothing.")
	}
	if err != nil {
		return nil, fmt.Errorf("answering a query: %w", err)
	}
	return engine.JSON(found), nil
}

// standing says how the queues stand that a turn asks for. It reads everybody
// who waits and everybody's load, and so reads them before the writer's
// transaction, which all conversations wait for.
func (w *Worker) standing(ctx context.Context, l look, t engine.Turn, out engine.Outcome) (map[string]engine.QueueStatus, error) {
	var all map[string]engine.QueueStatus
	for _, e := range out.Effects {
		if e.Query == nil || e.Query.Queue == nil {
			continue
		}
		skill := *e.Query.Queue
		st, err := engine.View(ctx, w.Store, func(tx engine.Tx) (engine.QueueStatus, error) { return w.Queues(tx, l.entry, skill, t.Now) })
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = map[string]engine.QueueStatus{}
		}
		all[skill] = st
	}
	return all, nil
}

// value carries out a query of a brand that may have so many values.
func value(tx engine.Tx, brand string, q engine.ValueQuery, most int, now time.Time) (engine.ValueAnswer, error) {
	if q.Key == "" || len(q.Key) > maxKey || !utf8.ValidString(q.Key) {
		return engine.ValueAnswer{}, engine.FieldError("key", "must have 1 to %d bytes", maxKey)
	}
	old, err := tx.Values().Get(brand, q.Key, now)
	missing := engine.CodeOf(err) == engine.NotFound
	if err != nil && !missing {
		return engine.ValueAnswer{}, err
	}
	is := engine.ValueAnswer{Data: old.Data, Version: old.Version}
	if q.Check && q.Version != is.Version && q.Op != "get" {
		return is, nil
	}
	switch q.Op {
	case "get":
		is.Done = !missing
		return is, nil
	case "remove":
		if missing {
			return engine.ValueAnswer{Done: true}, nil
		}
		return engine.ValueAnswer{Done: true}, tx.Values().Remove(brand, q.Key)
	case "set":
		if missing {
			if full, err := full(tx, brand, most, now); err != nil || full {
				return engine.ValueAnswer{Full: full}, err
			}
		}
		return set(tx, brand, q, is, now)
	}
	return is, engine.FieldError("op", "must be get, set or remove")
}

// nearly is from how many missing on writers of new values wait for each other.
const nearly = 1000

// full says whether a brand may not have one more value.
func full(tx engine.Tx, brand string, most int, now time.Time) (bool, error) {
	n, err := tx.Values().Count(brand)
	if err != nil || n < most-nearly {
		return false, err
	}
	if _, err := tx.Brands().Rev(brand); err != nil {
		return false, err
	}
	if n, err = tx.Values().Count(brand); err != nil || n < most {
		return false, err
	}
	if _, err := tx.Values().Expire(now, expireAt); err != nil {
		return false, err
	}
	n, err = tx.Values().Count(brand)
	return n >= most, err
}

func set(tx engine.Tx, brand string, q engine.ValueQuery, is engine.ValueAnswer, now time.Time) (engine.ValueAnswer, error) {
	if len(q.Data) > maxData || !json.Valid(q.Data) {
		return is, engine.FieldError("data", "must be JSON of at most %d bytes", maxData)
	}
	v := engine.Value{Brand: brand, Key: q.Key, Data: q.Data, Version: q.Version}
	switch {
	case q.TTL == 0:
	case !(q.TTL > 0):
		return is, engine.FieldError("ttl", "must be a number of seconds")
	default:
		v.ExpiresAt = now.Add(time.Duration(min(q.TTL, maxTTL.Seconds()) * float64(time.Second)))
	}
	version, err := tx.Values().Put(v, q.Check, now)
	if engine.CodeOf(err) == engine.Conflict {
		return is, nil
	}
	return engine.ValueAnswer{Done: err == nil, Data: q.Data, Version: version}, err
}

func history(tx engine.Tx, conv engine.Conversation, q engine.HistoryQuery) ([]engine.PastConversation, error) {
	limit := min(max(q.Limit, 1), maxPast)
	found, err := tx.Conversations().List(engine.ConversationFilter{
		Brand: conv.Brand, State: engine.Closed, Consumer: conv.Consumer, Limit: limit + 1,
	})
	if err != nil {
		return nil, err
	}
	out := []engine.PastConversation{}
	for _, c := range found {
		if c.ID == conv.ID || len(out) == limit {
			continue
		}
		out = append(out, engine.PastConversation{
			ID: c.ID, Channel: c.Channel, Opened: c.CreatedAt.Unix(), Closed: c.ClosedAt.Unix(),
			Outcome: c.Outcome, Summary: c.Summary, Skill: c.Skill, Tags: c.Tags, Facts: c.Attributes,
		})
	}
	return out, nil
}

func identities(tx engine.Tx, conv engine.Conversation) ([]engine.Identity, error) {
	found, err := tx.Consumers().Identities(conv.Brand, conv.Consumer)
	if found == nil {
		found = []engine.Identity{}
	}
	return found, err
}

// schedule plans a follow-up, or tells the bot and the log why it cannot be.
func (c commit) schedule(d *draft, f engine.FollowupEffect) (engine.FollowupAnswer, error) {
	refused := func(why string) (engine.FollowupAnswer, error) {
		return engine.FollowupAnswer{Why: why}, c.log(d, fmt.Sprintf("follow-up %s was not planned: %s", f.Name, why))
	}
	channel, address := d.Channel, d.Address
	if f.Channel != "" && f.Channel != channel {
		var err error
		if channel, address, err = c.addressOn(d, f.Channel); err != nil {
			if code := engine.CodeOf(err); code != engine.NotFound {
				return engine.FollowupAnswer{}, err
			}
			return refused(engine.MessageOf(err))
		}
	}
	if _, err := d.tx.Consumers().Get(d.Brand, d.Consumer); err != nil { // it guards how many they have
		return engine.FollowupAnswer{}, err
	}
	all := d.tx.Followups()
	if _, err := all.Cancel(d.Brand, d.Consumer, f.Name); err != nil {
		return engine.FollowupAnswer{}, err
	}
	n, err := all.Count(d.Brand, d.Consumer)
	if err != nil {
		return engine.FollowupAnswer{}, err
	}
	if n >= maxFollowups {
		return refused(fmt.Sprintf("the consumer has %d already", n))
	}
	return engine.FollowupAnswer{At: f.At.Unix()}, all.Add(engine.Followup{
		ID: c.NewID(), Brand: d.Brand, Consumer: d.Consumer, Channel: channel, Address: address, At: f.At,
		FollowupData: engine.FollowupData{Name: f.Name, Bot: f.Bot, State: f.State},
	})
}

// maxFollowups bounds what is planned with one consumer.
const maxFollowups = 20

// addressOn finds the consumer's address on another channel of the brand.
func (c commit) addressOn(d *draft, channel string) (id, address string, err error) {
	ch, ok := c.look.entry.Channel(channel)
	if !ok { // by its name in the brand's folder
		ch, ok = c.look.entry.Channel(d.Brand + "." + channel)
	}
	if !ok {
		return "", "", engine.Errorf(engine.NotFound, "there is no channel %q", channel)
	}
	if ch.Kind == d.Kind {
		return ch.ID, d.Address, nil
	}
	all, err := d.tx.Consumers().Identities(d.Brand, d.Consumer)
	if err != nil {
		return "", "", err
	}
	for _, i := range all {
		if i.Kind == ch.Kind {
			return ch.ID, i.Address, nil
		}
	}
	return "", "", engine.Errorf(engine.NotFound, "the consumer has no address on %s", ch.ID)
}
