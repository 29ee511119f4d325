package terminal

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/understanding/choice"
	"parley/gateway/app"
	"parley/gateway/signin"
)

// terminalHelp lists what may be typed beside messages.
const terminalHelp = `Type what the consumer writes. After a handoff you are the agent as well:
  /reply TEXT       answer the consumer
  /close OUTCOME field=value "summary"
                    close with an outcome and what the bot wants to know; the bot goes on
  /return NOTE      give the conversation back to the bot
  /wait 2d          let time pass: 90s, 5 min, 3 hours, until 2026-11-23 09:00; timers and follow-ups come due
  /quit             end (so does Ctrl-D)
`

// Terminal is a conversation with a brand's bot in a terminal.
type Terminal struct {
	Bot   string // which bot; "" takes the first channel's
	In    io.Reader
	Out   io.Writer
	Brand brandfolder.Brand

	conv  string        // the newest conversation
	shown engine.Cursor // what Out has
	clock clock         // what is let pass
	seen  time.Time     // when the agent last showed a sign of life
	calls calls         // how far outside calls are told
	// offered are the choices that were printed last. The terminal has no buttons: it numbers them, and a number presses one.
	offered engine.Content
}

// prepare gives the brand one web channel with the bot, and nothing that
// could reach a real consumer.
func (t *Terminal) prepare() (engine.Channel, error) {
	bot := t.Bot
	if bot == "" && len(t.Brand.Channels) > 0 {
		bot = t.Brand.Channels[0].Bot
	}
	if _, ok := t.Brand.Bundle.Files["bots/"+bot+".lua"]; !ok {
		return engine.Channel{}, engine.FieldError("--bot", "is no bot of this brand: %q", bot)
	}
	own := slices.IndexFunc(t.Brand.Kinds, func(s engine.ChannelSpec) bool { return s.Served })
	if own < 0 {
		return engine.Channel{}, engine.Errorf(engine.Invalid, "no connector of this build serves the terminal")
	}
	ch := engine.Channel{Brand: t.Brand.Brand.ID, ID: t.Brand.Brand.ID + ".terminal", Kind: t.Brand.Kinds[own].Kind, Name: "Terminal", Bot: bot}
	t.Brand.Channels = []engine.Channel{ch}
	return ch, nil
}

// Chat runs the terminal on an app of its own whose store is empty. It ends
// at the end of In or with ctx.
func Chat(ctx context.Context, opt app.Options, t *Terminal) error {
	ch, err := t.prepare()
	if err != nil {
		return err
	}
	opt.Folder, opt.Clock = &t.Brand, t.clock.now
	a, err := app.New(ctx, opt)
	if err != nil {
		return err
	}
	agent := engine.User{Brand: ch.Brand, Email: terminalAgent, Name: "Robin", Role: engine.RoleAdmin, Slots: 1}
	for _, s := range t.Brand.Skills {
		agent.Skills = append(agent.Skills, s.ID)
	}
	if err := a.Signin.AddUser(ctx, agent, signin.NewPassword()); err != nil {
		return errors.Join(err, a.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx); cancel() }()
	err = t.run(ctx, a.Parts, ch)
	cancel()
	return errors.Join(err, <-done)
}

const (
	terminalAgent = "you@terminal.invalid"
	maxLine       = 64 << 10
	// followEvery is how soon people see what happens.
	followEvery = 15 * time.Millisecond
	// settleTime bounds the wait for a bot that is never done.
	settleTime = time.Minute
)

// line is what was typed, or why no more will be.
type line struct {
	text string
	err  error // io.EOF at the end
}

// run takes one line after the other. The next one waits until nothing more
// happens by itself, so that a piped conversation reads in order.
func (t *Terminal) run(ctx context.Context, a app.Parts, ch engine.Channel) error {
	t.print("%s, bot %s. Write something; /help lists the commands.", t.Brand.Brand.Name, ch.Bot)
	lines := make(chan line)
	go t.read(ctx, lines)
	look := time.NewTicker(followEvery)
	defer look.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C: // timers fire, and a bot goes on
			if err := t.alive(ctx, a, t.clock.now()); err != nil && ctx.Err() == nil {
				return err
			}
			if _, err := t.follow(ctx, a); err != nil && ctx.Err() == nil {
				return err
			}
		case l := <-lines:
			text := strings.TrimSpace(l.text)
			switch {
			case l.err == io.EOF, text == "/quit":
				return nil
			case l.err != nil:
				return fmt.Errorf("reading: %w", l.err)
			}
			if err := t.take(ctx, a, ch, text, n); err != nil && ctx.Err() == nil {
				t.print("! %s", sentence(err))
			}
			if err := t.settle(ctx, a); err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
}

func (t *Terminal) read(ctx context.Context, to chan<- line) {
	s := bufio.NewScanner(t.In)
	s.Buffer(make([]byte, 0, 4096), maxLine)
	for s.Scan() {
		select {
		case to <- line{text: s.Text()}:
		case <-ctx.Done():
			return
		}
	}
	end := line{err: io.EOF}
	if s.Err() != nil {
		end.err = s.Err()
	}
	select {
	case to <- end:
	case <-ctx.Done():
	}
}

// settle shows what happens until nothing more does.
func (t *Terminal) settle(ctx context.Context, a app.Parts) error {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	look := time.NewTicker(followEvery)
	defer look.Stop()
	for {
		more, err := t.follow(ctx, a)
		if err != nil || !more {
			return err
		}
		select {
		case <-ctx.Done():
			t.print("! The bot is still at work after %v.", settleTime)
			return nil
		case <-look.C:
		}
	}
}

// follow prints what has happened and says whether more will.
func (t *Terminal) follow(ctx context.Context, a app.Parts) (more bool, err error) {
	var events []engine.Event
	var failed []failure
	told, asks := calls{}, map[string]string{}
	maps.Copy(told, t.calls)
	err = a.Store.View(ctx, func(tx engine.Tx) (err error) {
		if events, err = tx.Events().List(engine.EventFilter{After: t.shown, Limit: 500}); err != nil {
			return err
		}
		conv := t.conv
		for _, ev := range events {
			conv = cmp.Or(ev.Conversation, conv)
			if ev.Kind == engine.EventOwner {
				if asks[ev.Conversation], err = asksFor(tx, ev); err != nil {
					return err
				}
			}
		}
		for _, id := range slices.Compact([]string{cmp.Or(t.conv, conv), conv}) {
			if id == "" {
				break
			}
			news, err := told.news(tx, t.Brand.Brand.ID, id)
			if failed = append(failed, news...); err != nil {
				return err
			}
		}
		more, err = busy(tx, conv, t.clock.now())
		return err
	})
	if err != nil {
		return false, err
	}
	t.calls = told
	for _, ev := range events {
		for len(failed) > 0 && failed[0].at.Before(ev.At) { // it came between
			t.print("! outside call failed: %s", failed[0].text)
			failed = failed[1:]
		}
		t.show(ev)
		if ask := asks[ev.Conversation]; ask != "" && ev.Kind == engine.EventOwner {
			t.print("  at /close %s", ask)
			delete(asks, ev.Conversation)
		}
		t.shown = engine.Cursor(ev.Seq)
	}
	for _, f := range failed {
		t.print("! outside call failed: %s", f.text)
	}
	return more || len(events) == 500, nil
}

func (t *Terminal) take(ctx context.Context, a app.Parts, ch engine.Channel, text string, n int) error {
	switch {
	case text == "":
		return nil
	case text == "/help":
		t.print("%s", strings.TrimRight(terminalHelp, "\n"))
		return nil
	case strings.HasPrefix(text, "/"):
		return t.command(ctx, a, ch.Brand, text)
	}
	e, err := a.Catalog.Brand(ctx, ch.Brand)
	if err != nil {
		return err
	}
	in := engine.Inbound{From: "terminal", ProviderID: fmt.Sprintf("terminal:%d", n), Content: engine.Content{Text: text}}
	if i, ok := choice.Resolve(choice.Options(t.offered.Choices), text, "", t.numbered()); ok {
		in.Payload = t.offered.Choices[i].ID
	}
	_, err = a.Receiver.Inbound(ctx, e, ch, in)
	return err
}

// numbered tells whether the offered choices stand with numbers.
func (t *Terminal) numbered() bool {
	return !t.offered.Unnumbered && choice.Numbered(choice.Options(t.offered.Choices))
}

// print writes what a terminal only shows: texts from elsewhere may hold
// sequences that command it.
func (t *Terminal) print(format string, args ...any) {
	fmt.Fprintln(t.Out, strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, fmt.Sprintf(format, args...)))
}

// show prints an event as the consumer, or the team, would see it.
func (t *Terminal) show(ev engine.Event) {
	if ev.Conversation != "" {
		t.conv = ev.Conversation
	}
	switch ev.Kind {
	case engine.EventMessage:
		engine.Told(ev, func(m engine.MessageData) {
			if m.Author != engine.AuthorConsumer {
				t.message(m)
			}
		})
	case engine.EventBotFailed:
		engine.Told(ev, func(f engine.Fault) { t.print("! bot failed (%s) at %s:%d: %s", f.Kind, f.File, f.Line, f.Message) })
	case engine.EventBotLog:
		engine.Told(ev, func(l engine.LogData) { t.print("  log: %s", l.Text) })
	case engine.EventMood:
		engine.Told(ev, func(m engine.MoodData) { t.print("  sounds %s now (%+.1f)", m.Tone, m.Score) })
	case engine.EventFeedback:
		engine.Told(ev, func(f engine.FeedbackData) {
			helped := "did not help"
			if f.Helped {
				helped = "helped"
			}
			t.print("  answer %s: %s", helped, f.Question)
		})
	case engine.EventLoop:
		engine.Told(ev, func(l engine.LoopData) { t.print("! bot stopped: %s", l.Text) })
	case engine.EventOwner:
		engine.Told(ev, func(c engine.ConversationData) {
			if c.Owner == engine.OwnerQueue {
				t.print("  handed over to %s: %s", c.Skill, c.Reason)
			}
		})
	case engine.EventClosed:
		engine.Told(ev, func(c engine.ConversationData) { t.print("  closed: %s", c.Outcome) })
	}
}

func (t *Terminal) message(m engine.MessageData) {
	who := string(m.Author)
	if m.Note {
		who = "note"
	}
	text := m.Content.Text
	for _, c := range m.Content.Cards {
		text += "\n    [" + c.Title + "] " + c.Subtitle
	}
	if len(m.Content.Choices) > 0 {
		t.offered = m.Content
	}
	for i, c := range m.Content.Choices {
		mark := "-"
		if t.numbered() {
			mark = fmt.Sprintf("%d.", i+1)
		}
		text += fmt.Sprintf("\n    %s %s", mark, c.Label)
	}
	t.print("%s: %s", who, strings.TrimPrefix(text, "\n"))
}
