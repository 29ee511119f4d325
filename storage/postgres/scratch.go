package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"

	"parley/engine"
)

// Scratch makes an empty database on the server of another one, for who measures. at is
// its URL; remove takes it away. Its user must be allowed to make databases.
func Scratch(ctx context.Context, of string) (at string, remove func() error, err error) {
	u, err := url.Parse(of)
	if err != nil {
		return "", nil, engine.FieldError("db", "is no PostgreSQL URL")
	}
	name := "parley_scratch_" + strings.ToLower(rand.Text()[:10])
	if err := command(ctx, of, "create database "+name+" template template0 encoding 'UTF8'"); err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() error {
		return command(context.WithoutCancel(ctx), of, "drop database if exists "+name+" with (force)")
	}, nil
}

func command(ctx context.Context, at, text string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, updateTime)
	defer cancel()
	c, err := pgx.Connect(ctx, at)
	if err != nil {
		return unreached(err)
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()
	if _, err := c.Exec(ctx, text); err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	return nil
}
