package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"time"

	"parley/gateway/app"
	"parley/gateway/config"
	"parley/gateway/database"
	"parley/storage/postgres"
)

// NodeConfig is what a process of its own is told, which serves for a measurement.
type NodeConfig struct {
	Data, DB  string
	PublicURL string // that the provider signs; "" for its own address
	Egress    string
	Hold      bool // bots are held back
}

// nodeFigures are what a process has used so far.
type nodeFigures struct {
	Processor time.Duration    `json:"processor"`
	Database  postgres.Figures `json:"database"`
}

func (f nodeFigures) minus(o nodeFigures) nodeFigures {
	f.Processor -= o.Processor
	d, e := &f.Database, o.Database
	d.Views, d.Updates, d.Again = d.Views-e.Views, d.Updates-e.Updates, d.Again-e.Again
	d.Trips, d.Statements, d.Waited = d.Trips-e.Trips, d.Statements-e.Statements, d.Waited-e.Waited
	return f
}

// Node serves what is published at a place, until its input ends. It writes its address,
// and for each line that it reads its figures as one line of JSON.
func Node(ctx context.Context, cfg NodeConfig, in io.Reader, out io.Writer) (err error) {
	a, err := open(ctx, cfg, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	defer func() {
		cancel()
		err = errors.Join(err, <-ended)
	}()
	if _, err := fmt.Fprintln(out, a.Addr()); err != nil {
		return err
	}
	for orders := bufio.NewScanner(in); orders.Scan(); {
		if err := json.NewEncoder(out).Encode(figuresOf(a)); err != nil {
			return err
		}
	}
	return nil
}

func figuresOf(a *app.App) nodeFigures {
	f := nodeFigures{Processor: processorTime()}
	if db, ok := a.Store.(*database.Database); ok {
		f.Database = db.Figures()
	}
	return f
}

// open makes an App on what is published at a place.
func open(ctx context.Context, cfg NodeConfig, log *slog.Logger) (*app.App, error) {
	settings := map[string]string{"data": cfg.Data, "db": cfg.DB, "addr": "127.0.0.1:0", "egress_allow": cfg.Egress, "public_url": cfg.PublicURL}
	all, err := config.Load(settings, nil, "")
	if err != nil {
		return nil, err
	}
	return app.New(ctx, app.Options{Config: all, Log: log, Out: io.Discard, Hold: cfg.Hold})
}

// process is a node in a process of its own.
type process struct {
	addr string
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
}

// startProcess runs this program once more, as a node.
func startProcess(ctx context.Context, cfg NodeConfig) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	told, err := json.Marshal(cfg)
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.CommandContext(context.WithoutCancel(ctx), self, "bench", "node", string(told))}
	p.cmd.Stderr = os.Stderr
	p.cmd.Env = append(os.Environ(), NodeEnv+"="+string(told)) // for a test's binary
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.in, p.out = in, bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := p.out.ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("a node did not start: %w", err), p.close())
	}
	p.addr = line[:len(line)-1]
	return p, nil
}

// NodeEnv tells a program that is no parley to be a node (a test's).
const NodeEnv = "BENCH_NODE"

func (p *process) figures() (f nodeFigures, err error) {
	if _, err := io.WriteString(p.in, "\n"); err != nil {
		return f, err
	}
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(line, &f)
}

// close lets the node finish what it has begun.
func (p *process) close() error { return errors.Join(p.in.Close(), p.cmd.Wait()) }
