package feedxml

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// absolute returns the HTML with relative addresses resolved against base. HTML that has none comes back byte for byte.
func absolute(s string, base *url.URL) string {
	if !strings.ContainsRune(s, '=') {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 64)
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			b.Write(z.Raw())
			return b.String()
		}
		raw := string(z.Raw())
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			t := z.Token()
			if resolve(&t, base) {
				raw = t.String()
			}
		}
		b.WriteString(raw)
	}
}

// resolve makes the addresses of one tag absolute and reports whether any changed.
func resolve(t *html.Token, base *url.URL) bool {
	changed := false
	for i, a := range t.Attr {
		v := a.Val
		switch a.Key {
		case "href", "src", "poster", "cite":
			v = against(v, base)
		case "srcset":
			v = srcset(v, base)
		}
		if v != a.Val {
			t.Attr[i].Val, changed = v, true
		}
	}
	return changed
}

func against(ref string, base *url.URL) string {
	u, err := url.Parse(strings.TrimSpace(ref))
	if err != nil || u.IsAbs() {
		return ref
	}
	return base.ResolveReference(u).String()
}

// srcset resolves each candidate of a srcset; our own never have a comma in an address.
func srcset(v string, base *url.URL) string {
	candidates := strings.Split(v, ",")
	for i, c := range candidates {
		words := strings.Fields(c)
		if len(words) == 0 {
			return v
		}
		words[0] = against(words[0], base)
		candidates[i] = strings.Join(words, " ")
	}
	return strings.Join(candidates, ", ")
}
