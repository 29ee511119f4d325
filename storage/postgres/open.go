package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/engine"
	"parley/storage/postgres/migrations"
)

// DB is the store on PostgreSQL. It is safe for concurrent use, by any number of processes.
type DB struct {
	pool     *pgxpool.Pool
	publish  atomic.Pointer[func(engine.Signal)]
	endings  sync.WaitGroup // of views
	closed   atomic.Bool
	closing  chan struct{}
	readOnly bool
	base     atomic.Int64 // of the events' numbers

	answerTime time.Duration

	figures                                figures
	forUpdates, forViews, returns, stricts queries // by what the facets say
}

var _ engine.Store = (*DB)(nil)

// minConns is how many connections a process has at least, when the URL does not say:
// turns wait for the disk, and not for a processor.
const minConns = 16

// Settings of each session. What hangs must end: a process that was stopped in an update
// holds locks, and holds up who reads the log.
const (
	idleInUpdate   = 5000  // ms that a transaction may wait for its process
	longStatement  = 60000 // ms
	longestLocking = 10000 // ms
)

// Open connects, and brings the database to the newest version. url is a connection
// string of PostgreSQL (postgres://…); pool_max_conns in it says how many connections
// the process may have. Errors: Invalid for a wrong URL and for one on which connections
// have no sessions of their own, Unavailable for a server that cannot be reached, for a
// database that is newer than this program, and for one that a move into it has not
// finished.
func Open(ctx context.Context, url string) (*DB, error) {
	db, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	err = migrations.Apply(ctx, db.pool.Config().ConnConfig) // without our limits: it may take long, and wait for another process's
	if err == nil {
		err = whole(ctx, db.pool)
	}
	if err == nil {
		err = db.prepare(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	db.endings.Go(db.keepUp)
	return db, nil
}

func connect(ctx context.Context, url string) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil { // its text has no password
		return nil, engine.FieldError("db", "is no PostgreSQL URL such as postgres://user@host/database").Because(err)
	}
	if !strings.Contains(url, "pool_max_conns") {
		cfg.MaxConns = int32(max(minConns, 4*runtime.NumCPU()))
	}
	given := cfg.ConnConfig.RuntimeParams
	if given["application_name"] == "" {
		given["application_name"] = "parley"
	}
	bounded(cfg)
	cfg.BeforeConnect = fresh(url)
	cfg.AfterConnect = settle(given, nil)
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	if err := ownSessions(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	return &DB{pool: pool, closing: make(chan struct{}), answerTime: answerTime}, nil
}

// settings are those of each session that the URL does not give. They are not sent with
// the start of the connection, where poolers refuse them.
func settings() map[string]string {
	return map[string]string{
		"idle_in_transaction_session_timeout": strconv.Itoa(idleInUpdate),
		"statement_timeout":                   strconv.Itoa(longStatement),
		"lock_timeout":                        strconv.Itoa(longestLocking),
		"default_transaction_isolation":       "read committed",
		"jit":                                 "off", // it takes longer than what it compiles
		"max_parallel_workers_per_gather":     "0",   // nor do workers pay for what is asked here, by an index and page by page
	}
}

// settle makes the settings of a new session: own ones, and those that the URL does not
// give. Commits wait for the disk, which a server's settings may have turned off; settings
// that promise more stay.
func settle(given, own map[string]string) func(context.Context, *pgx.Conn) error {
	all := settings()
	for name := range given {
		delete(all, name)
	}
	maps.Copy(all, own)
	var names, values []string
	for name, value := range all {
		names, values = append(names, name), append(values, value)
	}
	return func(ctx context.Context, c *pgx.Conn) error {
		if _, err := c.Exec(ctx, `select set_config(name, value, false) from unnest($1::text[], $2::text[]) as s(name, value)`, names, values); err != nil {
			return err
		}
		if _, err := c.Exec(ctx, `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`); err != nil {
			return err
		}
		var life string
		err := c.QueryRow(ctx, `select `+serverLife).Scan(&life)
		c.PgConn().CustomData()[lifeName] = life
		return err
	}
}

// prepare has a part of the log ready for what is to be written, and the next one.
func (db *DB) prepare(ctx context.Context) error { return db.setBase(ctx, `select prepare_events()`) }

const upkeepEvery = time.Minute

// keepUp prepares the log, so that there is always a part for what is written, and folds
// the counts. Any number of processes may.
func (db *DB) keepUp() {
	tick := time.NewTicker(upkeepEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			ctx, cancel := context.WithTimeout(context.Background(), updateTime)
			// What fails is done the next time: two parts are ahead.
			_ = db.prepare(ctx)
			_, _ = db.pool.Exec(ctx, `select fold_counts()`)
			cancel()
		case <-db.closing:
			return
		}
	}
}

func (db *DB) readBase(ctx context.Context) error {
	return db.setBase(ctx, `select base from event_base`)
}

func (db *DB) setBase(ctx context.Context, q string) error {
	var base int64
	if err := db.pool.QueryRow(ctx, q).Scan(&base); err != nil {
		return unreached(err)
	}
	db.base.Store(base)
	return nil
}

// ErrUnreached is in the error of a database that could not be connected to.
var ErrUnreached = migrations.ErrUnreached

func unreached(err error) error { return migrations.Unreached(err) }

// Notify says where the wake-ups of updates go.
func (db *DB) Notify(publish func(engine.Signal)) { db.publish.Store(&publish) }

// Close waits for what runs. Later calls fail with Unavailable.
func (db *DB) Close() error {
	if db.closed.CompareAndSwap(false, true) {
		close(db.closing)
		db.endings.Wait()
		db.pool.Close()
	}
	return nil
}

// connection takes one of the pool.
func (db *DB) connection(ctx context.Context) (*pgxpool.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if db.closed.Load() {
		return nil, isClosed()
	}
	pg, err := db.pool.Acquire(ctx)
	switch {
	case err == nil:
		return pg, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case db.closed.Load():
		return nil, isClosed()
	}
	return nil, unreached(err)
}

func isClosed() error { return engine.Errorf(engine.Unavailable, "the store is closed") }
