package site_test

import (
	"strings"
	"testing"

	"causerie/internal/core/house"
	"causerie/internal/core/voice"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// A novice gave no summary, no cover and no word about herself.
func TestTheFrontOfANoviceIsMadeOfHerText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	none := ""
	_, err := w.voices.Change(t.Context(), actor.System(), w.claire.ID, voice.Patch{Role: &none, Bio: &none})
	must(t, err)
	wide, narrow := w.picture(640, 400, "Un étal"), w.picture(120, 120, "Un logo")
	w.publish(post.Input{Title: "Avec un logo", Body: "## Un mot\n\nUn logo ne fait pas une couverture, si joli soit-il sur la page.\n\n![Un logo](/media/" + narrow.String() + "/960)"})
	w.publish(post.Input{Title: "Le rumsteck", Body: "## Le bon morceau\n\nPrenez du rumsteck. Il supporte la poêle comme le four, et reste tendre.\n\n![Un étal](/media/" + wide.String() + "/960)\n\n## La suite\n\nFin."})
	page := w.page("/")
	has(t, page, `<h1 class="hush">Claire Aubin</h1>`, `<p class="dek">Prenez du rumsteck. Il supporte la poêle comme le four, et reste tendre.</p>`,
		`src="/media/`+wide.String()+`/960"`, `alt="Un étal"`, `<p>Un logo ne fait pas une couverture, si joli soit‑il sur la page.</p>`)
	hasNot(t, page, "Le bon morceau", narrow.String(), `<header class="voice">`)
	has(t, w.page("/le-rumsteck"), `<meta property="og:image" content="`+base+`/media/`+wide.String()+`/share">`)
}

func TestWhereToWriteIsSaidAtTheTopAndAfterTheText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	w.publish(post.Input{Title: "Bois", Body: body})
	has(t, w.page("/bois"), `<a class="btn small tinted to-contact" href="/contact">Contact</a>`, `<section class="closing" aria-label="Qui parle ici">`,
		`dirigeante des Ateliers Aubin</p>`, `<p>Elle y parle de bois et de délais.</p>`, `<a class="btn" href="/contact">M’écrire</a>`)
	has(t, w.page("/contact"), `href="/contact" aria-current="page">Contact</a>`)
}

func TestTheFootSaysWhereTheHouseIsAndWhenItIsOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	w.publish(post.Input{Title: "Bois", Body: body})
	_, err := w.house.Change(t.Context(), actor.System(), house.Patch{Identity: map[string]string{
		"address": "7 venelle des Copeaux\n29000 Quimper", "phone": "+33 (2) 98 00 00 00", "opening_hours": "Lundi, 8 h – 18 h\n\nSamedi, le matin"}})
	must(t, err)
	for _, path := range []string{"/", "/bois", "/legal/mentions"} {
		has(t, w.page(path), `7 venelle des Copeaux<br>29000 Quimper`, `<a href="tel:&#43;33298000000">`, `<b>Ouvert</b><br>Lundi, 8 h – 18 h<br>Samedi, le matin</div>`)
		hasNot(t, w.page(path), "ZgotmplZ")
	}
}

func TestASectionSaysWhatItIsAndWhereToFollowIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	w.publish(post.Input{Title: "Bois", Body: body, Section: "Métier"})
	w.publish(post.Input{Title: "Fer", Body: body, Section: "Métier"})
	page := w.page("/section/metier/")
	has(t, page, `<p class="lede">Métier`, `<a href="/section/metier/feed.xml">Flux RSS</a>`)
	hasNot(t, page, `<p class="meta"><a href="/section/metier/">`)
	has(t, w.page("/"), `<p class="meta"><a href="/section/metier/">Métier</a>`)
}

func TestAVoiceHasAMarkOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	has(t, w.page("/"), `<span class="mark" aria-hidden="true">CA</span>Claire Aubin</a>`, `<link rel="icon" href="/assets/mark/8a2f2a-CA.svg">`)
	if rec := w.get("/assets/mark/8a2f2a-CA.svg"); rec.Code != 200 || rec.Header().Get("Content-Type") != "image/svg+xml" || !strings.Contains(rec.Body.String(), ">CA</text>") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	for _, path := range []string{"/assets/mark/8a2f2a-CAX.svg", "/assets/mark/red-C.svg", "/assets/mark/8a2f2a-%3C.svg", "/assets/mark/8a2f2a.svg"} {
		if rec := w.get(path); rec.Code != 404 {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	if rec := w.get("/favicon.ico"); rec.Header().Get("Location") != "/assets/mark/8a2f2a-CA.svg" {
		t.Error(rec.Header())
	}
	logo, ask := w.picture(160, 100, "Ateliers"), "Une cuisine ? Écrivez-moi."
	_, err := w.voices.Change(t.Context(), owner, w.claire.ID, voice.Patch{Logo: &logo, Ask: &ask})
	must(t, err)
	w.publish(post.Input{Title: "Bois", Body: body})
	has(t, w.page("/bois"), `<img class="logo" src="/media/`+logo.String()+`/480" alt="" height="36">Claire Aubin</a>`,
		`<link rel="icon" href="/media/`+logo.String()+`/square">`, "<p>Une cuisine\u202f? Écrivez‑moi.</p>")
	for _, variant := range []string{"480", "square"} {
		if rec := w.get("/media/" + logo.String() + "/" + variant); rec.Code != 200 {
			t.Errorf("a stranger does not see the logo: %d", rec.Code)
		}
	}
	if rec := w.get("/apple-touch-icon.png"); rec.Header().Get("Location") != "/media/"+logo.String()+"/square" {
		t.Error(rec.Header())
	}
	banner := w.picture(300, 100, "Les Ateliers Aubin, depuis 1962")
	_, err = w.voices.Change(t.Context(), owner, w.claire.ID, voice.Patch{Logo: &banner})
	must(t, err)
	has(t, w.page("/bois"), `<img class="logo" src="/media/`+banner.String()+`/480"`, `<link rel="icon" href="/assets/mark/8a2f2a-CA.svg">`)
	if rec := w.get("/favicon.ico"); rec.Header().Get("Location") != "/assets/mark/8a2f2a-CA.svg" {
		t.Errorf("a banner is cut to be an icon: %v", rec.Header())
	}
	w.open(false)
	if rec := w.get("/favicon.ico"); strings.Contains(rec.Header().Get("Location"), logo.String()) {
		t.Error("a closed house shows its logo")
	}
}
