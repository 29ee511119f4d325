package command_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/gateway/command"
)

// testShop writes a brand folder with these files besides a brand.yaml.
func testShop(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{
		"brand.yaml": "id: shop\nname: Shop\ntime_zone: UTC\nlanguages: [en]\ndefault_skill: care\nskills: {care: {name: Care}}\n" +
			"channels:\n  web: {kind: webchat, bot: main}\n  sms: {kind: twilio, bot: main, address: \"${NUMBER}\", account_sid: \"${SID}\", auth_token: \"${TOKEN}\"}\n",
		"bots/main.lua": "return function(chat)\n  chat:ask 'Name?'\n  chat:say 'Hi.'\n  if chat.opening.text == 'x' then\n    chat:say 'never'\n  end\nend\n",
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		if text == "" {
			continue
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTest(t *testing.T) {
	t.Parallel()
	const good = "# good\nchannel sms\n> a\n< Name?\n> b\n< Hi.\n"
	for name, c := range map[string]struct {
		files map[string]string
		args  []string
		code  int
		out   string // "" for no output
		err   string
	}{
		"passes":     {map[string]string{"tests/a.chat": good}, nil, 0, "1 test passed in ", ""},
		"fails":      {map[string]string{"tests/a.chat": good, "tests/b.chat": "> a\n< What?\n"}, nil, 1, "tests/b.chat:2: the bot says something else\n", "parley: 1 of 2 tests failed\n"},
		"chosen":     {map[string]string{"tests/a.chat": good, "tests/b.chat": "> a\n< What?\n"}, []string{"--run", "good$"}, 0, "1 test passed", ""},
		"none fits":  {map[string]string{"tests/a.chat": good}, []string{"--run", "bad"}, 2, "", "parley: --run fits none of the tests\n"},
		"no pattern": {map[string]string{"tests/a.chat": good}, []string{"--run", "("}, 2, "", "parley: --run is no regular expression"},
		"no tests":   {nil, nil, 2, "", "parley: there are no tests in "},
		"no brand":   {map[string]string{"brand.yaml": ""}, nil, 2, "", "parley: there is no brand.yaml in "},
		"unreadable": {map[string]string{"tests/a.chat": "> a\n< Name?\nwhat\n"}, nil, 2, `tests/a.chat:3: a line does not begin with "what"`, "parley: the tests have 1 problem\n"},
		"no script":  {map[string]string{"tests/a.chat": good, "bots/main.lua": "return function("}, nil, 2, "bots/main.lua:1: ", "parley: "},
		"covered":    {map[string]string{"tests/a.chat": good}, []string{"--cover"}, 0, "bots/main.lua  80.0 % of 5 lines  not 5\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := parley(t, append([]string{"test", testShop(t, c.files)}, c.args...)...)
			if r.code != c.code || !strings.Contains(r.out, c.out) || c.out == "" && r.out != "" || !strings.Contains(r.err, c.err) || c.err == "" && r.err != "" {
				t.Errorf("code %d\n%s\n%s", r.code, r.out, r.err)
			}
		})
	}
	if r := parley(t, "test", "/nowhere"); r.code != 2 || r.err != "parley: the brand folder /nowhere cannot be opened\n" {
		t.Errorf("%+v", r)
	}
}

func TestTestWritesJUnit(t *testing.T) {
	t.Parallel()
	dir := testShop(t, map[string]string{"tests/a.chat": "> a\n< What?\n"})
	file := filepath.Join(t.TempDir(), "out.xml")
	if r := parley(t, "test", dir, "--junit", file); r.code != 1 {
		t.Errorf("%+v", r)
	}
	raw, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(raw), `<testsuites name="Shop" tests="1" failures="1" errors="0"`) {
		t.Errorf("%v\n%s", err, raw)
	}
}

// TestTestWatches changes a folder while its tests are watched.
func TestTestWatches(t *testing.T) {
	t.Parallel()
	dir := testShop(t, map[string]string{"tests/a.chat": "> a\n< What?\n"})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	read, write := io.Pipe()
	done := make(chan int, 1)
	var errs bytes.Buffer
	go func() {
		done <- command.Run(ctx, command.Process{Args: []string{"test", dir, "--watch"}, In: strings.NewReader(""), Out: write, Err: &errs})
		write.Close()
	}()
	var seen strings.Builder
	until := func(what string) {
		buf := make([]byte, 4096)
		for !strings.Contains(seen.String(), what) {
			n, err := read.Read(buf)
			seen.Write(buf[:n])
			if err != nil {
				t.Fatalf("%v before %q:\n%s%s", err, what, seen.String(), errs.String())
			}
		}
		seen.Reset()
	}
	until("Waiting for changes")
	if err := os.WriteFile(filepath.Join(dir, "tests", "a.chat"), []byte("> a\n< Name?\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	until("1 test passed")
	until("Waiting for changes")
	cancel()
	go io.Copy(io.Discard, read)
	if code := <-done; code != 0 {
		t.Errorf("code %d: %s", code, errs.String())
	}
}
