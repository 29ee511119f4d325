package luaapi_test

import (
	"encoding/json"
	"fmt"
	"parley/botscripts/luaapi"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts"
	"parley/botscripts/check"
	"parley/engine"
)

// step runs a bot's first turn in a real VM.
func step(t testing.TB, script string) engine.Outcome {
	t.Helper()
	bot, err := botscripts.New(botscripts.Config{}).Bot("b1", "main", func() (engine.Bundle, error) {
		return engine.Bundle{Hash: "b1", Files: map[string]string{"bots/main.lua": script}}, nil
	})
	if err != nil {
		t.Fatalf("%v in\n%s", err, script)
	}
	out, err := bot.Step(engine.Turn{
		Session: engine.Session{ID: "s1", Brand: "acme", Conversation: "c1", Bot: "main", Version: "b1"},
		First:   &engine.Content{Text: "hi"},
		Now:     time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
		Brand: engine.Brand{ID: "acme", Settings: engine.BrandSettings{
			TimeZone: "Europe/Berlin", Languages: []string{"en"}, DefaultSkill: "care",
		}},
		Consumer: engine.Consumer{ID: "p1", Name: "Kim", Language: "en", Attributes: map[string]string{"tier": "gold"}},
		Conversation: engine.Conversation{
			ID: "c1", Channel: "acme.web", Kind: "webchat", Address: "v1", Language: "en",
			Tags: []string{"new"}, Attributes: map[string]string{"from": "web"},
		},
		Skills: []engine.Skill{{ID: "care", Name: "Care"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// keys gives the fields of a table in the VM; functions end with "()".
func keys(t testing.TB, expression string) []string {
	t.Helper()
	out := step(t, `return function(chat)
		local names = {}
		for name, value in pairs(`+expression+`) do
			names[#names + 1] = name .. (type(value) == "function" and "()" or "")
		end
		chat:say(require("json").encode(names))
	end`)
	var names []string
	for _, e := range out.Effects {
		if e.Say != nil {
			if err := json.Unmarshal([]byte(e.Say.Text), &names); err != nil {
				t.Fatal(err)
			}
		}
	}
	return names
}

// The descriptions and a real VM name the same things.
func TestVocabulary(t *testing.T) {
	t.Parallel()
	var described []string
	for _, p := range reference(t) {
		for _, m := range p.Members {
			described = append(described, m.Name)
		}
	}
	real := check.Vocabulary()
	real = slices.DeleteFunc(real, func(name string) bool { return name == "consumer" || name == "conversation" })
	for _, object := range []string{"consumer", "conversation"} {
		found := keys(t, object)
		if len(found) < 5 {
			t.Fatalf("%s has only %q", object, found)
		}
		for _, name := range found {
			if method, ok := strings.CutSuffix(name, "()"); ok {
				real = append(real, object+":"+method)
			} else {
				real = append(real, object+"."+name)
			}
		}
	}
	slices.Sort(described)
	slices.Sort(real)
	if diff := cmp.Diff(real, described); diff != "" {
		t.Errorf("(-runtime +described):\n%s", diff)
	}
}

// The runtime takes exactly the options that are described: it lists them when
// it is given one that it does not know.
func TestOptions(t *testing.T) {
	t.Parallel()
	pages := reference(t)
	types := map[string]luaapi.Type{}
	for _, p := range pages {
		for _, typ := range p.Types {
			types[typ.Name] = typ
		}
	}
	listed := regexp.MustCompile(`has no (?:field|option) "no_such_option".* \(it has: ([^)]*)\)`)
	placeholder := regexp.MustCompile(`\b_\b`)
	probed := 0
	for _, p := range pages {
		for _, typ := range p.Types {
			if typ.Probe == "" {
				continue
			}
			probed++
			call := placeholder.ReplaceAllString(typ.Probe, "{ no_such_option = 1 }")
			call = strings.Replace(call, "__", "no_such_option = 1", 1)
			out := step(t, "return function(chat)\n"+call+"\nend")
			message := fmt.Sprint(out.State)
			if out.Fault != nil {
				message = out.Fault.Message
			}
			found := listed.FindStringSubmatch(message)
			if found == nil {
				t.Errorf("%s: %s gave %s", typ.Name, call, message)
				continue
			}
			real := strings.Split(found[1], ", ")
			described := fields(types, typ.Name)
			slices.Sort(real)
			slices.Sort(described)
			if diff := cmp.Diff(real, described); diff != "" {
				t.Errorf("%s (-runtime +described):\n%s", typ.Name, diff)
			}
		}
	}
	if probed < 15 {
		t.Errorf("only %d types were probed", probed)
	}
}

// fields are the named fields of a type and of those that it extends.
func fields(types map[string]luaapi.Type, name string) (names []string) {
	for ; name != ""; name = types[name].Extends {
		for _, f := range types[name].Fields {
			if !strings.HasPrefix(f.Name, "[") {
				names = append(names, f.Name)
			}
		}
	}
	return names
}

// Every table that a call takes as options is probed.
func TestEveryOptionIsProbed(t *testing.T) {
	t.Parallel()
	pages := reference(t)
	types := map[string]luaapi.Type{}
	for _, p := range pages {
		for _, typ := range p.Types {
			types[typ.Name] = typ
		}
	}
	// These are read by name, whatever else they hold.
	open := []string{"DateTable", "FaqHit", "FaqAlternative"}
	for _, p := range pages {
		for _, m := range p.Members {
			for _, param := range m.Params {
				for _, word := range luaapi.TypeWord.FindAllString(param.Type, -1) {
					typ, ours := types[word]
					if ours && typ.Alias == "" && typ.Probe == "" && !slices.Contains(open, word) {
						t.Errorf("%s takes %s, which has no probe", m.Name, word)
					}
				}
			}
		}
	}
}
