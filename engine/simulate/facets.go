package simulate

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"parley/engine"
)

type conversations struct {
	engine.Conversations
	t *store
}

// fresh copies what callers may change.
func fresh(c engine.Conversation) engine.Conversation {
	c.Attributes, c.Tags, c.Mood.Languages = maps.Clone(c.Attributes), slices.Clone(c.Tags), maps.Clone(c.Mood.Languages)
	if c.Handoff != nil {
		h := *c.Handoff
		c.Handoff = &h
	}
	if c.Pending != nil {
		p := *c.Pending
		c.Pending = &p
	}
	return c
}

func (f conversations) Get(_, id string) (engine.Conversation, error) {
	c, err := get(f.t.now.convs, "conversation", func(c engine.Conversation) bool { return c.ID == id })
	return fresh(c), err
}
func (f conversations) OpenByAddress(channel, address string) (engine.Conversation, error) {
	c, err := get(f.t.now.convs, "conversation", func(c engine.Conversation) bool {
		return c.State == engine.Open && c.Channel == channel && c.Address == address
	})
	return fresh(c), err
}
func (f conversations) Add(c engine.Conversation) error {
	f.t.now.convs = append(f.t.now.convs, fresh(c))
	return nil
}
func (f conversations) Save(c *engine.Conversation) error {
	stored, err := find(f.t.now.convs, "conversation", func(s engine.Conversation) bool { return s.ID == c.ID })
	switch {
	case err != nil:
		return err
	case stored.Rev != c.Rev:
		return engine.Errorf(engine.Conflict, "The conversation has changed.")
	}
	c.Rev++
	*stored = fresh(*c)
	return nil
}
func (f conversations) List(w engine.ConversationFilter) ([]engine.Conversation, error) {
	var out []engine.Conversation
	for _, c := range slices.Backward(f.t.now.convs) {
		if (w.State == "" || w.State == c.State) && (w.Owner == "" || w.Owner == c.Owner) && (w.Consumer == "" || w.Consumer == c.Consumer) &&
			(w.Before.IsZero() || c.LastAt.Before(w.Before)) && (w.Limit <= 0 || len(out) < w.Limit) {
			out = append(out, fresh(c))
		}
	}
	return out, nil
}
func (f conversations) Count(w engine.ConversationFilter) (int, error) {
	all, err := f.List(w)
	return len(all), err
}
func (f conversations) Load(string) (map[string]float64, error) { return map[string]float64{}, nil }

type messages struct {
	engine.Messages
	t *store
}

func (f messages) Add(m engine.Message) error {
	f.t.now.messages = append(f.t.now.messages, m)
	return nil
}
func (f messages) Get(_, id string) (engine.Message, error) {
	return get(f.t.now.messages, "message", func(m engine.Message) bool { return m.ID == id })
}
func (f messages) ByProvider(string, string) (engine.Message, error) {
	return engine.Message{}, missing("message")
}
func (f messages) ByClient(string, string) (engine.Message, error) {
	return engine.Message{}, missing("message")
}
func (f messages) Thread(_, consumer, before string, limit int) (out []engine.Message, _ error) {
	past := before == ""
	for _, m := range slices.Backward(f.t.now.messages) {
		if m.Consumer != consumer {
			continue
		}
		if past && len(out) < limit {
			out = append(out, m)
		}
		past = past || m.ID == before
	}
	return out, nil
}
func (f messages) List(_, conversation string, after int64, limit int) ([]engine.Message, error) {
	var out []engine.Message
	for _, m := range f.t.now.messages {
		if m.Conversation == conversation && m.Seq > after && len(out) < limit {
			out = append(out, m)
		}
	}
	return out, nil
}

type inbox struct {
	engine.Inbox
	t *store
}

func (f inbox) Add(e engine.InboxEntry) error {
	f.t.now.inbox = append(f.t.now.inbox, e)
	return nil
}
func (f inbox) List(conversation string) ([]engine.InboxEntry, error) {
	var out []engine.InboxEntry
	for _, e := range f.t.now.inbox {
		if e.Conversation == conversation {
			out = append(out, e)
		}
	}
	return out, nil
}
func (f inbox) Look(conversation string, limit int) ([]engine.InboxEntry, error) {
	all, err := f.List(conversation)
	var out []engine.InboxEntry
	others := 0
	for i, e := range all {
		other := e.Kind != engine.InboxMessage && others < limit
		if other {
			others++
		}
		if i < limit || other || i == len(all)-1 {
			out = append(out, e)
		}
	}
	return out, err
}

func (f inbox) Remove(conversation string, n int64) error {
	i := slices.IndexFunc(f.t.now.inbox, func(e engine.InboxEntry) bool { return e.Conversation == conversation && e.N == n })
	if i < 0 {
		return missing("inbox entry")
	}
	f.t.now.inbox = slices.Delete(f.t.now.inbox, i, i+1)
	return nil
}
func (f inbox) Clear(conversation string) error {
	f.t.now.inbox = slices.DeleteFunc(f.t.now.inbox, func(e engine.InboxEntry) bool { return e.Conversation == conversation })
	return nil
}

type sessions struct {
	engine.Sessions
	t *store
}

func (f sessions) Add(s engine.Session) error {
	f.t.now.sessions = append(f.t.now.sessions, s)
	return nil
}
func (f sessions) Save(s engine.Session) error {
	stored, err := find(f.t.now.sessions, "session", func(o engine.Session) bool { return o.ID == s.ID })
	if err == nil {
		*stored = s
	}
	return err
}
func (f sessions) Get(id string) (engine.Session, error) {
	return get(f.t.now.sessions, "session", func(s engine.Session) bool { return s.ID == id })
}
func (f sessions) Current(conversation string) (engine.Session, error) {
	for _, s := range slices.Backward(f.t.now.sessions) {
		if s.Conversation == conversation {
			return s, nil
		}
	}
	return engine.Session{}, missing("session")
}
func (f sessions) Record(entries []engine.JournalEntry) error {
	for _, e := range entries {
		j := f.t.now.journals[e.Session]
		if e.N < len(j) {
			j = slices.Clone(j) // the state before may hold it
			j[e.N] = e
		} else {
			j = append(j[:len(j):len(j)], e)
		}
		f.t.now.journals[e.Session] = j
	}
	return nil
}
func (f sessions) Journal(session string) ([]engine.JournalEntry, error) {
	return slices.Clone(f.t.now.journals[session]), nil
}

type sends struct{ engine.Sends }

// Of knows no sends of messages: see outbox.Add.
func (sends) Of(string) ([]engine.OutboxItem, error) { return nil, nil }

type outbox struct {
	engine.Outbox
	t *store
}

func (f outbox) Add(item *engine.OutboxItem) error {
	if item.Kind != engine.OutboxHTTP {
		return nil // a message is where it shall be: in the transcript
	}
	item.Seq = int64(len(f.t.now.outbox) + 1)
	f.t.now.outbox = append(f.t.now.outbox, *item)
	return nil
}

type queue struct {
	engine.Queue
	t *store
}

func (f queue) Put(e engine.QueueEntry) error {
	_ = f.Remove(e.Conversation) // not being there is fine
	f.t.now.queue = append(f.t.now.queue, e)
	return nil
}
func (f queue) Get(conversation string) (engine.QueueEntry, error) {
	return get(f.t.now.queue, "queue entry", func(e engine.QueueEntry) bool { return e.Conversation == conversation })
}
func (f queue) Remove(conversation string) error {
	i := slices.IndexFunc(f.t.now.queue, func(e engine.QueueEntry) bool { return e.Conversation == conversation })
	if i < 0 {
		return missing("queue entry")
	}
	f.t.now.queue = slices.Delete(f.t.now.queue, i, i+1)
	return nil
}
func (f queue) List(string) ([]engine.QueueEntry, error) {
	return slices.Clone(f.t.now.queue), nil
}
func (f queue) Meant(_, agent string) ([]engine.QueueEntry, error) {
	return slices.DeleteFunc(slices.Clone(f.t.now.queue), func(e engine.QueueEntry) bool { return e.OfferedTo != agent && e.Agent != agent }), nil
}

func (f queue) Waiting(string) (map[string]int, error) {
	n := map[string]int{}
	for _, e := range f.t.now.queue {
		n[e.Skill]++
	}
	return n, nil
}

func (f queue) Brands() ([]string, error) { return []string{f.t.brand.ID}, nil }

// Position counts those whom the configuration lets wait before this one.
func (f queue) Position(conversation string) (int, error) {
	e, err := f.Get(conversation)
	if err != nil {
		return 0, err
	}
	return 1 + f.t.queues[e.Skill].Waiting, nil
}

// projections are empty: nothing is made of the log.
type projections struct{ engine.Projections }

func (projections) Row(string, string) (engine.ProjectionRow, error) {
	return engine.ProjectionRow{}, missing("projection row")
}

type timerFacet struct {
	engine.Timers
	t *store
}

func (f timerFacet) Add(t engine.Timer) error {
	f.t.now.timers = append(f.t.now.timers, t)
	return nil
}
func (f timerFacet) Due(now time.Time, limit int) ([]engine.Timer, error) {
	var out []engine.Timer
	for _, t := range f.t.now.timers {
		if !t.At.After(now) {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b engine.Timer) int { return a.At.Compare(b.At) })
	return out[:min(limit, len(out))], nil
}
func (f timerFacet) Remove(id string) error {
	i := slices.IndexFunc(f.t.now.timers, func(t engine.Timer) bool { return t.ID == id })
	if i < 0 {
		return missing("timer")
	}
	f.t.now.timers = slices.Delete(f.t.now.timers, i, i+1)
	return nil
}
func (f timerFacet) RemoveSession(session string) error {
	f.t.now.timers = slices.DeleteFunc(f.t.now.timers, func(t engine.Timer) bool { return t.Session == session })
	return nil
}
func (f timerFacet) Next() (time.Time, error) {
	var next time.Time
	for _, t := range f.t.now.timers {
		next = earlier(next, t.At)
	}
	return next, nil
}

// earlier is the earlier of two times; zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

type events struct {
	engine.Events
	t *store
}

func (f events) Add(e *engine.Event) error {
	e.Seq = int64(len(f.t.now.events) + 1)
	f.t.now.events = append(f.t.now.events, *e)
	return nil
}
func (f events) List(w engine.EventFilter) ([]engine.Event, error) {
	var out []engine.Event
	for _, e := range f.t.now.events[min(int(w.After), len(f.t.now.events)):] {
		if (w.Conversation == "" || e.Conversation == w.Conversation) && (len(w.Kinds) == 0 || slices.Contains(w.Kinds, e.Kind)) && !e.At.Before(w.Since) && (w.Limit <= 0 || len(out) < w.Limit) {
			out = append(out, e)
		}
	}
	return out, nil
}
func (f events) Last() (engine.Cursor, error) { return engine.Cursor(len(f.t.now.events)), nil }

type values struct {
	engine.Values
	t *store
}

func (f values) Get(_, key string, now time.Time) (engine.Value, error) {
	v, ok := f.t.now.values[key]
	if !ok || (!v.ExpiresAt.IsZero() && !v.ExpiresAt.After(now)) {
		return engine.Value{}, missing("value")
	}
	return v, nil
}
func (f values) Put(v engine.Value, check bool, now time.Time) (int64, error) {
	old, err := f.Get(v.Brand, v.Key, now)
	if check && (err == nil) != (v.Version > 0) || check && err == nil && old.Version != v.Version {
		return 0, engine.Errorf(engine.Conflict, "The value has changed.")
	}
	v.Version = old.Version + 1
	f.t.now.values[v.Key] = v
	return v.Version, nil
}
func (f values) Remove(_, key string) error {
	if _, ok := f.t.now.values[key]; !ok {
		return missing("value")
	}
	delete(f.t.now.values, key)
	return nil
}
func (f values) Count(string) (int, error)          { return len(f.t.now.values), nil }
func (f values) Expire(time.Time, int) (int, error) { return 0, nil }

type followups struct {
	engine.Followups
	t *store
}

func (f followups) Add(p engine.Followup) error {
	_, _ = f.Cancel(p.Brand, p.Consumer, p.Name) // it never fails
	f.t.now.followups = append(f.t.now.followups, p)
	return nil
}
func (f followups) Due(now time.Time, limit int) ([]engine.Followup, error) {
	var out []engine.Followup
	for _, p := range f.t.now.followups {
		if !p.At.After(now) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b engine.Followup) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return out[:min(limit, len(out))], nil
}
func (f followups) drop(fits func(engine.Followup) bool) bool {
	before := len(f.t.now.followups)
	f.t.now.followups = slices.DeleteFunc(f.t.now.followups, fits)
	return len(f.t.now.followups) < before
}
func (f followups) Remove(id string) error {
	if !f.drop(func(p engine.Followup) bool { return p.ID == id }) {
		return missing("follow-up")
	}
	return nil
}
func (f followups) Cancel(_, consumer, name string) (bool, error) {
	return f.drop(func(p engine.Followup) bool { return p.Consumer == consumer && p.Name == name }), nil
}
func (f followups) Count(_, consumer string) (n int, err error) {
	for _, p := range f.t.now.followups {
		if p.Consumer == consumer {
			n++
		}
	}
	return n, nil
}
func (f followups) Next() (time.Time, error) {
	var next time.Time
	for _, p := range f.t.now.followups {
		next = earlier(next, p.At)
	}
	return next, nil
}

type faults struct {
	engine.Faults
	t *store
}

func (f faults) Record(g engine.FaultGroup, _ string) error {
	f.t.now.faults = append(f.t.now.faults[:len(f.t.now.faults):len(f.t.now.faults)], g)
	return nil
}

type history struct {
	engine.History
	t *store
}

// Begun says that nothing was ever begun: one simulated conversation tells
// nothing about the rate at which a version fails.
func (f history) Begun(string, string, time.Time) (all, failed int, err error) { return 0, 0, nil }

func (f history) Sessions(_, conversation string) ([]engine.Session, error) {
	var out []engine.Session
	for _, s := range f.t.now.sessions {
		if s.Conversation == conversation {
			out = append(out, s)
		}
	}
	return out, nil
}

type releases struct{ engine.Releases }

func (releases) Add(engine.Release) error                   { return nil }
func (releases) List(string, int) ([]engine.Release, error) { return nil, nil }

// utterances keeps none: nobody learns from what was made up.
type utterances struct{ engine.Utterances }

func (utterances) Add(*engine.Utterance) error { return nil }

// feedback keeps none either; the event tells of it.
type feedback struct{ engine.Feedback }

func (feedback) Add(engine.FAQFeedback) error { return nil }

// notices keeps none: nobody reads them.
type notices struct{ engine.Notices }

func (notices) Add(*engine.Notice) error { return nil }
