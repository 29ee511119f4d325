package blackbox_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/gateway/api"
)

// edited copies the brand folder and changes its bot there.
func (w *world) edited(name string, pairs ...string) string {
	w.t.Helper()
	dir := filepath.Join(filepath.Dir(w.data), name)
	if err := os.CopyFS(dir, os.DirFS(w.brand)); err != nil {
		w.t.Fatal(err)
	}
	path := filepath.Join(dir, "bots", "concierge.lua")
	text := strings.NewReplacer(pairs...).Replace(conciergeLua)
	if len(pairs) > 0 && text == conciergeLua {
		w.t.Fatalf("%q changes nothing", pairs)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
	return dir
}

// runs runs a command and checks its exit status and what it says.
func (w *world) runs(code int, says []string, args ...string) string {
	w.t.Helper()
	out, errs, got := w.parley(args...)
	for _, want := range says {
		if !strings.Contains(out, want) {
			w.t.Errorf("parley %s does not say %q", strings.Join(args, " "), want)
		}
	}
	if got != code || w.t.Failed() {
		w.t.Fatalf("parley %s: exit status %d, want %d\n%s%s", strings.Join(args, " "), got, code, out, errs)
	}
	return out
}

// An author changes a bot that people talk with: what was said comes out of a
// replay again, changes show, a push tells whom they concern and is undone.
func TestAuthor(t *testing.T) {
	t.Parallel()
	const tom, kim = "+14155550111", "+14155550112"
	w, ana, _ := staffed(t, usual)
	w.says(tom, "hello")
	w.hears(tom, "Hi, I'm Robin, a bot.", "What is your order number?")
	w.says(tom, "no idea")
	w.says(tom, "12345")
	w.says(tom, "agent")
	heard := []string{"Hi, I'm Robin, a bot.", "What is your order number?", "Digits, please.", "What is wrong with it?", "Connecting you to Customer care."}
	w.hears(tom, heard...)
	ana.presence(api.Online)
	conv := ana.accept(tom)
	d := ana.detail(conv.Id)
	if resp := ana.reply(conv.Id, "Ana here.", d.Cursor, nil); resp.StatusCode != http.StatusCreated {
		t.Fatalf("replying: %d", resp.StatusCode)
	}
	ana.do("POST", "/conversations/"+conv.Id+"/close", map[string]any{"rev": ana.detail(conv.Id).Conversation.Rev, "outcome": "solved"}, &conv)
	heard = append(heard, "You are now talking with Ana Lima.", "Ana here.", "How was it, from 1 to 5?")
	w.hears(tom, heard...)
	w.says(tom, "5")
	w.hears(tom, append(heard, "Thank you. Goodbye!")...)
	w.says(kim, "hello")
	w.hears(kim, "Hi, I'm Robin, a bot.", "What is your order number?")
	w.says(kim, "77")
	w.hears(kim, "Hi, I'm Robin, a bot.", "What is your order number?", "What is wrong with it?")

	same, greeting := w.edited("same"), w.edited("greeting", "I'm Robin, a bot", "Robin speaking")
	replay := func(code int, dir string, says ...string) { w.runs(code, says, "replay", dir, "--data", w.data) }
	replay(0, same, "2 conversations: 2 as they were, 0 differ")
	replay(1, greeting, "- Hi, I'm Robin, a bot.", "+ Hi, Robin speaking.", "2 conversations: 0 as they were, 2 differ", "reply in 2")
	file := filepath.Join(filepath.Dir(w.data), "recordings.jsonl")
	w.runs(0, nil, "replay", same, "--data", w.data, "--save", file)
	w.stop()
	w.runs(0, []string{"2 as they were"}, "replay", same, "--data", filepath.Join(w.data, "gone"), "--recordings", file)
	w.runs(2, nil, "replay", filepath.Join(w.data, "gone"))

	w.runs(0, []string{"1 continue"}, "push", w.edited("later", "Noted: ", "I noted: "), "--data", w.data, "--yes")
	out := w.runs(0, []string{"+", "Hi, Robin speaking.", "diverge", "bots/concierge.lua:9"}, "push", greeting, "--data", w.data, "--yes", "--note", "shorter")
	if strings.Contains(out, "1 continue") {
		t.Errorf("nobody goes on in it:\n%s", out)
	}
	w.runs(0, []string{"active"}, "versions", "--data", w.data)
	w.runs(0, nil, "versions", "rollback", "--data", w.data)
	pulled := filepath.Join(filepath.Dir(w.data), "pulled")
	w.runs(0, nil, "pull", pulled, "--data", w.data)
	got, err := os.ReadFile(filepath.Join(pulled, "bots", "concierge.lua"))
	if err != nil || !strings.Contains(string(got), "I noted: ") {
		t.Errorf("after the rollback the active bot is, error %v:\n%s", err, got)
	}
}
