package app_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"parley/storage/postgres/postgrestest"
)

// TestThreeStartAtOnce on an empty database: one brand, one set of people, whose
// passwords one of them prints, and a visitor of one process is known to the others.
func TestThreeStartAtOnce(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	sites := make([]*site, 3)
	var group sync.WaitGroup
	for i := range sites {
		data := t.TempDir()
		group.Go(func() { sites[i] = start(t, map[string]string{"data": data, "db": url}) })
	}
	group.Wait()
	printed := 0
	for _, s := range sites {
		if s == nil {
			t.Fatal("one did not start")
		}
		printed += 3 - strings.Count(s.out.String(), "(as printed at the first start)")
	}
	if printed != 3 {
		t.Errorf("%d passwords were printed", printed)
	}
	token := field(t, sites[0].ask(http.MethodPost, "/chat/acme.web/session", "{}"), "token")
	for _, s := range sites {
		if a := s.ask(http.MethodGet, "/chat/acme.web/messages", "", "Authorization", "Bearer "+token); a.status != http.StatusOK {
			t.Errorf("another process answers %d %s", a.status, a.body)
		}
	}
}
