package command_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"parley/botscripts/chattest"
	"parley/gateway/command"
	"parley/gateway/config"
)

// pages are the documents for people, by name.
func pages(t *testing.T) map[string]string {
	t.Helper()
	root := filepath.Join("..", "..")
	files, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, file := range append(files, filepath.Join(root, "README.md")) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(file)] = string(raw)
	}
	return out
}

func shellLines(page string) (out []string) {
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(page, -1) {
		out = append(out, strings.Split(strings.TrimSpace(block[1]), "\n")...)
	}
	return out
}

// words splits a line of a shell as far as the documents need it: quotes, and
// comments and a file for the output at the end.
func words(line string) (out []string) {
	word, in, quote := "", false, rune(0)
	for _, r := range line + " " {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word += string(r)
		case r == '"' || r == '\'':
			quote, in = r, true
		case (r == '#' || r == '>') && !in:
			return out
		case r == ' ' || r == '\t':
			if in {
				out = append(out, word)
			}
			word, in = "", false
		default:
			word, in = word+string(r), true
		}
	}
	return out
}

// commandLines are the calls of parley in a page's shell blocks and code spans.
func commandLines(page string) (out [][]string) {
	lines := shellLines(page)
	for _, span := range regexp.MustCompile("`((?:\\./)?parley(?: [^`\n]*)?)`").FindAllStringSubmatch(page, -1) {
		lines = append(lines, span[1])
	}
	for _, line := range lines {
		for part := range strings.SplitSeq(line, "&&") {
			w := words(part)
			for len(w) > 0 && strings.Contains(w[0], "=") {
				w = w[1:] // variables before the command
			}
			switch {
			case len(w) > 0 && (w[0] == "parley" || w[0] == "./parley"):
				out = append(out, w[1:])
			case len(w) > 2 && w[0] == "go" && w[1] == "run" && w[2] == ".":
				out = append(out, w[3:])
			}
		}
	}
	return out
}

// Every call of parley in the documents is one that parley takes.
func TestCommandsInTheDocs(t *testing.T) {
	t.Parallel()
	found := 0
	for name, page := range pages(t) {
		for _, line := range commandLines(page) {
			found++
			if err := command.Parse(line); err != nil && !names(page, line) {
				t.Errorf("%s: parley %s: %v", name, strings.Join(line, " "), err)
			}
		}
	}
	if found < 15 {
		t.Errorf("only %d calls were found", found)
	}
	for _, wrong := range []string{"nonsense", "--nonsense", "user add --skils care", "check", "serve extra", "user nonsense"} {
		if command.Parse(strings.Fields(wrong)) == nil {
			t.Errorf("parley %s is taken", wrong)
		}
	}
}

// names says whether the page only names a command in a sentence: what it needs
// is left out then.
func names(page string, line []string) bool {
	return strings.Contains(page, "`parley "+strings.Join(line, " ")+"`") && !slices.ContainsFunc(line, func(w string) bool { return strings.HasPrefix(w, "-") }) &&
		(command.Parse(append(slices.Clone(line), "something")) == nil || command.Parse(append(slices.Clone(line), "restart", "something")) == nil)
}

// Every setting that the documents name exists, as a flag, a variable or a key.
func TestSettingsInTheDocs(t *testing.T) {
	t.Parallel()
	var flags, variables, keys []string
	for _, s := range config.Settings() {
		flags, variables, keys = append(flags, "--"+s.Flag()), append(variables, s.Env()), append(keys, s.Key)
	}
	variables = append(variables, config.ConfigEnv, config.TokenEnv, config.URLEnv)
	variables = append(variables, "PARLEY_PORT", "PARLEY_SERVICE_HOST") // set by others, and left alone
	for name, page := range pages(t) {
		for _, v := range regexp.MustCompile(`PARLEY_[A-Z_]+`).FindAllString(page, -1) {
			if !slices.Contains(variables, v) && v != "PARLEY_" {
				t.Errorf("%s: there is no %s", name, v)
			}
		}
		for _, f := range regexp.MustCompile("`(--[a-z][a-z-]*)").FindAllStringSubmatch(page, -1) {
			if !slices.Contains(flags, f[1]) && !strings.HasPrefix(f[1], "--gw-") && !takesFlag(f[1]) {
				t.Errorf("%s: there is no %s", name, f[1])
			}
		}
		for _, block := range regexp.MustCompile("(?s)```yaml\n# parley.yaml\n(.*?)```").FindAllStringSubmatch(page, -1) {
			var doc map[string]any
			if err := yaml.Unmarshal([]byte(block[1]), &doc); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			for key := range doc {
				if !slices.Contains(keys, key) {
					t.Errorf("%s: there is no setting %s", name, key)
				}
			}
			file := filepath.Join(t.TempDir(), "parley.yaml")
			if err := os.WriteFile(file, []byte(block[1]), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := config.Load(nil, nil, file); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// takesFlag says whether some command knows the flag, with a value or without.
func takesFlag(flag string) bool {
	for _, line := range []string{
		"serve", "init x", "chat", "bench", "user add x", "user disable x", "test", "export x", "push x", "pull x",
		"versions", "versions canary x", "versions move x", "faults", "replay x", "move",
	} {
		for _, value := range [][]string{nil, {"1"}, {"1s"}} {
			if command.Parse(append(append(strings.Fields(line), flag), value...)) == nil {
				return true
			}
		}
	}
	return false
}

// README's and the guide's bots are bots.
func TestBotsInTheDocs(t *testing.T) {
	if testing.Short() {
		t.Skip("takes its time")
	}
	t.Parallel()
	found := 0
	for name, page := range pages(t) {
		for _, block := range regexp.MustCompile("(?s)```lua\n(.*?)```").FindAllStringSubmatch(page, -1) {
			found++
			dir := shop(t, "bot", map[string]string{"bot": block[1]})
			if r := parley(t, "check", dir); r.code != 0 {
				t.Errorf("%s: %s%s in\n%s", name, r.out, r.err, block[1])
			}
		}
	}
	if found < 3 {
		t.Errorf("only %d bots were found", found)
	}
}

// The page about tests has the whole language, as its package tells it, and
// what the pages show of it can be read.
func TestChatLanguageInTheDocs(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile(filepath.Join("..", "..", "botscripts", "chattest", "doc.go"))
	if err != nil {
		t.Fatal(err)
	}
	all := pages(t)
	for line := range strings.SplitSeq(string(doc), "\n") {
		if text, ok := strings.CutPrefix(line, "//\t"); ok && !strings.Contains(all["tests.md"], text) {
			t.Errorf("tests.md lacks %q", text)
		}
	}
	for name, page := range all {
		for _, block := range regexp.MustCompile("(?s)```chat\n(.*?)```").FindAllStringSubmatch(page, -1) {
			if _, problems := chattest.Parse(name, block[1]); len(problems) > 0 {
				t.Errorf("%s: %v", name, problems)
			}
		}
	}
}
