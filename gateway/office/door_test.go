package office_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/gateway/office"
	"parley/storage/sqlite"
)

func shop(t *testing.T) (string, office.Folder) {
	t.Helper()
	dir := t.TempDir()
	store, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	err = store.Update(t.Context(), func(tx engine.Tx) error {
		return tx.Brands().Save(engine.Brand{ID: "shop", Name: "Shop"})
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir, office.Folder{Store: store, Clock: time.Now}
}

// TestTwoServersOfOneFolder: the first that stops leaves the way to the other.
func TestTwoServersOfOneFolder(t *testing.T) {
	t.Parallel()
	dir, folder := shop(t)
	first, err := office.Open(dir, folder)
	if err != nil {
		t.Fatal(err)
	}
	second, err := office.Open(dir, folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if client, err := office.Find(dir); err != nil {
		t.Error(err)
	} else if _, err := client.AddUser(t.Context(), office.User{Email: "a@shop.example", Role: engine.RoleAdmin, Slots: 2}); err != nil {
		t.Error(err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	if _, err := office.Find(dir); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("after both: %v", err)
	}
}

// Both offices give the same, refusals included.
func TestOffices(t *testing.T) {
	t.Parallel()
	dir, folder := shop(t)
	if _, err := office.Find(dir); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("before: %v", err)
	}
	door, err := office.Open(dir, folder)
	if err != nil {
		t.Fatal(err)
	}
	client, err := office.Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]office.Office{"folder": folder, "server": client} {
		email := name + "@shop.example"
		a, err := o.AddUser(t.Context(), office.User{Email: email, Role: engine.RoleAdmin, Slots: 2})
		if err != nil || a.Email != email || a.Name != name || len(a.Password) < 10 {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
		_, err = o.AddUser(t.Context(), office.User{Email: "x", Role: engine.RoleAdmin, Slots: 2})
		if engine.CodeOf(err) != engine.Invalid || !strings.Contains(err.Error(), "is not an e-mail address") {
			t.Errorf("%s: %v", name, err)
		}
		var e *engine.Error
		if _, err = o.CreateToken(t.Context(), office.Token{Name: "x", Role: "boss"}); !as(err, &e) || e.Field != "--role" {
			t.Errorf("%s: %v", name, err)
		}
		m, err := o.CreateToken(t.Context(), office.Token{Name: "x", Role: engine.RoleAgent})
		if err != nil || m.Brand != "shop" || !strings.Contains(m.Secret, m.ID) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
		if err := o.RevokeToken(t.Context(), "shop", m.ID); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := o.RevokeToken(t.Context(), "shop", m.ID); engine.CodeOf(err) != engine.NotFound {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := o.Erase(t.Context(), "shop", "+1999"); engine.CodeOf(err) != engine.NotFound || !strings.Contains(err.Error(), "+1999") {
			t.Errorf("%s: %v", name, err)
		}
		if err := o.Disable(t.Context(), "nobody@shop.example", true); engine.CodeOf(err) != engine.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := door.Close(); err != nil {
		t.Error(err)
	}
	if _, err := client.NewPassword(t.Context(), "folder@shop.example"); engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("after: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "admin.json")); err == nil {
		t.Error("the key is still there")
	}
}

func as(err error, to **engine.Error) bool {
	e, ok := err.(*engine.Error)
	*to = e
	return ok
}

// Nobody gets in without the key, and no page in a browser does with it.
func TestTheDoorIsLocked(t *testing.T) {
	t.Parallel()
	dir, folder := shop(t)
	door, err := office.Open(dir, folder)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := door.Close(); err != nil {
			t.Error(err)
		}
	}()
	raw, err := os.ReadFile(filepath.Join(dir, "admin.json"))
	if err != nil {
		t.Fatal(err)
	}
	var way struct{ Addr, Key string }
	if err := json.Unmarshal(raw, &way); err != nil || !strings.HasPrefix(way.Addr, "127.0.0.1:") || len(way.Key) != 64 {
		t.Fatalf("%s, %v", raw, err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for name, c := range map[string]struct {
		method, key, origin, body string
		want                      int
	}{
		"no key":       {"POST", "", "", `{}`, 403},
		"a wrong key":  {"POST", strings.Repeat("0", 64), "", `{}`, 403},
		"by GET":       {"GET", way.Key, "", "", 403},
		"from a page":  {"POST", way.Key, "http://evil.example", `{}`, 403},
		"nothing":      {"POST", way.Key, "", `{}`, 200},
		"no JSON":      {"POST", way.Key, "", `x`, 200},
		"a large one":  {"POST", way.Key, "", `{"new_password":"` + strings.Repeat("x", 100_000) + `"}`, 200},
		"an odd field": {"POST", way.Key, "", `{"x":1}`, 200},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, "http://"+way.Addr+"/", strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		if c.key != "" {
			r.Header.Set("Authorization", "Bearer "+c.key)
		}
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != c.want || c.want == 200 && !strings.Contains(string(body), `"code"`) {
			t.Errorf("%s: %d %s, %v", name, resp.StatusCode, body, err)
		}
	}
}

// A key that points to another machine is not followed.
func TestFindRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{}", "x", `{"addr":"evil.example:80","key":"k"}`, `{"addr":"10.0.0.1:80","key":"k"}`, `{"addr":"127.0.0.1","key":"k"}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "admin.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := office.Find(dir); engine.CodeOf(err) != engine.Unavailable {
			t.Errorf("%q: %v, %v", text, c, err)
		}
	}
}
