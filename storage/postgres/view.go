package postgres

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/engine"
)

// View runs fn on a snapshot, which is taken when fn first reads.
func (db *DB) View(ctx context.Context, fn func(engine.Tx) error) error {
	pg, err := db.connection(ctx)
	if err != nil {
		return err
	}
	db.figures.views.Add(1)
	c := db.session(pg.Conn().PgConn(), "begin isolation level repeatable read read only", true)
	c.facets.Ctx = ctx
	defer db.release(pg, c)
	return fn(c.tx())
}

// release ends a transaction that is not committed, and gives its connection back.
// Nobody waits for that.
func (db *DB) release(pg *pgxpool.Conn, c *session) {
	if c.begin != "" { // it never began
		pg.Release()
		return
	}
	db.endings.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), cancelTime)
		defer cancel()
		if state(c.broken) == readOnly { // the server is a standby now: another connection may lead elsewhere
			_ = pg.Conn().Close(ctx)
		} else {
			_, _ = pg.Exec(ctx, "rollback") // where it fails, the server ends it with the connection
		}
		pg.Release()
	})
}
