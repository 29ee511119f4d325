package postgres

import (
	"context"
	"errors"
	"time"
)

// AnswerWithin bounds the wait for each answer, for tests that cannot wait a minute.
func (db *DB) AnswerWithin(d time.Duration) { db.answerTime = d }

// Set has a clock go by another one than this machine's.
func (c *Clock) Set(machine func() time.Time) { c.machine = machine }

// EndUnheard is what each new connection is set to.
var EndUnheard = endUnheard

// ServerLife is asked for of a server's run.
const ServerLife = serverLife

// Lost finds out what became of a commit without an answer.
func (db *DB) Lost(ctx context.Context, xid int64, life string) error {
	return db.resolve(ctx, &lostCommit{xid: xid, life: life, err: errors.New("lost")})
}
