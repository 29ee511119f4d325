package database_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"parley/engine"
	"parley/gateway/database"
	"parley/storage/postgres/postgrestest"
)

// TestBoth opens each kind, reads beside it, and backs up what can be.
func TestBoth(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]database.Config{
		"SQLite": {Dir: t.TempDir()}, "PostgreSQL": {Dir: t.TempDir(), URL: postgrestest.Open(t)},
	} {
		t.Run(name, func(t *testing.T) {
			if made := database.Made(cfg); made != (cfg.URL != "") {
				t.Errorf("before, it is made: %t", made)
			}
			db, err := database.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			index, err := db.OpenIndex(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer index.Close()
			if err := db.Ready(t.Context()); err != nil {
				t.Error(err)
			}
			err = db.Update(t.Context(), func(tx engine.Tx) error { return tx.Brands().Save(engine.Brand{ID: "acme", Name: "Acme"}) })
			if err != nil {
				t.Fatal(err)
			}
			beside, err := database.Read(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer beside.Close()
			name := func(tx engine.Tx) (string, error) { b, err := tx.Brands().Get("acme"); return b.Name, err }
			if got, err := engine.View(t.Context(), beside, name); got != "Acme" || err != nil {
				t.Errorf("beside it one reads %q, %v", got, err)
			}
			if err := beside.Update(t.Context(), func(engine.Tx) error { return nil }); engine.CodeOf(err) != engine.Unavailable {
				t.Errorf("who reads may write: %v", err)
			}
			err = database.Backup(t.Context(), cfg, filepath.Join(t.TempDir(), "copy"))
			if cfg.URL == "" && err != nil || cfg.URL != "" && !strings.Contains(engine.MessageOf(err), "pg_dump") {
				t.Errorf("the backup says %v", err)
			}
			if trips := db.Figures().Trips; (trips > 0) != (cfg.URL != "") {
				t.Errorf("it counts %d round trips", trips)
			}
		})
	}
}

// TestRefused: what the server refuses it says at once, and in its words.
func TestRefused(t *testing.T) {
	t.Parallel()
	missing := strings.Replace(postgrestest.Open(t), "/test_", "/no_test_", 1)
	_, err := database.Open(t.Context(), database.Config{Dir: t.TempDir(), URL: missing})
	if database.Unreached(err) || engine.CodeOf(err) != engine.Unavailable || !strings.Contains(engine.MessageOf(err), "does not exist") {
		t.Errorf("got %v", err)
	}
}

// TestUnreached tells a server that does not answer from a wrong URL.
func TestUnreached(t *testing.T) {
	t.Parallel()
	for url, unreached := range map[string]bool{
		"postgres://parley@127.0.0.1:1/parley?connect_timeout=2": true,
		"postgres://parley@127.0.0.1:1/parley?sslmode=perhaps":   false,
	} {
		_, err := database.Open(context.Background(), database.Config{Dir: t.TempDir(), URL: url})
		if err == nil || database.Unreached(err) != unreached {
			t.Errorf("%s gave %v", url, err)
		}
		if strings.Contains(engine.MessageOf(err), "127.0.0.1") {
			t.Errorf("it tells the URL: %v", engine.MessageOf(err))
		}
	}
}
