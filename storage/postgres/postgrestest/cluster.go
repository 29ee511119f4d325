package postgrestest

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

//go:embed serve.sh
var script string

// Settings are how a cluster of a test's own runs.
type Settings struct {
	Durable bool     // what is committed is on disk, as in earnest; without it tests are quicker
	More    []string // settings of PostgreSQL, as name=value
}

// Cluster is a running PostgreSQL. It is safe for concurrent use.
type Cluster struct {
	folder string
	shell  *exec.Cmd

	mu      sync.Mutex // held by whoever tells the shell something
	orders  io.WriteCloser
	answers *bufio.Reader

	databases atomic.Int64
	template  func() error
}

// shared are the clusters of all tests of this process that do not need their own. They
// end with the process, which closes their shells' inputs.
var shared = &clusters{}

// clusters are handed to one test at a time: transactions are numbered by the cluster,
// and what another test does in another database would be seen.
type clusters struct {
	mu   sync.Mutex
	idle []*Cluster
}

func (s *clusters) take() (*Cluster, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.idle); n > 0 {
		c := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return c, nil
	}
	return start(Settings{})
}

func (s *clusters) give(c *Cluster) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, c)
}

// Open gives the URL of a new database with all tables and no rows, in a cluster that no
// other test uses meanwhile. It is gone when the test ends.
func Open(t testing.TB) string {
	t.Helper()
	c, err := shared.take()
	if err != nil {
		missing(t, err)
	}
	t.Cleanup(func() { shared.give(c) })
	return c.Open(t)
}

// New starts a cluster that is the test's own, for what others must not feel.
func New(t testing.TB, s Settings) *Cluster {
	t.Helper()
	c, err := start(s)
	if err != nil {
		missing(t, err)
	}
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// errMissing says that there is no PostgreSQL.
var errMissing = errors.New("there is no PostgreSQL: install it (apt-get install postgresql, or .ci/install), or have initdb in the PATH")

// missing ends a test for which there is no cluster. Where nothing can be installed it
// is passed over.
func missing(t testing.TB, err error) {
	t.Helper()
	if _, apt := exec.LookPath("apt-get"); apt != nil && errors.Is(err, errMissing) {
		t.Skip(err)
	}
	t.Fatal(err)
}

// binaries finds the folder of PostgreSQL's programs; of several the newest.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		path, err = filepath.EvalSymlinks(path) // the others lie beside it, not beside its link
		return filepath.Dir(path), err
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.Join(err, errMissing)
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(strings.Split(path, "/")[4]) // 0 for what is no number
		return n
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
}

func start(s Settings) (_ *Cluster, err error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "parley-postgres-") // short, because the path of a socket must be
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(filepath.Join(folder, "log"), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o644)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	command := append([]string{"sh", "-c", script, "sh", bin, folder}, s.flags()...)
	if os.Getuid() == 0 { // as whom PostgreSQL does not run
		if err := give(folder, "postgres"); err != nil {
			return nil, errors.Join(err, os.RemoveAll(folder))
		}
		command = append([]string{"runuser", "-u", "postgres", "--"}, command...)
	}
	c := &Cluster{folder: folder, shell: exec.Command(command[0], command[1:]...)}
	c.template = sync.OnceValue(c.makeTemplate)
	c.shell.Dir, c.shell.Stderr = "/", log // files, not writers of ours: nothing has to be copied
	orders, err1 := c.shell.StdinPipe()
	answers, err2 := c.shell.StdoutPipe()
	if err := errors.Join(err1, err2); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	c.orders, c.answers = orders, bufio.NewReader(answers)
	if err := c.shell.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := c.tell("make"); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// give hands a folder to the user as whom the server runs.
func give(folder, to string) error {
	u, err := user.Lookup(to)
	if err != nil {
		return fmt.Errorf("PostgreSQL does not run as root, and there is no user %s to run it as: %w", to, err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	return errors.Join(err1, err2, os.Chown(folder, uid, gid))
}

// flags are the settings on the server's command line.
func (s Settings) flags() (out []string) {
	all := []string{
		"listen_addresses=", "max_connections=300", "shared_buffers=64MB", "wal_level=minimal", "max_wal_senders=0",
		"autovacuum=off", // it would come at another time in each run
	}
	if !s.Durable {
		all = append(all, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	for _, v := range append(all, s.More...) {
		out = append(out, "-c", v)
	}
	return out
}

// tell has the shell do something, and waits for it.
func (c *Cluster) tell(order string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := io.WriteString(c.orders, order+"\n"); err != nil {
		return c.failed(order, err)
	}
	answer, err := c.answers.ReadString('\n')
	if err != nil || answer != "ok\n" {
		return c.failed(order, err)
	}
	return nil
}

// failed says what the server's log ends with.
func (c *Cluster) failed(order string, err error) error {
	log, lerr := os.ReadFile(filepath.Join(c.folder, "log"))
	return errors.Join(fmt.Errorf("PostgreSQL: %s failed: %s", order, log[max(0, len(log)-2000):]), err, lerr)
}

// close ends the server and removes what it had.
func (c *Cluster) close() error {
	return errors.Join(c.orders.Close(), c.shell.Wait())
}

// Kill ends the server as a crash does: nothing is written, its clients are cut off, and
// the next Start recovers. Stop lets it write what it has.
func (c *Cluster) Kill(t testing.TB) { c.must(t, "kill") }

// Stop ends the server in order.
func (c *Cluster) Stop(t testing.TB) { c.must(t, "stop") }

// Start starts the server again, at the same address.
func (c *Cluster) Start(t testing.TB) { c.must(t, "start") }

// Run runs a program that comes with the server, such as pg_dump.
func Run(t testing.TB, program string, args ...string) {
	t.Helper()
	bin, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), filepath.Join(bin, program), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, said)
	}
}

// Log is what the server has said so far.
func (c *Cluster) Log(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(c.folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (c *Cluster) must(t testing.TB, order string) {
	t.Helper()
	if err := c.tell(order); err != nil {
		t.Fatal(err)
	}
}
