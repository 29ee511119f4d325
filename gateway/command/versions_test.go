package command_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts"
	"parley/engine"
	"parley/engine/enginetest"
	"parley/storage/sqlite"
)

// vault is a data folder whose brand is acme, and the brand's folder.
type vault struct {
	t         *testing.T
	data, dir string
}

const greeter = `return function(chat)
  local name = chat:ask "Your name?"
  chat:say("Hello, " .. name.text)
  chat:ask "What is it?"
end
`

func newVault(t *testing.T) *vault {
	t.Helper()
	v := &vault{t: t, data: t.TempDir(), dir: shop(t, "hello", map[string]string{"hello": greeter})}
	v.change("brand.yaml", "id: shop", "id: acme")
	v.open(func(*enginetest.World) {})
	return v
}

// open lets fn work on the store, as a server would.
func (v *vault) open(fn func(*enginetest.World)) {
	v.t.Helper()
	store, err := sqlite.Open(v.t.Context(), sqlite.Config{Dir: v.data})
	if err != nil {
		v.t.Fatal(err)
	}
	w := enginetest.New(v.t, store, botscripts.New(botscripts.Config{}))
	w.Clock.Real = true
	fn(w)
	if err := store.Close(); err != nil {
		v.t.Fatal(err)
	}
}

func (v *vault) change(name, from, to string) {
	v.t.Helper()
	file := filepath.Join(v.dir, filepath.FromSlash(name))
	raw, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(raw), from) {
		v.t.Fatalf("%s has no %q: %v", name, from, err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(raw), from, to, 1)), 0o600); err != nil {
		v.t.Fatal(err)
	}
}

func (v *vault) run(in, line string, more ...string) result {
	v.t.Helper()
	return typed(v.t, in, append(append(strings.Fields(line), more...), "--data", v.data)...)
}

// does runs a command that works.
func (v *vault) does(line string, more ...string) string {
	v.t.Helper()
	r := v.run("", line, more...)
	if r.code != 0 || r.err != "" {
		v.t.Fatalf("%s: %+v", line, r)
	}
	return r.out
}

// talk opens a conversation in which the bot waits, and gives its id.
func talk(w *enginetest.World, from string, texts ...string) (id string) {
	for i, text := range texts {
		c := w.WriteAs(enginetest.Web, engine.Inbound{From: from, ProviderID: from + text, Content: engine.Content{Text: text}}).Conversation
		if i > 0 && c.ID != id {
			w.T.Fatalf("%s has ended", id)
		}
		id = c.ID
		w.Visit(id)
	}
	return id
}

// steady replaces what differs between runs.
func steady(s string) string {
	s = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d`).ReplaceAllString(s, "2026-11-22 12:00")
	s = regexp.MustCompile(`id-\d+`).ReplaceAllString(s, "id-0")
	names := map[string]string{} // hashes, by their order
	return regexp.MustCompile(`\b[0-9a-f]{8,16}\b`).ReplaceAllStringFunc(s, func(hash string) string {
		short := hash[:8] // of 8, 12 or 16
		if names[short] == "" {
			names[short] = strings.Repeat(string(rune('A'+len(names))), 16)
		}
		return names[short][:len(hash)]
	})
}

func TestVersions(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	var told strings.Builder // everything that the author sees
	does := func(line string, more ...string) {
		t.Helper()
		shown := line
		for _, m := range more {
			shown += " " + m
		}
		told.WriteString("$ parley " + strings.ReplaceAll(shown, v.dir, "acme") + "\n" + v.does(line, more...))
	}
	does("push", v.dir, "--yes", "--note", "first")
	var older string
	v.open(func(w *enginetest.World) {
		talk(w, "a", "hi")
		talk(w, "b", "hi", "Bo")
		talk(w, "c", "hi", "Cy")
		older = talk(w, "d", "hi", "Di")
	})
	does("push", v.dir, "--yes")
	v.change("bots/hello.lua", "Hello, ", "Good day, ")
	v.change("brand.yaml", "Corner Shop", "The Shop")

	r := v.run("n\n", "push "+v.dir)
	if r.code != 1 || r.err != "parley: nothing was changed\n" || !strings.Contains(r.out, "1 continue, 3 would diverge at bots/hello.lua:3") {
		t.Fatalf("said no: %+v", r)
	}
	if r := v.run("", "push "+v.dir); r.code != 1 || r.err != "parley: nothing was changed\n" {
		t.Fatalf("said nothing: %+v", r)
	}
	if out := v.does("versions"); strings.Count(out, "\n") != 2 {
		t.Errorf("it was stored without consent:\n%s", out)
	}
	does("push", v.dir, "--yes", "--activate=false", "--blast", "2")
	hash := regexp.MustCompile(`(\w{12}) is stored; `).FindStringSubmatch(told.String())[1]
	does("versions canary "+hash+" --share 20", "--note", "try it")
	does("versions")
	does("versions stop")
	does("push", v.dir, "--yes", "--note", "for all")
	does("versions rollback", "--note", "rude")
	r = v.run("", "versions activate "+hash)
	if r.code != 1 || !strings.Contains(r.err, "This version is held: rude.") {
		t.Errorf("activating what is held: %+v", r)
	}
	does("versions")
	does("versions release " + hash)
	does("versions activate " + hash[:8])
	does("versions move handover "+older, "--note", "the bot is new")
	does("versions log")
	golden(t, "versions", steady(told.String()))

	if r := v.run("", "versions move restart "+older+" nobody"); r.code != 1 || !strings.Contains(r.out, "0 of 2 conversations begin anew.") {
		t.Errorf("moving again: %+v", r)
	}
	v.open(func(w *enginetest.World) {
		if c := w.Conversation(older); c.Owner != engine.OwnerQueue || c.Handoff.Reason != "the bot is new" {
			t.Errorf("it is %+v", c)
		}
	})
}

func TestPushMovesWhatDiverges(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.does("push", v.dir, "--yes")
	var ids []string
	v.open(func(w *enginetest.World) {
		ids = []string{talk(w, "a", "hi"), talk(w, "b", "hi", "Bo"), talk(w, "c", "hi", "Cy")}
	})
	v.change("bots/hello.lua", "Hello, ", "Good day, ")
	out := v.does("push", v.dir, "--yes", "--diverging", "restart")
	if !strings.Contains(out, "2 of 2 conversations begin anew.") {
		t.Fatal(out)
	}
	v.open(func(w *enginetest.World) {
		for i, id := range ids {
			w.Visit(id)
			fresh := w.Session(id).Version == enginetest.Read(w, func(tx engine.Tx) (engine.Brand, error) { return tx.Brands().Get("acme") }).Version
			if fresh != (i > 0) {
				t.Errorf("conversation %d runs the new version: %t", i, fresh)
			}
		}
	})
}

func TestPushRunsTheTests(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	if err := os.Mkdir(filepath.Join(v.dir, "tests"), 0o755); err != nil {
		t.Fatal(err)
	}
	test := filepath.Join(v.dir, "tests", "name.chat")
	if err := os.WriteFile(test, []byte("# a name\nchannel web\n> hi\n< Your name?\n> Bo\n< Hello, Bo\n< What is it?\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := v.does("push", v.dir, "--yes"); !strings.Contains(out, "1 test passed.") {
		t.Error(out)
	}
	v.change("bots/hello.lua", "Hello, ", "Good day, ")
	r := v.run("", "push "+v.dir+" --yes")
	if r.code != 1 || !strings.Contains(r.err, "the tests have 1 failure; --tests=false pushes all the same") || !strings.Contains(r.out, "tests/name.chat") {
		t.Errorf("a failing test: %+v", r)
	}
	if out := v.does("push", v.dir, "--yes", "--tests=false"); !strings.Contains(out, "New conversations of acme run") {
		t.Error(out)
	}
}

func TestPull(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.does("push", v.dir, "--yes")
	first := regexp.MustCompile(`runs? (\w{12})`).FindStringSubmatch(v.does("push", v.dir, "--yes"))[1]
	if err := os.WriteFile(filepath.Join(v.dir, "bots", "more.lua"), []byte("return function(chat) end\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	v.does("push", v.dir, "--yes")
	dir := filepath.Join(t.TempDir(), "out", "acme")
	if out := v.does("pull", dir); !strings.Contains(out, "is in "+dir+" (3 files).") {
		t.Error(out)
	}
	if diff := cmp.Diff(tree(t, v.dir), tree(t, dir)); diff != "" {
		t.Error(diff)
	}
	if r := v.run("", "pull "+dir); r.code != 2 || !strings.Contains(r.err, "is not empty; --force writes over it") {
		t.Errorf("into a full folder: %+v", r)
	}
	for _, name := range []string{"notes.txt", ".hidden", "bots/readme.md"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	v.does("pull", dir, "--force", "--version", first)
	got := tree(t, dir)
	if got["bots/more.lua"] != "" || got["notes.txt"] != "mine" || got[".hidden"] != "mine" || got["bots/readme.md"] != "mine" {
		t.Errorf("it holds %v", got)
	}
	if out := v.does("push", dir, "--yes"); !strings.Contains(out, "New conversations of acme run "+first) {
		t.Errorf("what was pulled is another version:\n%s", out)
	}
	// A link in the folder does not lead out of it.
	outside := t.TempDir()
	if err := os.RemoveAll(filepath.Join(dir, "bots")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "bots")); err != nil {
		t.Fatal(err)
	}
	if r := v.run("", "pull "+dir+" --force"); r.code != 1 || len(tree(t, outside)) > 0 {
		t.Errorf("it wrote through a link: %+v", r)
	}
}

// tree reads a folder's files.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(dir, name))
		out[name] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFaults(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.change("bots/hello.lua", `chat:say("Hello, " .. name.text)`, `chat:say(name.text.first.name)`)
	v.does("push", v.dir, "--yes")
	if out := v.does("faults"); out != "No bot of acme failed in 30 days.\n" {
		t.Error(out)
	}
	v.open(func(w *enginetest.World) {
		talk(w, "a", "hi", "Ann")
		talk(w, "b", "hi", "Bo")
	})
	list := v.does("faults")
	id := regexp.MustCompile(`\b[0-9a-f]{16}\b`).FindString(list)
	show := v.does("faults show " + id)
	golden(t, "faults", steady("$ parley faults\n"+list+"$ parley faults show ID\n"+show))
	if r := v.run("", "faults show nothing"); r.code != 1 || !strings.Contains(r.err, `There is no fault "nothing".`) {
		t.Errorf("no such fault: %+v", r)
	}
}

func TestVersionsUnusable(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	broken := shop(t, "hello", map[string]string{"hello": "return function(chat"})
	if r := v.run("", "push "+broken+" --yes"); r.code != 1 || !strings.Contains(r.out, "bots/hello.lua:1: ") {
		t.Errorf("a broken folder: %+v", r)
	}
	if r := v.run("", "versions"); r.code != 2 || !strings.Contains(r.err, "--brand-id is needed: there are 0 brands") {
		t.Errorf("no brand: %+v", r)
	}
	v.does("push", v.dir, "--yes")
	for _, c := range []struct{ line, want string }{
		{"push", "DIR is missing"},
		{"push /nowhere", "the brand folder /nowhere cannot be opened"},
		{"push " + v.dir + " --canary 100", "--canary is not a number from 1 to 99"},
		{"push " + v.dir + " --blast some", "--blast is none of all, a number and none"},
		{"push " + v.dir + " --diverging fly", "--diverging is none of stay, restart and handover"},
		{"push " + v.dir + " --diverging restart --blast none", "--diverging needs --blast"},
		{"pull", "DIR is missing"},
		{"versions --brand-id shop", `--brand-id names no brand: "shop" (there are: acme)`},
		{"versions nonsense", `unknown command "nonsense"`},
		{"versions activate", "VERSION is missing"},
		{"versions activate abc", "version needs at least 6 characters of the hash"},
		{"versions canary active --share 0", "share is not a number from 1 to 99"},
		{"versions move fly x", "restart or handover, and conversations, are missing"},
		{"faults show", "ID is missing"},
	} {
		if r := v.run("", c.line); r.code != 2 || !strings.Contains(r.err, c.want) {
			t.Errorf("parley %s: %d %q, want %q", c.line, r.code, r.err, c.want)
		}
	}
	for _, c := range []struct{ line, want string }{
		{"versions activate nothing", `There is no version "nothing".`},
		{"versions activate canary", `There is no version "canary".`},
		{"versions rollback", "There is no earlier version"},
		{"versions stop", "There is no canary"},
	} {
		if r := v.run("", c.line); r.code != 1 || !strings.Contains(r.err, c.want) {
			t.Errorf("parley %s: %d %q, want %q", c.line, r.code, r.err, c.want)
		}
	}
	v.open(func(*enginetest.World) {
		if r := v.run("", "versions"); r.code != 1 || !strings.Contains(r.err, "stop the server that runs on it first") {
			t.Errorf("beside a server: %+v", r)
		}
	})
}

// Versions with the same intents have the same model, whatever else differs.
func TestVersionsTellTheirModel(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.does("push " + v.dir + " --yes")
	v.write("intents.yaml", learntIntents)
	v.does("push " + v.dir + " --yes")
	v.change("bots/hello.lua", "Your name?", "Who is it?")
	v.does("push " + v.dir + " --yes")
	v.write("intents.yaml", learntIntents+"  - cash back\n")
	v.does("push " + v.dir + " --yes")
	var models []string // newest first
	for _, line := range strings.Split(strings.TrimSpace(v.does("versions")), "\n")[1:] {
		models = append(models, strings.Fields(line)[1])
	}
	if len(models) != 4 || models[0] == models[1] || models[1] != models[2] || len(models[0]) != 12 || len(models[1]) != 12 || models[3] != "–" {
		t.Errorf("got %v", models)
	}
}
