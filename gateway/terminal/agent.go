package terminal

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/botscripts/chattest"
	"parley/engine"
	"parley/gateway/app"
)

// command does what an agent does. A conversation that waits is taken first.
func (t *Terminal) command(ctx context.Context, a app.Parts, brand, text string) error {
	name, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	if name == "/wait" {
		return t.wait(ctx, a, rest)
	}
	if name != "/reply" && name != "/close" && name != "/return" {
		return engine.Errorf(engine.Invalid, "There is no command %s; /help lists them.", name)
	}
	var me engine.User
	var conv engine.Conversation
	var last engine.Cursor
	look := func(tx engine.Tx) (err error) {
		if me, err = tx.Users().ByEmail(terminalAgent); err != nil {
			return err
		}
		if conv, err = tx.Conversations().Get(brand, t.conv); err != nil {
			return engine.Errorf(engine.NotFound, "There is no conversation yet.")
		}
		last, err = tx.Events().Last()
		return err
	}
	if err := a.Store.View(ctx, look); err != nil {
		return err
	}
	var closing closing
	if name == "/close" {
		var err error
		if closing, err = readClose(conv.Handoff, rest); err != nil {
			return err
		}
	}
	if conv.Owner == engine.OwnerQueue {
		if _, err := a.Desk.Take(ctx, me, conv.ID, conv.Rev); err != nil {
			return err
		}
		if err := a.Store.View(ctx, look); err != nil {
			return err
		}
	}
	var err error
	switch name {
	case "/reply":
		_, err = a.Desk.Reply(ctx, me, conv.ID, app.NewID(), rest, last)
	case "/close":
		_, err = a.Desk.Close(ctx, me, conv.ID, conv.Rev, closing.outcome, closing.summary, closing.fields)
	case "/return":
		_, err = a.Desk.Return(ctx, me, conv.ID, conv.Rev, rest)
	}
	return err
}

// sentence is an error for people, with the field that is at fault.
func sentence(err error) string {
	var e *engine.Error
	if errors.As(err, &e) && e.Code == engine.Invalid && e.Field != "" {
		return strings.TrimPrefix(e.Field, "fields.") + " " + e.Message
	}
	return engine.MessageOf(err)
}

// closing is what an agent says of a conversation that is over.
type closing struct {
	outcome, summary string
	fields           map[string]any
}

// readClose reads OUTCOME field=value "summary", with the values typed as the handoff expects them. Errors: Invalid, with
// the field that is missing or wrong.
func readClose(h *engine.Handoff, text string) (closing, error) {
	list, problem := chattest.Args(text)
	if problem != "" {
		return closing{}, engine.Errorf(engine.Invalid, `/close OUTCOME field=value "summary": %s.`, problem)
	}
	var expects []engine.ExpectedField
	if h != nil {
		expects = h.Expects
	}
	var c closing
	var plain []string
	for _, arg := range list {
		if arg.Key == "" {
			plain = append(plain, arg.Value)
			continue
		}
		i := slices.IndexFunc(expects, func(x engine.ExpectedField) bool { return x.Name == arg.Key })
		if i < 0 {
			return c, engine.FieldError(arg.Key, "is not asked for; %s", asked(expects))
		}
		if _, twice := c.fields[arg.Key]; twice {
			return c, engine.FieldError(arg.Key, "is given twice")
		}
		v, ok := typed(expects[i], arg.Value)
		if !ok {
			what, _ := takes(expects[i])
			return c, engine.FieldError(arg.Key, "must be %s, not %q", what, arg.Value)
		}
		if c.fields == nil {
			c.fields = map[string]any{}
		}
		c.fields[arg.Key] = v
	}
	if len(plain) > 0 {
		c.outcome, c.summary = plain[0], strings.Join(plain[1:], " ")
	}
	c.outcome = cmp.Or(c.outcome, "resolved")
	var missing []string
	example := "/close " + quotedWord(c.outcome)
	for _, x := range expects {
		v, given := c.fields[x.Name]
		if x.Required && (!given || v == "") {
			missing = append(missing, describeField(x))
			_, sample := takes(x)
			example += " " + x.Name + "=" + sample
		} else if given {
			example += " " + x.Name + "=" + quotedWord(fmt.Sprint(v))
		}
	}
	if len(missing) > 0 {
		return c, engine.Errorf(engine.Invalid, "The bot needs to know before you close: %s. For example: %s", strings.Join(missing, ", "), example)
	}
	return c, nil
}

// typed reads a value as its kind wants it.
func typed(x engine.ExpectedField, text string) (any, bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", !x.Required
	}
	switch x.Kind {
	case "number":
		n, err := strconv.ParseFloat(text, 64)
		return n, err == nil && n-n == 0 // no NaN or infinity
	case "boolean":
		switch strings.ToLower(text) {
		case "true", "yes":
			return true, true
		case "false", "no":
			return false, true
		}
		return nil, false
	case "date":
		_, err := time.Parse(time.DateOnly, text)
		return text, err == nil
	case "choice":
		i := slices.IndexFunc(x.Choices, func(c string) bool { return strings.EqualFold(c, text) })
		if i < 0 {
			return nil, false
		}
		return x.Choices[i], true
	}
	return text, true
}

// takes says in words what a field takes, with a value that it does.
func takes(x engine.ExpectedField) (what, sample string) {
	switch x.Kind {
	case "number":
		return "a number", "1"
	case "boolean":
		return "true or false", "true"
	case "date":
		return "a date such as 2026-12-24", "2026-12-24"
	case "choice":
		what = "one of " + strings.Join(x.Choices, ", ")
		if len(x.Choices) > 0 {
			return what, quotedWord(x.Choices[0])
		}
		return what, `"…"`
	}
	return "text", `"…"`
}

// describeField is a field with its label and what it takes: refund (Refund it? true or false).
func describeField(x engine.ExpectedField) string {
	label := ""
	what, _ := takes(x)
	if x.Label != "" && x.Label != x.Name {
		label = x.Label + ": "
	}
	return x.Name + " (" + label + what + ")"
}

// asked lists what the bot wants to know.
func asked(expects []engine.ExpectedField) string {
	if len(expects) == 0 {
		return "the bot asks for nothing"
	}
	var all []string
	for _, x := range expects {
		text := describeField(x)
		if !x.Required {
			text = strings.TrimSuffix(text, ")") + ", may be left out)"
		}
		all = append(all, text)
	}
	return "the bot asks for " + strings.Join(all, ", ")
}

// quotedWord puts quotes around what would not be one word.
func quotedWord(s string) string {
	if s != "" && !strings.ContainsAny(s, " \t\"=\\") {
		return s
	}
	return strconv.Quote(s)
}

// asksFor tells what the bot wants to know of the one who closes, when the event gives the conversation to a queue.
func asksFor(tx engine.Tx, ev engine.Event) (string, error) {
	conv, err := tx.Conversations().Get(ev.Brand, ev.Conversation)
	if err != nil || conv.Owner != engine.OwnerQueue || conv.Handoff == nil || len(conv.Handoff.Expects) == 0 {
		return "", err
	}
	return asked(conv.Handoff.Expects), nil
}

// calls is how far the outside calls of the bots' sessions are told, in journal entries.
type calls map[string]int

// failure is an outside call that came to nothing.
type failure struct {
	at   time.Time
	text string
}

// news finds the calls of a conversation that failed since, in their order, and notes how far it has come.
func (c calls) news(tx engine.Tx, brand, conv string) (failed []failure, err error) {
	sessions, err := tx.History().Sessions(brand, conv)
	if err != nil {
		return nil, err
	}
	for _, s := range sessions {
		n := c[s.ID]
		if s.Steps <= n {
			continue
		}
		journal, err := tx.Sessions().Journal(s.ID)
		if err != nil {
			return nil, err
		}
		for ; n < len(journal) && journal[n].Answer != nil; n++ {
			if text := failedCall(journal[n]); text != "" {
				failed = append(failed, failure{journal[n].At, text})
			}
		}
		c[s.ID] = n
	}
	return failed, nil
}

// failedCall is an outside call of the bot that came to nothing, or "".
func failedCall(e engine.JournalEntry) string {
	if !strings.HasPrefix(e.Call, engine.CallHTTP) || e.Answer == nil {
		return ""
	}
	var answer engine.HTTPAnswer
	if engine.RaisedBy(e.Answer) != "" || json.Unmarshal(e.Answer, &answer) != nil {
		return "" // what is raised is told as the bot's fault
	}
	what := ""
	switch {
	case answer.Interrupted:
		return ""
	case answer.Error != "":
		what = answer.Error
	case answer.Status < 200 || answer.Status > 299:
		what = "status " + strconv.Itoa(answer.Status)
	default:
		return ""
	}
	args, whole := engine.ArgumentsOf(e.Args)
	if !whole { // cut, for people
		args.Method, args.URL = e.Call, ""
	}
	return fmt.Sprintf("%s: %s", strings.TrimSpace(args.Method+" "+args.URL), what)
}
