package botscripts

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"parley/botscripts/kept"
	"parley/engine"
)

// shelf counts what is kept.
type shelf struct {
	mu            sync.Mutex
	files         map[string][]byte
	loaded, saved int
}

func (s *shelf) Load(name string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files[name] != nil {
		s.loaded++
	}
	return s.files[name]
}

func (s *shelf) Save(name string, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[name], s.saved = data, s.saved+1
	return nil
}

// manyEntries is a bundle with a FAQ that is worth keeping, and a bot that searches it.
func manyEntries(more string) engine.Bundle {
	var b strings.Builder
	b.WriteString("# Help\n\n")
	for i := range manyQuestions {
		fmt.Fprintf(&b, "## How do I mend part %c%c%d?\n\n- Can I repair part %[1]c%[2]c%[3]d?\n\nTake tool %[3]d.\n\n", 'a'+i%26, 'a'+i*7%26, i)
	}
	files := script(`local faq = require "faq" return function(chat) chat:say(faq.search("repair part bh1").answer) end`)
	files["faq/en.md"] = b.String()
	files["lib/other.lua"] = "return {}" + more
	return engine.Bundle{Hash: "bundle " + more, Files: files}
}

func TestLearnedIsKept(t *testing.T) {
	t.Parallel()
	s := &shelf{files: map[string][]byte{}}
	answer := func(b engine.Bundle) string {
		t.Helper()
		noted := 0
		before := s.saved
		rt := New(Config{Limits: testLimits(), Kept: s, Note: func(string) { noted++ }})
		bot, err := rt.Bot(b.Hash, "main", func() (engine.Bundle, error) { return b, nil })
		if err != nil {
			t.Fatal(err)
		}
		if noted != s.saved-before {
			t.Errorf("%d notes for %d times learned", noted, s.saved-before)
		}
		d := driverFor(t, bot)
		out, err := d.bot.Step(d.turn(nil, &engine.Content{Text: "hi"}))
		if err != nil || out.Fault != nil {
			t.Fatalf("%v %+v", err, out.Fault)
		}
		for _, e := range out.Effects {
			if e.Say != nil {
				return e.Say.Text
			}
		}
		return ""
	}
	first := answer(manyEntries(""))
	if first != "Take tool 1." || s.saved != 1 || s.loaded != 0 {
		t.Fatalf("%q, saved %d, loaded %d", first, s.saved, s.loaded)
	}
	// Another process, and a version with another script.
	for i, b := range []engine.Bundle{manyEntries(""), manyEntries(" -- another")} {
		if got := answer(b); got != first || s.saved != 1 || s.loaded != i+1 {
			t.Errorf("%q, saved %d, loaded %d", got, s.saved, s.loaded)
		}
	}
	for name, data := range s.files {
		broken := bytes.Clone(data)
		broken[len(broken)/2] ^= 1
		s.files[name] = broken
	}
	if got := answer(manyEntries("")); got != first || s.saved != 2 {
		t.Errorf("damaged: %q, saved %d", got, s.saved)
	}
	// One entry more is another FAQ.
	b := manyEntries("")
	b.Files["faq/en.md"] += "## Where are you?\n\nHere.\n"
	if got := answer(b); got != first || s.saved != 3 || len(s.files) != 2 {
		t.Errorf("changed: %q, saved %d, %d files", got, s.saved, len(s.files))
	}
}

func TestKeptInAFolder(t *testing.T) {
	t.Parallel()
	dir := kept.In(t.TempDir())
	for _, want := range []int{1, 0} {
		noted := 0
		rt := New(Config{Kept: dir, Note: func(string) { noted++ }})
		if err := rt.Warm(manyEntries("")); err != nil {
			t.Fatal(err)
		}
		if noted != want {
			t.Errorf("learned %d times, want %d", noted, want)
		}
	}
}

// gated is kept behind a door, so that a bundle takes as long to be made as a test wants.
type gated struct{ asked, open chan struct{} }

func (g gated) Load(string) []byte {
	close(g.asked)
	<-g.open
	return nil
}

func (gated) Save(string, []byte) error { return nil }

func TestReady(t *testing.T) {
	t.Parallel()
	g := gated{make(chan struct{}), make(chan struct{})}
	rt := New(Config{Kept: g})
	large, small := manyEntries(""), engine.Bundle{Hash: "small", Files: script("return function(chat) end")}
	loads := 0
	load := func() (engine.Bundle, error) { loads++; return large, nil }
	if rt.Ready(large.Hash, load) {
		t.Error("ready before it is made")
	}
	<-g.asked
	if rt.Ready(large.Hash, load) || loads != 1 {
		t.Errorf("asked again: loaded %d times", loads)
	}
	if _, err := rt.Bot(small.Hash, "main", func() (engine.Bundle, error) { return small, nil }); err != nil {
		t.Errorf("another brand waits: %v", err)
	}
	close(g.open)
	if _, err := rt.Bot(large.Hash, "main", load); err != nil || loads != 1 {
		t.Errorf("%v, loaded %d times", err, loads)
	}
	if !rt.Ready(large.Hash, load) {
		t.Error("not ready when it is made")
	}
	if !rt.Ready("gone", func() (engine.Bundle, error) { return engine.Bundle{}, engine.Errorf(engine.NotFound, "gone") }) {
		t.Error("what cannot be loaded is to be told by Bot")
	}
}
