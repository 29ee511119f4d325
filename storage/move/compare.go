package move

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Sum is what a table holds, whatever the order of its rows is.
type Sum struct {
	Rows int64
	Hash uint64 // the sum of the rows'
}

// Compared is a table as both sides hold it.
type Compared struct {
	Table    string
	From, To Sum
	Changed  int64 // texts of the source that the target cannot hold as they are
}

// toldEvery is how many rows are compared before it is told.
const toldEvery = 1000

// compare reads a table on both sides at the same time.
func (m mover) compare(ctx context.Context, t Table) (c Compared, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c.Table = t.Name
	ended := make(chan error, 1)
	go func() {
		var err error
		if c.To, err = sum(ctx, m.to, t, func([]any) {}); err != nil {
			cancel()
		}
		ended <- err
	}()
	of, err := m.from.Count(ctx, t)
	if err == nil {
		read := int64(0)
		c.From, err = sum(ctx, m.from, t, func(row []any) {
			for i, v := range row {
				if text, ok := v.(string); ok {
					if held := m.to.Held(text); held != text {
						row[i] = held
						c.Changed++
					}
				}
			}
			if read++; read%toldEvery == 0 || read == of {
				m.told(Progress{Table: t.Name, Rows: read, Of: of, Compared: true})
			}
		})
	}
	if err != nil {
		cancel()
	}
	if other := <-ended; err == nil || errors.Is(err, context.Canceled) && other != nil {
		err = other
	}
	return c, err
}

func sum(ctx context.Context, of Source, t Table, look func(row []any)) (s Sum, err error) {
	var text []byte
	err = of.Rows(ctx, t, nil, func(row []any) error {
		look(row)
		text = text[:0]
		for _, v := range row {
			if text, err = canonical(text, v); err != nil {
				return err
			}
		}
		hash := sha256.Sum256(text)
		s.Rows++
		s.Hash += binary.BigEndian.Uint64(hash[:8])
		return nil
	})
	return s, err
}

// canonical adds a value, so that no two rows have the same text.
func canonical(text []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(text, '-'), nil
	case string:
		text = binary.AppendUvarint(append(text, 't'), uint64(len(v)))
		return append(text, v...), nil
	case int64:
		return binary.AppendVarint(append(text, 'n'), v), nil
	case float64:
		return binary.BigEndian.AppendUint64(append(text, 'r'), math.Float64bits(v)), nil
	}
	return nil, fmt.Errorf("no column holds a %T", v)
}
