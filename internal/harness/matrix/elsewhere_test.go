package matrix

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"causerie/internal/platform/db"
)

// pagesElsewhere are pages of other sites from which a browser asks, as it says of them (Fetch Metadata; RFC 6454, section 7).
var pagesElsewhere = []http.Header{
	{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
	{"Sec-Fetch-Site": {"same-site"}, "Origin": {"https://autre.maison.example"}},
	{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"null"}},
	{"Origin": {"https://evil.example"}},
	{"Origin": {"null"}},
	{"Sec-Fetch-Site": {"cross-site"}},
}

// TestAPageElsewhereHasNobodyDoAnything posts to every address as a form of another site does in the browser of somebody who is
// signed in, and of a stranger: it is refused, and no table changes.
func TestAPageElsewhereHasNobodyDoAnything(t *testing.T) {
	t.Parallel()
	hs := build(t, db.SQLite)
	owner := hs.people[slices.IndexFunc(hs.people, func(p person) bool { return p.name == "owner" })]
	before, asked := hs.tables(), 0
	for _, r := range hs.requests() {
		if r.method == http.MethodGet || r.api {
			continue
		}
		for _, p := range []person{hs.people[0], owner} {
			for _, page := range pagesElsewhere {
				p.page = page
				asked++
				if w := hs.ask(p, r); w.Code != http.StatusForbidden {
					t.Errorf("%s, as %s, from %v: %d", r.name, p.name, page, w.Code)
				}
			}
		}
	}
	for table, was := range hs.tables() {
		if before[table] != was {
			t.Errorf("a page elsewhere changes %s", table)
		}
	}
	if t.Logf("%d posts", asked); asked < 500 {
		t.Errorf("only %d posts were tried", asked)
	}
}

// TestNobodyIsSentElsewhere hands every address a way back that leads to another site, in each parameter that may be one.
func TestNobodyIsSentElsewhere(t *testing.T) {
	t.Parallel()
	hs := build(t, db.SQLite)
	owner := hs.people[slices.IndexFunc(hs.people, func(p person) bool { return p.name == "owner" })]
	asked := 0
	for _, r := range hs.requests() {
		if r.api || r.spared {
			continue
		}
		for i, to := range []string{"//evil.example", "https://evil.example/", `/\evil.example`, `\\evil.example`, "https:evil.example", "/\t/evil.example", "//user@evil.example",
			"javascript:alert(1)", "/%09//evil.example", "http:///evil.example", "/.//evil.example"} {
			ways := url.Values{}
			for _, name := range []string{"next", "back", "return", "return_to", "to", "url", "redirect", "said", "state"} {
				ways.Set(name, to)
			}
			one := r
			if r.method == http.MethodGet {
				path, _, _ := strings.Cut(r.path, "?")
				one.path = path + "?" + ways.Encode()
			} else {
				if i > 2 {
					continue // what the first did may stand in the way of the others
				}
				one.body = append(append([]byte{}, r.body...), "&"+ways.Encode()...)
			}
			for _, p := range []person{hs.people[0], owner} {
				asked++
				where := hs.ask(p, one).Header().Get("Location")
				if lead, err := url.Parse(where); err != nil || where != "" && (lead.Host != "" && lead.Host != hs.host() || lead.Opaque != "" ||
					strings.HasPrefix(lead.Path, "//") || strings.ContainsAny(where, "\\\t\r\n")) {
					t.Errorf("%s, as %s, sends to %q (%v)", one.path, p.name, where, err)
				}
			}
		}
	}
	if t.Logf("%d requests", asked); asked < 1500 {
		t.Errorf("only %d requests were tried", asked)
	}
}

// host is where the house stands.
func (hs *house) host() string {
	u, err := url.Parse(hs.URL)
	hs.must(err)
	return u.Host
}
