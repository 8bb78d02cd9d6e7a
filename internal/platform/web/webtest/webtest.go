// Package webtest holds what tests of pages need and the program does not: a page rendered with samples, in every language.
package webtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// Check renders v, a page of k, with each sample in every language, as a router would for somebody signed in. It
// reports what does not render, and the keys that no catalog has.
func Check[T any](k *web.Kit, v *web.View[T], samples ...T) error {
	router := web.NewRouter(web.Options{Kit: k, Identify: func(context.Context, *http.Request) (web.Identity, error) {
		return web.Identity{Actor: actor.System()}, nil
	}})
	var lang i18n.Lang
	var sample T
	var errs []error
	router.Handle(web.Route{Pattern: "GET /app/sample", Access: web.Anyone, Handle: func(w http.ResponseWriter, r *web.Request) error {
		r.SetLang(lang)
		if err := v.Render(w, r, http.StatusOK, sample); err != nil {
			errs = append(errs, fmt.Errorf("webtest: in %s: %w", lang, err))
		}
		return nil
	}})
	before := k.Catalog().Missing()
	for _, sample = range samples {
		for _, lang = range i18n.Langs() {
			r := httptest.NewRequest(http.MethodGet, "/app/sample", nil)
			r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: "a session"})
			router.ServeHTTP(httptest.NewRecorder(), r)
		}
	}
	for _, m := range k.Catalog().Missing() {
		if !slices.Contains(before, m) {
			errs = append(errs, fmt.Errorf("webtest: no text for %s", m))
		}
	}
	return errors.Join(errs...)
}
