package command_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dates and times change from day to day.
func timeless(text string) string {
	return regexp.MustCompile(`\d{4}-\d{2}-\d{2}`).ReplaceAllString(text, "DATE")
}

// The example, from the greeting to the survey, from a pipe: everything that a
// line brings stands before what the next one brings.
func TestChatWithTheExample(t *testing.T) {
	t.Parallel()
	lines := "Hello\nWhere is my order 10001?\n/reply too early\nagent\n/nonsense\n/reply Hello from a person.\n/close solved\n5\n/reply too late\n"
	r := typed(t, lines, "chat")
	if r.code != 0 || r.err != "" {
		t.Fatalf("%d %s", r.code, r.err)
	}
	golden(t, "chat_example", timeless(r.out))
	if again := typed(t, lines, "chat"); again.out != r.out {
		t.Errorf("a second run reads differently:\n%s", again.out)
	}
}

// shop writes a brand folder with these bots; the first one is the channel's.
func shop(t *testing.T, first string, bots map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"brand.yaml": fmt.Sprintf(`id: shop
name: Corner Shop
time_zone: UTC
languages: [en]
default_skill: care
http: {hosts: [nowhere.example, "*.acme.example"]}
skills:
  care: {name: Care}
  sales: {name: Sales}
channels:
  web: {kind: webchat, bot: %s}
`, first)}
	for name, text := range bots {
		if !strings.Contains(name, "/") {
			name = "bots/" + name + ".lua"
		}
		files[name] = text
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestChat(t *testing.T) {
	t.Parallel()
	dir := shop(t, "first", map[string]string{
		"faq/places.md": "## Where are you?\n\nHere.\n",
		"first":         `return function(chat) chat:say("first " .. chat.opening.text) end`,
		"answers": `local faq = require "faq"
return function(chat)
  local hit = faq.search("Where are you?")
  chat:say(hit.answer)
  local helped = chat:confirm("Did that help?")
  faq.feedback(hit, helped == true)
end`,
		"pauses": "return function(chat) chat:say \"one\" chat:wait(0.5) chat:say(\"two \" .. chat:ask(\"?\").text) end",
		"paint":  "return function(chat) chat:say \"\\27[2J\\27]0;owned\\7\" end",
		"fails":  "return function(chat)\n  chat:say \"so far\"\n  error \"broken\"\nend",
		"calls": `local http, log = require "http", require "log"
return function(chat)
  for i = 1, 3 do
    local answer = http.get("https://nowhere.example/" .. i)
    log("call " .. i)
    chat:say("answer " .. i .. ": " .. tostring(answer.ok))
  end
  while true do chat:say("got " .. chat:ask("More?").text) end
end`,
		"gives": `return function(chat)
  local o = chat:handoff { skill = "care", reason = "wants a person" }
  chat:say(o.returned and "back: " .. tostring(o.note) or "closed: " .. tostring(o.outcome))
  chat:note "for the team"
  chat:close("done")
end`,
	})
	for _, c := range []struct {
		name, bot, in string
		want          []string // in this order
	}{
		{"the first channel's bot", "", "hi\n", []string{"Corner Shop, bot first.", "bot: first hi\n"}},
		{"another bot, and /quit", "calls", "hi\n/quit\nunread\n", []string{"bot: answer 1: false\n", "bot: answer 2: false\n", "bot: answer 3: false\n", "bot: More?\n"}},
		{"outside calls before the next line", "calls", "hi\none\ntwo\n",
			[]string{"  log: call 3\n", "bot: answer 3: false\n", "bot: More?\n", "bot: got one\n", "bot: More?\n", "bot: got two\n"}},
		{"a bot that fails", "fails", "hi\n/reply I am here\n",
			[]string{"bot: so far\n", "! bot failed (error) at bots/fails.lua:3: ", "broken", "agent: I am here\n"}},
		{"returned with a note", "gives", "hi\n/return try again\n", []string{"  handed over to care: wants a person\n", "bot: back: try again\n", "note: for the team\n", "  closed: done\n"}},
		{"closed without an outcome", "gives", "hi\n/close\n", []string{"bot: closed: resolved\n"}},
		{"an answer that does not help", "answers", "hello\nno, this is terrible\nno\n", []string{"bot: Here.\n", "  sounds negative now (-", "  answer did not help: Where are you?\n"}},
		{"a pause before the next line", "pauses", "hi\nthere\n", []string{"bot: one\n", "bot: ?\n", "bot: two there\n"}},
		{"a pause before the end", "pauses", "hi\n", []string{"bot: one\n", "bot: ?\n"}},
		{"sequences that command a terminal", "paint", "hi\n", []string{"bot: \ufffd[2J\ufffd]0;owned\ufffd\n"}},
		{"nothing to answer", "", "/reply hello\n/help\n\n", []string{"! There is no conversation yet.\n", "/close OUTCOME"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			args := []string{"chat", dir}
			if c.bot != "" {
				args = append(args, "--bot", c.bot)
			}
			r := typed(t, c.in, args...)
			if r.code != 0 || r.err != "" {
				t.Fatalf("%d %s", r.code, r.err)
			}
			rest := r.out
			for _, want := range c.want {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Fatalf("%q is missing after what came before it:\n%s", want, r.out)
				}
				rest = after
			}
			if strings.Contains(r.out, "unread") {
				t.Errorf("it went on after /quit:\n%s", r.out)
			}
		})
	}
	if r := typed(t, strings.Repeat("x", 70_000)+"\n", "chat", dir); r.code != 1 || !strings.Contains(r.err, "token too long") {
		t.Errorf("an endless line: %d %s", r.code, r.err)
	}
}
