package hostile

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"causerie/internal/harness"
)

// form is a form that stood in a page.
type form struct {
	as, method, action string
	pattern            string
	fields             []field
	multipart          bool
	again              bool // another button of a form that is attacked already
}

// field is one control and what stood in it.
type field struct {
	name, kind, value string
	max               int
}

// free reports whether people type into it.
func (f field) free() bool {
	switch f.kind {
	case "text", "textarea", "search", "tel", "url", "email", "password":
		return true
	}
	return false
}

func (f field) is(words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(f.name, w) })
}

// routed tells which route answers a request.
type routed struct{ mux *http.ServeMux }

func newRouted(g *rig) routed {
	m := routed{http.NewServeMux()}
	for _, rt := range g.Router.Routes() {
		m.mux.HandleFunc(rt.Pattern, func(http.ResponseWriter, *http.Request) {})
	}
	return m
}

func (m routed) pattern(method, path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return ""
	}
	_, pattern := m.mux.Handler(&http.Request{Method: method, URL: u, Host: "h"})
	if pattern == "" || strings.HasSuffix(pattern, " /{path...}") {
		return method + " (resolved) " + shape(u.Path)
	}
	return pattern
}

// shape tells public addresses apart that no route knows.
func shape(path string) string {
	last := path[strings.LastIndexByte(path, '/')+1:]
	switch {
	case strings.Contains(path, "/n/"):
		return "note" + strings.TrimPrefix(last, "n")
	case last == "comments" || last == "feed.xml" || last == "feed.json" || last == "atom.xml":
		return last
	}
	return ""
}

// walk visits the house as somebody, from the given paths on, and returns the forms of what it sees: at most few pages of each
// route, each form once.
func (g *rig) walk(as string, few int, from ...string) (forms []form, visited int) {
	routes := newRouted(g)
	queue, seen, times, known := slices.Clone(from), map[string]bool{}, map[string]int{}, map[string]bool{}
	for len(queue) > 0 {
		target := queue[0]
		queue = queue[1:]
		pattern := routes.pattern(http.MethodGet, target)
		if seen[target] || times[pattern] >= few || strings.HasPrefix(target, "/assets/") {
			continue
		}
		seen[target] = true
		times[pattern]++
		got := g.get(as, target)
		visited++
		if to := got.header.Get("Location"); to != "" {
			queue = append(queue, inside(g, target, to))
			continue
		}
		if !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
			continue
		}
		doc, err := html.Parse(strings.NewReader(string(got.body)))
		if err != nil {
			g.t.Fatal(err)
		}
		for _, n := range harness.Select(doc, "a[href]") {
			if to := inside(g, target, attr(n, "href")); to != "" {
				queue = append(queue, to)
			}
		}
		for _, n := range harness.Select(doc, "link[href]") {
			if to := inside(g, target, attr(n, "href")); to != "" {
				queue = append(queue, to)
			}
		}
		for _, n := range harness.Select(doc, "form") {
			f := formOf(g, as, target, n)
			f.pattern = routes.pattern(f.method, f.action)
			names := []string{f.pattern}
			for _, one := range f.fields {
				names = append(names, one.name)
			}
			if key := strings.Join(names, " "); !known[key] {
				known[key] = true
				forms = append(forms, f)
			}
			for _, b := range harness.Select(n, "[formaction]") {
				other := f
				other.again = true
				other.action = inside(g, target, attr(b, "formaction"))
				if other.pattern = routes.pattern(f.method, other.action); !known[other.pattern+" button"] {
					known[other.pattern+" button"] = true
					forms = append(forms, other)
				}
			}
		}
	}
	return forms, visited
}

// inside returns the path of an address of the house, "" for any other.
func inside(g *rig, from, to string) string {
	base, err := url.Parse(g.URL + from)
	if err != nil {
		return ""
	}
	u, err := base.Parse(to)
	if err != nil || u.Scheme+"://"+u.Host != g.URL {
		return ""
	}
	return u.RequestURI()
}

func formOf(g *rig, as, page string, n *html.Node) form {
	f := form{as: as, method: strings.ToUpper(attr(n, "method")), multipart: attr(n, "enctype") == "multipart/form-data"}
	if f.method == "" {
		f.method = http.MethodGet
	}
	f.action = inside(g, page, attr(n, "action"))
	seen := map[string]bool{}
	for _, c := range harness.Select(n, "[name]") {
		one := field{name: attr(c, "name"), kind: attr(c, "type"), value: attr(c, "value")}
		for _, r := range attr(c, "maxlength") {
			one.max = one.max*10 + int(r-'0')
		}
		switch c.Data {
		case "textarea":
			one.kind, one.value = "textarea", strings.TrimPrefix(harness.TextOf(c), "\n")
		case "select":
			one.kind = "select"
			for i, option := range harness.Select(c, "option") {
				if v := attr(option, "value"); i == 0 || hasAttr(option, "selected") {
					one.value = v
				}
			}
		case "input":
			if one.kind == "" {
				one.kind = "text"
			}
			if (one.kind == "radio" || one.kind == "checkbox") && !hasAttr(c, "checked") {
				if one.kind == "checkbox" && !seen[one.name] {
					one.value = ""
				} else {
					continue
				}
			}
		default:
			continue
		}
		if !seen[one.name] || one.kind == "checkbox" {
			seen[one.name] = true
			f.fields = append(f.fields, one)
		}
	}
	return f
}

func hasAttr(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
