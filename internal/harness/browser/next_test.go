package browser

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"causerie/internal/harness"
)

// fill writes into the named fields of a form and sends it as it is, past what the browser itself would ask.
const fill = `((selector, values) => { const form = document.querySelector(selector)
	for (const name in values) form.elements[name].value = values[name]
	form.noValidate = true
	form.requestSubmit() })`

// send fills a form of the page that is shown and waits for what it leads to. The house's clock goes on first: the rates of forms are for people.
func (b *tab) send(form, values, then string) {
	b.t.Helper()
	b.h.Clock.Advance(10 * time.Minute)
	eval[any](b, fill+"('"+form+"', "+values+")")
	b.do(chromedp.WaitVisible(then))
}

// judge lets axe look at the page as it stands, and measures whether it scrolls sideways.
func (b *tab) judge(source, what string) {
	b.t.Helper()
	if wide := eval[string](b, tooWide); wide != "" {
		b.t.Errorf("%s is too wide: %s", what, wide)
	}
	eval[any](b, source+";null")
	for _, f := range eval[[]finding](b, runAxe) {
		b.t.Errorf("%s: %s (%s) %+v", what, f.Help, f.ID, f.Nodes)
	}
	b.said = nil // what axe itself is refused is not the page's doing
}

// TestAxeFindsNothingInWhatFollowsAForm looks at what no address of the public side shows by itself: a form that is sent back, what is said
// after words came in, and a reply to somebody.
func TestAxeFindsNothingInWhatFollowsAForm(t *testing.T) {
	wanted(t)
	source := axe(t)
	h := harness.Start(t, harness.Options{Planted: true})
	b := open(t, h)
	b.visit("/aubin/")
	english := eval[string](b, `new URL(document.querySelector(".entry h2 a").href).pathname`)
	for _, v := range []struct {
		lang, path string
		px         int64
	}{{"fr-FR", article, 390}, {"en", english, 1280}} {
		b.speak(v.lang)
		b.width(v.px)
		b.visit(v.path)
		b.send("form.say-form", "{email: 'rien'}", "[role=alert]")
		b.judge(source, v.lang+", a comment sent back")
		b.send("form.say-form", "{body: 'Un mot ("+v.lang+").', name: 'Yann', email: 'yann@clavier.example'}", "[role=status]:target")
		if mine := eval[string](b, "document.querySelector('[data-mine]:not([hidden]) .words')?.innerText || ''"); mine != "Un mot ("+v.lang+")." {
			t.Errorf("%s, a comment that waits is shown to who wrote it as %q", v.lang, mine)
		}
		b.judge(source, v.lang+", a comment has come")
		b.visit("/contact")
		b.send("main form.stack", "{email: 'rien'}", "[role=alert]")
		b.judge(source, v.lang+", a request sent back")
		b.visit("/contact#said-sent")
		b.judge(source, v.lang+", a request has come")
	}
	b.visit(article)
	eval[any](b, `document.querySelector("a[data-reply]").click()`)
	b.do(chromedp.WaitVisible("[data-reply-undo]"))
	b.judge(source, "a reply to somebody")
}

// TestANoteOfATextIsSeenWhereItsMarkLeads follows the mark of a note to the margin where there is one, and to the foot where there is none.
func TestANoteOfATextIsSeenWhereItsMarkLeads(t *testing.T) {
	wanted(t)
	source := axe(t)
	h := harness.Start(t, harness.Options{Planted: true})
	b := open(t, h)
	for px, mark := range map[int64]string{390: "a.to-foot", 1280: "a.to-margin"} {
		b.width(px)
		b.visit(article)
		b.do(chromedp.WaitVisible(mark))
		eval[any](b, "location.hash = document.querySelector('"+mark+"').hash")
		if !eval[bool](b, "document.querySelector(':target').checkVisibility()") {
			t.Errorf("at %d px a mark leads to a note that is not to be seen", px)
		}
		b.judge(source, "a note that is aimed at")
	}
}

// TestAxeFindsNothingInWhatIsUnfolded answers a conversation, and opens what pages of the work side fold.
func TestAxeFindsNothingInWhatIsUnfolded(t *testing.T) {
	wanted(t)
	source := axe(t)
	h := harness.Start(t, harness.Options{Planted: true})
	b := open(t, h)
	b.signIn()
	for px, lang := range map[int64]string{390: "fr-FR", 1280: "en"} {
		if err := h.Accounts.ChangeProfile(t.Context(), h.Owner.Actor(), h.Owner.Name, lang); err != nil {
			t.Fatal(err)
		}
		b.speak(lang)
		b.width(px)
		b.visit("/app/inbox")
		conversation := eval[string](b, `document.querySelector("[data-item] a.go").getAttribute("href")`)
		b.visit(conversation)
		b.send("form.answer", "{body: 'Oui, volontiers.'}", "#leaving")
		b.judge(source, lang+", what was answered")
		for _, path := range []string{conversation, "/app/mandates", "/app/contacts", "/app/settings/voices", "/app/settings/terms"} {
			b.visit(path)
			eval[any](b, `document.querySelectorAll("details:not([name])").forEach(d => d.open = true)`)
			b.judge(source, lang+", "+path+" unfolded")
		}
	}
}

// TestLettersTwiceTheirSizeFit reads every public page in a browser whose letters are set to twice their size, on the narrowest telephone and on a
// desk: nothing is cut, laid over its neighbour or to be scrolled to sideways (WCAG 1.4.4 and 1.4.10).
func TestLettersTwiceTheirSizeFit(t *testing.T) {
	wanted(t)
	h := harness.Start(t, harness.Options{Planted: true})
	b := open(t, h)
	twice := page.SetFontSizesParams{FontSizes: &page.FontSizes{Standard: 32, Fixed: 26}}
	if _, err := chromedp.Call(b.ctx, page.SetFontSizes, twice); err != nil {
		t.Fatal(err)
	}
	for _, px := range []int64{320, 1280} {
		b.width(px)
		for _, path := range public {
			b.visit(path)
			if size := eval[string](b, "getComputedStyle(document.documentElement).fontSize"); size != "32px" {
				t.Fatalf("letters are %s", size)
			}
			if wide := eval[string](b, tooWide); wide != "" {
				t.Errorf("%s at %d px is too wide: %s", path, px, wide)
			}
			if over := eval[string](b, overlaps); over != "" {
				t.Errorf("%s at %d px: %s", path, px, over)
			}
		}
	}
}

// overlaps names two parts of the head of a page that lie over each other, or a name that is set one letter a line.
const overlaps = `(() => { const of = e => e.getBoundingClientRect(), parts = [...document.querySelectorAll(".top > *, .top nav > *")].filter(e => e.tagName !== "NAV")
	for (const a of parts) {
		if (of(a).height > 5 * parseFloat(getComputedStyle(a).fontSize) && a.innerText.length < 30) return "tall: " + a.outerHTML
		for (const b of parts) if (a !== b && !a.contains(b) && !b.contains(a) && of(a).right > of(b).left + 1 && of(b).right > of(a).left + 1 &&
			of(a).bottom > of(b).top + 1 && of(b).bottom > of(a).top + 1) return "one over the other: " + a.outerHTML + b.outerHTML
	}
	return "" })()`
