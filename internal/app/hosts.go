package app

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// workAtHouse sends who asks for the work side on the host of a voice to the house's own: there they sign in, since the
// cookie of a session is bound to one host.
func (a *App) workAtHouse(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if places := a.Places.Last(); (first == "app" || first == "setup") && places.Host(r.Host) != "" {
			http.Redirect(w, r, places.House(r.URL.RequestURI()), http.StatusTemporaryRedirect)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// knownHost tells for which names a certificate may be asked: the house's own, and those of its voices. It fills
// autocert.HostPolicy.
func (a *App) knownHost(_ context.Context, host string) error {
	if !slices.Contains(a.Places.Last().Hosts(), host) {
		return fmt.Errorf("no voice of this house lives at %q", host)
	}
	return nil
}
