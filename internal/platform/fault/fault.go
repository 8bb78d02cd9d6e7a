// Package fault is the one vocabulary of errors that people may see.
//
// A fault says what kind of refusal it is and carries keys, never sentences: the edge (a page, the JSON API, the
// command line) speaks the reader's language. Any error that is not a fault is a surprise: its text goes to the
// log, and the reader gets a reference to quote.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is what went wrong, coarsely enough to choose a status.
type Kind int

// The kinds, each with the HTTP status that the edge gives it.
const (
	KindInternal        Kind = iota // 500
	KindInvalid                     // 422, with problems
	KindUnauthenticated             // 401, or the sign-in page
	KindForbidden                   // 403
	KindNotFound                    // 404
	KindGone                        // 410
	KindConflict                    // 409
	KindTooMany                     // 429
	KindTooLarge                    // 413
	KindUnavailable                 // 503
)

// Problem is one thing wrong with one field of what came in.
type Problem struct {
	Field string // the name of the form field or JSON property; "" for the whole
	Code  string // "required", "too_long"...: the catalogs have problem.<code>, or problem.<field>.<code> where it reads better
	Args  []any  // numbers and names for the sentence
}

// Error is a refusal with its kind and its keys.
type Error struct {
	Kind     Kind
	Code     string // "post.not_found", "house.incomplete": the catalogs have fault.<code>
	Args     []any
	Problems []Problem // for KindInvalid, and what is missing for some conflicts
	cause    error
}

// Error returns the code and problems, for the log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	for _, a := range e.Args {
		fmt.Fprintf(&b, " %v", a)
	}
	for _, p := range e.Problems {
		fmt.Fprintf(&b, " [%s %s]", p.Field, p.Code)
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Unwrap returns what caused e, if anything did.
func (e *Error) Unwrap() error { return e.cause }

// Because returns a copy of e that keeps cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Invalid refuses one field. fault.Invalid("title", "too_long", 120)
func Invalid(field, code string, args ...any) *Error {
	return &Error{Kind: KindInvalid, Code: "invalid", Problems: []Problem{{field, code, args}}}
}

// NotFound says that the thing named by what ("post", "contact") is not there, or not for this person.
func NotFound(what string) *Error { return &Error{Kind: KindNotFound, Code: what + ".not_found"} }

// Gone says that the thing was there and was taken away for good.
func Gone(what string) *Error { return &Error{Kind: KindGone, Code: what + ".gone"} }

// Conflict says that the state of things does not allow it.
func Conflict(code string, args ...any) *Error {
	return &Error{Kind: KindConflict, Code: code, Args: args}
}

// Forbidden says that this person may not.
func Forbidden() *Error { return &Error{Kind: KindForbidden, Code: "forbidden"} }

// Unauthenticated says that nobody is signed in.
func Unauthenticated() *Error { return &Error{Kind: KindUnauthenticated, Code: "unauthenticated"} }

// TooMany says that it was tried too often; seconds is how long to wait.
func TooMany(seconds int) *Error {
	return &Error{Kind: KindTooMany, Code: "too_many", Args: []any{seconds}}
}

// TooLarge says that what came in is longer than max bytes.
func TooLarge(max int64) *Error {
	return &Error{Kind: KindTooLarge, Code: "too_large", Args: []any{max}}
}

// Unavailable says that something the program needs does not answer.
func Unavailable(code string, cause error) *Error {
	return &Error{Kind: KindUnavailable, Code: code, cause: cause}
}

// KindOf returns the kind of err, KindInternal when it is not a fault.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return KindInternal
}

// Is reports whether err is a fault of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// Problems gathers what is wrong with several fields, so that a person sees all of it at once.
type Problems []Problem

// Add notes one more problem.
func (p *Problems) Add(field, code string, args ...any) { *p = append(*p, Problem{field, code, args}) }

// Any reports whether there is a problem at all.
func (p Problems) Any() bool { return len(p) > 0 }

// Err returns nil when there is no problem, else one KindInvalid fault with all of them.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return &Error{Kind: KindInvalid, Code: "invalid", Problems: p}
}

// ProblemsOf returns the problems that err carries, nil if none.
func ProblemsOf(err error) Problems {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Problems
	}
	return nil
}
