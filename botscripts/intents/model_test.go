package intents

import (
	"testing"

	"parley/engine/understanding/nlu"
)

const pair = "refund: [I want my money back, refund me, pay me back]\norder: [where is it, track my order, is it sent]\n"

// A version tells the model that is trained from it, whatever else it has.
func TestModelHash(t *testing.T) {
	t.Parallel()
	files := map[string]string{File: pair}
	model, err := nlu.Train(t.Context(), Examples(files), Training())
	if err != nil {
		t.Fatal(err)
	}
	hash := ModelHash(files)
	if hash == "" || hash != model.Hash() {
		t.Errorf("it is %q, and the model's %q", hash, model.Hash())
	}
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"other files, a description and a comment": {map[string]string{"bots/a.lua": "return 1", File: "# ours\nrefund:\n  description: money\n  examples: [I want my money back, refund me, pay me back]\norder: [where is it, track my order, is it sent]\n"}, hash},
		"none":     {map[string]string{"bots/a.lua": "return 1"}, ""},
		"empty":    {map[string]string{File: ""}, ""},
		"problems": {map[string]string{File: "refund: [a]\n"}, ""},
	} {
		if got := ModelHash(tt.files); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if other := ModelHash(map[string]string{File: pair + "hours: [a b, c d, e f]\n"}); other == hash || other == "" {
		t.Errorf("another intent: %q", other)
	}
}
