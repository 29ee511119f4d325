package simulate

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/outbox"
)

// maxTurns bounds what one input may lead to: a bot that restarts for ever.
const maxTurns = 2000

// InputKind says who does something.
type InputKind string

const (
	InputMessage InputKind = "message" // the consumer writes Content
	InputAdvance InputKind = "advance" // Seconds pass
	InputAccept  InputKind = "accept"  // Agent takes the conversation
	InputSay     InputKind = "say"     // Agent writes Text
	InputNote    InputKind = "note"    // Agent notes Text
	InputClose   InputKind = "close"   // Agent closes with Outcome
	InputReturn  InputKind = "return"  // Agent gives it back with the note of Outcome
	InputAnswer  InputKind = "answer"  // Reply answers the oldest open outside call
)

// Input is one thing that happens to a simulation. A list of them, as JSON, is
// all that is needed to have it again.
type Input struct {
	Kind    InputKind              `json:"kind"`
	Content *engine.Content        `json:"content,omitempty"`
	Seconds float64                `json:"seconds,omitempty"`
	Agent   string                 `json:"agent,omitempty"` // name; "" is "Agent"
	Text    string                 `json:"text,omitempty"`
	Outcome *engine.HandoffOutcome `json:"outcome,omitempty"`
	Reply   *Reply                 `json:"reply,omitempty"`
}

// Do lets an input happen and plays on until somebody or the time must. The
// error says why it is not possible now; then nothing has happened.
func (s *Simulation) Do(in Input) error {
	if s.err != nil {
		return s.err
	}
	if err := s.do(in); err != nil {
		return err
	}
	s.inputs = append(s.inputs, in)
	s.seen.marks = append(s.seen.marks, s.mark())
	return s.err
}

func (s *Simulation) mark() mark {
	m := mark{steps: map[string]int{}, waits: map[string]int{}}
	for _, o := range s.sessions() {
		m.steps[o.ID] = len(s.lines[o.ID])
		if o.State == engine.SessionWaiting {
			m.waits[o.ID] = o.Wait.Step
		}
	}
	return m
}

func (s *Simulation) do(in Input) error {
	switch in.Kind {
	case InputMessage:
		if in.Content == nil {
			return engine.FieldError("content", "is missing")
		}
		return s.message(*in.Content)
	case InputAdvance:
		if in.Seconds < 0 || in.Seconds > maxAdvance.Seconds() {
			return engine.FieldError("seconds", "must be between 0 and ten years")
		}
		return s.advance(time.Duration(in.Seconds * float64(time.Second)))
	case InputAnswer:
		if in.Reply == nil {
			return engine.FieldError("reply", "is missing")
		}
		return s.answer(*in.Reply)
	case InputAccept, InputSay, InputNote, InputClose, InputReturn:
		return s.agent(in)
	}
	return engine.FieldError("kind", "%q is not the kind of an input", in.Kind)
}

const maxAdvance = 10 * 366 * 24 * time.Hour

// Message lets the consumer write. With Settings.Gather the bot answers when
// the consumer has been silent for so long: see Settle.
func (s *Simulation) Message(c engine.Content) error {
	return s.Do(Input{Kind: InputMessage, Content: &c})
}

// Advance lets time pass. What becomes due meanwhile happens at its time.
func (s *Simulation) Advance(d time.Duration) error {
	return s.Do(Input{Kind: InputAdvance, Seconds: d.Seconds()})
}

// Answer answers the oldest open outside call.
func (s *Simulation) Answer(r Reply) error { return s.Do(Input{Kind: InputAnswer, Reply: &r}) }

// Agent gives the agent of this name something to do.
func (s *Simulation) Agent(name string) Agent { return Agent{s, name} }

// Agent is a person of the brand. Saying something, closing and giving back
// take a waiting conversation first.
type Agent struct {
	s    *Simulation
	name string
}

// Accept takes the conversation from the queue.
func (a Agent) Accept() error { return a.s.Do(Input{Kind: InputAccept, Agent: a.name}) }

// Say writes to the consumer.
func (a Agent) Say(text string) error {
	return a.s.Do(Input{Kind: InputSay, Agent: a.name, Text: text})
}

// Note writes what only the team sees.
func (a Agent) Note(text string) error {
	return a.s.Do(Input{Kind: InputNote, Agent: a.name, Text: text})
}

// Close ends the agent's part. fields are what the handoff expects.
func (a Agent) Close(outcome, summary string, fields map[string]any) error {
	return a.s.Do(Input{Kind: InputClose, Agent: a.name, Outcome: &engine.HandoffOutcome{Outcome: outcome, Summary: summary, Fields: fields}})
}

// Return gives the conversation back to the bot.
func (a Agent) Return(note string) error {
	return a.s.Do(Input{Kind: InputReturn, Agent: a.name, Outcome: &engine.HandoffOutcome{Note: note}})
}

func (s *Simulation) message(c engine.Content) error {
	entry, err := s.catalog.Brand(context.Background(), s.cfg.Brand.ID)
	if err != nil {
		return err
	}
	if _, begun := s.conversation(); !begun && (s.cfg.Conversation != "" || len(s.cfg.Tags) > 0 || len(s.cfg.Attributes) > 0) {
		if err := s.begin(); err != nil {
			return err
		}
	}
	in := engine.Inbound{From: s.cfg.Address, FromName: s.cfg.Consumer.Name, Content: c, Language: s.cfg.Consumer.Language}
	if _, err := s.receiver.Inbound(context.Background(), entry, s.cfg.Channel, in); err != nil {
		return err
	}
	return s.play()
}

// begin makes the first conversation when it is not to be an ordinary one.
func (s *Simulation) begin() error {
	id := s.cfg.Conversation
	if id == "" {
		id = s.id()
	}
	return s.store.Update(context.Background(), func(t engine.Tx) error {
		return conversation.Given(t, engine.Conversation{
			ID: id, Brand: s.cfg.Brand.ID, Channel: s.cfg.Channel.ID, Kind: s.cfg.Channel.Kind, Consumer: s.cfg.Consumer.ID,
			Address: s.cfg.Address, State: engine.Open, Owner: engine.OwnerBot,
			Language: cmp.Or(s.cfg.Consumer.Language, s.cfg.Brand.Settings.Language()),
			Tags:     s.cfg.Tags, Attributes: s.cfg.Attributes, LastAt: s.now, CreatedAt: s.now,
		})
	})
}

func (s *Simulation) agent(in Input) error {
	conv, ok := s.conversation()
	switch {
	case !ok || conv.State == engine.Closed:
		return engine.Errorf(engine.Conflict, "There is no open conversation.")
	case in.Kind != InputNote && conv.Owner == engine.OwnerBot:
		return engine.Errorf(engine.Conflict, "The conversation is with the bot.")
	}
	ctx := context.Background()
	u, err := s.user(in.Agent)
	if err != nil {
		return err
	}
	if in.Kind != InputNote && (conv.Owner != engine.OwnerAgent || conv.Agent != u.ID) {
		if conv, err = s.desk.Take(ctx, u, conv.ID, conv.Rev); err != nil {
			return err
		}
	}
	var out engine.HandoffOutcome
	if in.Outcome != nil {
		out = *in.Outcome
	}
	switch in.Kind {
	case InputSay:
		last, _ := view(s, func(t engine.Tx) (engine.Cursor, error) { return t.Events().Last() })
		_, err = s.desk.Reply(ctx, u, conv.ID, "", in.Text, last)
	case InputNote:
		_, err = s.desk.Note(ctx, u, conv.ID, "", in.Text)
	case InputClose:
		_, err = s.desk.Close(ctx, u, conv.ID, conv.Rev, out.Outcome, out.Summary, out.Fields)
	case InputReturn:
		_, err = s.desk.Return(ctx, u, conv.ID, conv.Rev, out.Note)
	}
	if err != nil {
		return err
	}
	return s.play()
}

// user gives the agent of a name, who has every skill.
func (s *Simulation) user(name string) (engine.User, error) {
	if name == "" {
		name = "Agent"
	}
	team, _ := view(s, func(t engine.Tx) ([]engine.User, error) { return t.Users().List(s.cfg.Brand.ID) })
	if i := slices.IndexFunc(team, func(u engine.User) bool { return u.Name == name }); i >= 0 {
		return team[i], nil
	}
	u := engine.User{
		ID: "agent-" + name, Brand: s.cfg.Brand.ID, Email: name, Name: name, Role: engine.RoleSupervisor, Slots: 1,
		Presence: engine.Online, SeenAt: s.now, CreatedAt: s.now,
	}
	for _, skill := range s.cfg.Skills {
		u.Skills = append(u.Skills, skill.ID)
	}
	return u, s.store.Store.Update(context.Background(), func(t engine.Tx) error { return t.Users().Save(u) })
}

// answer settles the oldest open call.
func (s *Simulation) answer(r Reply) error {
	i := slices.IndexFunc(s.calls, func(c call) bool { return c.reply == nil })
	if i < 0 {
		return engine.Errorf(engine.Conflict, "No outside call waits for an answer.")
	}
	s.calls[i].reply, s.calls[i].due = &r, s.now.Add(r.After)
	return s.play()
}

// advance moves the clock from one thing that is due to the next.
func (s *Simulation) advance(d time.Duration) error {
	end := s.now.Add(d)
	for range maxTurns {
		next, ok := s.due()
		if !ok || next.After(end) {
			s.now = end
			return nil
		}
		s.now = engine.Later(s.now, next)
		if err := s.play(); err != nil {
			return err
		}
	}
	return s.stop("too much happens in this time")
}

// due is when something will happen by itself.
func (s *Simulation) due() (time.Time, bool) {
	var next time.Time
	for _, at := range s.held {
		next = earlier(next, at)
	}
	for _, c := range s.calls {
		next = earlier(next, c.due)
	}
	timer, followup := s.alarms()
	next = earlier(next, earlier(timer, followup))
	return next, !next.IsZero()
}

// alarms are when the next timer and the next follow-up are due; zero for none.
func (s *Simulation) alarms() (timer, followup time.Time) {
	_, _ = view(s, func(t engine.Tx) (bool, error) {
		var one, other error
		timer, one = t.Timers().Next()
		followup, other = t.Followups().Next()
		return true, errors.Join(one, other)
	})
	return timer, followup
}

// earlier is the earlier of two times; zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// play lets everything happen that is due now.
func (s *Simulation) play() error {
	for range maxTurns {
		acted, err := s.turn()
		if err != nil {
			s.err = err
			return err
		}
		if !acted {
			return nil
		}
	}
	return s.stop("the bot goes on without waiting for anybody")
}

func (s *Simulation) stop(why string) error {
	s.err = engine.Errorf(engine.Invalid, "%s", why)
	return s.err
}

// turn does one thing that is due now: an outside answer, a timer, a bot's turn.
func (s *Simulation) turn() (bool, error) {
	ctx := context.Background()
	for i, c := range s.calls {
		if !c.due.IsZero() && !c.due.After(s.now) {
			s.calls = slices.Delete(s.calls, i, i+1)
			return true, s.arrived(ctx, c)
		}
	}
	timer, followup := s.alarms()
	if !timer.IsZero() && !timer.After(s.now) {
		_, err := s.timers.Fire(ctx)
		return true, err
	}
	if !followup.IsZero() && !followup.After(s.now) {
		_, err := s.followups.Fire(ctx)
		return true, err
	}
	for _, id := range s.began.conversations {
		c, _ := s.find(id)
		if !c.Ready {
			continue
		}
		before := c.Rev
		due, err := s.worker.Visit(ctx, engine.ConversationRef{Brand: c.Brand, ID: c.ID})
		if err != nil {
			return false, err
		}
		delete(s.held, c.ID)
		if due.After(s.now) {
			s.held[c.ID] = due
		}
		if after, _ := s.find(id); after.Rev != before {
			return true, nil
		}
	}
	return false, nil
}

// arrived brings the answer of an outside call as delivery would.
func (s *Simulation) arrived(ctx context.Context, c call) error {
	answer := timedOut()
	if c.reply != nil {
		answer = c.reply.HTTPResponse
	}
	err := s.store.Update(ctx, func(tx engine.Tx) error { return outbox.Tell(tx, c.item, engine.JSON(answer), s.now) })
	s.emit(Event{Kind: EventAnswer, Conversation: c.item.Conversation, Session: c.item.Session, Step: c.item.Step, Request: &c.request, Response: &answer})
	return err
}

// begun notes a new outside call and when its answer comes.
func (s *Simulation) begun(item engine.OutboxItem) {
	c := call{item: item}
	if err := json.Unmarshal(item.Request, &c.request); err != nil {
		panic(err) // dialog wrote it a moment ago
	}
	limit := c.request.Timeout
	if limit == 0 {
		limit = 5
	}
	limit *= float64(1 + c.request.Retries)
	c.due = s.now.Add(time.Duration(limit * float64(time.Second)))
	if s.cfg.HTTP != nil {
		if r, ok := s.cfg.HTTP(c.request); ok {
			if s.now.Add(r.After).After(c.due) {
				r = Reply{HTTPResponse: timedOut(), After: c.due.Sub(s.now)}
			}
			c.reply, c.due = &r, s.now.Add(r.After)
		}
	}
	s.calls = append(s.calls, c)
	s.emit(Event{Kind: EventCall, Conversation: item.Conversation, Session: item.Session, Step: item.Step, Request: &c.request})
}

// timedOut is the answer that does not come.
func timedOut() engine.HTTPResponse { return engine.HTTPResponse{Error: "timeout"} }
