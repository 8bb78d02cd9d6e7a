package hostile

import (
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/harness"
	"causerie/internal/platform/db"
)

// TestNothingTypedIntoAFormRuns is the promise of forms: every form that stands in a page of a living house takes every payload.
func TestNothingTypedIntoAFormRuns(t *testing.T) {
	t.Parallel()
	g := start(t, harness.Options{SetUp: true})
	p := load(t)
	p.edges = some(p.edges, 3) // PostgreSQL is the one that minds
	g.seed()
	g.storm(arm(p))
	g.mails()
	g.show("forms", 25)
	g.browse()
}

// TestPostgresKeepsItsTemperToo throws what databases do not agree on at the other engine.
func TestPostgresKeepsItsTemperToo(t *testing.T) {
	t.Parallel()
	g := start(t, harness.Options{SetUp: true, Engine: db.Postgres})
	p := load(t)
	p.words, p.urls, p.emails = some(p.words, 30), some(p.urls, 60), some(p.emails, 20)
	g.seed()
	g.storm(arm(p))
	g.mails()
	g.show("forms on PostgreSQL", 5)
}

// storm attacks every form that a stranger or the owner sees.
func (g *rig) storm(a arsenal) {
	g.t.Helper()
	var entries []string
	for _, rt := range g.Router.Routes() {
		method, path, _ := strings.Cut(rt.Pattern, " ")
		path = strings.TrimSuffix(path, "{$}")
		if method == "GET" && !rt.Stream && !strings.Contains(path, "{") && strings.HasPrefix(path, "/app") {
			entries = append(entries, path)
		}
	}
	mine, n := g.walk("owner", 2, append(entries, "/")...)
	theirs, m := g.walk("", 2, "/", "/contact", "/search?q=bois", "/app/sign-in", "/app/forgot")
	if n < 20 || m < 12 {
		g.t.Fatalf("saw %d pages as the owner and %d as a stranger: the walk does not walk", n, m)
	}
	forms := append(theirs, mine...)
	for i := len(theirs); i < len(forms); i++ { // a form that strangers have too
		forms[i].again = forms[i].again || slices.ContainsFunc(theirs, func(f form) bool { return f.pattern == forms[i].pattern })
	}
	slices.SortStableFunc(forms, func(a, b form) int { return strings.Compare(a.method, b.method) }) // searches while the house is small
	for _, f := range forms {
		if len(f.fields) == 0 || f.pattern == "POST /app/sign-out" || f.pattern == "POST /app/dev/enter" {
			continue
		}
		began := time.Now()
		before := g.n
		g.attack(f, a)
		g.quiet(f.method + " " + f.action)
		g.t.Logf("%-8s %-50s %d fields, %d requests, %v", f.as, f.pattern, len(f.fields), g.n-before, time.Since(began).Round(time.Millisecond))
	}
	g.Clock.Advance(time.Hour)
	g.RunJobs()
	g.quiet("the jobs")
}

// show looks at everything again as strangers and the owner do, many pages of each kind.
func (g *rig) show(what string, many int) {
	g.t.Helper()
	_, n := g.walk("", many, "/", "/contact", "/search?q=script", "/feed.xml", "/atom.xml", "/feed.json", "/sitemap.xml", "/legal/mentions")
	_, m := g.walk("owner", many, "/app/", "/", "/app/inbox", "/app/contacts", "/app/mandates", "/app/settings", "/app/dev/mail")
	g.t.Logf("after %s: %d pages shown to strangers, %d to the owner, %d requests", what, n, m, g.n)
	g.quiet("looking at " + what)
}
