package command_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/botscripts/cookbook"
)

// Init writes what editors need beside the brand, and the brand is still one.
func TestInitWritesAnnotations(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "shop")
	if r := parley(t, "init", dir); r.code != 0 {
		t.Fatalf("init: %+v", r)
	}
	read := func(name string) string {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	var settings map[string]any
	if err := json.Unmarshal([]byte(read(".luarc.json")), &settings); err != nil || settings["runtime.version"] != "Lua 5.1" {
		t.Errorf(".luarc.json: %v %v", settings, err)
	}
	if s := read(".luals/parley.lua"); !strings.HasPrefix(s, "---@meta parley") || !strings.Contains(s, "function chat:handoff(request) end") {
		t.Errorf("parley.lua: %.200s", s)
	}
	if s := read(".luals/http.lua"); !strings.HasPrefix(s, "---@meta http") {
		t.Errorf("http.lua: %.200s", s)
	}
	if r := parley(t, "check", dir); r.code != 0 {
		t.Errorf("check: %+v", r)
	}

	// A refresh writes the annotations again and leaves the author's files alone.
	for name, text := range map[string]string{".luals/http.lua": "old", ".luarc.json": "{}", "bots/concierge.lua": "return function() end"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if r := parley(t, "init", "--annotations", dir); r.code != 0 || !strings.Contains(r.out, ".luals") {
		t.Fatalf("init --annotations: %+v", r)
	}
	if s := read(".luals/http.lua"); !strings.HasPrefix(s, "---@meta http") {
		t.Errorf("http.lua is still %.200s", s)
	}
	if read(".luarc.json") != "{}" || read("bots/concierge.lua") != "return function() end" {
		t.Error("the author's files were changed")
	}
}

func TestAnnotationsNeedABrandFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := parley(t, "init", "--annotations", dir)
	if r.code != 2 || !strings.Contains(r.err, "has no brand.yaml") {
		t.Errorf("%+v", r)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("it wrote %v (%v)", left, err)
	}

	// A link that leads out of the folder is not followed.
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "brand.yaml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, ".luals")); err != nil {
		t.Skip("no links here:", err)
	}
	if r := parley(t, "init", "--annotations", dir); r.code == 0 {
		t.Errorf("%+v", r)
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) > 0 {
		t.Errorf("it wrote outside: %v (%v)", left, err)
	}
}

// Every folder of the cookbook is one to start from.
func TestInitFromTheCookbook(t *testing.T) {
	t.Parallel()
	for _, name := range cookbook.Names() {
		dir := filepath.Join(t.TempDir(), name)
		if r := parley(t, "init", "--from", name, dir); r.code != 0 {
			t.Errorf("%s: %+v", name, r)
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "brand.yaml")); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(dir, ".luals", "parley.lua")); err != nil {
			t.Error(err)
		}
	}
	dir := filepath.Join(t.TempDir(), "x")
	for _, args := range [][]string{{"--from", "nothing", dir}, {"--from", "../cookbook", dir}} {
		if r := parley(t, append([]string{"init"}, args...)...); r.code == 0 || !strings.Contains(r.err, "the cookbook has no") {
			t.Errorf("%v: %+v", args, r)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a folder was made for nothing")
	}
	if r := parley(t, "init", "--annotations", "--from", "bank-balance", dir); r.code != 2 {
		t.Errorf("%+v", r)
	}
}

// Init writes nothing that a real brand would ignore.
func TestInitWritesNoAgents(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "shop")
	if r := parley(t, "init", dir); r.code != 0 {
		t.Fatalf("init: %+v", r)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "brand.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	if strings.Contains(text, "agents:") || strings.Contains(text, "@acme.example") || strings.Contains(text, "Only the example") || !strings.HasSuffix(text, "auth_token: ${TWILIO_AUTH_TOKEN}\n") {
		t.Errorf("brand.yaml ends with %s", text[max(0, len(text)-400):])
	}
}
