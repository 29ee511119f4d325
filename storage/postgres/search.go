package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/engine"
	"parley/storage/folding"
)

// Index finds conversations by names, addresses and texts, in tables of the database
// that follow the others a moment later. What is to be looked at is noted by triggers,
// with what was written (migrations); one process at a time takes the notes. It has
// connections of its own. It is safe for concurrent use.
//
// The tokens of a document begin with its brand and its segment: conversations that
// began one after the other. A search goes from the newest segment to older ones until
// its page is full, so that what is common is found at once; what is rare is looked up
// in many segments at a time.
type Index struct {
	db                 *DB
	searching, filling *pgxpool.Pool
}

var _ engine.Searcher = (*Index)(nil)

const (
	searchersAtOnce = 2 // the others wait
	// searchTime is how long a search looks for a full page. What it has found by then
	// is the page.
	searchTime = 2 * time.Second
	// segmentBits: 4,096 conversations are a segment. More would make the first page of
	// what is common slower, fewer the search for what is rare.
	segmentBits = 12
)

// OpenIndex opens the index of a store. The caller closes it before the store.
func OpenIndex(ctx context.Context, db *DB) (*Index, error) {
	pool := func(conns int32, statement time.Duration) (*pgxpool.Pool, error) {
		cfg := db.pool.Config()
		cfg.MaxConns, cfg.MinConns = conns, 0
		cfg.ConnConfig.RuntimeParams["application_name"] = "parley search"
		cfg.AfterConnect = settle(cfg.ConnConfig.RuntimeParams, map[string]string{"statement_timeout": fmt.Sprint(statement.Milliseconds())})
		return pgxpool.NewWithConfig(ctx, cfg)
	}
	searching, err := pool(searchersAtOnce, 2*searchTime)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	filling, err := pool(1, time.Minute)
	if err != nil {
		searching.Close()
		return nil, fmt.Errorf("storage: %w", err)
	}
	return &Index{db, searching, filling}, nil
}

// Close frees the connections, after the searches that run. Later calls fail with
// Unavailable.
func (x *Index) Close() error {
	x.searching.Close()
	x.filling.Close()
	return nil
}

// scope is what tokens are kept behind.
func scope(brand, segment int64) string { return fmt.Sprintf("%d.%d.", brand, segment) }

// tsquery is a term in PostgreSQL's language, in one segment of a brand. Tokens hold
// letters, digits, marks and symbols only, so nothing in them needs an escape.
func tsquery(t folding.Term, brand, segment int64) string {
	in, q := scope(brand, segment), []byte(nil)
	for i, tokens := range t.Any {
		if i > 0 {
			q = append(q, " | "...)
		}
		for j, tok := range tokens {
			if j > 0 {
				q = append(q, " & "...)
			}
			q = append(append(append(append(q, '\''), in...), tok.Text...), '\'')
			if tok.Prefix {
				q = append(q, ":*"...)
			}
		}
	}
	return string(q)
}

// searchFailed is what an error of the index means to who asked.
func searchFailed(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded), ctx.Err() == nil && state(err) == queryCanceled: // by statement_timeout
		return engine.Errorf(engine.Unavailable, "The search takes too long. Write more of a word, or a rarer one.").Because(err)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return err
}
