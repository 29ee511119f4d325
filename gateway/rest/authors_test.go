package rest_test

import (
	"context"
	"errors"
	"strings"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/connectors"
	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/dialog"
	"parley/engine/receive"
	"parley/engine/routing"
	"parley/engine/versions"
)

const conciergeLua = `local http = require "http"
return function(chat)
  chat:say "Hello MARK"
  local about = chat:ask "What is it about?"
  if about.text == "Call" then
    local r = http.get("https://orders.example/48213")
    chat:set("status", tostring(r.status))
    chat:say("Status " .. tostring(r.status))
    about = chat:ask "And now?"
  end
  local outcome = chat:handoff { skill = "care", summary = about.text, expects = { refund = "boolean" } }
  if outcome.resolved then chat:say("Refund: " .. tostring(outcome.fields.refund)) end
end
`

const helloChat = `# hello
> hi
< Hello MARK
< What is it about?
> a bike
= handoff care
`

// folder is a brand's folder; mark tells its versions apart.
func folder(brand, mark string) map[string]string {
	return map[string]string{
		"brand.yaml": strings.ReplaceAll(`id: BRAND
name: BRAND
time_zone: UTC
languages: [en]
default_skill: care
http: {hosts: [orders.example]}
skills:
  care: {name: Care, outcomes: [solved]}
  sales: {name: Sales}
channels:
  web: {kind: webchat, bot: concierge}
`, "BRAND", brand),
		"bots/concierge.lua": strings.ReplaceAll(conciergeLua, "MARK", mark),
		"tests/hello.chat":   strings.ReplaceAll(helloChat, "MARK", mark),
	}
}

func hashOf(brand, mark string) string { return brandfolder.Hash(folder(brand, mark)) }

// environment has one variable.
func environment(name string) (string, bool) { return "value", name == "KNOWN" }

// admit allows KNOWN for every field.
func admit(b brandfolder.Brand) (brandfolder.Brand, []brandfolder.Problem) {
	var problems []brandfolder.Problem
	for _, u := range b.Uses {
		if u.Variable != "KNOWN" {
			problems = append(problems, brandfolder.Problem{File: "brand.yaml", Line: u.Line, Message: u.Variable + " is not allowed"})
		}
	}
	return b, problems
}

func readVersion(b engine.Bundle) (versions.Version, error) {
	got, problems := brandfolder.Reader{Kinds: connectors.Kinds(), Env: environment}.FromFiles(b.Files)
	if len(problems) > 0 {
		return versions.Version{}, engine.Errorf(engine.Invalid, "%s", problems[0])
	}
	return versions.Version{Brand: got.Brand, Channels: got.Channels, Skills: got.Skills, Bundle: got.Bundle}, nil
}

func (w *world) versions(c *catalog.Catalog) *versions.Versions {
	w.shelf = &versions.Versions{
		Store: w.store, Clock: w.clock, Writer: w.writer, Read: readVersion,
		Runtime: botscripts.New(botscripts.Config{}),
	}
	w.receiver = &receive.Receiver{
		Store: w.store, Clock: w.clock, NewID: w.writer.NewID, Catalog: c, Writer: w.writer, Listener: w.hearing, Log: quiet(),
	}
	w.turns = &dialog.Worker{
		Store: w.store, Bus: w.bus, Clock: w.clock, NewID: w.writer.NewID, Catalog: c, Writer: w.writer, Runtime: w.shelf.Runtime,
		Queues: routing.QueueStatus, Log: quiet(), Shards: 1,
	}
	return w.shelf
}

func (w *world) use(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// push stores a version.
func (w *world) push(brand, mark string) {
	w.t.Helper()
	files := folder(brand, mark)
	_, err := w.shelf.Push(context.Background(), engine.Bundle{Hash: brandfolder.Hash(files), Brand: brand, Files: files}, versions.By{})
	w.use(err)
}

func (w *world) activate(brand, mark string) {
	w.t.Helper()
	_, err := w.shelf.Activate(context.Background(), brand, hashOf(brand, mark), versions.By{})
	w.use(err)
}

// talk lets a consumer write to the bot in a conversation of this id, and the bot answer.
func (w *world) talk(brand, id string, texts ...string) {
	w.t.Helper()
	var conv engine.Conversation
	find := func(tx engine.Tx) (err error) {
		conv, err = tx.Conversations().Get(brand, id)
		return err
	}
	if w.store.View(context.Background(), find) != nil {
		w.update(func(tx engine.Tx) error {
			consumer := engine.Consumer{ID: "p-" + id, Brand: brand, Name: "Maya " + id, CreatedAt: w.clock()}
			conv = engine.Conversation{
				ID: id, Brand: brand, Channel: brand + ".web", Kind: "webchat", Consumer: consumer.ID, Address: "v-" + id,
				State: engine.Open, Owner: engine.OwnerBot, CreatedAt: w.clock(), LastAt: w.clock(),
			}
			err := tx.Consumers().Add(consumer, engine.Identity{Brand: brand, Kind: "webchat", Address: conv.Address, Consumer: consumer.ID})
			return errors.Join(err, tx.Conversations().Add(conv))
		})
	}
	w.view(find)
	entry, err := w.receiver.Catalog.Brand(context.Background(), brand)
	w.use(err)
	ch, _ := entry.Channel(conv.Channel)
	for _, text := range texts {
		_, err := w.receiver.Inbound(context.Background(), entry, ch, engine.Inbound{From: conv.Address, Content: engine.Content{Text: text}})
		w.use(err)
		_, err = w.turns.Visit(context.Background(), engine.ConversationRef{Brand: brand, ID: id})
		w.use(err)
	}
}

// fault lets a bot have failed.
func (w *world) fault(brand, id string) {
	w.t.Helper()
	w.update(func(tx engine.Tx) error {
		return tx.Faults().Record(engine.FaultGroup{
			Brand: brand, ID: id, First: w.clock(), Last: w.clock(), Count: 1, Conversations: 1, Sample: "x",
			Fault: engine.Fault{Kind: "error", Message: "attempt to index nil", File: "bots/concierge.lua", Line: 7, Bot: "concierge", Version: "abc"},
		}, "x")
	})
}
