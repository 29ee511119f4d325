package command_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"parley/engine"
	"parley/gateway/command"
	"parley/storage/sqlite"
)

var update = flag.Bool("update", false, "write the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// result is what a command line came to.
type result struct {
	code     int
	out, err string
}

// parley runs one command line in this process, without an environment.
func parley(t testing.TB, args ...string) result { return typed(t, "", args...) }

// typed is parley with something on its standard input.
func typed(t testing.TB, in string, args ...string) result {
	t.Helper()
	return within(t, time.Minute, in, nil, args...)
}

func within(t testing.TB, limit time.Duration, in string, environ []string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var out, errs bytes.Buffer
	code := command.Run(ctx, command.Process{Args: args, Environ: environ, In: strings.NewReader(in), Out: &out, Err: &errs})
	return result{code, out.String(), errs.String()}
}

// golden compares with testdata/name.golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update writes it):\n%s", file, diff)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", "serve", "init", "check", "test", "export", "chat", "push", "pull", "versions", "versions log", "versions activate", "versions rollback", "versions canary",
		"versions stop", "versions release", "versions move", "faults", "faults show", "learn", "learn accept", "channel", "channel check", "fake", "user", "user add", "user list", "user password", "user disable", "secrets", "secrets allow", "secrets list", "secrets revoke", "token", "token create", "token list", "token revoke", "consumer", "consumer erase", "backup", "move", "bench", "version",
	} {
		t.Run("parley "+name, func(t *testing.T) {
			t.Parallel()
			r := parley(t, append(strings.Fields(name), "--help")...)
			if r.code != 0 || r.err != "" {
				t.Errorf("code %d, %s", r.code, r.err)
			}
			golden(t, strings.TrimRight("help_"+strings.ReplaceAll(name, " ", "_"), "_"), r.out)
		})
	}
}

// What cannot be used ends with 2 and one line that names it.
func TestUnusable(t *testing.T) {
	t.Parallel()
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ line, want string }{
		{"nonsense", `unknown command "nonsense" for "parley"`},
		{"user nonsense", `unknown command "nonsense" for "parley user"`},
		{"--nonsense", "unknown flag: --nonsense"},
		{"chat --nonsense", "unknown flag: --nonsense"},
		{"serve extra", `unknown command "extra" for "parley serve"`},
		{"--addr 8080", "--addr is not host:port"},
		{"serve --log-level loud", "--log-level is none of debug, info, warn, error"},
		{"serve --config /nowhere.yaml", "/nowhere.yaml cannot be read"},
		{"serve --brand /nowhere --addr 127.0.0.1:0 --data " + t.TempDir(), "the brand folder /nowhere cannot be opened"},
		{"check", "DIR is missing"},
		{"check a b", "one DIR is enough"},
		{"check /nowhere", "the brand folder /nowhere cannot be opened"},
		{"chat /nowhere", "the brand folder /nowhere cannot be opened"},
		{"chat a b", "one DIR is enough"},
		{"test a b", "one DIR is enough"},
		{"export", "CONVERSATION is missing"},
		{"chat --bot nobody", `--bot is no bot of this brand: "nobody"`},
		{"init", "DIR is missing"},
		{"init " + full, "the folder " + full + " is not empty"},
		{"init " + filepath.Join(full, "x"), filepath.Join(full, "x") + " cannot be used: "},
		{"user list --data /nowhere", "/nowhere holds no data"},
		{"backup", "FILE is missing"},
		{"fake", "PROVIDER is missing"},
		{"fake fax --api-addr 127.0.0.1:0 --page-addr 127.0.0.1:0", `PROVIDER is none of twilio, whatsapp, messenger, instagram: "fax"`},
		{"fake twilio --api-addr 0.0.0.0:0", "--api-addr is not an address of this machine"},
		{"fake twilio --gateway nowhere", "--gateway is not an address such as"},
		{"channel check a b", "one ID is enough"},
		{"channel check", "--brand is needed: the brand folder, or --server"},
		{"bench --duration nonsense", `invalid argument "nonsense" for "--duration" flag`},
		{"user add --slots", "flag needs an argument: --slots"},
	} {
		r := parley(t, strings.Fields(c.line)...)
		if r.code != 2 || r.out != "" || !strings.HasPrefix(r.err, "parley: ") || !strings.Contains(r.err, c.want) || strings.Count(r.err, "\n") != 1 {
			t.Errorf("parley %s: %d %q, want %q", c.line, r.code, r.err, c.want)
		}
	}
	r := within(t, time.Minute, "", []string{"PARLEY_PORT=8080"}, "serve")
	if r.code != 2 || r.err != "parley: PARLEY_PORT is no setting of parley; see parley --help\n" {
		t.Errorf("an unknown variable: %d %q", r.code, r.err)
	}
	file := filepath.Join(t.TempDir(), "parley.yaml")
	if err := os.WriteFile(file, []byte("port: 8080\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r = within(t, time.Minute, "", []string{"PARLEY_CONFIG=" + file}, "serve")
	if r.code != 2 || r.err != "parley: "+file+": port is no setting of parley; see parley --help\n" {
		t.Errorf("an unknown key: %d %q", r.code, r.err)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if r := parley(t, "version"); r.code != 0 || !strings.HasPrefix(r.out, "parley ") || strings.TrimSpace(r.out) == "parley" {
		t.Errorf("%+v", r)
	}
}

func TestInitCheck(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "shop")
	if r := parley(t, "init", dir); r.code != 0 || !strings.Contains(r.out, "parley chat "+dir) {
		t.Fatalf("init: %+v", r)
	}
	if r := parley(t, "init", dir); r.code != 2 {
		t.Errorf("init again: %+v", r)
	}
	r := parley(t, "check", dir)
	if r.code != 0 || r.err != "" || !strings.HasSuffix(r.out, ", no problems.\n") {
		t.Fatalf("check: %+v", r)
	}
	for name, text := range map[string]string{
		"bots/concierge.lua": "return function(chat)\n  chat:say(\"hi\"\nend\n",
		"brand.yaml":         "id: shop\ncolour: red\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r = parley(t, "check", dir)
	if r.code != 1 || !strings.HasPrefix(r.err, "parley: the brand folder has ") {
		t.Errorf("check: %+v", r)
	}
	for _, want := range []string{"bots/concierge.lua:3: ", "brand.yaml:2: colour"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("%q is not in\n%s", want, r.out)
		}
	}
	// The same problems keep the bot from being talked to and the brand from being served.
	for _, line := range [][]string{{"chat", dir}, {"serve", "--brand", dir, "--addr", "127.0.0.1:0", "--data", t.TempDir()}} {
		if again := parley(t, line...); again.code != 1 || again.out != r.out || again.err != r.err {
			t.Errorf("%s: %+v", line[0], again)
		}
	}
}

// What a text costs as SMS is told and is no problem.
func TestCheckCosts(t *testing.T) {
	t.Setenv("NUMBER", "+15550100")
	t.Setenv("SID", "AC"+strings.Repeat("0", 32))
	t.Setenv("TOKEN", "of the account")
	bot := "return function(chat)\n  chat:say \"" + strings.Repeat("Words. ", 14) + "It’s long\"\nend\n"
	r := parley(t, "check", testShop(t, map[string]string{"bots/main.lua": bot}))
	want := "bots/main.lua:2: costs 2 SMS segments instead of 1 because of '’' (U+2019); \"'\" would do\n"
	if r.code != 0 || !strings.HasSuffix(r.out, ", no problems.\n"+want) {
		t.Errorf("check: %+v", r)
	}
}

// listening calls begun when the log says that parley listens.
type listening struct {
	output bytes.Buffer
	begun  func()
}

func (l *listening) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte(`"msg":"listening"`)) {
		l.begun()
	}
	return l.output.Write(b)
}

// Serve ends well when it is told to.
func TestServe(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var out bytes.Buffer
	errs := &listening{begun: cancel}
	code := command.Run(ctx, command.Process{
		Args: []string{"--addr", "127.0.0.1:0", "--data", t.TempDir(), "--log-format", "json"}, Out: &out, Err: errs,
	})
	if code != 0 || !strings.Contains(out.String(), "Acme Bikes") {
		t.Errorf("%d %s %s", code, out.String(), errs.output.String())
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Error("it never listened")
	}
}

// served is a data folder that parley has made for a brand of its own, called shop.
func served(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	db, err := sqlite.Open(t.Context(), sqlite.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx engine.Tx) error {
		for _, id := range []string{"shop", "other"} {
			if err := tx.Brands().Save(engine.Brand{ID: id, Name: id}); err != nil {
				return err
			}
			if err := tx.Brands().SaveSkills(id, []engine.Skill{{Brand: id, ID: "care-" + id, Name: "Care"}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return data
}

func TestConsumerErase(t *testing.T) {
	t.Parallel()
	data := served(t)
	db, err := sqlite.Open(t.Context(), sqlite.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx engine.Tx) error {
		if err := tx.Brands().SaveChannels("shop", []engine.Channel{{ID: "shop.sms", Brand: "shop", Kind: "twilio"}}); err != nil {
			return err
		}
		return tx.Consumers().Add(engine.Consumer{ID: "p1", Brand: "shop", Name: "Maya"}, engine.Identity{Brand: "shop", Kind: "twilio", Address: "+15550100777", Consumer: "p1"})
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	erase := func(args ...string) result {
		return parley(t, append(append([]string{"consumer", "erase"}, args...), "--data", data)...)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"+15550100777", "--brand-id", "shop"}, 2, "there is no way back; say --yes"},
		{[]string{"+15550100778", "--brand-id", "shop", "--yes"}, 1, "+15550100778 is no consumer's id or address in shop"},
		{[]string{"+15550100777", "--brand-id", "shop", "--yes"}, 0, "Forgotten: p1, with 0 messages in 0 conversations."},
		{[]string{"+15550100777", "--brand-id", "shop", "--yes"}, 1, "is no consumer's id or address"},
	} {
		if r := erase(c.args...); r.code != c.code || !strings.Contains(r.out+r.err, c.want) {
			t.Errorf("%q: %d, %s%s", c.args, r.code, r.out, r.err)
		}
	}
}

func TestUser(t *testing.T) {
	t.Parallel()
	data := served(t)
	user := func(args ...string) result {
		return parley(t, append(append([]string{"user"}, args...), "--data", data)...)
	}
	r := user("add", "Ana@Shop.Example", "--brand-id", "shop", "--name", "Ana Lima", "--skills", "care-shop:3", "--languages", "en,de", "--slots", "4")
	if r.code != 0 || !strings.HasPrefix(r.out, "Ana Lima signs in as ana@shop.example with the password ") {
		t.Fatalf("add: %+v", r)
	}
	if r := user("add", "bo@shop.example", "--brand-id", "shop", "--role", "admin"); r.code != 0 || !strings.HasPrefix(r.out, "bo signs in") {
		t.Errorf("add: %+v", r)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"ana@shop.example", "--brand-id", "shop"}, 1, "this e-mail address is taken"},
		{[]string{"c@shop.example"}, 2, "--brand-id is needed: there are 2 brands"},
		{[]string{"c@shop.example", "--brand-id", "none"}, 2, `--brand-id names no brand: "none"`},
		{[]string{"c@shop.example", "--brand-id", "shop", "--skills", "care-shop:11"}, 2, `--skills has the level "11" in "care-shop"; levels are 1 to 10`},
		{[]string{"c@shop.example", "--brand-id", "shop", "--languages", "english"}, 2, `--languages has "english", which is no language such as en or pt-BR`},
		{[]string{"c@shop.example", "--brand-id", "shop", "--skills", "care-other"}, 2, `--skills names no skill of the brand: "care-other"`},
		{[]string{"c@shop.example", "--brand-id", "shop", "--role", "king"}, 2, "--role is none of agent, supervisor and admin"},
		{[]string{"c@shop.example", "--brand-id", "shop", "--slots", "0"}, 2, "--slots is not a number above 0, up to 100"},
		{[]string{"c@shop.example", "--brand-id", "shop", "--slots", "NaN"}, 2, "--slots is not a number above 0, up to 100"},
		{[]string{"c@shop.example", "--brand-id", "shop", "--slots", "101"}, 2, "--slots is not a number above 0, up to 100"},
		{[]string{"c@shop.example", "--brand-id", "shop", "--name", "a\x1b[2Jb"}, 2, "--name is longer than 80 bytes or has characters that do not print"},
		{[]string{"nobody", "--brand-id", "shop"}, 2, `EMAIL is not an e-mail address: "nobody"`},
		{[]string{"a b@shop.example", "--brand-id", "shop"}, 2, "EMAIL is not an e-mail address"},
		{[]string{"a\x00@shop.example", "--brand-id", "shop"}, 2, "EMAIL is not an e-mail address"},
	} {
		r := user(append([]string{"add"}, c.args...)...)
		if r.code != c.code || !strings.HasPrefix(r.err, "parley: "+c.want) || r.out != "" {
			t.Errorf("%q: %d %q, want %d %q", c.args, r.code, r.err, c.code, c.want)
		}
	}
	before := hash(t, data)
	if r := user("password", "ana@shop.example"); r.code != 0 || !strings.HasPrefix(r.out, "ana@shop.example signs in with the password ") {
		t.Errorf("password: %+v", r)
	}
	if hash(t, data) == before {
		t.Error("the password is the same")
	}
	if r := user("password", "who@shop.example"); r.code != 1 || r.err != "parley: There is nobody with the e-mail who@shop.example.\n" {
		t.Errorf("password of nobody: %+v", r)
	}
	if r := user("disable", "ANA@shop.example"); r.code != 0 || r.out != "ana@shop.example may not sign in any more\n" {
		t.Errorf("disable: %+v", r)
	}
	golden(t, "user_list", user("list").out)
	if r := user("disable", "ana@shop.example", "--undo"); r.code != 0 || r.out != "ana@shop.example may sign in again\n" {
		t.Errorf("disable --undo: %+v", r)
	}
	if list := user("list").out; strings.Contains(list, "disabled") {
		t.Errorf("still disabled:\n%s", list)
	}
}

func hash(t *testing.T, data string) (hash string) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), sqlite.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(t.Context(), func(tx engine.Tx) error {
		u, err := tx.Users().ByEmail("ana@shop.example")
		hash = u.PasswordHash
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestBackup(t *testing.T) {
	t.Parallel()
	data := served(t)
	copied := filepath.Join(t.TempDir(), "parley.db")
	if r := parley(t, "backup", copied, "--data", data); r.code != 0 || r.out != "The database is copied to "+copied+".\n" {
		t.Fatalf("backup: %+v", r)
	}
	if r := parley(t, "backup", copied, "--data", data); r.code != 1 || r.err != "parley: "+copied+" exists already\n" {
		t.Errorf("an existing file: %+v", r)
	}
	if r := parley(t, "user", "list", "--data", filepath.Dir(copied)); r.code != 0 {
		t.Errorf("the copy does not open: %+v", r)
	}
	db, err := sqlite.Open(t.Context(), sqlite.Config{Dir: filepath.Dir(copied)})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Integrity(t.Context()); err != nil {
		t.Error(err)
	}
	// The folder is in use, which hinders only what writes.
	if r := parley(t, "backup", filepath.Join(t.TempDir(), "x.db"), "--data", filepath.Dir(copied)); r.code != 0 {
		t.Errorf("backup of a folder in use: %+v", r)
	}
	if r := parley(t, "user", "disable", "ana@shop.example", "--data", filepath.Dir(copied)); r.code != 1 || !strings.Contains(r.err, "uses the data folder") {
		t.Errorf("a change of a folder in use: %+v", r)
	}
}
