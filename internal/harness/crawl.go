package harness

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// crawlLimit bounds a crawl that would not end.
const crawlLimit = 4000

// addresses are what XML and JSON documents point to.
var addresses = regexp.MustCompile(`https?://[^\s"'<>\\]+`)

// Crawl visits the house as a stranger's robot does, from the given paths on: every link, feed, picture and sitemap that
// leads to this house, each address once, whatever it answers. Forms that ask are followed as links, forms that change
// something are left alone. It returns what it saw in the order in which it saw it.
func (h *House) Crawl(from ...string) []*Page {
	h.t.Helper()
	robot := h.Visitor()
	queue, seen := slices.Clone(from), map[string]bool{}
	var pages []*Page
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		if len(seen) > crawlLimit {
			h.t.Fatalf("crawl: more than %d addresses, the last %s", crawlLimit, path)
		}
		if strings.HasPrefix(path, "/search") || strings.HasPrefix(path, "/confirm") {
			h.Clock.Advance(5 * time.Second) // the rates of these pages are for people
		}
		p := robot.Get(path)
		pages = append(pages, p)
		for _, to := range p.links() {
			if next, ok := h.inside(p, to); ok && !seen[next] {
				queue = append(queue, next)
			}
		}
	}
	return pages
}

// inside returns the path of an address that lies in the house and where strangers read.
func (h *House) inside(p *Page, address string) (path string, ok bool) {
	u, err := p.url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme+"://"+u.Host != h.URL {
		return "", false
	}
	for _, work := range []string{"/app", "/api", "/assets/"} {
		if strings.HasPrefix(u.Path, work) {
			return "", false
		}
	}
	if u.Query().Has("reply") {
		return "", false // the same page with another form
	}
	return (&url.URL{Path: u.Path, RawQuery: u.RawQuery}).String(), true
}

// links returns every address that a document names.
func (p *Page) links() []string {
	if to := p.Header.Get("Location"); to != "" {
		return []string{to}
	}
	kind := p.Header.Get("Content-Type")
	switch {
	case p.IsHTML():
		return htmlLinks(p.Doc())
	case strings.Contains(kind, "xml"), strings.Contains(kind, "json"):
		return addresses.FindAllString(html.UnescapeString(string(p.Body)), -1)
	case strings.HasPrefix(kind, "text/plain"):
		return addresses.FindAllString(string(p.Body), -1)
	}
	return nil
}

func htmlLinks(doc *html.Node) []string {
	var all []string
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			switch {
			case a.Key == "href", a.Key == "src", a.Key == "poster":
				all = append(all, a.Val)
			case a.Key == "content" && strings.HasPrefix(a.Val, "http"):
				all = append(all, a.Val)
			case a.Key == "srcset":
				for one := range strings.SplitSeq(a.Val, ",") {
					if words := strings.Fields(one); len(words) > 0 {
						all = append(all, words[0])
					}
				}
			case a.Key == "action" && n.Data == "form" && !strings.EqualFold(Attr(n, "method"), "post"):
				all = append(all, a.Val)
			}
		}
	}
	return all
}
