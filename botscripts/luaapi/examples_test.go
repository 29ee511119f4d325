package luaapi_test

import (
	"maps"
	"testing"
	"time"

	"parley/botscripts/luaapi"
	"parley/connectors"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/botscripts/sandbox"
	"parley/engine/simulate"
	"parley/storage/memory"
)

// exampleBrand is the brand.yaml of the examples.
const exampleBrand = `
id: acme
name: Acme
time_zone: Europe/Berlin
languages: [en, de]
default_skill: care
escape_words: {en: [agent], de: [mensch]}
http: {hosts: [api.acme.example]}
skills:
  care: {name: Care, outcomes: [resolved]}
  sales:
    name: Sales
    hours: {mon-fri: 09:00-17:00}
channels:
  web: {kind: webchat, bot: example}
`

// Every example is a bot without problems that does what its test says.
func TestExamples(t *testing.T) {
	t.Parallel()
	limits := sandbox.DefaultLimits()
	limits.Wall = time.Minute // a slow test machine is no slow bot
	rt := botscripts.New(botscripts.Config{Limits: limits})
	count := 0
	for _, p := range reference(t) {
		for _, m := range p.Members {
			if m.Example == nil {
				continue
			}
			count++
			t.Run(m.Name, func(t *testing.T) {
				t.Parallel()
				runExample(t, rt, *m.Example)
			})
		}
	}
	if count < 70 {
		t.Errorf("there are only %d examples", count)
	}
}

func runExample(t *testing.T, rt *botscripts.Runtime, e luaapi.Example) {
	files := map[string]string{"brand.yaml": exampleBrand, "bots/example.lua": e.Bot, "tests/example.chat": e.Test}
	maps.Copy(files, e.Files)
	brand, problems := brandfolder.Reader{Kinds: connectors.Kinds(), Env: func(string) (string, bool) { return "", false }}.FromFiles(files)
	for _, p := range problems {
		t.Error(p)
	}
	for _, p := range rt.Check(brand.Bundle) {
		t.Error(p)
	}
	tests, unread := chattest.Parse("tests/example.chat", e.Test)
	for _, p := range unread {
		t.Error(p)
	}
	if t.Failed() {
		return
	}
	if len(tests) == 0 {
		t.Fatal("there is no test")
	}
	for _, test := range tests {
		if r := chattest.Run(t.Context(), test, brand, simulate.Stage{Runtime: rt, Store: memory.New}); r.Failure != nil {
			t.Errorf("%+v", r.Failure)
		}
	}
}
