package hostile

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// harmful says what is wrong with an answer of the house at base.
func harmful(header http.Header, body []byte, base string) (why []string) {
	for name, values := range header {
		for _, v := range values {
			if strings.ContainsAny(v, "\r\n\x00") || strings.ContainsAny(name, "\r\n: ") {
				why = append(why, fmt.Sprintf("header %q: %q", name, v))
			}
		}
	}
	if to := header.Get("Location"); to != "" && !stays(to, base) {
		why = append(why, fmt.Sprintf("leads to %q", to))
	}
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	if header.Get("X-Content-Type-Options") != "nosniff" && len(body) > 0 {
		why = append(why, "may be sniffed: no X-Content-Type-Options")
	}
	if strings.HasPrefix(header.Get("Content-Disposition"), "attachment") {
		return why
	}
	switch {
	case kind == "text/html":
		// What only redirects is never shown.
		if csp := header.Get("Content-Security-Policy"); header.Get("Location") == "" && (!strings.Contains(csp, "script-src 'self'") && !strings.Contains(csp, "default-src 'none'") &&
			!strings.Contains(csp, "default-src 'self'") || strings.Contains(csp, "unsafe-inline")) {
			why = append(why, fmt.Sprintf("content security policy %q", csp))
		}
		doc, err := html.Parse(bytes.NewReader(body))
		if err != nil {
			return append(why, err.Error())
		}
		why = append(why, harm(doc)...)
	case strings.HasSuffix(kind, "xml") && kind != "image/svg+xml":
		why = append(why, harmXML(body)...)
	case strings.HasSuffix(kind, "json"):
		why = append(why, harmJSON(body)...)
	case kind == "image/svg+xml" && bytes.Contains(body, []byte("<script")), kind == "application/xhtml+xml":
		why = append(why, "may run: "+kind)
	}
	return why
}

// stays reports whether a redirect leads to this house.
func stays(to, base string) bool {
	if rest, ok := strings.CutPrefix(to, base); ok {
		return rest == "" || strings.ContainsRune("/?#", rune(rest[0]))
	}
	if strings.HasPrefix(to, "/") {
		return len(to) == 1 || to[1] != '/' && to[1] != '\\' && !strings.ContainsAny(to, "\t\r\n")
	}
	scheme, _ := schemeOf(to)
	return scheme == "" && !strings.HasPrefix(to, `\`) // relative
}

var (
	schemeLike = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:`)
	spaces     = regexp.MustCompile("[\x00-\x20\x7f]+")
)

// schemeOf returns the scheme that a browser sees: it strips leading controls and spaces, and tabs and line ends anywhere.
func schemeOf(address string) (scheme, stripped string) {
	stripped = spaces.ReplaceAllString(address, "")
	return strings.ToLower(schemeLike.FindString(stripped)), stripped
}

// forbidden are elements that no page of ours has, and that a stranger would like to bring.
var forbidden = []string{"iframe", "frame", "frameset", "object", "embed", "applet", "base", "style", "math", "animate", "set", "animatetransform",
	"foreignobject", "plaintext", "xmp", "noembed", "portal", "marquee", "isindex", "annotation-xml"}

// address attributes, and the schemes that they may have.
var addressed = []string{"href", "src", "action", "formaction", "poster", "cite", "data", "background", "longdesc", "ping", "manifest", "xlink:href", "srcset"}

var letterAddress = regexp.MustCompile(`^/app/(letters/[0-9a-z]+/preview/mail(\?as=[0-9a-z]+)?|settings/voices/[0-9a-z]+/welcome/mail)$`)

// letterFrame reports whether n is the frame in which a letter is seen before it leaves: it runs nothing, and sends nothing.
func letterFrame(n *html.Node) bool {
	values := map[string]string{}
	for _, a := range n.Attr {
		values[a.Key] = a.Val
	}
	sandbox, is := values["sandbox"]
	return n.Data == "iframe" && is && sandbox == "" && letterAddress.MatchString(values["src"])
}

// harm returns what in a parsed page executes or could: everything but our own scripts, by their address, and data that is
// declared as such.
func harm(doc *html.Node) (why []string) {
	found := func(format string, args ...any) { why = append(why, fmt.Sprintf(format, args...)) }
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains(forbidden, strings.ToLower(n.Data)) && !letterFrame(n) {
			found("element %s: %.200s", n.Data, source(n))
		}
		switch n.Data {
		case "script":
			harmScript(n, found)
		case "link":
			if rel := attr(n, "rel"); strings.Contains(rel, "stylesheet") || strings.Contains(rel, "import") || strings.Contains(rel, "preload") {
				if !strings.HasPrefix(attr(n, "href"), "/assets/") {
					found("link %s", source(n))
				}
			}
		case "meta":
			if attr(n, "http-equiv") != "" {
				found("meta %s", source(n))
			}
		case "form":
			if to := attr(n, "action"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) && !strings.HasPrefix(to, "?") && !strings.HasPrefix(to, "#") {
				found("form to %q", to)
			}
		}
		for _, a := range n.Attr {
			name := strings.ToLower(a.Key)
			if a.Namespace != "" {
				name = a.Namespace + ":" + name
			}
			switch {
			case strings.HasPrefix(name, "on"), name == "style", name == "srcdoc", name == "xmlns:xlink", strings.ContainsAny(name, "<>\"'`"):
				found("attribute %s: %.200s", name, source(n))
			case slices.Contains(addressed, name):
				if scheme, all := schemeOf(a.Val); !harmless(scheme, all) {
					found("address %s=%.100q of %s", name, a.Val, n.Data)
				}
			}
		}
	}
	return why
}

func harmless(scheme, address string) bool {
	switch scheme {
	case "", "http:", "https:", "mailto:", "tel:", "xmpp:", "sms:":
		return true
	case "data:":
		for _, kind := range []string{"png", "jpeg", "gif", "webp", "avif"} {
			if strings.HasPrefix(strings.ToLower(address), "data:image/"+kind) {
				return true
			}
		}
	}
	return false
}

func harmScript(n *html.Node, found func(string, ...any)) {
	var text string
	if n.FirstChild != nil {
		text = n.FirstChild.Data
	}
	switch kind := attr(n, "type"); {
	case strings.HasPrefix(attr(n, "src"), "/assets/") && strings.TrimSpace(text) == "":
	case kind == "application/ld+json" || kind == "application/json":
		if !json.Valid([]byte(text)) || strings.Contains(text, "<") {
			found("data script %.300q", text)
		}
	default:
		found("script %.300s", source(n))
	}
}

// harmXML reads a feed or sitemap strictly, and looks into what of it readers show as HTML: RSS 2.0 an item's description and
// content:encoded, RFC 4287 what says type="html". All else is plain text there.
func harmXML(body []byte) (why []string) {
	d := xml.NewDecoder(bytes.NewReader(body))
	var path []string
	var html strings.Builder
	shown := false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return why
		}
		if err != nil {
			return append(why, "not XML: "+err.Error())
		}
		switch v := token.(type) {
		case xml.CharData:
			if shown {
				html.Write(v)
			}
		case xml.StartElement:
			path = append(path, v.Name.Local)
			above := ""
			if len(path) > 1 {
				above = path[len(path)-2]
			}
			shown = above == "item" && (v.Name.Local == "description" || v.Name.Local == "encoded")
			for _, a := range v.Attr {
				scheme, all := schemeOf(a.Value)
				if (a.Name.Local == "href" || a.Name.Local == "url" || a.Name.Local == "src") && !harmless(scheme, all) {
					why = append(why, fmt.Sprintf("address %q in XML", a.Value))
				}
				shown = shown || a.Name.Local == "type" && (a.Value == "html" || a.Value == "xhtml")
			}
		case xml.EndElement:
			if shown {
				why = append(why, harmFragment(html.String())...)
			}
			html.Reset()
			path, shown = path[:len(path)-1], false
		}
	}
}

// harmJSON looks into the HTML of a JSON feed.
func harmJSON(body []byte) (why []string) {
	var feed struct {
		Version string
		Items   []map[string]any
	}
	if !json.Valid(body) {
		return []string{"not JSON"}
	}
	if err := json.Unmarshal(body, &feed); err != nil || !strings.HasPrefix(feed.Version, "https://jsonfeed.org/") {
		return nil
	}
	for _, item := range feed.Items {
		s, _ := item["content_html"].(string)
		why = append(why, harmFragment(s)...)
	}
	return why
}

// harmFragment looks into HTML that is put into somebody else's page.
func harmFragment(s string) []string {
	nodes, err := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return []string{err.Error()}
	}
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return harm(root)
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func source(n *html.Node) string {
	var b strings.Builder
	_ = html.Render(&b, n) // into memory
	return b.String()
}

// TestTheJudgeSeesHarm keeps the judge from letting everything pass.
func TestTheJudgeSeesHarm(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"<script>alert(1)</script>", `<img src=x onerror=alert(1)>`, `<a href="java&#9;script:alert(1)">x</a>`, `<p style="x">`, `<iframe src=/x>`,
		`<svg><a xlink:href="javascript:alert(1)"><text>x`, `<form action="https://evil.example">`, `<meta http-equiv=refresh content="0;url=x">`, `<script src="//evil.example/x.js"></script>`,
		`<link rel=stylesheet href=//evil.example>`, `<script type="application/ld+json">{"a":</script>`, `<a href=" data:text/html,x">x</a>`, `<button formaction="javascript:x">`,
		`<math><mi xlink:href="x">`, `<img/src/onerror=alert(1)>`} {
		if len(harmFragment(s)) == 0 && len(harmful(http.Header{"Content-Type": {"text/html"}, "X-Content-Type-Options": {"nosniff"},
			"Content-Security-Policy": {"script-src 'self'"}}, []byte(s), "http://h")) == 0 {
			t.Errorf("%s passes", s)
		}
	}
	for _, s := range []string{`<p><a href="https://a.example/">x</a> <img src="/media/x/480" alt="&lt;script&gt;">`, `<script src="/assets/x.js" type=module></script>`, `<a href="/?a:b">`} {
		if why := harmFragment(s); len(why) > 0 {
			t.Errorf("%s: %v", s, why)
		}
	}
	for _, to := range []string{"//evil.example", "https://evil.example/", "http://h.evil.example", "javascript:alert(1)", `/\evil.example`, "http://h@evil.example"} {
		if stays(to, "http://h") {
			t.Errorf("%s stays in the house", to)
		}
	}
}
