package post

import (
	"fmt"
	"strings"
	"testing"

	"causerie/internal/platform/text"
)

// What would be better otherwise is told, and what is well is not.
func TestAdviceIsForWhatReadersWouldMeet(t *testing.T) {
	t.Parallel()
	leads := func(href string) bool { return href != "/parti" }
	for _, c := range []struct{ title, body, want string }{
		{"Un titre", "Un [mot](/la) et ![une chaise](/media/1/960).\n\n## Un\n\n### Deux\n\n## Trois", ""},
		{strings.Repeat("a", 71), "Un mot.", "title_long 71 "},
		{"Un titre", "![](/media/1/960)\n\n![](/media/2/960)", "no_alt 2 "},
		{"Un titre", "[](https://a.fr/b) et [![](/media/1/960)](https://c.fr)", "no_alt 1 ,link_empty 0 https://a.fr/b,link_empty 0 https://c.fr"},
		{"Un titre", "[ce billet](/parti), et [encore](/parti)", "link_broken 0 ce billet"},
		{"Un titre", "## Un\n\n#### Trop bas", "heading_order 0 "},
		{"Un titre", "Une note[^1].\n\n[^1]: La note, et [un lien](/la).", ""},
	} {
		p := Post{Input: Input{Kind: Article, Title: c.title, Lang: "fr-FR"}}
		p.HTML = string(text.Render(c.body, text.Options{Lang: "fr-FR", TopHeading: 2}).HTML)
		var got []string
		for _, a := range Advise(p.public(), Speaker{}, leads) {
			got = append(got, fmt.Sprint(a.Code, " ", a.Count, " ", a.Words))
		}
		if strings.Join(got, ",") != c.want {
			t.Errorf("%q:\n%q\nwant\n%q", c.body, got, c.want)
		}
	}
}
