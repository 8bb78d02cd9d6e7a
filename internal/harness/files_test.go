package harness_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"causerie/internal/core/media"
	"causerie/internal/feature/post"
	"causerie/internal/harness"
)

// drawing is a PNG of one colour, that size.
func drawing(t *testing.T, w, h int, c color.Color) io.Reader {
	t.Helper()
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{c, color.White})
	img.Pix[0] = 1
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return &b
}

// etag asks for an address as a stranger does.
func etag(t *testing.T, h *harness.House, path string) (tag, keep string) {
	t.Helper()
	res, err := http.Get(h.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d", path, res.StatusCode)
	}
	return res.Header.Get("Etag"), res.Header.Get("Cache-Control")
}

func TestAFileThatIsReplacedIsSeenAtOnceWhereverItIsShown(t *testing.T) {
	t.Parallel()
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		me := h.Owner.Actor()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		main, err := h.Voices.Main(h.Context())
		must(err)
		m, err := h.Media.Upload(h.Context(), me, "etabli.png", drawing(t, 800, 600, color.RGBA{200, 0, 0, 255}), "L’établi")
		must(err)
		p, err := h.Posts.Create(h.Context(), me, post.Input{Voice: main.ID, Title: "L’atelier", Body: "Voici.\n\n" + media.Markdown(m)})
		must(err)
		_, err = h.Posts.Publish(h.Context(), me, p.ID)
		must(err)
		h.RunJobs()
		old := media.Path(m.ID, media.Medium)
		page := h.Visitor().Get("/l-atelier").OK()
		if html := page.Text(); !strings.Contains(html, "Voici") || len(page.All(`img[width="800"]`)) != 1 {
			t.Fatalf("the page has no picture:\n%s", html)
		}
		was, keep := etag(t, h, old)
		if keep != "public, max-age=3600, s-maxage=0" {
			t.Errorf("the file is kept: %s", keep)
		}

		me2 := h.SignIn()
		me2.Get("/app/media").OK().Has(".shelf .name", "etabli.png").Has(".shelf p", "Montré à 1 endroit")
		me2.Get("/app/media/"+m.ID.String()).OK().Has(".row .go", "L’atelier").Has("h1", "etabli.png")
		now, err := h.Media.Replace(h.Context(), me, m.ID, "etabli-2.png", drawing(t, 500, 400, color.RGBA{0, 0, 200, 255}))
		must(err)
		h.RunJobs()
		page = h.Visitor().Get("/l-atelier").OK()
		if len(page.All(fmt.Sprintf(`img[width="500"][src="%s?v=%s"]`, old, now.Edition()))) != 1 {
			t.Errorf("the page shows the picture of before")
		}
		is, _ := etag(t, h, old)
		if is == was {
			t.Error("the address names the bytes of before")
		}
		if tag, keep := etag(t, h, old+"?v="+now.Edition()); tag != is || !strings.Contains(keep, "immutable") {
			t.Errorf("the edition is %s, kept %s", tag, keep)
		}
		if _, keep := etag(t, h, old+"?v=0badf00d"); strings.Contains(keep, "immutable") {
			t.Errorf("an edition that is none is kept: %s", keep)
		}

		gone := me2.Get("/app/media/" + m.ID.String()).OK().Form(`form[action="/app/media/` + m.ID.String() + `/delete"]`).Submit()
		gone.Is(http.StatusUnprocessableEntity).Has(".problem", "Cochez cette case")
		gone.Form(`form[action="/app/media/`+m.ID.String()+`/delete"]`).With("sure", "1").Submit().Is(http.StatusSeeOther)
		h.RunJobs()
		page = h.Visitor().Get("/l-atelier").OK()
		if n := len(page.All("article img, .prose img")); n != 0 {
			t.Errorf("%d pictures are left", n)
		}
		me2.Get("/app/media/" + m.ID.String()).Is(http.StatusNotFound)
		h.Visitor().Get(old).Is(http.StatusNotFound)
	})
}

func TestThePageOfAFileDescribesTurnsAndBringsBack(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	me := h.Owner.Actor()
	m, err := h.Media.Upload(h.Context(), me, "etabli.png", drawing(t, 800, 600, color.RGBA{200, 0, 0, 255}), "")
	if err != nil {
		t.Fatal(err)
	}
	c := h.SignIn()
	at := "/app/media/" + m.ID.String()
	c.Get("/app/media?only=mute").OK().Has(".shelf .name", "etabli.png").Has(".tag", "Sans texte")
	page := c.Get(at).OK()
	page = c.Follow(page.Form(`form[action="`+at+`"]`).Fill("alt", "L’établi, le matin").Fill("caption", "Quimper").With("focus", "top").Submit())
	page.Has(".said", "C’est enregistré").Has("#f-alt", "L’établi, le matin")
	if len(page.All(`input[name="focus"][value="top"][checked]`)) != 1 {
		t.Error("where to look is not kept")
	}
	page = c.Follow(page.Form(`form[action="`+at+`/edit"]`).With("turn", "90").Fill("top", "50").Submit())
	page.OK().Has(".lede", "600\u00a0×\u00a0400 pixels").Has("#h-formers", "Avant")
	page.Form(`form[action="`+at+`/edit"]`).Fill("left", "60").Fill("right", "50").Submit().Is(http.StatusUnprocessableEntity).Has(".said", "Coupez moins")
	page.Form(`form[action="`+at+`/edit"]`).Fill("left", "mille").Submit().Is(http.StatusUnprocessableEntity).Has("#p-left", "Un nombre")
	page = c.Follow(c.Get(at).OK().Form(`form[action="` + at + `/restore"]`).Submit())
	page.OK().Has(".lede", "800\u00a0×\u00a0600 pixels")
	c.Get("/app/media?q=MATIN").OK().Has(".shelf .name", "etabli.png")
	c.Get("/app/media?q=soir").OK().Has(".empty", "Rien de tel")
	c.Get("/app/media?kind=x").Is(http.StatusUnprocessableEntity)
}

func TestARecordingIsHeardInThePageFollowedInFeedsAndLedToInLetters(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	me := h.Owner.Actor()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	main, err := h.Voices.Main(h.Context())
	must(err)
	sound, err := h.Media.Upload(h.Context(), me, "atelier.wav", strings.NewReader("RIFF\x24\x00\x00\x00WAVEfmt "+strings.Repeat("x", 500)), "")
	must(err)
	prices, err := h.Media.Upload(h.Context(), me, "tarifs.pdf", strings.NewReader("%PDF-1.7 "+strings.Repeat("x", 240_000)), "Nos tarifs")
	must(err)
	at := media.Path(sound.ID, media.Original)
	p, err := h.Posts.Create(h.Context(), me, post.Input{Voice: main.ID, Title: "À écouter", Body: "![À huit heures](" + at + " \"Vingt secondes\")\n\nLisez " + media.Markdown(prices) + "."})
	must(err)
	_, err = h.Posts.Publish(h.Context(), me, p.ID)
	must(err)
	page := h.Visitor().Get("/a-ecouter").OK()
	page.Has("figcaption", "Vingt secondes").Has(".prose small", "(PDF, 240\u00a0ko)")
	if len(page.All(`audio[controls][preload="none"][src="`+at+`"]`)) != 1 {
		t.Errorf("nothing plays it:\n%s", page.Text())
	}
	feed, err := http.Get(h.URL + "/feed.xml")
	must(err)
	defer feed.Body.Close()
	b, err := io.ReadAll(feed.Body)
	must(err)
	if want := `<enclosure url="` + h.URL + at + `" length="516" type="audio/wav"`; !strings.Contains(string(b), want) {
		t.Errorf("no %s in the feed", want)
	}
	part, err := http.NewRequestWithContext(h.Context(), http.MethodGet, h.URL+at, nil)
	must(err)
	part.Header.Set("Range", "bytes=4-9")
	got, err := http.DefaultClient.Do(part)
	must(err)
	defer got.Body.Close()
	if got.StatusCode != http.StatusPartialContent || got.Header.Get("Content-Range") != "bytes 4-9/516" || got.Header.Get("Content-Type") != "audio/wav" {
		t.Errorf("a part of it: %d %v", got.StatusCode, got.Header)
	}
	if csp := page.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "media-src 'self'") {
		t.Errorf("the page may not play it: %s", csp)
	}
}
