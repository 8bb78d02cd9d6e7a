package hostile

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"causerie/internal/harness"
	"causerie/internal/platform/db"
	"causerie/internal/platform/web"
)

// noText are bytes that are no text: databases do not agree on what they are.
var noText = []string{"%00", "%ff", "a%00b", "%c3%28", "%ed%a0%80"}

// TestBytesThatAreNoTextAreRefusedEverywhere asks every route that the router knows, and every address that it resolves, for bytes
// that are no text in each place of a path, in values and names of queries, and in fields. Each is refused before anybody looks.
func TestBytesThatAreNoTextAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			g := start(t, harness.Options{SetUp: true, Engine: engine})
			s := g.seed()
			for _, rt := range g.Router.Routes() {
				method, path, found := strings.Cut(rt.Pattern, " ")
				if !found {
					t.Fatalf("route %q has no method", rt.Pattern)
				}
				for _, as := range visitorsOf(rt) {
					a := ask{method: method, as: as}
					if as == "program" {
						a.kind, a.body = "application/json", []byte(`{}`)
					}
					for _, a.target = range g.places(s, rt.Pattern, path) {
						g.unread(a)
					}
					if method != http.MethodPost || as != "owner" {
						continue
					}
					for _, bytes := range noText {
						raw, _ := url.PathUnescape(bytes)
						g.send(ask{method: method, as: as, target: s.fill(rt.Pattern), form: url.Values{"body": {raw}, raw: {"x"}}}) // judged: no 5xx
					}
				}
			}
			g.quiet("bytes that are no text")
		})
	}
}

// visitorsOf are those who are let in by a route, and a stranger.
func visitorsOf(rt web.Route) []string {
	switch rt.Access {
	case web.Token:
		return []string{"program", ""}
	case web.Anyone:
		return []string{""}
	}
	return []string{"owner", ""}
}

// places puts bytes that are no text into each wildcard of a pattern, the others being filled, and into a query: each kind of them into
// the values of some of the parameters that pages know, and into a name.
func (g *rig) places(s seeded, pattern, path string) (targets []string) {
	path, filled := strings.TrimSuffix(path, "{$}"), s.fill(pattern)
	for i, bytes := range noText {
		for _, at := range wildcard.FindAllStringIndex(path, -1) {
			targets = append(targets, wildcard.ReplaceAllString(path[:at[0]], "1")+bytes+wildcard.ReplaceAllString(path[at[1]:], "1"))
		}
		for j := i; j < len(asked); j += len(noText) {
			targets = append(targets, filled+"?"+asked[j]+"="+bytes)
		}
		targets = append(targets, filled+"?"+bytes+"=x")
	}
	return targets
}

// unread sends what must be refused as it stands.
func (g *rig) unread(a ask) {
	g.t.Helper()
	if got, ok := g.send(a); ok && got.status != http.StatusBadRequest {
		g.errorf("%v, not 400", got)
	}
}
