package command_test

import (
	"path/filepath"
	"strings"
	"testing"

	"parley/storage/postgres/postgrestest"
	"parley/storage/sqlite"
)

// TestMove takes a brand and a conversation into a PostgreSQL and back. Their exports are
// the same everywhere.
func TestMove(t *testing.T) {
	t.Parallel()
	data, back, url := t.TempDir(), filepath.Join(t.TempDir(), "back"), postgrestest.Open(t)
	dir := testShop(t, map[string]string{
		"brand.yaml": "id: shop\nname: Shop\ntime_zone: UTC\nlanguages: [en]\ndefault_skill: care\nskills: {care: {name: Care}}\nchannels:\n  web: {kind: webchat, bot: main}\n",
		"bots/main.lua": "return function(chat)\n  local a = chat:ask('Order number?', { match = '^%d+$' })\n" +
			"  chat:set('order', a.text)\n  chat:handoff { skill = 'care', summary = a.text }\nend\n",
	})
	db, err := sqlite.Open(t.Context(), sqlite.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if r := parley(t, "push", dir, "--yes", "--data", data); r.code != 0 {
		t.Fatalf("push: %+v", r)
	}
	id := talked(t, data, "shop.web", "Hildegard", "hi", "what?", "48213")
	want := parley(t, "export", id, "--data", data)

	r := parley(t, "move", "--from", data, "--to", url)
	if r.code != 0 || !strings.Contains(r.out, "Both hold the same.") || !strings.Contains(r.out, "\nconversations ") || !strings.Contains(r.out, "Serve the target with --db") {
		t.Fatalf("%+v", r)
	}
	if r := parley(t, "export", id, "--db", url); r != want {
		t.Errorf("from PostgreSQL it is exported as %+v, was %+v", r, want)
	}
	r = parley(t, "move", "--from", url, "--to", back)
	if r.code != 0 || !strings.Contains(r.out, "Serve the target with --data") {
		t.Fatalf("%+v", r)
	}
	if r := parley(t, "export", id, "--data", back); r != want {
		t.Errorf("from the folder it is exported as %+v, was %+v", r, want)
	}

	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--from", data}, 2, "name both --from and --to"},
		{[]string{"--from", data, "--to", back}, 2, "both are data folders: stop parley and copy the folder, or use parley backup"},
		{[]string{"--from", url, "--to", url}, 2, "both are PostgreSQL: stop parley and use pg_dump and pg_restore"},
		{[]string{"--from", data, "--to", url}, 1, "the target holds data already: name an empty one"},
		{[]string{"--from", data, "--to", url, "--restart"}, 1, "the target holds data already: name an empty one"},
		{[]string{"--from", "postgres://parley@127.0.0.1:1/parley?connect_timeout=2", "--to", back}, 1, "The database cannot be reached."},
	} {
		if r := parley(t, append([]string{"move"}, c.args...)...); r.code != c.code || r.err != "parley: "+c.want+"\n" {
			t.Errorf("%v: %+v", c.args, r)
		}
	}
	if r := parley(t, "move", "--from", t.TempDir(), "--to", url); r.code != 1 || !strings.Contains(r.err, "holds no data") {
		t.Errorf("%+v", r)
	}
}
