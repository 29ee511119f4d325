package postgres

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"
)

// statements are those that a connection has prepared. Lists have as many texts as
// filters; beyond maxStatements they are prepared each time anew.
type statements struct {
	names map[string]string // by text
	count int
}

const maxStatements = 400

// statementsOf a connection, which lie with it.
func statementsOf(pg *pgconn.PgConn) *statements {
	const key = "parley statements"
	if s, ok := pg.CustomData()[key].(*statements); ok {
		return s
	}
	s := &statements{names: map[string]string{}}
	pg.CustomData()[key] = s
	return s
}

// name gives a statement's name, and says whether it is to be prepared first. Of a try
// that failed it is not known how far it got, so the next one has another name.
func (s *statements) name(q string) (name string, fresh bool) {
	if name = s.names[q]; name != "" {
		return name, false
	}
	if len(s.names) >= maxStatements {
		return "", true
	}
	s.count++
	return "p" + strconv.Itoa(s.count), true
}

func (s *statements) prepared(q, name string) {
	if name != "" {
		s.names[q] = name
	}
}

// texts are arguments as PostgreSQL reads them. It has no text with a zero byte, or that
// is not UTF-8: such a part becomes U+FFFD, when it is written as when it is looked for.
func texts(args []any) [][]byte {
	out := make([][]byte, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case nil:
		case *string:
			out[i] = text(*a)
		case string:
			out[i] = text(a)
		case *int64:
			out[i] = strconv.AppendInt(nil, *a, 10)
		case int64:
			out[i] = strconv.AppendInt(nil, a, 10)
		case *int:
			out[i] = strconv.AppendInt(nil, int64(*a), 10)
		case int:
			out[i] = strconv.AppendInt(nil, int64(a), 10)
		case *float64:
			out[i] = strconv.AppendFloat(nil, *a, 'g', -1, 64)
		case float64:
			out[i] = strconv.AppendFloat(nil, a, 'g', -1, 64)
		case *bool:
			out[i] = truth(*a)
		case bool:
			out[i] = truth(a)
		default:
			panic(fmt.Sprintf("storage: no argument is a %T", a))
		}
	}
	return out
}

func text(s string) []byte { return []byte(held(s)) }

func held(s string) string {
	if strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func truth(b bool) []byte {
	if b {
		return []byte("1")
	}
	return []byte("0")
}
