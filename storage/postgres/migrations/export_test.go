package migrations

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// ApplyOneMore brings a database to the version that a program would know which has one
// migration more.
func ApplyOneMore(ctx context.Context, to *pgx.ConnConfig, up string) error {
	steps, err := own()
	if err != nil {
		return err
	}
	pool := stdlib.OpenDB(*to)
	steps = append(steps, step{version: steps[len(steps)-1].version + 1, up: up})
	return errors.Join(apply(ctx, pool, steps, to.Database), pool.Close())
}
