package browser

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"causerie/internal/core/place"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/harness"
)

// finding is what axe says of one rule.
type finding struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

const runAxe = `axe.run(document, {runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
	resultTypes: ["violations"]}).then(r => r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help,
	nodes: v.nodes.slice(0, 3).map(n => ({html: n.html.slice(0, 200), failureSummary: n.failureSummary}))})))`

// tooWide names the innermost element that reaches beyond the window, when the page scrolls sideways.
const tooWide = `(() => { const root = document.documentElement
	if (root.scrollWidth <= root.clientWidth) return ""
	const out = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > root.clientWidth + 0.5)
	return (root.scrollWidth - root.clientWidth) + " px, " + (out.length ? out.at(-1).outerHTML.slice(0, 200) : "") })()`

// public are the pages of strangers, of each kind and in both languages.
var public = []string{
	"/", "/nos-delais-dits-franchement", "/l-escalier-du-phare", "/section/metier/", "/search?q=bois", "/search?q=introuvablement", "/contact", "/legal/mentions",
	"/legal/privacy", "/ateliers/", "/aubin/", "/rien-de-tel", "/app/sign-in", "/app/forgot",
}

// TestTheJudgesAreAwake makes a page do what none may, to be sure that the silence of the others means something.
func TestTheJudgesAreAwake(t *testing.T) {
	wanted(t)
	source := axe(t)
	h := harness.Start(t, harness.Options{SetUp: true})
	b := open(t, h)
	b.visit("/contact")
	b.quiet("/contact")
	eval[any](b, `new Promise(done => { document.addEventListener("securitypolicyviolation", () => done(1), {once: true});
		document.body.append(Object.assign(new Image(), {src: "https://elsewhere.example/x.png"})) })`)
	b.do(chromedp.Navigate(h.URL + "/legal/privacy")) // the console has spoken by the time another page is there
	b.mu.Lock()
	said, asked := strings.Join(b.said, "\n"), len(b.asked)
	b.mu.Unlock()
	if !strings.Contains(said, "Content Security Policy") || asked > 1 {
		t.Errorf("a breach of the policy is not heard: %q, %d requests", said, asked)
	}
	eval[any](b, `document.querySelector("main").append(new Image(), document.createElement("input"));`+source+";null")
	rules := map[string]bool{}
	for _, f := range eval[[]finding](b, runAxe) {
		rules[f.ID] = true
	}
	if !rules["label"] {
		t.Errorf("axe does not see a field without a name: %v", rules)
	}
}

// letterPath is the page on the web of a letter that left.
func letterPath(t *testing.T, h *harness.House) string {
	t.Helper()
	left, _ := letterPages(t, h)
	id, err := fact.Parse[fact.LetterID](strings.TrimPrefix(left, "/app/letters/"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := h.Newsletter.Get(t.Context(), h.Owner.Actor(), id)
	if err != nil {
		t.Fatal(err)
	}
	return place.LetterPath(l.Address)
}

// letterPages are the page of a letter that left, and those of the others: a draft is written, one that goes along waits.
func letterPages(t *testing.T, h *harness.House) (left string, others []string) {
	t.Helper()
	all, _, err := h.Newsletter.List(t.Context(), h.Owner.Actor(), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		if path := "/app/letters/" + l.ID.String(); left == "" && l.Address != "" && !l.BegunAt.IsZero() {
			left = path
		} else {
			others = append(others, path)
		}
	}
	if left == "" {
		t.Fatal("no letter of the house left")
	}
	return left, others
}

// readyPage is the page of a draft before it is published, to which a button leads and no link.
func readyPage(t *testing.T, h *harness.House) string {
	t.Helper()
	drafts, _, err := h.Posts.List(t.Context(), h.Owner.Actor(), post.Filter{Status: post.Draft, Kind: post.Article})
	if err != nil || len(drafts) == 0 {
		t.Fatal(len(drafts), err)
	}
	return "/app/posts/" + drafts[0].ID.String() + "/ready"
}

// TestAxeFindsNothing looks at every page at two widths, in both languages, and listens to the console meanwhile.
func TestAxeFindsNothing(t *testing.T) {
	wanted(t)
	source := axe(t)
	h := harness.Start(t, harness.Options{Planted: true})
	me := h.Owner.Actor()
	if err := h.Mailer.SendTest(t.Context(), me, 0, h.Owner.Email, "fr-FR"); err != nil { // so that the box of the demo holds a mail
		t.Fatal(err)
	}
	h.RunJobs()
	public := append(slices.Clone(public), letterPath(t, h))
	work := workPaths(t, h)
	work = append(work, readyPage(t, h))
	if len(work) < 2 {
		t.Errorf("only %d pages of the work side were found", len(work))
	}
	b := open(t, h)
	reported := map[string]bool{}
	for _, lang := range []string{"fr-FR", "en"} {
		if err := h.Accounts.ChangeProfile(t.Context(), me, h.Owner.Name, lang); err != nil {
			t.Fatal(err)
		}
		b.speak(lang)
		for i, paths := range [][]string{public, work} {
			if i == 1 {
				b.signIn()
			}
			for _, px := range []int64{390, 1280} {
				b.width(px)
				for _, path := range paths {
					b.visit(path)
					b.quiet(path)
					if wide := eval[string](b, tooWide); wide != "" {
						t.Errorf("%s at %d px in %s is too wide: %s", path, px, lang, wide)
					}
					eval[any](b, source+";null")
					for _, f := range eval[[]finding](b, runAxe) {
						for _, n := range f.Nodes {
							if key := f.ID + n.HTML; !reported[key] {
								reported[key] = true
								t.Errorf("%s at %d px in %s: %s (%s)\n%s\n%s", path, px, lang, f.Help, f.ID, n.HTML, n.Summary)
							}
						}
					}
					b.said = nil // what axe itself is refused is not the page's doing
				}
			}
		}
	}
	if testing.Verbose() {
		fmt.Println("looked at", len(public)+len(work), "pages:", strings.Join(work, " "))
	}
}
