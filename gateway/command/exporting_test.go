package command_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parley/botscripts/chattest"
	"parley/engine"
	"parley/engine/bus"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/dialog"
	"parley/engine/receive"
	"parley/engine/routing"
	"parley/storage/sqlite"
)

// talked lets a consumer write to a brand's bot in a data folder, and gives the
// conversation.
func talked(t *testing.T, data, channel, name string, messages ...string) string {
	t.Helper()
	db, err := sqlite.Open(t.Context(), sqlite.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	newID := func() string { return uuid.Must(uuid.NewV7()).String() }
	writer := conversation.Writer{NewID: newID, Render: func(engine.Channel, engine.Content, string) []engine.Content { return nil }}
	signals := bus.New()
	all := catalog.New(db, signals, time.Now, time.Second)
	log := slog.New(slog.DiscardHandler)
	in := &receive.Receiver{Store: db, Clock: time.Now, NewID: newID, Catalog: all, Writer: writer, Log: log}
	bots := &dialog.Worker{Store: db, Bus: signals, Clock: time.Now, NewID: newID, Catalog: all, Writer: writer, Runtime: chattest.NewRuntime(nil), Queues: routing.QueueStatus, Log: log, Shards: 1}
	ch, entry, err := all.Channel(t.Context(), channel)
	if err != nil {
		t.Fatal(err)
	}
	id := ""
	for _, text := range messages {
		taken, err := in.Inbound(t.Context(), entry, ch, engine.Inbound{From: "visitor-9", FromName: name, ProviderID: newID(), Content: engine.Content{Text: text}})
		if err != nil {
			t.Fatal(err)
		}
		id = taken.Conversation.ID
		if _, err := bots.Visit(context.Background(), engine.ConversationRef{Brand: ch.Brand, ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

// TestExport writes a stored conversation as a test, which then passes.
func TestExport(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	dir := testShop(t, map[string]string{
		"brand.yaml": "id: shop\nname: Shop\ntime_zone: UTC\nlanguages: [en]\ndefault_skill: care\nskills: {care: {name: Care}}\nchannels:\n  web: {kind: webchat, bot: main}\n",
		"bots/main.lua": "return function(chat)\n  chat:say('Hello ' .. consumer.name)\n  local a = chat:ask('Order number?', { match = '^%d+$' })\n" +
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
	r := parley(t, "export", id, "--data", data, "--title", "an order")
	if r.code != 0 || r.err != "" {
		t.Fatalf("%+v", r)
	}
	for _, want := range []string{"# an order\nchannel web\n", "consumer name=Robin\n", "> hi\n< Hello Robin\n< Order number?\n> what?\n", "= handoff care "} {
		if !strings.Contains(r.out, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(r.out, "48213") || strings.Contains(r.out, "Hildegard") {
		t.Error("something personal is in it")
	}
	if t.Failed() {
		t.Log(r.out)
	}
	if err := os.MkdirAll(filepath.Join(dir, "tests"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tests", "order.chat"), []byte(r.out), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := parley(t, "test", dir); r.code != 0 {
		t.Errorf("%+v", r)
	}
	if r := parley(t, "export", "nobody", "--data", data); r.code != 1 || r.err != "parley: there is no conversation \"nobody\"\n" {
		t.Errorf("%+v", r)
	}
	if r := parley(t, "export", id, "--data", t.TempDir()); r.code != 1 || !strings.Contains(r.err, "holds no data") {
		t.Errorf("%+v", r)
	}
	if r := parley(t, "export"); r.code != 2 {
		t.Errorf("%+v", r)
	}
}
