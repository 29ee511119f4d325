package postgres

import (
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// endUnheard has the system end a connection whose other side does not confirm what was
// sent. Its own limit is a quarter of an hour.
func endUnheard(network, _ string, c syscall.RawConn) (err error) {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	cerr := c.Control(func(fd uintptr) {
		err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(unheardTime.Milliseconds()))
	})
	if cerr != nil {
		return cerr
	}
	return err
}
