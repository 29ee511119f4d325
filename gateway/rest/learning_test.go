package rest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"parley/botscripts/brandfolder"
	"parley/botscripts/intents"
	"parley/engine"
	"parley/engine/learning"
	"parley/engine/versions"
)

// miss lets a bot not understand a text.
func (w *world) miss(brand, conversation, text string) {
	w.t.Helper()
	w.update(func(tx engine.Tx) error {
		return learning.Collect(tx, engine.Conversation{Brand: brand, ID: conversation}, []engine.JournalEntry{{
			Call: "intent.classify", Args: fmt.Appendf(nil, `{"text":%q}`, text), At: w.clock(),
			Answer: []byte(`{"known":false,"top":[{"name":"refund","confidence":0.4}]}`),
		}})
	})
}

// utterance finds what a conversation's bot did not understand.
func (w *world) utterance(brand, conversation string) (n int64) {
	w.t.Helper()
	w.view(func(tx engine.Tx) error {
		list, err := tx.Utterances().List(engine.UtteranceFilter{Brand: brand, Limit: 1000})
		for _, u := range list {
			if u.Conversation == conversation {
				n = u.N
			}
		}
		return err
	})
	return n
}

func (w *world) firstMessage(brand, conversation string) string {
	w.t.Helper()
	id := ""
	w.view(func(tx engine.Tx) error {
		list, err := tx.Messages().List(brand, conversation, 0, 1)
		if len(list) > 0 {
			id = list[0].ID
		}
		return err
	})
	return id
}

const taughtIntents = `order:
  - Where is my bike?
  - Track my order
  - Has my parcel been sent?
  - Is my delivery on its way?
refund:
  - I want my money back
  - Please refund me
  - How do I get a refund?
  - Give me back what I paid
`

type lesson struct {
	Accepted bool
	Version  string
	Reasons  []string
	Added    []string
	Changed  []struct{ Text, Was, Is string }
	After    struct{ Right, Of int } `json:"intents_after"`
	Tests    struct{ Right, Of int }
	Moved    []struct{ Intent string }
	Unplayed *int
}

// An agent corrects, a supervisor looks, an admin teaches.
func TestLearning(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	files := folder("acme", "learns")
	files["intents.yaml"] = taughtIntents
	hash := brandfolder.Hash(files)
	_, err := w.shelf.Push(t.Context(), engine.Bundle{Hash: hash, Brand: "acme", Files: files}, versions.By{})
	w.use(err)
	_, err = w.shelf.Activate(t.Context(), "acme", hash, versions.By{})
	w.use(err)
	w.open("acme", "c1", "gimme my cash back")
	w.miss("acme", "c2", "cash back, please")
	w.miss("acme", "c3", "my cat is grey")

	ana, sue, ada := w.as("acme-ana"), w.as("acme-sue"), w.as("acme-ada")
	names := must[struct{ Intents []string }](t, ana.send("GET", "/intents", nil), 200)
	if fmt.Sprint(names.Intents) != "[order refund]" {
		t.Error(names)
	}
	path := "/conversations/c1/messages/" + w.firstMessage("acme", "c1") + "/intent"
	refused(t, ana.send("POST", path, fields{"intent": "nonsense"}), 400, engine.Invalid, "intent")
	refused(t, ana.send("POST", strings.Replace(path, "c1", "c2", 1), fields{"intent": "refund"}), 404, engine.NotFound, "")
	kept := must[map[string]any](t, ana.send("POST", path, fields{"intent": "refund"}), 200)
	if kept["intent"] != "refund" || kept["source"] != "agent" || kept["by"] != "agent:acme-ana" || kept["text"] != "gimme my cash back" {
		t.Error(kept)
	}

	open := must[struct {
		Total  int
		Groups []struct {
			Utterances []struct {
				ID   int64
				Text string
			}
			Suggestion struct {
				Kind, Name string
				Score      float64
			}
		}
	}](t, sue.send("GET", "/utterances?limit=1", nil), 200)
	if open.Total != 2 || len(open.Groups) != 1 || len(open.Groups[0].Utterances) != 2 || open.Groups[0].Suggestion.Name != "refund" || open.Groups[0].Suggestion.Score != 1 {
		t.Fatalf("%+v", open)
	}
	must[any](t, sue.send("POST", "/utterances/dismiss", fields{"ids": []int64{w.utterance("acme", "c3")}}), 204)
	ids := []int64{open.Groups[0].Utterances[0].ID, open.Groups[0].Utterances[1].ID}

	bad := must[lesson](t, ada.send("POST", "/utterances/accept", fields{"ids": ids, "intent": "refund"}), 200)
	if !bad.Accepted || len(bad.Added) != 2 || bad.After.Of != 10 || bad.Version == hash || bad.Version == "" || bad.Moved == nil || bad.Unplayed == nil {
		t.Fatalf("%+v", bad)
	}
	var brand engine.Brand
	var bundle engine.Bundle
	w.view(func(tx engine.Tx) (err error) {
		if brand, err = tx.Brands().Get("acme"); err == nil {
			bundle, err = tx.Bundles().Get("acme", brand.Version)
		}
		return err
	})
	if brand.Version != bad.Version || !strings.HasSuffix(bundle.Files["intents.yaml"], "  - cash back, please\n  - gimme my cash back\n") && !strings.HasSuffix(bundle.Files["intents.yaml"], "  - gimme my cash back\n  - cash back, please\n") {
		t.Error(bundle.Files["intents.yaml"])
	}
	if want := intents.ModelHash(bundle.Files); bundle.Model != want || want == "" {
		t.Errorf("the version's model is %q, want %q", bundle.Model, want)
	}
	refused(t, ada.send("POST", "/utterances/accept", fields{"ids": ids, "intent": "refund"}), 409, engine.Conflict, "")
	accepted := sue.send("GET", "/utterances?state=accepted", nil)
	if !json.Valid(accepted.raw) || strings.Count(string(accepted.raw), bad.Version) != 2 {
		t.Errorf("%s", accepted.raw)
	}
}
