package accountweb

import (
	"context"
	"net/http"
	"strings"

	"causerie/internal/core/account"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// Identify returns what web.Options.Identify wants: who the bearer or the session cookie of a request stands for. A
// bearer goes before a cookie. One whose scope is read opens nothing but GET and HEAD, on pages as in the API.
func Identify(s *account.Service) func(ctx context.Context, r *http.Request) (web.Identity, error) {
	return func(ctx context.Context, r *http.Request) (web.Identity, error) {
		if bearer, ok := bearerOf(r); ok {
			by, err := byBearer(ctx, s, r.Method, bearer)
			return web.Identity{Actor: by}, err
		}
		a, session, err := s.Identify(ctx, web.SessionToken(r))
		if err != nil {
			return web.Identity{}, err
		}
		lang, _ := i18n.Parse(a.Lang)
		return web.Identity{Actor: a.Actor(), Lang: lang, Session: session.ID.String()}, nil
	}
}

func byBearer(ctx context.Context, s *account.Service, method, bearer string) (actor.Actor, error) {
	by, scope, err := s.ByToken(ctx, bearer)
	if err != nil {
		return actor.Visitor(), err
	}
	if scope != account.Write && method != http.MethodGet && method != http.MethodHead {
		return actor.Visitor(), &fault.Error{Kind: fault.KindForbidden, Code: "token.read_only"}
	}
	return by, nil
}

// bearerOf returns the token of an Authorization header (RFC 6750, section 2.1).
func bearerOf(r *http.Request) (string, bool) {
	scheme, token, found := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	return token, found && strings.EqualFold(scheme, "Bearer") && token != ""
}
