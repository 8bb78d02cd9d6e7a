package web

import (
	"net/http"
	"strings"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
)

// Identity is what the lookup of a request's session or token found.
type Identity struct {
	Actor   actor.Actor
	Lang    i18n.Lang // the language of the account; "" when it never chose
	Session string    // names the session, to end it; "" for a bearer token
}

// Access says who may use a route.
type Access int

// The accesses. A Route must name one.
const (
	Anyone   Access = iota + 1 // no session needed; one that is there is looked up all the same
	SignedIn                   // any account
	Authors                    // an author, or more, of any voice
	Editors                    // an editor, or more, of any voice
	Owners                     // an owner
	Local                      // the same machine where no proxy is named (Request.Local), or the bearer of Options.MetricsToken
	Token                      // a bearer token; cookies are not looked at, so other sites' forms cannot borrow them
)

// role is what each access asks for.
func (a Access) role() actor.Role {
	switch a {
	case Authors:
		return actor.Author
	case Editors:
		return actor.Editor
	case Owners:
		return actor.Owner
	}
	return actor.None
}

// Bearer returns the token of an Authorization header (RFC 6750, section 2.1), "" when there is none.
func Bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// InPerson lets sessions alone through to next: what decides who may what, or where words and mails go, no bearer does, whatever its
// account may.
func InPerson(next Handler) Handler {
	return func(w http.ResponseWriter, r *Request) error {
		if r.Session() == "" {
			return &fault.Error{Kind: fault.KindForbidden, Code: "in_person"}
		}
		return next(w, r)
	}
}

// identify fills who asks and refuses those whom access keeps out.
func (ro *Router) identify(r *Request, access Access) error {
	r.id = Identity{Actor: actor.Visitor()}
	if access == Local {
		if r.Local() || (ro.o.MetricsToken != "" && sameText(Bearer(r.Request), ro.o.MetricsToken)) {
			return nil
		}
		return fault.NotFound("page")
	}
	if access == Token {
		if Bearer(r.Request) == "" {
			return fault.Unauthenticated()
		}
		r.Request.Header = r.Request.Header.Clone()
		r.Request.Header.Del("Cookie")
	}
	if ro.o.Identify != nil && (Bearer(r.Request) != "" || SessionToken(r.Request) != "") {
		found, err := ro.o.Identify(r.Context(), r.Request)
		switch {
		case err == nil:
			r.id = found
		case access != Anyone:
			return err
		case !fault.Is(err, fault.KindUnauthenticated):
			// A public page does not need to know who reads it: it stays up while sessions cannot be read.
			ro.o.Log.DebugContext(r.Context(), "session not read", "request", r.ref, "error", err)
		}
	}
	switch {
	case access == Anyone:
		return nil
	case !r.id.Actor.SignedIn():
		return fault.Unauthenticated()
	case r.id.Actor.Anywhere() < access.role():
		return fault.Forbidden()
	}
	return nil
}
