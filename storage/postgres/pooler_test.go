package postgres_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"parley/engine"
	"parley/storage/postgres"
)

// TestPooledByTransaction: a pooler on whose connections sessions are shared is refused.
func TestPooledByTransaction(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pids func(conn, question int) string
		want engine.Code
	}{
		"one session for all":                 {func(int, int) string { return "7" }, engine.Invalid},
		"another session for each question":   {func(conn, question int) string { return string(rune('a' + 8*conn + question)) }, engine.Invalid},
		"a session for each, which has ended": {func(conn, _ int) string { return string(rune('a' + conn)) }, engine.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := postgres.Open(t.Context(), pooler(t, tt.pids))
			if engine.CodeOf(err) != tt.want || strings.Contains(err.Error(), "pooler") != (tt.want == engine.Invalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// pooler answers two connections' questions for their sessions, and takes no more.
func pooler(t *testing.T, pids func(conn, question int) string) (url string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		defer func() { _ = l.Close() }()
		for n := range 2 {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer func() { _ = c.Close() }()
				b := pgproto3.NewBackend(c, c)
				if _, err := b.ReceiveStartupMessage(); err != nil {
					return
				}
				b.Send(&pgproto3.AuthenticationOk{})
				for question := 0; ; question++ {
					b.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
					if b.Flush() != nil {
						return
					}
					m, err := b.Receive()
					if _, asked := m.(*pgproto3.Query); err != nil || !asked {
						return
					}
					b.Send(&pgproto3.RowDescription{Fields: []pgproto3.FieldDescription{{Name: []byte("pid")}}})
					b.Send(&pgproto3.DataRow{Values: [][]byte{[]byte(pids(n, question))}})
					b.Send(&pgproto3.CommandComplete{CommandTag: []byte("SELECT 1")})
				}
			})
		}
	})
	t.Cleanup(all.Wait)
	t.Cleanup(func() { _ = l.Close() })
	return "postgres://ann@" + l.Addr().String() + "/parley?sslmode=disable"
}
