package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"syscall"
)

// The texts of Response.Error. The first group refuses a request before anything is sent.
const (
	ErrURL             = "url not valid"
	ErrMethod          = "method not allowed"
	ErrScheme          = "https required"
	ErrHost            = "host not allowed"
	ErrHeader          = "header not allowed"
	ErrRequestTooLarge = "request too large"

	ErrAddress      = "address not allowed" // the host resolves to something that is not public
	ErrNotFound     = "host not found"
	ErrRefused      = "refused"
	ErrUnreachable  = "unreachable"
	ErrTLS          = "tls failed"
	ErrTimeout      = "timeout"
	ErrLost         = "connection lost"
	ErrTooLarge     = "too large"
	ErrCanceled     = "canceled"
	ErrNoAnswer     = "no valid answer"
	ErrLocalFailure = "local service failed"
)

var (
	errTooLarge     = errors.New("the answer is too large")
	errNoAnswer     = errors.New("the answer is not a final one")
	errLocalFailure = errors.New("the local handler panicked")
)

// classify turns the error of a round trip into a text that is safe to show and tells whether it may pass.
// ctx is the caller's, so that its end is told from the end of the request's own time.
func classify(ctx context.Context, err error) (class string, transient bool) {
	var (
		timeout     interface{ Timeout() bool }
		notFound    *net.DNSError
		operation   *net.OpError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       tls.AlertError
		authority   x509.UnknownAuthorityError
	)
	switch {
	case errors.Is(err, ErrBlocked):
		return ErrAddress, false
	case errors.Is(err, errTooLarge):
		return ErrTooLarge, false
	case errors.Is(err, errLocalFailure):
		return ErrLocalFailure, false
	case ctx.Err() != nil:
		return ErrCanceled, true
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return ErrTimeout, true
	case errors.As(err, &notFound):
		return ErrNotFound, !notFound.IsNotFound
	case errors.As(err, &certificate), errors.As(err, &record), errors.As(err, &alert), errors.As(err, &authority):
		return ErrTLS, false
	case errors.Is(err, syscall.ECONNREFUSED):
		return ErrRefused, true
	case errors.As(err, &operation) && operation.Op == "dial":
		return ErrUnreachable, true
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return ErrLost, true
	}
	return ErrNoAnswer, false
}
