package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"causerie/internal/feature/post"
	"causerie/internal/harness"
)

// writing opens a post in a browser, in which its owner is signed in, and waits for the editor.
func writing(t *testing.T, body string) (*tab, *harness.House, post.Post) {
	t.Helper()
	wanted(t)
	h := harness.Start(t, harness.Options{SetUp: true})
	voices, err := h.Voices.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.Posts.Create(t.Context(), h.Owner.Actor(), post.Input{Voice: voices[0].ID, Title: "Un billet", Body: body})
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, h)
	b.signIn()
	b.width(1280)
	b.write(p)
	return b, h, p
}

func (b *tab) write(p post.Post) {
	b.t.Helper()
	b.visit("/app/posts/" + p.ID.String())
	b.do(chromedp.WaitVisible("form[data-editor-ready]"))
}

// kept is what the form would send as the text now.
func (b *tab) kept() string {
	b.t.Helper()
	return eval[string](b, `new FormData(document.querySelector("form.post-write")).get("body")`)
}

func (b *tab) press(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		if k != kb.Enter {
			b.do(chromedp.KeyEvent(k))
			continue
		}
		// One key with its sign, as a keyboard sends it: KeyEvent makes two of it.
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
			key := input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13}
			if kind == input.DispatchKeyEventTypeKeyDown {
				key.Text = "\r"
			}
			if _, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, key); err != nil {
				b.t.Fatal(err)
			}
		}
	}
}

// toEnd sets the cursor at the end of the text. The editor sets it where it was before when it gets the focus, a moment later: it is set again
// until it stays for some frames.
func (b *tab) toEnd() {
	b.t.Helper()
	eval[any](b, `(async () => { const t = document.querySelector(".ed-text"), s = getSelection(); t.focus()
		for (let stays = 0; stays < 6; await new Promise(requestAnimationFrame)) {
			const last = t.lastElementChild
			if (last.contains(s.anchorNode) && s.isCollapsed && s.anchorOffset > 0 || last.contains(s.anchorNode) && !last.textContent) { stays++; continue }
			stays = 0; s.selectAllChildren(last); s.collapseToEnd() }
		return null })()`)
}

// click presses a button of the bar by its name.
func (b *tab) click(name string) {
	b.t.Helper()
	eval[any](b, fmt.Sprintf(`document.querySelector(".tools [data-md=%s]").click(); null`, name))
}

// paste puts HTML where the cursor is, as the clipboard would.
func (b *tab) paste(html, plain string) {
	b.t.Helper()
	h, _ := json.Marshal(html)
	p, _ := json.Marshal(plain)
	eval[any](b, fmt.Sprintf(`(() => { const d = new DataTransfer(); if (%[1]s) d.setData("text/html", %[1]s); d.setData("text/plain", %[2]s);
		document.querySelector(".ed-text").dispatchEvent(new ClipboardEvent("paste", {clipboardData: d, bubbles: true, cancelable: true})); })(); null`, h, p))
}

// TestWhatIsTypedIsLaidOutAndKeptAsMarkdown types as somebody who knows no Markdown and as somebody who does, and saves (S1).
func TestWhatIsTypedIsLaidOutAndKeptAsMarkdown(t *testing.T) {
	b, h, p := writing(t, "")
	b.toEnd()
	b.press("Bonjour ", "**tous**", " et ", "*merci*", ".", kb.Enter)
	b.press("/inter", kb.Enter, "Les délais", kb.Enter)
	b.press("- un", kb.Enter, "deux", kb.Enter, kb.Enter)
	b.press("Une phrase avec une note")
	b.click("footnote")
	b.press("Voici la note.")
	want := "Bonjour **tous** et *merci*.\n\n## Les délais\n\n- un\n- deux\n\nUne phrase avec une note[^1]\n\n[^1]: Voici la note.\n"
	if got := b.kept(); got != want {
		t.Errorf("what is kept:\n%q\nwant\n%q", got, want)
	}
	eval[any](b, `document.querySelector("form.post-write").requestSubmit(document.querySelector("[data-main]")); null`)
	b.do(chromedp.WaitVisible(".hello, .said"))
	now, err := h.Posts.Get(t.Context(), h.Owner.Actor(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if now.Body != strings.TrimSpace(want) {
		t.Errorf("saved: %q", now.Body)
	}
	b.quiet("the writing page")
}

// TestOpeningATextChangesNothing opens each example of CommonMark: it comes back rendered alike, or opens as Markdown and says why.
func TestOpeningATextChangesNothing(t *testing.T) {
	wanted(t)
	b, _, _ := writing(t, "Un mot.")
	raw, err := os.ReadFile(filepath.Join(harness.ProjectRoot(t), "..", "shared", "testdata", "markdown", "commonmark-spec.json"))
	if err != nil {
		t.Skip(err)
	}
	var examples []struct {
		Markdown string
		Example  int
	}
	if err := json.Unmarshal(raw, &examples); err != nil {
		t.Fatal(err)
	}
	list, _ := json.Marshal(examples)
	type outcome struct{ Rich, Plain, Silent, Changed int }
	got := eval[outcome](b, fmt.Sprintf(`(async () => {
		const form = document.querySelector("form.post-write"), body = form.elements.body, choice = document.querySelector("[data-editor-choice]");
		const why = document.querySelector("[data-editor-why]"), out = {Rich: 0, Plain: 0, Silent: 0, Changed: 0};
		const {start} = await import(form.dataset.rich);
		choice.click();
		const say = JSON.parse(form.dataset.says);
		for (const {Markdown} of %s) {
			body.value = Markdown;
			const got = await start({form, body, say, tools: document.querySelector("[data-tools]"), lang: () => "fr-FR", edit: () => null, accept: "", tell: () => {}});
			if (got.why) { out.Plain++; if (!got.why.trim()) out.Silent++; }
			else { out.Rich++; if (new FormData(form).get("body") !== body.value) out.Changed++; got.close(); }
		}
		return out; })()`, list))
	if got.Rich < 600 || got.Silent > 0 || got.Changed > 0 || got.Rich+got.Plain != len(examples) {
		t.Errorf("of %d examples: %+v", len(examples), got)
	}
	t.Logf("of %d examples %d open laid out, %d as Markdown with the reason", len(examples), got.Rich, got.Plain)
}

// TestPasteComesOutClean pastes what programs put on the clipboard.
func TestPasteComesOutClean(t *testing.T) {
	b, _, _ := writing(t, "Un mot.")
	for name, c := range map[string]struct{ html, plain, want string }{
		"Google Docs": {`<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h1 dir="ltr"><span>Titre</span></h1><p dir="ltr"><span style="font-weight:700">gras</span><span> et </span><span style="font-style:italic">italique</span></p><ul><li dir="ltr"><p><span>un</span></p></li></ul></b>`, "x",
			"## Titre\n\n**gras** et *italique*\n\n- un\n"},
		"Word": {`<html xmlns:o="urn"><body><!--StartFragment--><p class=MsoNormal><b>gras</b><o:p></o:p></p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>  </span></span><![endif]>un</p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>deux</p><!--EndFragment--></body></html>`, "x",
			"**gras**\n\n- un\n- deux\n"},
		"LibreOffice": {`<p style="line-height:100%"><font face="Liberation"><i>italique</i> et <a href="https://a.fr/">lien</a></font></p><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>`, "x",
			"*italique* et [lien](https://a.fr/)\n\n| a | b |\n| - | - |\n| c | d |\n"},
		"mail": {`<div>Bonjour,<br><br>Voici <span style="color:red">le mot</span>.<script>alert(1)</script></div>`, "x", "Bonjour,\n\nVoici le mot.\n"},
		"text": {"", "# Un titre\n\nUn **mot**.", "# Un titre\n\nUn **mot**.\n"},
	} {
		eval[any](b, `(() => { const t = document.querySelector("#body"); t.value = ""; t.dispatchEvent(new Event("input", {bubbles: true})); })(); null`)
		b.toEnd()
		b.paste(c.html, c.plain)
		if got := b.kept(); strings.TrimSpace(got) != strings.TrimSpace(c.want) {
			t.Errorf("%s:\n%q\nwant\n%q", name, got, c.want)
		}
	}
	b.quiet("paste")
}

// TestALinkPastedOnWordsLinksThem, and one's own posts are found by their words.
func TestALinkPastedOnWordsLinksThem(t *testing.T) {
	b, h, p := writing(t, "Un mot.")
	if _, err := h.Posts.Publish(t.Context(), h.Owner.Actor(), p.ID); err != nil {
		t.Fatal(err)
	}
	all := `(() => { const t = document.querySelector(".ed-text"); t.focus(); getSelection().selectAllChildren(t.querySelector("p")); })(); null`
	eval[any](b, all)
	b.paste("", "https://a.fr/b?c=d")
	if got := b.kept(); got != "[Un mot.](https://a.fr/b?c=d)\n" {
		t.Errorf("%q", got)
	}
	eval[any](b, all)
	b.click("link")
	b.do(chromedp.WaitVisible(".ed-link"))
	if got := eval[string](b, `document.querySelector("#ed-link-to").value`); got != "https://a.fr/b?c=d" {
		t.Errorf("the link is shown as %q", got)
	}
	b.press("javascript:alert(1)", kb.Enter)
	if !eval[bool](b, `!document.querySelector(".ed-link .problem").hidden`) {
		t.Error("an address that runs a script is taken")
	}
	eval[any](b, `document.querySelector("#ed-link-to").select(); null`)
	b.press("billet")
	b.do(chromedp.WaitVisible(".ed-posts li"))
	b.press(kb.ArrowDown, kb.Enter)
	if got := b.kept(); !strings.HasSuffix(got, "](/un-billet)\n") {
		t.Errorf("%q", got)
	}
}

// TestFindAndReplace replaces words in a text, one and all.
func TestFindAndReplace(t *testing.T) {
	b, _, _ := writing(t, "Un chêne, deux chênes.\n\nUn Chêne.")
	b.toEnd()
	b.click("find")
	b.do(chromedp.WaitVisible(".ed-find"))
	b.press("chêne", kb.Tab, kb.Tab, kb.Tab, kb.Tab, "frêne")
	if got := eval[string](b, `document.querySelector(".ed-found").textContent`); !strings.HasPrefix(got, "3") {
		t.Errorf("found %q", got)
	}
	eval[any](b, `[...document.querySelectorAll(".ed-find .btn")].at(-1).click(); null`)
	if got := b.kept(); got != "Un frêne, deux frênes.\n\nUn frêne.\n" {
		t.Errorf("%q", got)
	}
}

// TestThePlainFieldIsAnEqualChoice: one changes to it and back without a letter lost, and it is remembered.
func TestThePlainFieldIsAnEqualChoice(t *testing.T) {
	b, _, p := writing(t, "Un **mot**.\n\n- [ ] à faire\n- [x] fait")
	eval[any](b, `document.querySelector("[data-editor-choice]").click(); null`)
	b.do(chromedp.WaitVisible("#body"))
	if got := b.kept(); got != "Un **mot**.\n\n- [ ] à faire\n- [x] fait" {
		t.Errorf("%q", got)
	}
	// The bar writes Markdown there.
	eval[any](b, `(() => { const t = document.querySelector("#body"); t.focus(); t.setSelectionRange(0, 2); })(); null`)
	b.click("italic")
	if got := b.kept(); !strings.HasPrefix(got, "*Un* **mot**") {
		t.Errorf("%q", got)
	}
	b.do(chromedp.WaitReady(`form[data-editor-ready=plain]`))
	eval[any](b, `fetch(document.querySelector("form.post-write").dataset.choose, {method: "POST", body: new URLSearchParams({editor: "plain"})}).then(() => null)`)
	b.write(p)
	if got := eval[string](b, `document.querySelector("form.post-write").dataset.editorReady`); got != "plain" {
		t.Errorf("opens %s", got)
	}
	eval[any](b, `document.querySelector("[data-editor-choice]").click(); null`)
	b.do(chromedp.WaitVisible(".ed-text"))
	if got := b.kept(); !strings.Contains(got, "- [x] fait") {
		t.Errorf("%q", got)
	}
}

// TestFrenchComesRightWhileOneWrites shows how a line will be set, and keeps it as it was typed (S9).
func TestFrenchComesRightWhileOneWrites(t *testing.T) {
	b, _, _ := writing(t, `Il dit : "oui" !`+"\n\nFin.")
	b.do(chromedp.WaitVisible(".ed-set"))
	if got := eval[string](b, `[...document.querySelectorAll(".ed-set")].map(e => e.dataset.as).join("|")`); got != "«\u00a0|\u00a0»\u202f" {
		t.Errorf("%q", got)
	}
	b.toEnd()
	b.press(" Là")
	if got := b.kept(); got != "Il dit : \"oui\" !\n\nFin. Là\n" {
		t.Errorf("%q", got)
	}
}

// TestTheEditorIsForEverybody looks at it with axe, narrow and wide, with all that it draws open.
func TestTheEditorIsForEverybody(t *testing.T) {
	wanted(t)
	source := axe(t)
	b, _, p := writing(t, "## Un intertitre\n\nUn mot[^1].\n\n- [ ] à faire\n\n| a | b |\n| - | - |\n| c | d |\n\n[^1]: Une note.\n\nFin.")
	for _, px := range []int64{320, 1280} {
		b.width(px)
		for _, state := range []struct {
			name string
			open func()
		}{
			{"as it opens", func() {}},
			{"with the menu", func() {
				for range 20 { // the editor may have set the cursor elsewhere meanwhile
					b.toEnd()
					b.press(kb.Enter, "/")
					if eval[bool](b, `new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(!document.querySelector(".ed-menu").hidden))))`) {
						return
					}
				}
				t.Fatal("no menu")
			}},
			{"with the link", func() { b.click("link"); b.do(chromedp.WaitVisible(".ed-link")) }},
			{"with the search", func() { b.click("find"); b.do(chromedp.WaitVisible(".ed-find")) }},
			{"in a table", func() {
				eval[any](b, `(() => { const t = document.querySelector(".ed-text"); t.focus(); getSelection().selectAllChildren(t.querySelector("td p")); })(); null`)
				b.do(chromedp.WaitVisible(".tools [data-md=row]"))
			}},
		} {
			b.write(p)
			b.unasked()
			state.open()
			if wide := eval[string](b, tooWide); wide != "" {
				t.Errorf("%s at %d px: %s", state.name, px, wide)
			}
			eval[any](b, source+";null")
			for _, f := range eval[[]finding](b, runAxe) {
				t.Errorf("%s at %d px: %s (%s): %v", state.name, px, f.Help, f.ID, f.Nodes)
			}
			b.said = nil // what axe itself is refused is not the page's doing
		}
	}
}

// TestPicturesComeInAndStandTogether: two pictures chosen at once are a gallery; what they show is asked for beneath them.
func TestPicturesComeInAndStandTogether(t *testing.T) {
	b, _, _ := writing(t, "Un mot.")
	b.toEnd()
	b.press(kb.Enter)
	eval[any](b, `(async () => {
		const draw = (colour) => new Promise(done => { const c = document.createElement("canvas"); c.width = 640; c.height = 480;
			const x = c.getContext("2d"); x.fillStyle = colour; x.fillRect(0, 0, 640, 480); c.toBlob(b => done(new File([b], colour + ".png", {type: "image/png"}))); });
		const d = new DataTransfer(); d.items.add(await draw("red")); d.items.add(await draw("blue"));
		document.querySelector(".ed-text").dispatchEvent(new ClipboardEvent("paste", {clipboardData: d, bubbles: true, cancelable: true})); return null })()`)
	b.do(chromedp.WaitVisible(".ed-pictures.gallery .ed-pic.chosen input"))
	lines := strings.Split(strings.TrimSpace(b.kept()), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[2], "![](/media/") || !strings.HasPrefix(lines[3], "![](/media/") {
		t.Fatalf("%q", lines)
	}
	eval[any](b, `document.querySelector(".ed-pic.chosen input").focus(); null`)
	b.press("Un carré rouge")
	if got := b.kept(); !strings.Contains(got, "![Un carré rouge](/media/") {
		t.Errorf("%q", got)
	}
	// Taken out of the gallery it stands alone, and may be wide.
	eval[any](b, `(() => { const p = document.querySelector(".ed-pic.chosen"); p.querySelector('[aria-label^="Sortir"]').click(); })(); null`)
	if got := strings.Count(b.kept(), "\n\n!["); got != 2 {
		t.Errorf("%d pictures stand alone: %q", got, b.kept())
	}
	eval[any](b, `(() => { const p = [...document.querySelectorAll(".ed-pic")].at(-1); p.querySelector(".ed-img").click(); p.querySelector("[data-way=wide]").click(); })(); null`)
	if got := b.kept(); !strings.Contains(got, ` "{wide}")`) {
		t.Errorf("%q", got)
	}
	b.quiet("pictures")
}
