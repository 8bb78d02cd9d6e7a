package site_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/site"
	"causerie/internal/core/account"
	"causerie/internal/core/coretest"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/web"
)

// A post's address answers with another form of it who asks for that form, and says to caches on the way that it does.
func TestAPostHasOtherFormsAtItsAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	w.publish(post.Input{Kind: post.Article, Title: "Le bois", Body: "Du chêne."})
	const kind = "application/activity+json"
	other := site.New(site.Options{Kit: w.kit, DB: w.db, House: w.house, Places: w.core.Places, Media: w.media, Talk: w.talk, Bus: w.core.Bus, Live: w.live, Accounts: account.New(account.Options{DB: w.db, Bus: w.core.Bus}),
		Alternates: []site.Alternate{{Type: kind, Serve: func(_ *db.Tx, p post.Public) (web.Handler, error) {
			return func(w http.ResponseWriter, _ *web.Request) error {
				w.Header().Set("Content-Type", kind)
				_, err := w.Write([]byte(`{"name":"` + p.Title + `"}`))
				return err
			}, nil
		}}}})
	rate := web.Rate{Burst: 50, Every: time.Second}
	router := web.NewRouter(web.Options{BaseURL: coretest.Base(), Kit: w.kit, Clock: w.clock,
		Rates: map[string]web.Rate{"comment": rate, "contact": rate, "search": rate, "confirm": rate}})
	router.Handle(other.Routes()...)
	for accept, want := range map[string]string{
		kind: kind, `application/ld+json; profile="https://www.w3.org/ns/activitystreams", ` + kind: kind, "text/html;q=0.8, " + kind: kind,
		"": "text/html", "*/*": "text/html", "text/html,application/xhtml+xml,*/*;q=0.8": "text/html", "text/html, " + kind: "text/html",
		kind + ";q=0": "text/html", kind + ";q=x": "text/html", ",;": "text/html",
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", base+"/le-bois", nil)
		r.Header.Set("Accept", accept)
		rec := httptest.NewRecorder()
		router.ServeHTTP(rec, r)
		if got := rec.Header().Get("Content-Type"); rec.Code != http.StatusOK || !strings.HasPrefix(got, want) {
			t.Errorf("%q is answered %d %s, want %s", accept, rec.Code, got, want)
		}
		if vary := strings.Join(rec.Header().Values("Vary"), ", "); !strings.Contains(vary, "Accept,") && !strings.HasSuffix(vary, "Accept") {
			t.Errorf("%q: Vary is %q", accept, vary)
		}
	}
}
