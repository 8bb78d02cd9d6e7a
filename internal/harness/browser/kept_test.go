package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"causerie/internal/feature/post"
	"causerie/internal/harness"
	"causerie/internal/platform/actor"
)

// saveNow has the page save itself, as it does some seconds after the last letter.
const saveNow = `document.querySelector("form.post-write").dispatchEvent(new Event("save"))`

// TestAWriterWhoseSessionEndedSignsInInPlaceAndLosesNoWord types without a session, and goes on through the box that opens.
func TestAWriterWhoseSessionEndedSignsInInPlaceAndLosesNoWord(t *testing.T) {
	t.Parallel()
	b, h, p := writing(t, "Un début.")
	if _, err := chromedp.Call(b.ctx, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	eval[bool](b, `(() => { const t = document.querySelector("#body"); t.value += " Tapé hors session."; t.dispatchEvent(new Event("input", { bubbles: true })); return `+
		saveNow+`; })()`)
	b.do(chromedp.WaitVisible("dialog.door input[type=email]"))
	if said := eval[string](b, `document.querySelector("[data-saved]").textContent`); !strings.Contains(said, "reconnectez") {
		t.Errorf("the page says %q", said)
	}
	eval[bool](b, `(() => {
		document.querySelector("dialog.door input[name=email]").value = "`+h.Owner.Email+`";
		document.querySelector("dialog.door input[name=password]").value = "`+harness.Password+`";
		document.querySelector("dialog.door form").requestSubmit();
		return true; })()`)
	done := eval[bool](b, `new Promise((yes) => { const look = () => (document.querySelector("dialog.door") || !localStorage ||
		Object.keys(localStorage).some((k) => k.startsWith("kept:")) ? setTimeout(look, 50) : yes(true)); look(); })`)
	now, err := h.Posts.Get(t.Context(), h.Owner.Actor(), p.ID)
	if err != nil || !done || !strings.Contains(now.Body, "Tapé hors session.") {
		t.Errorf("%q %v", now.Body, err)
	}
}

// TestAnOpenPageSaysWhoElseWritesAndWhoSaved has somebody else come, type and save.
func TestAnOpenPageSaysWhoElseWritesAndWhoSaved(t *testing.T) {
	t.Parallel()
	b, h, p := writing(t, "Un début.")
	marc := actor.Actor{Account: 99, Name: "Marc Vidal", Grants: []actor.Grant{{Role: actor.Editor}}}
	if _, err := h.Posts.Sit(t.Context(), marc, p.ID, "marc", 1, true, false); err != nil {
		t.Fatal(err)
	}
	says := func(words string) {
		t.Helper()
		b.do(chromedp.WaitVisible("[data-desk-line]:not([hidden])"))
		got := eval[string](b, `new Promise((yes) => { const look = () => { const s = document.querySelector("[data-desk-line]").textContent;
			if (s.includes("`+words+`")) yes(s); else setTimeout(look, 50); }; look(); })`)
		t.Log(got)
	}
	says("Marc Vidal écrit aussi ici.")
	body := "Un autre début."
	if _, err := h.Posts.Save(t.Context(), marc, p.ID, post.Patch{Body: &body}, 0); err != nil {
		t.Fatal(err)
	}
	says("Marc Vidal l’a enregistré à")
}

// TestWhatWasTypedBeforeThePageDiedIsOfferedAgain kills the page before it ever saved: what was typed is offered when the post is opened again, and
// taken up whole. Signing out asks, and then leaves nothing of it.
func TestWhatWasTypedBeforeThePageDiedIsOfferedAgain(t *testing.T) {
	b, _, p := writing(t, "Un début.")
	b.unasked()
	b.toEnd()
	b.press(" Et une suite que personne n’a encore")
	eval[any](b, `new Promise(yes => { const look = () => (localStorage.getItem("kept:" + document.querySelector("form.post-write").dataset.desk) || "").includes("encore") ? yes(null) : setTimeout(look, 20); look() })`)
	b.visit("/app/posts")
	b.write(p)
	b.unasked()
	b.do(chromedp.WaitVisible("[data-kept-line] button"))
	eval[any](b, `document.querySelector("[data-kept-line] button").click(); null`)
	if got := b.kept(); !strings.Contains(got, "Un début. Et une suite que personne n’a encore") {
		t.Errorf("taken up: %q", got)
	}
	eval[any](b, `localStorage.setItem("kept:/ailleurs", "{}"); window.confirm = () => false; document.querySelector('form[action="/app/sign-out"]').requestSubmit(); null`)
	if !eval[bool](b, `localStorage.getItem("kept:/ailleurs") !== null`) {
		t.Error("who stays loses what is kept")
	}
	eval[any](b, `window.confirm = () => true; document.querySelector('form[action="/app/sign-out"]').requestSubmit(); null`)
	b.do(chromedp.WaitVisible(`[name="password"]`))
	if left := eval[int](b, `Object.keys(localStorage).filter(k => k.startsWith("kept:")).length`); left != 0 {
		t.Errorf("%d texts are left here after signing out", left)
	}
}

// unasked lets the page end without its question whether one wants to leave: to be said before anything is typed.
func (b *tab) unasked() {
	b.t.Helper()
	eval[any](b, `document.querySelector("[data-guard]").removeAttribute("data-guard"); null`)
}
