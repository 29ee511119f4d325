package luaapi_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"parley/botscripts/luaapi"
	"parley/connectors"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/engine"
	"parley/engine/simulate"
	"parley/storage/memory"
)

// shapesBot tells the fields of every kind of result that it gets.
const shapesBot = `
local faq, http, queue = require "faq", require "http", require "queue"
local intent, sentiment, slots = require "intent", require "sentiment", require "slots"

local function shape(chat, name, value)
  local fields = {}
  for field in pairs(value) do fields[#fields + 1] = field end
  chat:note("shape " .. name .. ": " .. table.concat(fields, " "))
end

return function(chat)
  local hit = faq.search("helmets")
  shape(chat, "FaqHit", hit)
  shape(chat, "FaqAlternative", hit.alternatives[1])
  local result = intent.classify("where is my order")
  shape(chat, "IntentResult", result)
  shape(chat, "IntentGuess", result.top[1])
  shape(chat, "Sentiment", sentiment.score("great"))
  shape(chat, "SlotMoney", slots.money("5 euros"))
  shape(chat, "SlotRange", slots.range("from Monday to Friday"))
  for _, slot in ipairs(slots.find("next week or from monday to friday")) do
    shape(chat, "Slot", slot)
  end
  for _, slot in ipairs(slots.find("AC-123 for 5 euros on friday evening or at 5 or 3/4", { patterns = { order = "AC-###" } })) do
    shape(chat, "Slot", slot)
  end
  shape(chat, "QueueStatus", queue.status())
  shape(chat, "Identity", consumer:identities()[1])
  shape(chat, "PastConversation", consumer:history()[1])
  shape(chat, "DateTable", os.date("*t", 0))
  shape(chat, "HttpResponse", http.get("https://api.acme.example/ok"))
  shape(chat, "HttpResponse", http.get("https://api.acme.example/broken"))
  shape(chat, "HttpResponse", http.get("https://api.acme.example/slow", { interrupt = true }))
  shape(chat, "Answer", chat:ask "Media?")
  shape(chat, "Answer", chat:ask "Place?")
  shape(chat, "Answer", chat:ask "Contact?")
  shape(chat, "Answer", chat:choose("Choice?", { "A", "B" }))
  shape(chat, "Answer", chat:ask("Number?", { kind = "number", retries = 0 }))
  shape(chat, "Answer", chat:choose("Which?", { "Cat", "Dog" }, { retries = 0 }))
  shape(chat, "Answer", chat:ask("Late?", { timeout = 60 }))
  local _, problem = chat:form({ { name = "n", prompt = "Form?", kind = "number" } }, { retries = 0 })
  shape(chat, "FormProblem", problem)
  _, problem = chat:form({ { name = "n", prompt = "Late form?", kind = "number" } }, { timeout = 60 })
  shape(chat, "FormProblem", problem)
  shape(chat, "FormProblem", select(2, chat:form{ { name = "c", prompt = "Chosen?", kind = "one_of", choices = { "Cat", "Dog" }, retries = 0 } }))
  shape(chat, "SurveyResult", chat:survey("stars", { comment = true }))
  shape(chat, "SurveyResult", chat:survey("stars", { retries = 0 }))
  shape(chat, "SurveyResult", chat:survey("stars", { timeout = 60 }))
  shape(chat, "HandoffResult", chat:handoff{ skill = "sales" })
  shape(chat, "HandoffResult", chat:handoff{ skill = "care" })
end
`

const shapesTest = `
past outcome=solved skill=care summary="A bill." tag=vip fact.order=1
queue care open waiting=1 online=2 expected=30
http GET https://api.acme.example/ok → 200 {"a":1}
http GET https://api.acme.example/broken → 200 {"a":
  Content-Type: application/json
http GET https://api.acme.example/slow after 20s → 200 {}
> hi
> here (image https://cdn.example/1.jpg)
< Media?
< Place?
> (location 52.5,13.25 Berlin)
< Contact?
> (contact Ana Weber)
< Choice?
> A
< Number?
> what
< Which?
> cat or dog
< Late?
~ 2 min
< Form?
> what
< Late form?
~ 2 min
< Chosen?
> cat or dog
< *
> 5
< *
> nice
< *
> what
< *
~ 2 min
= handoff sales
agent Ana returns try again
= handoff care
agent Ana closes resolved "Done."
`

// The tables that calls give have the fields that are described, and no others.
func TestShapes(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"brand.yaml": exampleBrand, "bots/example.lua": shapesBot,
		"faq/a.md":     "## Do you have helmets?\nLinks: https://acme.example\nCard: Helmet\nSee also: Do you sell helmets?\n\n- Helmets\n\nYes.\n\n## Do you sell helmets?\n\nYes.\n",
		"intents.yaml": "order: [where is my order, track my order, has it been sent]\nhours: [when are you open, opening times, open today]\n",
	}
	brand, problems := brandfolder.Reader{Kinds: connectors.Kinds(), Env: func(string) (string, bool) { return "", false }}.FromFiles(files)
	for _, p := range problems {
		t.Fatal(p)
	}
	tests, unread := chattest.Parse("tests/shapes.chat", shapesTest)
	for _, p := range unread {
		t.Fatal(p)
	}
	result := chattest.Run(t.Context(), tests[0], brand, simulate.Stage{Runtime: chattest.NewRuntime(nil), Store: memory.New})
	if result.Failure != nil {
		t.Fatal(result.Failure)
	}
	found := map[string]map[string]bool{}
	for _, j := range result.Simulation.Journal() {
		for _, e := range j.Entries {
			note, ok := strings.CutPrefix(string(e.Args), `{"text":"shape `)
			if !ok || e.Call != "note" {
				continue
			}
			name, list, _ := strings.Cut(strings.TrimSuffix(note, `"}`), ": ")
			if found[name] == nil {
				found[name] = map[string]bool{}
			}
			for _, field := range strings.Fields(list) {
				found[name][field] = true
			}
		}
		if j.State != engine.SessionDone {
			t.Errorf("the bot is %s", j.State)
		}
	}
	if len(found) != 17 {
		t.Errorf("%d types were seen: %q", len(found), slices.Sorted(maps.Keys(found)))
	}
	types := map[string]luaapi.Type{}
	for _, p := range reference(t) {
		for _, typ := range p.Types {
			types[typ.Name] = typ
		}
	}
	for name, names := range found {
		real, described := slices.Sorted(maps.Keys(names)), fields(types, name)
		slices.Sort(described)
		if diff := cmp.Diff(real, described); diff != "" {
			t.Errorf("%s (-runtime +described):\n%s", name, diff)
		}
	}
}
