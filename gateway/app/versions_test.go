package app_test

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"parley/connectors"
	"parley/gateway/secrets"

	"parley/engine"
	"parley/engine/versions"
	"parley/gateway/app"
	"parley/gateway/folder"
)

// What was rolled back does not come back by itself: not at the next start of
// a server that loads the folder, only with the next change of it.
func TestRolledBackStaysSo(t *testing.T) {
	t.Parallel()
	dir := brandDir(t, map[string]string{"brand.yaml": fmt.Sprintf(shopYAML, webChannel), "bots/hello.lua": helloLua})
	data := t.TempDir()
	settings := map[string]string{"data": data, "brand": dir}
	brand := func(s *site) (b engine.Brand) {
		s.view(func(tx engine.Tx) (err error) {
			b, err = tx.Brands().Get("shop")
			return err
		})
		return b
	}
	s := start(t, settings)
	first := brand(s).Version
	put(t, dir, "bots/hello.lua", strings.ReplaceAll(helloLua, "one", "two"))
	s.eventually("the change is loaded", func() bool { return brand(s).Version != first })
	second := brand(s).Version
	back, err := app.Versions(s.app.Store, vault(t)).RollBack(t.Context(), "shop", versions.By{Note: "it is rude"})
	if err != nil || back != first {
		t.Fatalf("back to %s, %v", back, err)
	}
	s.stop()

	s = start(t, settings)
	if b := brand(s); b.Version != first || b.Held[second] != "it is rude" {
		t.Errorf("after a restart it is %+v", b)
	}
	if out := s.out.String(); !strings.Contains(out, "This version is held: it is rude.") {
		t.Errorf("the start tells\n%s", out)
	}
	v := s.visitor()
	v.says("hi")
	v.hears("hello one")
	put(t, dir, "bots/hello.lua", strings.ReplaceAll(helloLua, "one", "three"))
	s.eventually("the next change is loaded", func() bool { return brand(s).Version != first })
	v = s.visitor()
	v.says("hi")
	v.hears("hello three")
}

func vault(t *testing.T) *secrets.Vault {
	t.Helper()
	v, err := secrets.Open(secrets.Config{Dir: t.TempDir(), Env: os.LookupEnv, Kinds: connectors.Kinds(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A version is read with its own settings, and refused when they cannot be used.
func TestReadVersion(t *testing.T) {
	t.Parallel()
	files := map[string]string{"brand.yaml": fmt.Sprintf(shopYAML, webChannel), "bots/hello.lua": helloLua}
	v, err := folder.Reader(vault(t))(engine.Bundle{Files: files})
	if err != nil || v.Brand.ID != "shop" || len(v.Channels) != 1 || len(v.Skills) != 1 || v.Bundle.Hash == "" {
		t.Errorf("it is %+v, %v", v, err)
	}
	files["brand.yaml"] = "id: shop\ncolour: red\n"
	_, err = folder.Reader(vault(t))(engine.Bundle{Files: files})
	if engine.CodeOf(err) != engine.Invalid || !strings.Contains(err.Error(), "brand.yaml:") || !strings.Contains(err.Error(), "more problems)") {
		t.Errorf("a broken one: %v", err)
	}
}
