package dialog_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"parley/engine"
)

// actor is a bot of pure Go: what it does next follows from what it last did,
// which is the call of its last journal entry, and from what came of it. Its
// arguments tell what it heard.
func actor(t engine.Turn) (engine.Outcome, error) {
	a := act{t: t, n: t.Session.Steps}
	a.out.UsedInput, a.out.State = true, engine.SessionWaiting
	switch {
	case t.Followup != "":
		a.heard = "followup:" + t.Followup
		a.say("Follow-up " + t.Followup)
		a.ask()
	case t.Input == nil:
		if t.First != nil {
			a.heard = "heard:" + t.First.Text
		}
		a.say("Hello.")
		a.ask()
	default:
		if err := a.next(t.Journal[len(t.Journal)-1].Call); err != nil {
			return a.out, err
		}
	}
	a.out.Journal = []engine.JournalEntry{{Session: t.Session.ID, N: a.n, Call: a.call, Args: []byte(a.heard), Line: "bots/main.lua:1", At: t.Now}}
	return a.out, nil
}

type act struct {
	t     engine.Turn
	n     int
	call  string
	heard string
	out   engine.Outcome
}

// next goes on after a call.
func (a *act) next(after string) error {
	in := a.t.Input
	switch {
	case after == "ask" && in.Kind == engine.InboxTimer, after == "sleep" && in.Kind == engine.InboxTimer:
		a.handoff(true)
	case after == "ask" && in.Kind == engine.InboxMessage:
		var c engine.Content
		if err := json.Unmarshal(in.Data, &c); err != nil {
			return err
		}
		a.heard = "heard:" + c.Text
		word, _, _ := strings.Cut(c.Text, " ")
		a.obey(word)
	case after == "call" && in.Kind == engine.InboxInterrupt:
		a.say("Yes?")
		a.ask()
	case after == "call" && in.Kind == engine.InboxResult, after == "ring" && in.Kind == engine.InboxResult:
		a.handoff(true)
	case after == "store" && in.Kind == engine.InboxResult:
		a.query("stored", engine.Query{History: &engine.HistoryQuery{Limit: 3}})
	case after == "stored" && in.Kind == engine.InboxResult:
		a.ask()
	case after == "lost" && in.Kind == engine.InboxResult:
		a.say("Nobody hears this.")
		a.done()
	case after == "handoff" && in.Kind == engine.InboxTimer:
		why := "nobody came"
		a.out.Effects = append(a.out.Effects, engine.Effect{Step: a.n, Recall: &why})
		a.say("Sorry.")
		a.ask()
	case after == "handoff" && in.Kind == engine.InboxOutcome:
		var out engine.HandoffOutcome
		if err := json.Unmarshal(in.Data, &out); err != nil {
			return err
		}
		switch out.Kind {
		case engine.OutcomeAbandoned:
			a.query("lost", engine.Query{Value: &engine.ValueQuery{Op: "set", Key: a.t.Conversation.ID, Data: []byte("1")}})
		case engine.OutcomeReturned:
			a.say("Back. And?")
			a.ask()
		default:
			a.say("Score?")
			a.done()
		}
	default:
		return fmt.Errorf("%s got %+v", after, in)
	}
	return nil
}

func (a *act) obey(word string) {
	switch word {
	case "call", "ring":
		a.wait(word, engine.Wait{Kind: engine.WaitResult, Interrupt: word == "call"},
			engine.Effect{HTTP: &engine.HTTPRequest{Method: "GET", URL: "https://shop.example/"}})
	case "sleep":
		until := a.t.Now.Add(5 * time.Second)
		a.wait("sleep", engine.Wait{Kind: engine.WaitTimer, Until: until}, engine.Effect{Timer: &until})
	case "store":
		a.query("store", engine.Query{Value: &engine.ValueQuery{Op: "set", Key: "n", Data: []byte(`"x"`)}})
	case "plan", "later":
		a.out.Effects = append(a.out.Effects, engine.Effect{Step: a.n, Query: &engine.Query{Schedule: &engine.FollowupEffect{
			Name: fmt.Sprint(a.t.Session.ID, "-", a.n), At: a.t.Now.Add(2 * time.Second),
		}}})
		if word == "later" {
			a.done()
			break
		}
		a.ask()
	case "cancel":
		name := fmt.Sprint(a.t.Session.ID, "-", a.n-1)
		a.out.Effects = append(a.out.Effects, engine.Effect{Step: a.n, Cancel: &name})
		a.ask()
	case "fail":
		a.call, a.out.State = "fail", engine.SessionParked
		a.out.Fault = &engine.Fault{Kind: "error", Message: "no", Bot: "main", Version: a.t.Session.Version, Step: a.n}
	case "again":
		a.done()
		a.out.Restart = []byte(`{}`)
	case "bye":
		a.say("Bye.")
		a.done()
		a.out.Effects = append(a.out.Effects, engine.Effect{Step: a.n, Close: &engine.CloseEffect{Outcome: "answered"}})
	case "pass":
		a.handoff(false)
	default:
		a.handoff(true)
	}
}

func (a *act) say(s string) {
	a.out.Effects = append(a.out.Effects, engine.Effect{Step: a.n, Say: text(s)})
}

func (a *act) done() { a.call, a.out.State, a.out.Wait = "done", engine.SessionDone, engine.Wait{} }

func (a *act) wait(call string, w engine.Wait, effects ...engine.Effect) {
	a.call, w.Step = call, a.n
	a.out.Wait = w
	for _, e := range effects {
		e.Step = a.n
		a.out.Effects = append(a.out.Effects, e)
	}
}

func (a *act) ask() {
	until := a.t.Now.Add(5 * time.Second)
	a.say("Well?")
	a.wait("ask", engine.Wait{Kind: engine.WaitMessage, Until: until}, engine.Effect{Timer: &until})
}

func (a *act) query(call string, q engine.Query) {
	a.wait(call, engine.Wait{Kind: engine.WaitResult}, engine.Effect{Query: &q})
}

// handoff hands over and waits 4 s for somebody, or ends with it.
func (a *act) handoff(await bool) {
	h := engine.HandoffEffect{Skill: "care", Await: await}
	if !await {
		a.done()
		a.out.Effects = append(a.out.Effects, engine.Effect{Step: a.n, Handoff: &h})
		return
	}
	until := a.t.Now.Add(4 * time.Second)
	a.wait("handoff", engine.Wait{Kind: engine.WaitOutcome, Until: until}, engine.Effect{Handoff: &h}, engine.Effect{Timer: &until})
}
