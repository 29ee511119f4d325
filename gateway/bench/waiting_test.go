package bench

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/gateway/app"
	"parley/gateway/database"
	"parley/storage/sqlite"
)

var waiting = flag.Int("waiting", 100_000, "conversations that wait in BenchmarkWaiting")

// TestMain makes the test binary a node when it is told to be one.
func TestMain(m *testing.M) {
	told := os.Getenv(NodeEnv)
	if told == "" {
		os.Exit(m.Run())
	}
	var cfg NodeConfig
	err := json.Unmarshal([]byte(told), &cfg)
	if err == nil {
		err = Node(context.Background(), cfg, os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// BenchmarkWaiting has many open conversations wait in a bot, starts a gateway
// on them in a process of its own, and gives one after the other a turn. It
// reports that process's resident memory after the start and at the end.
//
//	go test -run ^$ -bench Waiting -benchtime 1000x ./gateway/bench
func BenchmarkWaiting(b *testing.B) {
	const samples = 20
	ctx := b.Context()
	f := newFleet(samples + *waiting)
	p, err := startProvider(f.accepted)
	if err != nil {
		b.Fatal(err)
	}
	defer p.close()
	dir := b.TempDir()
	talk(b, ctx, dir, p, f, samples)
	multiply(b, ctx, dir, p, f, samples)

	child, err := startProcess(ctx, NodeConfig{Data: dir, Egress: strings.TrimPrefix(p.base, "http://")})
	if err != nil {
		b.Fatal(err)
	}
	c := connectTo(b, hookOf(child.addr), p)
	defer c.close()
	started := residentOf(b, child.cmd.Process.Pid)
	var l load
	next := 0
	for b.Loop() {
		turnOf(b, f, c, &l, f.consumers[samples+next%*waiting])
		next += 7919 // far apart on disk
	}
	b.ReportMetric(started, "start_rss_mb")
	b.ReportMetric(residentOf(b, child.cmd.Process.Pid), "rss_mb")
	if err := child.close(); err != nil {
		b.Error(err)
	}
}

// talk leads the first conversations through the real App, two messages each.
func talk(b *testing.B, ctx context.Context, dir string, p *provider, f *fleet, samples int) {
	at := place{Config: database.Config{Dir: dir}}
	if err := publishBrand(ctx, at, p); err != nil {
		b.Fatal(err)
	}
	s, err := startSite(ctx, at, p, false, 1, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		b.Fatal(err)
	}
	for range f.consumers {
		<-f.idle // from now on it says whose answer came
	}
	c := connectTo(b, s.hook, p)
	var l load
	for range 2 {
		for _, who := range f.consumers[:samples] {
			turnOf(b, f, c, &l, who)
		}
	}
	c.close()
	if err := s.close(); err != nil {
		b.Fatal(err)
	}
}

func turnOf(b *testing.B, f *fleet, c *caller, l *load, who *consumer) {
	if err := f.post(c, l, who, time.Now()); err != nil {
		b.Fatal(err)
	}
	select {
	case <-f.idle:
	case <-time.After(answerTime):
		b.Fatalf("%s got no answer", who.address)
	}
}

func connectTo(b *testing.B, hook string, p *provider) *caller {
	u, err := url.Parse(hook)
	if err != nil {
		b.Fatal(err)
	}
	sign, err := newSigner(hook, p.AccountSID(), p.AuthToken())
	if err != nil {
		b.Fatal(err)
	}
	c, err := dial(u.Host, sign)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// multiply copies the first conversations, with all their rows, to the others.
func multiply(b *testing.B, ctx context.Context, dir string, p *provider, f *fleet, samples int) {
	store, err := sqlite.Open(ctx, sqlite.Config{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	var all []record
	err = store.View(ctx, func(tx engine.Tx) error {
		for _, who := range f.consumers[:samples] {
			r, err := readRecord(tx, p, who.address)
			if err != nil {
				return err
			}
			if r.session.State != engine.SessionWaiting || len(r.journal) < 2 {
				return fmt.Errorf("%s does not wait in a bot: %v, %d entries", who.address, r.session.State, len(r.journal))
			}
			all = append(all, r)
		}
		return nil
	})
	const batch = 200
	for from := samples; err == nil && from < len(f.consumers); from += batch {
		err = store.Update(ctx, func(tx engine.Tx) error {
			for i, who := range f.consumers[from:min(from+batch, len(f.consumers))] {
				if err := all[i%samples].copyTo(tx, who.address); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := errors.Join(err, store.Close()); err != nil {
		b.Fatal(err)
	}
}

// record is every row of one conversation.
type record struct {
	consumer engine.Consumer
	conv     engine.Conversation
	messages []engine.Message
	session  engine.Session
	journal  []engine.JournalEntry
	sends    []engine.OutboxItem
	events   []engine.Event
}

func readRecord(tx engine.Tx, p *provider, address string) (r record, err error) {
	if r.conv, err = tx.Conversations().OpenByAddress(channel, address); err != nil {
		return r, err
	}
	if r.consumer, err = tx.Consumers().Get(r.conv.Brand, r.conv.Consumer); err != nil {
		return r, err
	}
	if r.messages, err = tx.Messages().List(r.conv.Brand, r.conv.ID, 0, 100); err != nil {
		return r, err
	}
	if r.session, err = tx.Sessions().Current(r.conv.ID); err != nil {
		return r, err
	}
	if r.journal, err = tx.Sessions().Journal(r.session.ID); err != nil {
		return r, err
	}
	if r.events, err = tx.Events().List(engine.EventFilter{Conversation: r.conv.ID, Limit: 100}); err != nil {
		return r, err
	}
	for _, m := range p.SentTo(address) {
		item, err := tx.Outbox().ByProvider(channel, m.SID)
		if err != nil {
			return r, err
		}
		r.sends = append(r.sends, item)
	}
	return r, nil
}

// copyTo writes the record once more, for another address, under ids of its own.
func (r record) copyTo(tx engine.Tx, address string) error {
	r.consumer.ID, r.conv.ID, r.conv.Address, r.session.ID = app.NewID(), app.NewID(), address, app.NewID()
	identity := engine.Identity{Brand: r.conv.Brand, Kind: r.conv.Kind, Address: address, Consumer: r.consumer.ID}
	r.conv.Consumer, r.session.Conversation = r.consumer.ID, r.conv.ID
	errs := []error{tx.Consumers().Add(r.consumer, identity), tx.Conversations().Add(r.conv), tx.Sessions().Add(r.session)}
	journal := append([]engine.JournalEntry(nil), r.journal...)
	for i := range journal {
		journal[i].Session = r.session.ID
	}
	errs = append(errs, tx.Sessions().Record(journal))
	for _, m := range r.messages {
		m.ID, m.Conversation, m.Consumer = app.NewID(), r.conv.ID, r.consumer.ID
		if m.ProviderID != "" {
			m.ProviderID = "SM" + strings.ReplaceAll(m.ID, "-", "")
		}
		errs = append(errs, tx.Messages().Add(m))
	}
	for _, o := range r.sends {
		o.ID, o.Conversation, o.To = app.NewID(), r.conv.ID, address
		o.ProviderID = "SM" + strings.ReplaceAll(o.ID, "-", "")
		errs = append(errs, tx.Outbox().Add(&o))
	}
	for _, e := range r.events {
		e.Conversation = r.conv.ID
		errs = append(errs, tx.Events().Add(&e))
	}
	return errors.Join(errs...)
}

// residentOf is another process's resident memory in MB.
func residentOf(b *testing.B, pid int) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("only Linux tells the memory of a process")
	}
	kb, ok := parseResident(raw)
	if !ok {
		b.Fatalf("no VmRSS in %s", raw)
	}
	return round(float64(kb)/1024, 1)
}
