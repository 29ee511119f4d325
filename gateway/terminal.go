package gateway

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/live"
	"parley/gateway/signin"
)

// terminalHelp lists what may be typed beside messages.
const terminalHelp = `Type what the consumer writes. After a handoff you are the agent as well:
  /reply TEXT       answer the consumer
  /close OUTCOME    close with an outcome; the bot goes on
  /return           give the conversation back to the bot
  /quit             end (so does Ctrl-D)
`

// Terminal is a conversation with a brand's bot in a terminal.
type Terminal struct {
	Bot   string // which bot; "" takes the first channel's
	In    io.Reader
	Out   io.Writer
	Brand brandfolder.Brand

	mu   sync.Mutex // guards writing to Out, and conv
	conv string
}

// prepare gives the brand one web channel with the bot, and nothing that
// could reach a real consumer.
func (t *Terminal) prepare() (engine.Channel, error) {
	bot := t.Bot
	if bot == "" && len(t.Brand.Channels) > 0 {
		bot = t.Brand.Channels[0].Bot
	}
	if _, ok := t.Brand.Bundle.Files["bots/"+bot+".lua"]; !ok {
		return engine.Channel{}, engine.FieldError("--bot", "there is no bot %q", bot)
	}
	ch := engine.Channel{Brand: t.Brand.Brand.ID, ID: t.Brand.Brand.ID + ".terminal", Kind: "webchat", Name: "Terminal", Bot: bot}
	t.Brand.Channels = []engine.Channel{ch}
	return ch, nil
}

// Chat runs the terminal on an app of its own whose store is empty. It ends
// at the end of In or with ctx.
func Chat(ctx context.Context, opt Options, t *Terminal) error {
	ch, err := t.prepare()
	if err != nil {
		return err
	}
	opt.Folder = &t.Brand
	a, err := New(ctx, opt)
	if err != nil {
		return err
	}
	password := signin.NewPassword()
	agent := engine.User{Brand: ch.Brand, Email: "you@terminal.invalid", Name: "You", Role: engine.RoleAdmin, Slots: 1}
	for _, s := range t.Brand.Skills {
		agent.Skills = append(agent.Skills, s.ID)
	}
	if err := AddUser(ctx, a.store, agent, password); err != nil {
		return errors.Join(err, a.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	err = t.run(ctx, a, ch)
	cancel()
	return errors.Join(err, <-done)
}

func (t *Terminal) run(ctx context.Context, a *App, ch engine.Channel) error {
	sub, err := a.hub.Subscribe(ctx, live.Filter{Brand: ch.Brand})
	if err != nil {
		return err
	}
	defer sub.Close()
	var shown sync.WaitGroup
	shown.Go(func() {
		for item := range sub.C {
			if item.Event != nil {
				t.show(*item.Event)
			}
		}
	})
	fmt.Fprintf(t.Out, "%s, bot %s. Write something; /help lists the commands.\n", t.Brand.Brand.Name, ch.Bot)
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(t.In); s.Scan(); {
			select {
			case lines <- s.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return nil
		case line, ok := <-lines:
			if !ok || line == "/quit" {
				t.settle(ctx, a, ch)
				sub.Close()
				shown.Wait()
				return nil
			}
			if err := t.take(ctx, a, ch, line, n); err != nil {
				t.print("! %s", engine.MessageOf(err))
			}
			t.settle(ctx, a, ch)
		}
	}
}

// settle waits until nothing more will happen by itself, so that a piped
// conversation reads in order.
func (t *Terminal) settle(ctx context.Context, a *App, ch engine.Channel) {
	_ = a.Idle(ctx, ch.Brand) // the end of ctx ends the loop above
}

func (t *Terminal) take(ctx context.Context, a *App, ch engine.Channel, line string, n int) error {
	line = strings.TrimSpace(line)
	switch {
	case line == "":
		return nil
	case line == "/help":
		t.print("%s", strings.TrimRight(terminalHelp, "\n"))
		return nil
	case strings.HasPrefix(line, "/"):
		return t.command(ctx, a, ch.Brand, line)
	}
	e, err := a.catalog.Brand(ctx, ch.Brand)
	if err != nil {
		return err
	}
	_, err = a.receiver.Inbound(ctx, e, ch, engine.Inbound{
		From: "terminal", ProviderID: fmt.Sprintf("terminal:%d", n), Content: engine.Content{Text: line},
	})
	return err
}

func (t *Terminal) command(ctx context.Context, a *App, brand, line string) error {
	name, rest, _ := strings.Cut(line, " ")
	var me engine.User
	var conv engine.Conversation
	var last engine.Cursor
	err := a.store.View(ctx, func(tx engine.Tx) (err error) {
		if me, err = tx.Users().ByEmail("you@terminal.invalid"); err != nil {
			return err
		}
		if conv, err = tx.Conversations().Get(brand, t.current()); err != nil {
			return engine.Errorf(engine.NotFound, "There is no conversation yet.")
		}
		last, err = tx.Events().Last()
		return err
	})
	if err != nil {
		return err
	}
	if conv.Owner == engine.OwnerQueue {
		if conv, err = a.desk.Take(ctx, me, conv.ID, conv.Rev); err != nil {
			return err
		}
		if last, err = a.lastEvent(ctx); err != nil {
			return err
		}
	}
	switch name {
	case "/reply":
		_, err = a.desk.Reply(ctx, me, conv.ID, NewID(), rest, last)
	case "/close":
		if rest == "" {
			rest = "resolved"
		}
		_, err = a.desk.Close(ctx, me, conv.ID, conv.Rev, rest, "")
	case "/return":
		_, err = a.desk.Return(ctx, me, conv.ID, conv.Rev, "")
	default:
		err = engine.Errorf(engine.Invalid, "There is no command %s; /help lists them.", name)
	}
	return err
}

func (t *Terminal) current() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.conv
}

func (t *Terminal) print(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintf(t.Out, format+"\n", args...)
}

// show prints an event as the consumer, or the team, would see it.
func (t *Terminal) show(ev engine.Event) {
	if ev.Conversation != "" {
		t.mu.Lock()
		t.conv = ev.Conversation
		t.mu.Unlock()
	}
	switch ev.Kind {
	case engine.EventMessage:
		var m engine.MessageData
		if json.Unmarshal(ev.Data, &m) == nil && m.Author != engine.AuthorConsumer {
			t.message(m)
		}
	case engine.EventBotFailed:
		var f engine.Fault
		if json.Unmarshal(ev.Data, &f) == nil {
			t.print("! bot failed (%s) at %s:%d: %s", f.Kind, f.File, f.Line, f.Message)
		}
	case engine.EventBotLog:
		var l engine.LogData
		if json.Unmarshal(ev.Data, &l) == nil {
			t.print("  log: %s", l.Text)
		}
	case engine.EventOwner:
		var c engine.ConversationData
		if json.Unmarshal(ev.Data, &c) == nil && c.Owner == engine.OwnerQueue {
			t.print("  handed over to %s: %s", c.Skill, c.Reason)
		}
	case engine.EventClosed:
		var c engine.ConversationData
		if json.Unmarshal(ev.Data, &c) == nil {
			t.print("  closed: %s", c.Outcome)
		}
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
	for i, c := range m.Content.Choices {
		text += fmt.Sprintf("\n    %d. %s", i+1, c.Label)
	}
	t.print("%s: %s", who, strings.TrimPrefix(text, "\n"))
}

func (a *App) lastEvent(ctx context.Context) (last engine.Cursor, err error) {
	err = a.store.View(ctx, func(tx engine.Tx) error {
		last, err = tx.Events().Last()
		return err
	})
	return last, err
}
