package postgres

import (
	"context"
	"errors"
	"maps"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/engine"
)

// pidTries is how often two connections ask for their sessions: others may be at a pooler's.
const pidTries = 4

// ownSessions refuses a way to the server on which connections share sessions, as through a
// pooler that gives one for a transaction only. Settings and locks would be another's there,
// and so would be prepared statements: what was run would not be what was asked for.
func ownSessions(ctx context.Context, pool *pgxpool.Pool) (err error) {
	cfg := pool.Config().ConnConfig.Config
	cfg.RuntimeParams = maps.Clone(cfg.RuntimeParams)
	var sessions [2]string
	var conns [2]*pgconn.PgConn
	for i := range conns {
		if conns[i], err = pgconn.ConnectConfig(ctx, &cfg); err != nil {
			return unreached(err)
		}
		defer func() { err = errors.Join(err, conns[i].Close(ctx)) }()
	}
	for range pidTries {
		for i, c := range conns {
			got, err := c.Exec(ctx, `select pg_backend_pid()`).ReadAll()
			if err != nil {
				return unreached(err)
			}
			pid := string(got[0].Rows[0][0])
			if sessions[i] != "" && sessions[i] != pid || sessions[1-i] == pid {
				return engine.FieldError("db", "leads to a pooler that gives a connection another session for each transaction: let it give each its own (pool_mode=session), or name the server itself")
			}
			sessions[i] = pid
		}
	}
	return nil
}
