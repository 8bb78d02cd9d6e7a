package accountweb

import (
	"context"
	"net/http"

	"causerie/internal/core/account"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// Identify returns what web.Options.Identify wants: who the bearer or the session cookie of a request stands for. A
// bearer goes before a cookie. One whose scope is read opens nothing but GET and HEAD, on pages as in the API.
func Identify(s *account.Service) func(ctx context.Context, r *http.Request) (web.Identity, error) {
	return func(ctx context.Context, r *http.Request) (web.Identity, error) {
		if bearer := web.Bearer(r); bearer != "" {
			return byBearer(ctx, s, r.Method, bearer)
		}
		a, session, err := s.Identify(ctx, web.SessionToken(r))
		if err != nil {
			return web.Identity{}, err
		}
		lang, _ := i18n.Parse(a.Lang)
		return web.Identity{Actor: a.Actor(), Lang: lang, Session: session.ID.String()}, nil
	}
}

func byBearer(ctx context.Context, s *account.Service, method, bearer string) (web.Identity, error) {
	a, scope, err := s.ByToken(ctx, bearer)
	if err != nil {
		return web.Identity{}, err
	}
	if scope != account.Write && method != http.MethodGet && method != http.MethodHead {
		return web.Identity{}, &fault.Error{Kind: fault.KindForbidden, Code: "token.read_only"}
	}
	lang, _ := i18n.Parse(a.Lang)
	return web.Identity{Actor: a.Actor(), Lang: lang}, nil
}
