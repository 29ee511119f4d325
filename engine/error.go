package engine

import (
	"errors"
	"fmt"
	"time"
)

// Code classifies an error for machines. The edge maps it to a status once.
type Code string

const (
	Invalid         Code = "invalid"         // the input breaks a rule; Field names it
	NotFound        Code = "not_found"       // no such thing in this brand
	Conflict        Code = "conflict"        // somebody else was faster
	Unauthenticated Code = "unauthenticated" // nobody is signed in, or a signature is wrong
	Forbidden       Code = "forbidden"       // signed in, but may not
	TooLarge        Code = "too_large"       // over a size limit
	RateLimited     Code = "rate_limited"    // too often
	Unavailable     Code = "unavailable"     // try again later
	Internal        Code = "internal"        // our fault; the cause stays in the log
)

// Error is the one error type that may reach a person. Message is safe to show;
// the wrapped cause is not.
type Error struct {
	Code    Code
	Message string
	Field   string        // the input field at fault, "" when none is
	Events  []Event       // for Conflict: what happened meanwhile, oldest first
	Retry   time.Duration // for RateLimited and Unavailable: when to try again; 0 says nothing
	cause   error
}

func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Message
	if e.Field != "" {
		s = string(e.Code) + ": " + e.Field + ": " + e.Message
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.cause }

// Errorf makes an Error with a message that is safe to show.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// FieldError makes an Invalid error about one input field.
func FieldError(field, format string, args ...any) *Error {
	return &Error{Code: Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Because attaches the cause, which only logs see.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// In says when to try again.
func (e *Error) In(d time.Duration) *Error {
	c := *e
	c.Retry = d
	return &c
}

// CodeOf is the error's code, Internal for a foreign error, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// UnlessGone is the error, or nil when it says that something is not there.
func UnlessGone(err error) error {
	if CodeOf(err) == NotFound {
		return nil
	}
	return err
}

// MessageOf is the sentence that a person may read.
func MessageOf(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Code != Internal {
		return e.Message
	}
	return "Something went wrong on our side."
}
