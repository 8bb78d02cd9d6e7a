package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"causerie/internal/feature/post"
	"causerie/internal/harness"
)

// TestATagIsChosenWithTheKeyboardFromWhatIsThere types the beginning of tags, walks the list and takes them, without sending the form.
func TestATagIsChosenWithTheKeyboardFromWhatIsThere(t *testing.T) {
	wanted(t)
	source := axe(t)
	h := harness.Start(t, harness.Options{SetUp: true})
	me := h.Owner.Actor()
	voices, err := h.Voices.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var last post.Post
	for _, tags := range [][]string{{"Chêne massif", "Bois de chêne", "C", "C++", "C#"}, {"Chêne massif", "Œuvre"}, nil} {
		if last, err = h.Posts.Create(t.Context(), me, post.Input{Voice: voices[0].ID, Title: "Un billet", Section: "Métier", Tags: tags}); err != nil {
			t.Fatal(err)
		}
	}
	b := open(t, h)
	b.signIn()
	for _, px := range []int64{320, 1280} {
		b.width(px)
		b.visit("/app/posts/" + last.ID.String())
		eval[any](b, `document.documentElement.style.fontSize = "200%"; document.querySelector("#f-tags").closest("details").open = true; document.querySelector("[data-guard]").removeAttribute("data-guard"); document.querySelector("#f-tags").focus(); null`)
		value := func() string { return eval[string](b, `document.querySelector("#f-tags").value`) }
		listed := func() string {
			return eval[string](b, `[...document.querySelectorAll("#f-tags-list:not([hidden]) [role=option]")].map(o => o.dataset.name).join("|")`)
		}
		press := func(keys ...string) {
			for _, k := range keys {
				b.do(chromedp.KeyEvent(k))
			}
		}
		press("chen")
		if got := listed(); got != "Chêne massif|Bois de chêne" {
			t.Errorf("at %d px %q is proposed for chen", px, got)
		}
		if said := eval[string](b, `document.querySelector("#f-tags-list + [role=status]").textContent`); !strings.HasPrefix(said, "2") {
			t.Errorf("what is told to who hears the page: %q", said)
		}
		press(kb.ArrowDown)
		eval[any](b, source+";null")
		for _, f := range eval[[]finding](b, runAxe) {
			t.Errorf("with the list open at %d px: %s (%s): %v", px, f.Help, f.ID, f.Nodes)
		}
		b.said = nil // what axe itself is refused is not the page's doing
		if wide := eval[string](b, tooWide); wide != "" {
			t.Errorf("with the list open at %d px: %s", px, wide)
		}
		press(kb.Enter)
		if got := value(); got != "Chêne massif, " {
			t.Errorf("Enter left %q", got)
		}
		press("#c")
		if got := listed(); got != "C|C#|C++|Bois de chêne" && got != "C|C++|C#|Bois de chêne" {
			t.Errorf("beside Chêne massif %q is proposed for #c", got)
		}
		press(kb.Escape)
		if got := listed(); got != "" || value() != "Chêne massif, #c" {
			t.Errorf("after Escape %q is proposed, and the field holds %q", got, value())
		}
		press(kb.ArrowDown, kb.ArrowUp, kb.ArrowDown, kb.ArrowDown, kb.Enter)
		if got := value(); got != "Chêne massif, C++, " {
			t.Errorf("the second of three took %q", got)
		}
		press("oeu", kb.ArrowDown, kb.Tab)
		if got := value(); got != "Chêne massif, C++, Œuvre" {
			t.Errorf("the tabulator took %q", got)
		}
		if eval[string](b, "document.activeElement.id") == "f-tags" {
			t.Error("the tabulator does not go on")
		}
		eval[any](b, `document.querySelector("#f-tags").focus(); null`)
		press(kb.End, ", bois")
		eval[any](b, `document.querySelector("#f-tags-list [role=option]").click(); null`)
		if got := value(); got != "Chêne massif, C++, Œuvre, Bois de chêne, " {
			t.Errorf("a click took %q", got)
		}
		eval[any](b, `document.querySelector("#f-section").value = ""; document.querySelector("#f-section").focus(); null`)
		press("tier", kb.ArrowDown, kb.Enter)
		if got := eval[string](b, `document.querySelector("#f-section").value`); got != "Métier" {
			t.Errorf("the section is %q", got)
		}
		if eval[string](b, `location.pathname`) != "/app/posts/"+last.ID.String() || eval[bool](b, `!!document.querySelector(".said")`) {
			t.Error("the form was sent")
		}
		b.quiet("/app/posts")
	}
}
