package frames

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/coder/websocket"
)

// ErrTooLarge is a message longer than the limit. The connection is still open
// and nothing of the message waits in it: Close with StatusMessageTooBig arrives.
var ErrTooLarge = errors.New("the frame is too large")

// What is read and thrown away of a message that is too large. A connection that
// is closed with unread bytes is reset, and its client would not see why.
const (
	drained  = 1 << 20
	patience = 10 * time.Second
)

// Unlimited prepares a connection for Read, which has limits of its own: the
// library's would send the close frame before the rest was read.
func Unlimited(conn *websocket.Conn) *websocket.Conn {
	conn.SetReadLimit(-1)
	return conn
}

// Read gives the next message of at most limit bytes. ctx ends the connection
// with the read.
func Read(ctx context.Context, conn *websocket.Conn, limit int64) (websocket.MessageType, []byte, error) {
	kind, r, err := conn.Reader(ctx)
	if err != nil {
		return kind, nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil || int64(len(data)) <= limit {
		return kind, data, err
	}
	late := time.AfterFunc(patience, func() { _ = conn.CloseNow() })
	defer late.Stop()
	switch _, err := io.CopyN(io.Discard, r, drained); {
	case err == io.EOF:
		return kind, nil, ErrTooLarge
	case err != nil:
		return kind, nil, err
	}
	return kind, nil, errors.Join(ErrTooLarge, conn.CloseNow())
}
