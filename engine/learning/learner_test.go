package learning_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/knowledge"
	"parley/engine"
	"parley/engine/learning"
	"parley/storage/memory"
)

func TestAcceptExamples(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.miss("acme", "wheres my parcell", "has the parcell come", "parcell lost?", "my parcell is late", "my cat is grey")
	old := w.files("acme")
	lesson, err := w.Accept(t.Context(), "acme", learning.Decision{Numbers: []int64{1, 2, 3}, Intent: "order_status"}, "agent:ann")
	if err != nil {
		t.Fatal(err)
	}
	if !lesson.Accepted() || lesson.Version == "" || len(lesson.Texts) != 3 || lesson.IntentsAfter.Of != 18 || lesson.IntentsAfter.Right < lesson.IntentsBefore.Right {
		t.Fatalf("%+v", lesson)
	}
	files := w.files("acme")
	want := strings.Replace(someIntents, "my order\nopening", "my order\n  - wheres my parcell\n  - has the parcell come\n  - parcell lost?\nopening", 1)
	if diff := cmp.Diff(want, files["intents.yaml"]); diff != "" {
		t.Error(diff)
	}
	if !strings.HasSuffix(files["tests/intents.yaml"], "order_status:\n  - wheres my parcell\n  - has the parcell come\n  - parcell lost?\n") {
		t.Error(files["tests/intents.yaml"])
	}
	for _, c := range lesson.Changed {
		if c.Text != "my parcell is late" && c.Text != "my cat is grey" || c.Was == c.Is {
			t.Errorf("%+v", c)
		}
	}
	accepted := w.list("acme", engine.UtteranceAccepted)
	if len(accepted) != 3 || accepted[0].Intent != "order_status" || accepted[0].By != "agent:ann" || accepted[0].Version != lesson.Version {
		t.Errorf("%+v", accepted)
	}
	var changes []engine.VersionChange
	_ = w.store.View(context.Background(), func(tx engine.Tx) (err error) {
		changes, err = tx.VersionChanges().List("acme", 1)
		return err
	})
	if len(changes) != 1 || changes[0].Note != "3 examples from conversations: order_status" || changes[0].Actor != "agent:ann" || changes[0].Kind != engine.VersionActivated {
		t.Errorf("%+v", changes)
	}
	if w.files("beta")["intents.yaml"] != old["intents.yaml"] {
		t.Error("another brand learnt it, too")
	}
	// The same again is refused, and what is decided does not come back.
	_, err = w.Accept(t.Context(), "acme", learning.Decision{Numbers: []int64{1}, Intent: "refund"}, "agent:ann")
	if engine.CodeOf(err) != engine.Conflict {
		t.Error(err)
	}
	groups, err := w.Groups(t.Context(), "acme", engine.UtteranceOpen)
	if err != nil || strings.Contains(shape(groups), "wheres") {
		t.Error(shape(groups), err)
	}
	if groups, err = w.Groups(t.Context(), "acme", engine.UtteranceAccepted); err != nil || !strings.Contains(shape(groups), "wheres") {
		t.Error(shape(groups), err)
	}
}

// Nothing is learnt that makes the model worse.
func TestTheGateHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.miss("acme", "when do I get my money back", "I want a refund of my money", "please give me my money back", "reimburse me please")
	old := w.files("acme")
	lesson, err := w.Accept(t.Context(), "acme", learning.Decision{Numbers: []int64{1, 2, 3, 4}, Intent: "opening_hours"}, "agent:ann")
	if err != nil {
		t.Fatal(err)
	}
	if lesson.Accepted() || lesson.Version != "" || len(lesson.Reasons()) == 0 {
		t.Errorf("%+v", lesson)
	}
	if fewer := func(m learning.Moved) bool {
		return m.Intent == "refund" && m.After.Right < m.Before.Right && m.After.Of == 5
	}; !slices.ContainsFunc(lesson.Moved, fewer) {
		t.Errorf("it is not told that refunds are understood less: %+v", lesson.Moved)
	}
	if diff := cmp.Diff(old, w.files("acme")); diff != "" {
		t.Error(diff)
	}
	if n := len(w.list("acme", engine.UtteranceOpen)); n != 4 {
		t.Errorf("%d are open", n)
	}
}

// A case that held must hold; one that did not keeps nobody from anything.
func TestRegressionCasesHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	files := w.files("acme")
	files["tests/intents.yaml"] = "opening_hours:\n  - are you open\nrefund:\n  - what nobody can know\n"
	w.use("acme", files)
	w.miss("acme", "are you open yet", "so are you open my parcel", "are you open today", "hey are you open", "are you open or not", "but are you open", "are you open")
	lesson, err := w.Accept(t.Context(), "acme", learning.Decision{Numbers: []int64{1, 2, 3, 4, 5, 6}, Intent: "order_status"}, "agent:ann")
	if err != nil {
		t.Fatal(err)
	}
	broken := false
	for _, c := range lesson.Broken {
		broken = broken || c.Text == "are you open" && c.Was == "opening_hours"
		if c.Text == "what nobody can know" {
			t.Errorf("a case that never held is told as broken: %+v", c)
		}
	}
	if !broken || lesson.Accepted() || lesson.Version != "" {
		t.Errorf("%+v", lesson)
	}
	_, err = w.Accept(t.Context(), "acme", learning.Decision{Numbers: []int64{7}, Intent: "order_status"}, "agent:ann")
	if engine.CodeOf(err) != engine.Invalid {
		t.Errorf("a case of two intents: %v", err)
	}
}

func TestAcceptWordingsAndQuestions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.miss("acme", "is there room for my car", "do you sell gift cards", "gift cards for sale?")
	lesson, err := w.Accept(t.Context(), "acme", learning.Decision{Numbers: []int64{1}, Question: "Can I park at the shop?"}, "agent:ann")
	if err != nil || lesson.Version == "" || lesson.FAQAfter.Of != 4 {
		t.Fatalf("%+v, %v", lesson, err)
	}
	want := strings.Replace(someQuestions, "shop?\n\n", "shop?\n\n- is there room for my car\n\n", 1)
	if diff := cmp.Diff(want, w.files("acme")["faq/shop.md"]); diff != "" {
		t.Error(diff)
	}
	lesson, err = w.Accept(t.Context(), "acme", learning.Decision{Numbers: []int64{2, 3}, Question: "Do you have gift cards?", Answer: "Yes, from ten euros."}, "agent:ann")
	if err != nil || lesson.Version == "" {
		t.Fatalf("%+v, %v", lesson, err)
	}
	if got := w.files("acme")["faq/learned.md"]; !strings.Contains(got, "## Do you have gift cards?\n\n- do you sell gift cards\n- gift cards for sale?\n\nYes, from ten euros.\n") {
		t.Error(got)
	}
	if got := w.list("acme", engine.UtteranceAccepted); len(got) != 3 || got[0].Question != "Do you have gift cards?" {
		t.Errorf("%+v", got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.miss("acme", "wheres my parcell", "give me cash")
	if err := w.Dismiss(t.Context(), "acme", []int64{2}, "agent:ann"); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		brand string
		d     learning.Decision
		code  engine.Code
	}{
		"nothing chosen":   {"acme", learning.Decision{Intent: "refund"}, engine.Invalid},
		"too many":         {"acme", learning.Decision{Intent: "refund", Numbers: make([]int64, 201)}, engine.Invalid},
		"both":             {"acme", learning.Decision{Intent: "refund", Question: "q", Numbers: []int64{1}}, engine.Invalid},
		"neither":          {"acme", learning.Decision{Numbers: []int64{1}}, engine.Invalid},
		"an answer alone":  {"acme", learning.Decision{Numbers: []int64{1}, Intent: "refund", Answer: "a"}, engine.Invalid},
		"another brand's":  {"beta", learning.Decision{Numbers: []int64{1}, Intent: "refund"}, engine.NotFound},
		"no such brand":    {"gamma", learning.Decision{Numbers: []int64{1}, Intent: "refund"}, engine.NotFound},
		"dismissed":        {"acme", learning.Decision{Numbers: []int64{2}, Intent: "refund"}, engine.Conflict},
		"a question's lot": {"acme", learning.Decision{Numbers: []int64{1}, Question: "What?"}, engine.Invalid},
	} {
		if _, err := w.Accept(t.Context(), tt.brand, tt.d, "agent:ann"); engine.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.Dismiss(t.Context(), "beta", []int64{1}, "agent:ann"); engine.CodeOf(err) != engine.NotFound {
		t.Error(err)
	}
	if err := w.Dismiss(t.Context(), "acme", nil, "agent:ann"); engine.CodeOf(err) != engine.Invalid {
		t.Error(err)
	}
	if got := w.list("acme", engine.UtteranceDismissed); len(got) != 1 || got[0].By != "agent:ann" {
		t.Errorf("%+v", got)
	}
}

const answering = `local faq = require "faq"
return function(chat)
  local asked = chat:ask "What is it?"
  local hit = faq.search(asked.text)
  chat:say(hit and hit.answer or "No idea.")
end
`

const testsOfAnswers = `## A car

> Hi
< What is it?
> is there room for my car
< No idea.

## Bikes

> Hi
< What is it?
> Can you fix my bike?
< Yes, on weekdays.

## Wrong anyway

< Nothing like it.
`

// What people wrote down that a bot must do, it does with a new version, too.
func TestTestsHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	files := map[string]string{
		"brand.yaml": "id: acme\nname: Acme\ntime_zone: UTC\nlanguages: [en]\ndefault_skill: care\nskills:\n  care: {name: Care}\n" +
			"channels:\n  web: {kind: webchat, bot: ava}\n",
		"bots/ava.lua": answering, "faq/shop.md": someQuestions, "tests/answers.chat": testsOfAnswers, "tests/bad.chat": "?\n",
	}
	w.use("acme", files)
	w.miss("acme", "is there room for my car", "can my bike be mended")
	lesson, err := w.Accept(t.Context(), "acme", learning.Decision{Numbers: []int64{1}, Question: "Can I park at the shop?"}, "agent:ann")
	if err != nil || lesson.Accepted() || lesson.Version != "" || lesson.Tests != (learning.Share{Right: 1, Of: 3}) || lesson.Unplayed != 0 {
		t.Fatalf("%+v, %v", lesson, err)
	}
	want := []string{"the test tests/answers.chat:1 (A car) would fail at line 6: "}
	if got := lesson.Reasons(); len(got) != 1 || !strings.HasPrefix(got[0], want[0]) || !strings.Contains(got[0], "ten places") {
		t.Errorf("got %q, want %q", got, want)
	}
	if diff := cmp.Diff(files, w.files("acme")); diff != "" {
		t.Error(diff)
	}
	lesson, err = w.Accept(t.Context(), "acme", learning.Decision{Numbers: []int64{2}, Question: "Do you repair bikes?"}, "agent:ann")
	if err != nil || lesson.Version == "" || lesson.Tests != (learning.Share{Right: 2, Of: 3}) {
		t.Errorf("a test that failed before keeps others from learning: %+v, %v", lesson, err)
	}
	// Who goes away ends it, and nothing is learnt.
	w.miss("acme", "do you mend bikes")
	ctx, end := context.WithCancel(t.Context())
	w.Book = ends{w.Book, end}
	_, err = w.Accept(ctx, "acme", learning.Decision{Numbers: []int64{3}, Question: "Do you repair bikes?"}, "agent:ann")
	if !errors.Is(err, context.Canceled) || strings.Contains(w.files("acme")["faq/shop.md"], "do you mend") {
		t.Errorf("it went on: %v", err)
	}
}

// ends is a book with which somebody goes away while tests are played.
type ends struct {
	learning.Book
	end func()
}

func (b ends) Tests(ctx context.Context, files map[string]string, play func(learning.Test) bool) ([]learning.Test, int, error) {
	return b.Book.Tests(ctx, files, func(t learning.Test) bool {
		b.end()
		return play(t)
	})
}

// Of two who teach at the same time one is told so, and what was not learnt stays
// open.
func TestTwoTeachAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	texts := []string{"is there room for my car", "can my bike be fixed"}
	w.miss("acme", texts...)
	var read sync.WaitGroup // both have read the active version before one goes on
	read.Add(2)
	w.Book = waits{w.Book, func() { read.Done(); read.Wait() }}
	decisions := []learning.Decision{{Numbers: []int64{1}, Question: "Can I park at the shop?"}, {Numbers: []int64{2}, Question: "Do you repair bikes?"}}
	var group sync.WaitGroup
	lessons, errs := make([]learning.Lesson, 2), make([]error, 2)
	for i, d := range decisions {
		group.Go(func() { lessons[i], errs[i] = w.Accept(t.Context(), "acme", d, "agent:ann") })
	}
	group.Wait()
	won := 0
	if errs[0] != nil {
		won = 1
	}
	if errs[won] != nil || engine.CodeOf(errs[1-won]) != engine.Conflict || lessons[won].Version == "" || lessons[1-won].Version != "" {
		t.Fatalf("%v, %v; %+v", errs[0], errs[1], lessons)
	}
	files := w.files("acme")
	for i, text := range texts {
		if got := strings.Contains(files["faq/shop.md"], text); got != (i == won) {
			t.Errorf("%q was learnt: %t", text, got)
		}
	}
	if open := w.list("acme", engine.UtteranceOpen); len(open) != 1 || open[0].N != int64(2-won) || open[0].Version != "" {
		t.Errorf("open are %+v", open)
	}
	if got := w.list("acme", engine.UtteranceAccepted); len(got) != 1 || got[0].N != int64(1+won) {
		t.Errorf("accepted are %+v", got)
	}
	w.Book = knowledge.Book{Store: memory.New}
	lesson, err := w.Accept(t.Context(), "acme", decisions[1-won], "agent:ann")
	if err != nil || lesson.Version == "" {
		t.Fatalf("again: %+v, %v", lesson, err)
	}
	for _, text := range texts {
		if !strings.Contains(w.files("acme")["faq/shop.md"], text) {
			t.Errorf("%q is lost", text)
		}
	}
}

// waits is a book in which each addition waits for something.
type waits struct {
	learning.Book
	wait func()
}

func (b waits) Add(files map[string]string, a learning.Addition) (map[string]string, error) {
	b.wait()
	return b.Book.Add(files, a)
}

func TestADecisionHoldsForEveryEqualText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.miss("acme", "gift cards?", "Gift cards", "do you repair bells", "GIFT CARDS!")
	if err := w.Dismiss(t.Context(), "acme", []int64{1}, "agent:ann"); err != nil {
		t.Fatal(err)
	}
	if open := w.list("acme", engine.UtteranceOpen); len(open) != 1 || open[0].Text != "do you repair bells" {
		t.Errorf("left open: %v", open)
	}
	if gone := w.list("acme", engine.UtteranceDismissed); len(gone) != 3 {
		t.Errorf("dismissed: %v", gone)
	}
}
