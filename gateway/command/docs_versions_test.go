package command_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/engine"
)

// The commands of docs/versions.md work one after the other, on a server.
func TestVersionsInTheDocs(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	server, token := v.serving(engine.RoleAdmin)
	page := pages(t)["versions.md"]
	live, pushed, said := filepath.Join(t.TempDir(), "live"), "", "Your name?"
	ran := 0
	for _, line := range shellLines(page) {
		w := words(line)[1:]
		for i := range w {
			w[i] = strings.NewReplacer("./acme", v.dir, "./live", live, "https://chat.example.com", server, "3f2a9c1b", pushed).Replace(w[i])
		}
		if w[0] == "push" { // something has changed
			v.change("bots/hello.lua", said, said+" Please.")
			said += " Please."
		}
		if w[0] == "replay" {
			w = append(w, "--data", v.data)
		} else {
			w = append(w, "--token", token)
		}
		r := typed(t, "y\n", w...)
		if r.code != 0 {
			t.Fatalf("%s: %d\n%s%s", line, r.code, r.out, r.err)
		}
		if m := regexp.MustCompile(`acme ([0-9a-f]{12}):`).FindStringSubmatch(r.out); m != nil {
			pushed = m[1]
		}
		ran++
	}
	if ran < 10 {
		t.Errorf("only %d commands were run", ran)
	}
	if raw, err := os.ReadFile(filepath.Join(live, "bots", "hello.lua")); err != nil || !strings.Contains(string(raw), "Please.") {
		t.Errorf("pulled %s (%v)", raw, err)
	}
}
