package dialog_test

import (
	"fmt"
	"testing"

	"parley/engine"
	"parley/engine/enginetest"
)

// What a bot did not understand is kept with the turn that asked.
func TestTurnsKeepWhatWasNotUnderstood(t *testing.T) {
	t.Parallel()
	w := with(t, "return function() end")
	w.Seed(map[string]string{"bots/main.lua": `local intent, faq = require "intent", require "faq"
return function(chat)
  local text = chat.opening.text
  while true do
    intent.classify(text)
    faq.search(text)
    text = chat:ask("And?").text
  end
end`, "intents.yaml": "order:\n  - Where is my order?\n  - Track my parcel\n  - Has it been sent?\nrefund:\n  - I want my money back\n  - Please refund me\n  - How do I get a refund?\n",
		"faq/shop.md": "## When are you open?\n\nFrom nine to five.\n"})
	for _, text := range []string{"Ωμέγα", "when are you open?", "Ωμέγα", "12345"} {
		w.Say(text)
	}
	got := enginetest.Read(w, func(tx engine.Tx) ([]engine.Utterance, error) {
		return tx.Utterances().List(engine.UtteranceFilter{Brand: enginetest.Brand, Limit: 10})
	})
	var lines []string
	for _, u := range got {
		lines = append(lines, fmt.Sprint(u.N, " ", u.Source, " ", u.State, " ", u.Text, " ", len(u.Guesses)))
	}
	equal(t, []string{"1 intent open Ωμέγα 2"}, lines)
}
