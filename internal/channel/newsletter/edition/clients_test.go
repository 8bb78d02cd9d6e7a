package edition_test

import (
	"bufio"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"causerie/internal/assets"
)

// What programs do with a feature stands in testdata/caniemail.tsv, of caniemail.com (MIT) as of 9 September 2025 (package caniemail 1.0.5 of
// npm): the newest version of each program, y for yes, a for partly, n for no. internal/harness/mailcheck asks the package itself.

// graceful are the features that some of Gmail, Outlook and Apple Mail do not have, with what a reader sees instead.
var graceful = map[string]string{
	"css-border-radius":                 "Outlook on Windows: corners are square",
	"css-at-media":                      "Outlook on Windows: it darkens by itself, and its windows are wide",
	"css-at-media-prefers-color-scheme": "Gmail, Outlook: they darken by themselves, and the colours hold when turned",
	"css-overflow":                      "Outlook on Windows: mso-hide hides the preheader",
	"css-white-space":                   "Gmail: code runs on in lines",
	"html-body":                         "Gmail, Outlook on a Mac: the ground is the outer table's too",
	"css-color-scheme":                  "it darkens by itself",
}

// slugs are the names of caniemail that are not those of CSS and HTML.
var slugs = map[string]string{
	"css-margin": "css-margin", "css-border-top": "css-border", "css-border-left": "css-border", "css-border-bottom": "css-border", "css-border-color": "css-border",
	"css-padding-left": "css-padding", "css-padding-right": "css-padding",
	"html-h1": "html-h1-h6", "html-h2": "html-h1-h6", "html-h3": "html-h1-h6", "html-h4": "html-h1-h6", "html-ul": "html-lists", "html-ol": "html-lists", "html-li": "html-lists",
	"html-tr": "html-table", "html-td": "html-table", "html-th": "html-table", "html-tbody": "html-table", "html-em": "html-strong",
}

// plain HTML that every program has had since there were any; caniemail does not list it.
var old = []string{"html-html", "html-head", "html-meta", "html-title", "html-a", "html-br", "html-sup", "html-sub", "css-font-family", "css-border-collapse", "css-max-height", "css-color", "css-font-style"}

var (
	reProperty = regexp.MustCompile(`([a-z-]+)\s*:\s*[^;{}]+`)
	reRules    = regexp.MustCompile(`\{([^{}]*)\}`)
)

var reColour = regexp.MustCompile(`#[0-9a-f]{6}`)

// The letter is a sister of the site.
func TestTheColoursAreThoseOfTheSite(t *testing.T) {
	tokens, err := os.ReadFile("../../../assets/css/10-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	tones, err := assets.AccentTones(frame().Voice.Accent)
	if err != nil {
		t.Fatal(err)
	}
	all := string(tokens) + tones.Accent + tones.Wash + tones.DarkAccent + tones.DarkWash
	for _, colour := range reColour.FindAllString(samples(t)["everything"].HTML, -1) {
		if !strings.Contains(all, colour) {
			t.Errorf("%s is no colour of the site", colour)
		}
	}
}

func TestEveryFeatureHoldsInTheProgramsPeopleReadWith(t *testing.T) {
	known := map[string][]string{}
	for line := bufio.NewScanner(strings.NewReader(read(t, "caniemail.tsv"))); line.Scan(); {
		if f := strings.Split(line.Text(), "\t"); !strings.HasPrefix(line.Text(), "#") {
			known[f[0]] = f[1:]
		}
	}
	used := map[string]bool{}
	for _, e := range samples(t) {
		root, err := html.Parse(strings.NewReader(e.HTML))
		if err != nil {
			t.Fatal(err)
		}
		note := func(declarations string) {
			for _, m := range reProperty.FindAllStringSubmatch(declarations, -1) {
				if !strings.HasPrefix(m[1], "mso-") && m[1] != "supported-color-schemes" {
					used["css-"+m[1]] = true
				}
			}
		}
		for n := range root.Descendants() {
			switch {
			case n.Type == html.TextNode && n.Parent.Data == "style":
				used["css-at-media"], used["css-at-media-prefers-color-scheme"] = true, true
				for _, m := range reRules.FindAllStringSubmatch(n.Data, -1) {
					note(m[1])
				}
			case n.Type == html.ElementNode:
				used["html-"+n.Data] = true
				for _, a := range n.Attr {
					if a.Key == "style" {
						note(a.Val)
					}
				}
			}
		}
	}
	for name := range used {
		slug := name
		if s := slugs[name]; s != "" {
			slug = s
		}
		support, ok := known[slug]
		switch {
		case slices.Contains(old, slug):
		case !ok:
			t.Errorf("%s is not in caniemail.tsv: nobody knows where it holds", slug)
		case slices.Contains(support, "n") && graceful[slug] == "":
			t.Errorf("%s does not hold everywhere (%v), and nothing says what a reader sees instead", slug, support)
		}
	}
}
