package natsbus

import (
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// journal is where our NATS server writes its log. What it says of each try to
// reach a node is for who looks closely; the rest is bounded by watch.
type journal struct {
	log    *slog.Logger
	fatal  chan string // the first thing that it cannot live with
	errors rate.Sometimes
}

func newJournal(log *slog.Logger) *journal {
	return &journal{log: log, fatal: make(chan string, 1), errors: rate.Sometimes{First: 3, Interval: 5 * time.Minute}}
}

func (j *journal) Noticef(format string, v ...any) { j.debug(format, v) }
func (j *journal) Warnf(format string, v ...any)   { j.debug(format, v) }
func (j *journal) Debugf(format string, v ...any)  { j.debug(format, v) }
func (j *journal) Tracef(format string, v ...any)  { j.debug(format, v) }

func (j *journal) debug(format string, v []any) {
	j.log.Debug("NATS: " + fmt.Sprintf(format, v...))
}

// Errorf tells what goes wrong on the way to other nodes, a wrong secret among it.
func (j *journal) Errorf(format string, v ...any) {
	j.errors.Do(func() { j.log.Warn("NATS: " + fmt.Sprintf(format, v...)) })
}

// Fatalf would end the process of a server that stands alone.
func (j *journal) Fatalf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	if strings.Contains(text, net.JoinHostPort(noHost, strconv.Itoa(noPort))) {
		return // as it should be
	}
	j.log.Error("NATS: " + text)
	select {
	case j.fatal <- text:
	default:
	}
}
