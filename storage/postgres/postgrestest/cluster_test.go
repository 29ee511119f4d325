package postgrestest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv("POSTGRESTEST_CHILD") == "" {
		goleak.VerifyTestMain(m)
		return
	}
	os.Exit(m.Run())
}

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(t.Context()) }) // a server that was killed has closed it
	return c
}

func count(t testing.TB, c *pgx.Conn, q string) (n int) {
	t.Helper()
	if err := c.QueryRow(t.Context(), q).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestOpen: each test has a database of its own, with tables and without rows.
func TestOpen(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			c := connect(t, Open(t))
			if _, err := c.Exec(t.Context(), `insert into probe (at) values (1)`); err != nil {
				t.Fatal(err)
			}
			if n := count(t, c, `select count(*) from probe`); n != 1 {
				t.Errorf("there are %d rows", n)
			}
		})
	}
}

// TestKill: what was committed is there after a crash, and what was not is not.
func TestKill(t *testing.T) {
	t.Parallel()
	cluster := New(t, Settings{Durable: true})
	url := cluster.Open(t)
	c := connect(t, url)
	if _, err := c.Exec(t.Context(), `insert into probe (at) values (1)`); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(t.Context(), `begin; insert into probe (at) values (2)`); err != nil {
		t.Fatal(err)
	}
	cluster.Kill(t)
	if err := c.Ping(t.Context()); err == nil {
		t.Fatal("a server that was killed answers")
	}
	cluster.Start(t)
	c = connect(t, url)
	if n := count(t, c, `select count(*) from probe`); n != 1 {
		t.Errorf("there are %d rows", n)
	}
	cluster.Stop(t)
	cluster.Start(t)
	if n := count(t, connect(t, url), `select count(*) from probe`); n != 1 {
		t.Errorf("there are %d rows", n)
	}
}

// TestNothingOutlivesTheProcess that asked for it, however it ends.
func TestNothingOutlivesTheProcess(t *testing.T) {
	if os.Getenv("POSTGRESTEST_CHILD") != "" {
		c, err := start(Settings{})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("folder", c.folder)
		if _, err := io.Copy(io.Discard, os.Stdin); err != nil { // until the parent says so
			t.Fatal(err)
		}
		panic("the end of the test")
	}
	t.Parallel()
	if _, err := binaries(); err != nil {
		missing(t, err)
	}
	for name, end := range map[string]func(*exec.Cmd, io.Closer) error{
		"killed":   func(child *exec.Cmd, _ io.Closer) error { return child.Process.Signal(syscall.SIGKILL) },
		"panicked": func(_ *exec.Cmd, stdin io.Closer) error { return stdin.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			child := exec.Command(os.Args[0], "-test.run", "^TestNothingOutlivesTheProcess$")
			child.Env = append(os.Environ(), "POSTGRESTEST_CHILD=1")
			stdin, err1 := child.StdinPipe()
			stdout, err2 := child.StdoutPipe()
			if err := errors.Join(err1, err2, child.Start()); err != nil {
				t.Fatal(err)
			}
			var folder string
			if _, err := fmt.Fscanf(stdout, "folder %s\n", &folder); err != nil {
				t.Fatal(err)
			}
			pid := server(t, folder)
			if err := end(child, stdin); err != nil {
				t.Fatal(err)
			}
			if err := child.Wait(); err == nil {
				t.Error("the child ended well")
			}
			for { // the test's time limit ends this
				_, err := os.Stat(folder)
				if errors.Is(err, fs.ErrNotExist) {
					break
				}
			}
			if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
				t.Errorf("the server lives: %v", err)
			}
		})
	}
}

// server is the process of the server in a folder.
func server(t testing.TB, folder string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		Open(b)
	}
}
