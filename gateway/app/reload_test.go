package app_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/engine"
)

// visitor is somebody in the web chat.
type visitor struct {
	s     *site
	token string
	sent  int
}

func (s *site) visitor() *visitor {
	s.t.Helper()
	v := &visitor{s: s}
	v.token = field(s.t, s.ask(http.MethodPost, "/chat/shop.web/session", "{}"), "token")
	return v
}

func (v *visitor) says(text string) {
	v.s.t.Helper()
	v.sent++
	a := v.s.ask(http.MethodPost, "/chat/shop.web/messages", fmt.Sprintf(`{"client_id":"message-%d","text":%q}`, v.sent, text), "Authorization", "Bearer "+v.token)
	if a.status/100 != 2 {
		v.s.t.Fatalf("%q: %d %s", text, a.status, a.body)
	}
}

// hears waits until the visitor sees the text.
func (v *visitor) hears(text string) {
	v.s.t.Helper()
	v.s.eventually("the visitor sees "+text, func() bool {
		return strings.Contains(v.s.ask(http.MethodGet, "/chat/shop.web/messages", "", "Authorization", "Bearer "+v.token).body, text)
	})
}

// A change is for new conversations; those that wait stay on their version, and
// a folder that is broken, or gone, changes nothing.
func TestReload(t *testing.T) {
	t.Parallel()
	dir := brandDir(t, map[string]string{"brand.yaml": fmt.Sprintf(shopYAML, webChannel), "bots/hello.lua": helloLua})
	s := start(t, map[string]string{"data": t.TempDir(), "brand": dir})
	active := func() (hash string) {
		s.view(func(tx engine.Tx) error {
			b, err := tx.Brands().Get("shop")
			hash = b.Version
			return err
		})
		return hash
	}
	first := active()
	old := s.visitor()
	old.says("hi")
	old.hears("hello one")

	put(t, dir, "bots/hello.lua", strings.ReplaceAll(helloLua, "one", "two"))
	s.eventually("the change is loaded", func() bool { return active() != first })
	second := active()
	fresh := s.visitor()
	fresh.says("hi")
	fresh.hears("hello two")
	old.says("no")
	old.hears("bye one")

	put(t, dir, "bots/hello.lua", "return function(chat")
	s.eventually("the problem is printed", func() bool {
		return strings.Contains(s.out.String(), "bots/hello.lua:1: ") && strings.Contains(s.out.String(), "the version before stays active")
	})
	if active() != second {
		t.Error("a broken folder was loaded")
	}
	put(t, dir, "lib/other.lua", "return 1")
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	s.eventually("the missing folder is told", func() bool { return strings.Contains(s.log.String(), "the brand folder was not loaded") })
	if active() != second {
		t.Error("a missing folder was loaded")
	}
	fresh.says("no")
	fresh.hears("bye two")

	// It comes back as a link to another place, as deployments do.
	other := brandDir(t, map[string]string{"brand.yaml": fmt.Sprintf(shopYAML, webChannel), "bots/hello.lua": strings.ReplaceAll(helloLua, "one", "three")})
	if err := os.Symlink(other, dir); err != nil {
		t.Fatal(err)
	}
	s.eventually("the folder that came back is loaded", func() bool { return active() != second })
	third := active()
	put(t, other, "bots/hello.lua", strings.ReplaceAll(helloLua, "one", "four"))
	s.eventually("a change behind the link is loaded", func() bool { return active() != third })
	last := s.visitor()
	last.says("hi")
	last.hears("hello four")
	if err := os.RemoveAll(filepath.Clean(dir + ".away")); err != nil {
		t.Fatal(err)
	}
}
