package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"causerie/internal/harness"
)

const shown = `(s => { const e = document.querySelector(s); return !!e && getComputedStyle(e).display !== "none" })`

// TestASentenceOfThePublicSideIsSeenWhereItIsAimedAtAlone follows the fragments by which the public side says what became of a form.
func TestASentenceOfThePublicSideIsSeenWhereItIsAimedAtAlone(t *testing.T) {
	wanted(t)
	h := harness.Start(t, harness.Options{Planted: true})
	b := open(t, h)
	sees := func(element string) bool { return eval[bool](b, shown+"('"+element+"')") }
	for _, said := range []string{"said-held", "said-visible"} {
		b.visit(article)
		if sees("#" + said) {
			t.Errorf("%s is seen before anything was said", said)
		}
		b.visit(article + "#" + said)
		if !sees("#" + said) {
			t.Errorf("%s is not seen where it is aimed at", said)
		}
	}
	b.visit("/contact")
	if sees("#said-sent") || !sees("form.stack") {
		t.Error("before a request is sent: not the form alone")
	}
	b.visit("/contact#said-sent")
	if !sees("#said-sent") || sees("#said-sent ~ form") {
		t.Error("after a request was sent: not the sentence alone")
	}
	b.quiet("/contact")
}

// TestAMandateAsksBeforeItMovesAndEscapeTakesTheQuestionBack opens the questions of a mandate, one at a time, and moves it by a stage.
func TestAMandateAsksBeforeItMovesAndEscapeTakesTheQuestionBack(t *testing.T) {
	wanted(t)
	source := axe(t)
	h := harness.Start(t, harness.Options{Planted: true})
	b := open(t, h)
	b.signIn()
	b.width(1280)
	b.visit("/app/mandates")
	path := eval[string](b, `(a => a ? a.pathname : "")([...document.querySelectorAll("a[href^='/app/mandates/']")].find(a => /[0-9a-z]{13}$/.test(a.pathname)))`)
	if path == "" {
		t.Fatal("no mandate is listed")
	}
	b.visit(path)
	const questions = `document.querySelectorAll("details.sure[name=move]")`
	open := func() int { return eval[int](b, "[..."+questions+"].filter(d => d.open).length") }
	if n := eval[int](b, questions+".length"); n < 2 || open() != 0 {
		t.Fatalf("%s has %d questions, %d of them open", path, n, open())
	}
	for i := range 2 {
		eval[any](b, questions+"["+string(rune('0'+i))+"].querySelector('summary').focus()")
		b.do(chromedp.KeyEvent(kb.Enter))
		if open() != 1 {
			t.Errorf("question %d: %d are open", i, open())
		}
	}
	eval[any](b, source+";null")
	for _, f := range eval[[]finding](b, runAxe) {
		t.Errorf("a question: %s (%s) %+v", f.Help, f.ID, f.Nodes)
	}
	b.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Escape)) // from a field of it
	if open() != 0 || eval[string](b, "document.activeElement.tagName") != "SUMMARY" {
		t.Errorf("after Escape %d are open, and the focus is on %s", open(), eval[string](b, "document.activeElement.outerHTML"))
	}
	stage := `(document.querySelector("[aria-current=step]") || {innerText: ""}).innerText.trim()`
	before := eval[string](b, stage)
	next := eval[string](b, `(e => e ? (e.click(), e.innerText.trim()) : "")(document.querySelector("[aria-current=step] ~ * form button"))`)
	if before == "" || next == "" {
		t.Fatalf("a mandate at %q has no next stage", before)
	}
	b.do(chromedp.WaitVisible("[role=status]"))
	if after := eval[string](b, stage); !strings.EqualFold(after, next) {
		t.Errorf("it was at %q, was moved to %q, and is at %q", before, next, after)
	}
}

// TestTheBoxOfKeysIsForEverybody opens the box that names the single keys of the inbox.
func TestTheBoxOfKeysIsForEverybody(t *testing.T) {
	wanted(t)
	source := axe(t)
	h := harness.Start(t, harness.Options{Planted: true})
	b := open(t, h)
	b.signIn()
	b.width(1280)
	b.visit("/app/inbox")
	b.do(chromedp.WaitVisible("details.keys > summary"), chromedp.Click("details.keys > summary"), chromedp.WaitVisible("details.keys input"), chromedp.Click("details.keys input"))
	eval[any](b, source+";null")
	for _, f := range eval[[]finding](b, runAxe) {
		t.Errorf("%s (%s) %+v", f.Help, f.ID, f.Nodes)
	}
}
