package check_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/check"
	"parley/engine"
)

func TestCosts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("It is long. ", 50)
	files := engine.Bundle{Files: map[string]string{
		"bots/main.lua": `local t = { text = "no text of a consumer’s" .. "…" }
return function(chat)
  chat:say "It’s short"
  chat:say "` + strings.Repeat("Words. ", 14) + `It’s long – and wide"
  chat:ask { text = "` + long + `", hint = "你好" }
  local name = chat:ask("Who?").text
  chat:say("Hello “" .. name .. "”, how are you?")
  chat:image("https://acme.example/a.png", { caption = "` + long + `" })
  print("…")
end`,
		"faq/care.md":     "## How long?\n\n" + strings.Repeat("A day or two. ", 6) + "It’s quick.\n\n## Short?\n\nYes…\n",
		"faq/broken.md":   "no heading",
		"tests/main.chat": "> It’s here…",
	}}
	var got []string
	for _, p := range check.Costs(files) {
		got = append(got, p.String())
	}
	want := []string{
		`bots/main.lua:4: costs 2 SMS segments instead of 1 because of '’' (U+2019) and '–' (U+2013); "'" and "-" would do`,
		`bots/main.lua:5: costs 4 SMS segments`,
		`bots/main.lua:7: '“' (U+201C) makes an SMS with this text more than twice as long; "\"" would not`,
		`bots/main.lua:7: '”' (U+201D) makes an SMS with this text more than twice as long; "\"" would not`,
		`bots/main.lua:8: costs 4 SMS segments`,
		`faq/care.md:1: costs 2 SMS segments instead of 1 because of '’' (U+2019); "'" would do`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
