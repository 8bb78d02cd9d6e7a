package harness_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"causerie/internal/harness"
	"causerie/internal/platform/db"
)

// both runs fn on a house of each engine.
func both(t *testing.T, o harness.Options, fn func(t *testing.T, h *harness.House)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			o := o
			o.Engine = engine
			fn(t, harness.Start(t, o))
		})
	}
}

// linkIn returns the first address of the house in a text that begins with path.
func linkIn(t *testing.T, h *harness.House, text, path string) string {
	t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(h.URL+path) + `[^\s<>"]*`).FindString(text)
	if found == "" {
		t.Fatalf("no link to %s in:\n%s", path, text)
	}
	u, err := url.Parse(found)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(u.RequestURI(), ".")
}
