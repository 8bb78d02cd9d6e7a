package mail

import (
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
	"strings"
)

// Stage is how far the conversation had come when it failed.
type Stage string

// The stages in their order. Those up to StageAuth speak of the relay and not of the message.
const (
	StageConnect Stage = "connect" // no connection
	StageGreet   Stage = "greet"   // no greeting, or one that sends us away
	StageHello   Stage = "hello"   // it does not like how we call ourselves
	StageTLS     Stage = "tls"     // no encryption, or a certificate that proves nothing
	StageAuth    Stage = "auth"    // the relay does not know us
	StageCompose Stage = "compose" // the message cannot be written: an *InvalidError is inside
	StageMail    Stage = "mail"    // the sender is refused
	StageRcpt    Stage = "rcpt"    // the recipient is refused
	StageData    Stage = "data"    // the relay does not want the message now
	StageBody    Stage = "body"    // between DATA and the final dot, or the relay's answer to the dot
	StageQuit    Stage = "quit"    // after everything: only Session.Close says this
)

// SendError says where and how sending failed. Code, Enhanced and Reply are the server's, zero when it said nothing.
type SendError struct {
	Stage     Stage
	Code      int    // 550
	Enhanced  string // "5.1.1" (RFC 3463), or ""
	Reply     string // the whole reply on one line, "550 5.1.1 No such user"
	Temporary bool   // the same message may pass later: a 4xx, or a broken connection
	Ambiguous bool   // it may have been taken: never send it again by itself
	cause     error
}

// Error gives the stage and what the server said, for the log.
func (e *SendError) Error() string {
	what := e.Reply
	if what == "" && e.cause != nil {
		what = e.cause.Error()
	}
	if e.Ambiguous {
		what += " (may have been taken)"
	}
	return fmt.Sprintf("mail: %s: %s", e.Stage, what)
}

// Unwrap returns the cause: an *InvalidError, a network error, the context's.
func (e *SendError) Unwrap() error { return e.cause }

// OfRelay reports whether the failure speaks of the relay (out of reach, wrong password) and not of this message:
// every other message would fail alike, and the owner of the house is to be told.
func (e *SendError) OfRelay() bool {
	switch e.Stage {
	case StageConnect, StageGreet, StageHello, StageTLS, StageAuth:
		return true
	}
	return e.Code == 421 || e.needsAuth() || e.authOff()
}

// Errors found inside a SendError.
var (
	ErrNoTLS  = errors.New("mail: the relay offers no STARTTLS")
	ErrNoAuth = errors.New("mail: the relay offers neither AUTH PLAIN nor LOGIN")
	ErrClosed = errors.New("mail: the session is closed")
)

// failed makes a SendError of whatever went wrong before the final dot left.
func failed(stage Stage, err error) *SendError {
	e := &SendError{Stage: stage, Temporary: true, cause: err}
	if reply, ok := errors.AsType[*textproto.Error](err); ok {
		e.Code = reply.Code
		e.Reply = oneLine(reply.Code, reply.Msg)
		e.Enhanced = enhanced(reply.Msg)
		e.Temporary = reply.Code/100 != 5
	}
	if _, ok := errors.AsType[*InvalidError](err); ok {
		e.Temporary = false
	}
	return e
}

var enhancedCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

func enhanced(msg string) string { return enhancedCode.FindString(msg) }

func oneLine(code int, msg string) string {
	return clean(fmt.Sprintf("%d %s", code, strings.ReplaceAll(msg, "\n", " ")), 500)
}
