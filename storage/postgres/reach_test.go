package postgres_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/engine"
	"parley/storage/postgres/postgrestest"
)

// silence is a way to a server on which nothing comes through any more, and nothing says
// so: a machine that is off, a firewall that has forgotten a connection, a server that hangs.
type silence struct {
	mu   sync.Mutex
	gate *sync.Cond
	shut bool
}

func newSilence(t testing.TB, to string) (*silence, string) {
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &silence{}
	s.gate = sync.NewCond(&s.mu)
	socket := filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432")
	var all sync.WaitGroup
	var conns sync.Map
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			back, err := net.Dial("unix", socket)
			if err != nil {
				c.Close()
				continue
			}
			conns.Store(c, true)
			conns.Store(back, true)
			all.Go(func() { s.pump(back, c) })
			all.Go(func() { s.pump(c, back) })
		}
	})
	t.Cleanup(func() {
		s.open()
		l.Close()
		conns.Range(func(c, _ any) bool { c.(net.Conn).Close(); return true })
		all.Wait()
	})
	u.Host = l.Addr().String()
	u.RawQuery = "sslmode=disable&user=parley"
	return s, u.String()
}

func (s *silence) close() { s.set(true) }
func (s *silence) open()  { s.set(false) }

func (s *silence) set(shut bool) {
	s.mu.Lock()
	s.shut = shut
	s.mu.Unlock()
	s.gate.Broadcast()
}

func (s *silence) pump(to, from net.Conn) {
	defer to.Close()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		s.mu.Lock()
		for s.shut {
			s.gate.Wait()
		}
		s.mu.Unlock()
		if _, werr := to.Write(buf[:n]); err != nil || werr != nil {
			return
		}
	}
}

// TestSilence: where nothing comes through any more, views and updates end, and go on when
// something does.
func TestSilence(t *testing.T) {
	t.Parallel()
	way, url := newSilence(t, postgrestest.Open(t))
	db := openURL(t, url)
	db.AnswerWithin(time.Second)
	look := func(tx engine.Tx) error {
		_, err := tx.Brands().List()
		return err
	}
	both := func() (view, update error) {
		var group sync.WaitGroup
		group.Go(func() { view = db.View(context.Background(), look) })
		group.Go(func() { update = db.Update(context.Background(), look) })
		group.Wait()
		return view, update
	}
	if view, update := both(); view != nil || update != nil {
		t.Fatal(view, update)
	}
	way.close()
	began := time.Now()
	if view, update := both(); engine.CodeOf(view) != engine.Unavailable || engine.CodeOf(update) != engine.Unavailable {
		t.Errorf("after %s: %v, %v", time.Since(began), view, update)
	}
	way.open()
	if view, update := both(); view != nil || update != nil {
		t.Errorf("afterwards: %v, %v", view, update)
	}
}

// TestUnconfirmed: a commit that the standby does not confirm is none, whatever the server
// says when it has waited for long enough.
func TestUnconfirmed(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.New(t, postgrestest.Settings{More: []string{"wal_level=replica", "max_wal_senders=2"}})
	url := cluster.Open(t)
	db, raw := openURL(t, url), connect(t, url)
	db.AnswerWithin(time.Second)
	exec(t, raw, `set synchronous_commit = local`)
	exec(t, raw, `alter system set synchronous_standby_names = 'nobody'`)
	exec(t, raw, `select pg_reload_conf()`)
	write := func() error {
		return db.Update(t.Context(), func(tx engine.Tx) error { return tx.Bundles().Add(engine.Bundle{Brand: "acme", Hash: rand.Text()}) })
	}
	var err error
	for began := time.Now(); err == nil && time.Since(began) < 10*time.Second; { // until the server has read it
		err = write()
	}
	if engine.CodeOf(err) != engine.Unavailable || !strings.Contains(err.Error(), "standby does not confirm") {
		t.Errorf("without its standby: %v", err)
	}
	exec(t, raw, `alter system reset synchronous_standby_names`)
	exec(t, raw, `select pg_reload_conf()`)
	for began := time.Now(); err != nil; err = write() {
		if time.Since(began) > 10*time.Second {
			t.Fatalf("afterwards: %v", err)
		}
	}
}

// TestReadOnlyConnections: who finds that a server takes no changes any more looks for
// another one, and does not keep the connection.
func TestReadOnlyConnections(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	db, raw := openURL(t, url), connect(t, url)
	write := func() (pid int, err error) {
		err = db.Update(t.Context(), func(tx engine.Tx) error {
			return tx.Bundles().Add(engine.Bundle{Brand: "acme", Hash: rand.Text()})
		})
		return number(t, raw, `select coalesce(max(pid), 0) from pg_stat_activity where application_name = 'parley' and datname = current_database() and query = 'commit'`), err
	}
	first, err := write()
	if err != nil || first == 0 {
		t.Fatal(first, err)
	}
	exec(t, raw, `alter system set default_transaction_read_only = on`)
	exec(t, raw, `select pg_reload_conf()`)
	for began := time.Now(); err == nil && time.Since(began) < 10*time.Second; {
		_, err = write()
	}
	exec(t, raw, `set default_transaction_read_only = off`)
	exec(t, raw, `alter system reset default_transaction_read_only`)
	exec(t, raw, `select pg_reload_conf()`)
	if engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("read only: %v", err)
	}
	for began := time.Now(); err != nil; _, err = write() {
		if time.Since(began) > 10*time.Second {
			t.Fatalf("afterwards: %v", err)
		}
	}
	if n := number(t, raw, fmt.Sprintf(`select count(*) from pg_stat_activity where pid = %d`, first)); n != 0 {
		t.Error("the connection is still there")
	}
}

// TestAnotherPassword: what lies in files when a connection is made counts.
func TestAnotherPassword(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "parley-") // which the server reads, too
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	rules, passes := filepath.Join(dir, "hba"), filepath.Join(dir, "pass")
	put := func(path, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	put(rules, "local all ann scram-sha-256\nlocal all all trust\n", 0o644)
	cluster := postgrestest.New(t, postgrestest.Settings{More: []string{"hba_file=" + rules}})
	of := cluster.Open(t)
	raw := connect(t, of)
	exec(t, raw, `create role ann superuser login password 'one'`)
	put(passes, "*:*:*:*:one\n", 0o600)
	db := openURL(t, strings.Replace(of, "user=parley", "user=ann&passfile="+url.QueryEscape(passes), 1))
	note(t, db, "one")
	exec(t, raw, `alter role ann password 'two'`)
	put(passes, "*:*:*:*:two\n", 0o600)
	exec(t, raw, `select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'ann'`)
	note(t, db, "two")
	if got, _ := notes(t, db, 0); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("written were %q", got)
	}
}
