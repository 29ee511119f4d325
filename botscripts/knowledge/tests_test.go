package knowledge

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/engine"
	"parley/engine/learning"
	"parley/storage/memory"
)

const brandYAML = "id: acme\nname: Acme\ntime_zone: UTC\nlanguages: [en]\ndefault_skill: care\nskills:\n  care: {name: Care}\n" +
	"channels:\n  web: {kind: webchat, bot: ava}\n"

func brandFiles(tests string) map[string]string {
	return map[string]string{
		"brand.yaml": brandYAML, "bots/ava.lua": "return function(chat) chat:say 'Hello' end\n", "tests/a.chat": tests,
		"tests/b.chat": "nonsense",
	}
}

func all(learning.Test) bool { return true }

func TestTests(t *testing.T) {
	t.Parallel()
	files := brandFiles("## Right\n> hi\n< Hello\n\n## Wrong\n> hi\n< Good day\n")
	got, unplayed, err := Book{Store: memory.New}.Tests(t.Context(), files, all)
	want := []learning.Test{
		{File: "tests/a.chat", Line: 1, Title: "Right"},
		{File: "tests/a.chat", Line: 5, Title: "Wrong", FailedAt: 7, Failure: "the bot says something else; got: Hello"},
	}
	if diff := cmp.Diff(want, got); diff != "" || unplayed != 0 || err != nil {
		t.Errorf("%d, %v, %s", unplayed, err, diff)
	}
	got, _, err = Book{Store: memory.New}.Tests(t.Context(), files, func(t learning.Test) bool { return t.Title == "Right" })
	if diff := cmp.Diff(want[:1], got); diff != "" || err != nil {
		t.Errorf("%v, %s", err, diff)
	}
}

func TestTestsAreBounded(t *testing.T) {
	t.Parallel()
	files := brandFiles(strings.Repeat("## Wrong\n< Hello\n", maxTests+2))
	got, unplayed, err := Book{Store: memory.New}.Tests(t.Context(), files, all)
	if len(got) != maxTests || unplayed != 2 || err != nil {
		t.Errorf("%d were played, %d not, %v", len(got), unplayed, err)
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	if _, _, err := (Book{}).Tests(ctx, files, all); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestTestsOfWhatIsNoBrand(t *testing.T) {
	t.Parallel()
	files := brandFiles("> hi\n< Hello\n")
	files["brand.yaml"] += "  phone: {kind: twilio_sms, address: '${NUMBER}', bot: ava}\n"
	_, _, err := Book{Kinds: connectors.Kinds(), Env: func(name string) (string, bool) { return "no number", name == "NUMBER" }}.Tests(t.Context(), files, all)
	if engine.CodeOf(err) != engine.Invalid || !strings.Contains(err.Error(), "brand.yaml") {
		t.Error(err)
	}
	files = brandFiles("> hi\n< Hello\n")
	files["bots/ava.lua"] = "return function("
	if _, _, err = (Book{}).Tests(t.Context(), files, all); engine.CodeOf(err) != engine.Invalid {
		t.Error(err)
	}
	// Nothing to play needs nothing.
	if got, unplayed, err := (Book{}).Tests(t.Context(), map[string]string{"brand.yaml": "id: acme"}, all); len(got)+unplayed > 0 || err != nil {
		t.Error(got, unplayed, err)
	}
}
