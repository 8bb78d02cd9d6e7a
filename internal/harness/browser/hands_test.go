package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"causerie/internal/feature/inbox"
	"causerie/internal/harness"
)

const article = "/nos-delais-dits-franchement"

// TestARemarkIsLeftWithTheKeyboardAlone tabs to the form, writes, sends, and is told what became of it.
func TestARemarkIsLeftWithTheKeyboardAlone(t *testing.T) {
	wanted(t)
	h := harness.Start(t, harness.Options{Planted: true})
	b := open(t, h)
	b.visit(article)
	for _, field := range []struct{ name, words string }{{"body", "Sans souris, tout va bien."}, {"name", "Yann Clavier"}, {"email", "yann@clavier.example"}} {
		tabTo(b, field.name)
		b.do(chromedp.KeyEvent(field.words))
	}
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("[role=status]:target"))
	b.quiet(article)
	held, _, err := h.Inbox.List(t.Context(), h.Owner.Actor(), inbox.Filter{Query: "souris"})
	if err != nil {
		t.Fatal(err)
	}
	if len(held) != 1 || held[0].Name != "Yann Clavier" || !strings.Contains(held[0].Body, "Sans souris") {
		t.Errorf("what came in: %+v", held)
	}
}

// tabTo presses the tabulator until a field has the focus, which must be seen.
func tabTo(b *tab, name string) {
	b.t.Helper()
	for range 400 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if eval[string](b, "document.activeElement.name || ''") == name {
			if eval[string](b, "(s => s.outlineStyle + s.boxShadow + s.borderColor)(getComputedStyle(document.activeElement))") == "nonenone" {
				b.t.Errorf("the focus on %s is not to be seen", name)
			}
			return
		}
	}
	b.t.Fatalf("the tabulator does not reach %s", name)
}

// TestPagesWorkWithoutScript reads, remarks and asks in a browser that runs no script.
func TestPagesWorkWithoutScript(t *testing.T) {
	wanted(t)
	h := harness.Start(t, harness.Options{Planted: true})
	b := open(t, h)
	b.withoutScript()
	b.visit(article)
	b.do(chromedp.WaitVisible("h1"), chromedp.SendKeys("#repondre [name=body]", "Sans script non plus."), chromedp.SendKeys("#repondre [name=name]", "Anne Page"),
		chromedp.SendKeys("#repondre [name=email]", "anne@page.example"), chromedp.Click("#repondre button.btn"), chromedp.WaitVisible("[role=status]:target"))
	b.quiet(article)
	b.visit("/contact")
	b.do(chromedp.SendKeys("[name=body]", "Une table, sans script."), chromedp.SendKeys("[name=name]", "Anne Page"), chromedp.SendKeys("[name=email]", "anne@page.example"),
		chromedp.Click("form.stack button.btn"), chromedp.WaitVisible(":target [role=status]"))
	b.quiet("/contact")
	for _, words := range []string{"Sans script non plus", "Une table, sans script"} {
		found, _, err := h.Inbox.List(t.Context(), h.Owner.Actor(), inbox.Filter{Query: words})
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			t.Errorf("%q did not come in", words)
		}
	}
}
