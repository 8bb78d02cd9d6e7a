package text

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// testdata returns the path of a file of the shared test data, or skips the test.
func testdata(t testing.TB, path ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Skip("no go.mod above this package: the shared test data cannot be found.")
		}
		dir = filepath.Dir(dir)
	}
	name := filepath.Join(append([]string{dir, "..", "shared"}, path...)...)
	if _, err := os.Stat(name); err != nil {
		t.Skip("The shared test data is not beside this project.")
	}
	return name
}

func readJSON(t testing.TB, into any, path ...string) {
	t.Helper()
	b, err := os.ReadFile(testdata(t, path...))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

// payloads returns every published attack.
func payloads(t testing.TB) []string {
	var out []string
	var purify []struct{ Payload string }
	readJSON(t, &purify, "testdata", "sanitizer", "dompurify-expect.json")
	for _, p := range purify {
		out = append(out, p.Payload)
	}
	var naughty []string
	readJSON(t, &naughty, "testdata", "naughty-strings", "blns.json")
	return append(out, naughty...)
}

// harm parses markup as a browser would and says what is dangerous in it, "" for nothing.
func harm(markup string, p Policy) string {
	if left := balance(markup); left != "" {
		return left
	}
	root, err := parse(strings.NewReader(markup))
	if err != nil {
		return err.Error()
	}
	var found string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.Type {
			case html.ElementNode:
				if why := harmful(c, p); why != "" {
					found = why
				}
			case html.TextNode:
			default:
				found = "a node that is neither element nor text"
			}
			walk(c)
		}
	}
	walk(root)
	return found
}

var never = map[string]bool{"script": true, "style": true, "iframe": true, "object": true, "embed": true, "svg": true, "math": true, "form": true,
	"input": true, "button": true, "select": true, "textarea": true, "link": true, "meta": true, "base": true, "template": true, "noscript": true,
	"frame": true, "frameset": true, "applet": true, "portal": true, "title": true, "xmp": true, "plaintext": true, "canvas": true, "dialog": true}

func harmful(n *html.Node, p Policy) string {
	if never[n.Data] || n.Namespace != "" {
		return "element " + n.Data
	}
	if p == Comment && (n.Data == "img" || isHeading(n) || n.Data == "video" || n.Data == "audio" || n.Data == "div") {
		return "element " + n.Data + " in a comment"
	}
	for _, a := range n.Attr {
		v := strings.ToLower(strings.Map(func(r rune) rune {
			if r <= ' ' || r == '\u00A0' {
				return -1
			}
			return r
		}, a.Val))
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "name", a.Key == "srcdoc", a.Key == "target", a.Key == "formaction":
			return "attribute " + a.Key
		case a.Key == "id" && !reID.MatchString(a.Val):
			return "id " + a.Val
		case strings.HasPrefix(v, "javascript:"), strings.HasPrefix(v, "vbscript:"):
			if a.Key != "alt" && a.Key != "title" && a.Key != "aria-label" {
				return a.Key + "=" + a.Val
			}
		case strings.HasPrefix(v, "data:") && (a.Key == "href" || a.Key == "src" || a.Key == "cite"):
			ok := false
			for _, k := range []string{"png", "jpeg", "gif", "webp"} {
				ok = ok || strings.HasPrefix(v, "data:image/"+k+";base64,")
			}
			if !ok || n.Data != "img" {
				return a.Key + "=" + a.Val
			}
		}
	}
	if p == Comment && n.Data == "a" && attr(n, "href") != "" && attr(n, "rel") != ugc {
		return "a link without " + ugc
	}
	return ""
}

// balance tells whether every tag of markup is closed in order, so that it cannot break out of its box.
func balance(markup string) string {
	var open []string
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return "left open: " + strings.Join(open, " ")
			}
			return ""
		case html.StartTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "br", "hr", "img", "wbr", "source":
			default:
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return "closed without being open: " + string(name)
			}
			open = open[:len(open)-1]
		}
	}
}
