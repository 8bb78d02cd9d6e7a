package postweb

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/queue"
)

func TestEveryTextIsThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	for _, err := range k.kit.Catalog().Check() {
		t.Error(err)
	}
	kept := k.draft(post.Input{Title: "Gardé", Body: "Texte.", Section: "Métier", Tags: []string{"Bois"}})
	out := k.draft(post.Input{Title: "Publié", Body: "Texte."})
	_, err := k.posts.Publish(t.Context(), k.who, out.ID)
	must(t, err)
	note := k.draft(post.Input{Kind: post.Note, Body: "Une note."})
	gone := k.draft(post.Input{Title: "Supprimé"})
	must(t, k.posts.Delete(t.Context(), k.who, gone.ID))
	must(t, k.posts.KeepDraft(t.Context(), k.who, kept.ID, 9, map[string]string{"body": "autre", "title": "Autre"}))
	must(t, k.posts.KeepDraft(t.Context(), k.who, out.ID, k.now(out.ID).Version, map[string]string{"body": "autre"}))
	before := len(k.kit.Catalog().Missing())
	for _, l := range i18n.Langs() {
		k.lang = l
		for _, path := range []string{"/app/posts", "/app/posts?status=deleted", "/app/posts?status=draft&kind=note&voice=claire", "/app/posts?q=rien",
			"/app/posts?gone=" + gone.ID.String(), "/app/write", here(kept) + "/merge", here(kept) + "/revisions", here(kept) + "/revisions/" + k.revisions(kept)[0].ID.String(), here(out), here(note), here(gone)} {
			if a := k.get(path); a.code != http.StatusOK || strings.Contains(a.body, "ZgotmplZ") {
				t.Errorf("%s in %s: %d", path, l, a.code)
			}
		}
	}
	if missing := k.kit.Catalog().Missing(); len(missing) > before {
		t.Errorf("no text for %v", missing)
	}
}

func TestWritingFromNothingToPublished(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	a := k.post("/app/write", "voice", k.voice.ID.String(), "do", "article", "body", "Il y a les délais qu’on annonce.")
	if a.code != http.StatusSeeOther || !strings.HasPrefix(a.location, "/app/posts/") {
		t.Fatalf("began with %d %s", a.code, a.location)
	}
	at := a.location
	page := k.get(at)
	if !strings.Contains(page.text, "Il y a les délais qu’on annonce.") {
		t.Error("what was typed as a note did not follow")
	}
	a = k.post(at+"/publish", "version", page.version(), "title", "", "summary", "", "body", "Autre texte.", "tags", "Bois, Délais; bois", "section", "Métier")
	if a.code != http.StatusUnprocessableEntity || !strings.Contains(a.text, "Ce champ est à remplir.") || !strings.Contains(a.body, "Autre texte.") {
		t.Fatalf("publishing without a title: %d\n%s", a.code, a.text)
	}
	a = k.post(at+"/publish", "version", a.version(), "title", "Nos délais", "body", "Autre texte.")
	if a.code != http.StatusSeeOther {
		t.Fatalf("publishing: %d\n%s", a.code, a.text)
	}
	k.leave()
	page = k.get(at)
	if !strings.Contains(page.body, `href="/nos-delais"`) || !strings.Contains(page.text, "publié") {
		t.Error("the page does not lead to the public one")
	}
	if list := k.get("/app/posts?status=published"); !strings.Contains(list.text, "Nos délais") || !strings.Contains(list.text, "Métier · Bois, Délais") {
		t.Errorf("the list says\n%s", list.text)
	}
	if list := k.get("/app/posts?status=draft"); strings.Contains(list.text, "Nos délais") {
		t.Error("it is still among the drafts")
	}
}

func TestANoteGoesOutFromOnePageWithItsPhoto(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	if a := k.post("/app/write", "voice", k.voice.ID.String(), "do", "publish", "body", " "); a.code != http.StatusUnprocessableEntity {
		t.Errorf("an empty note: %d", a.code)
	}
	a := k.send("/app/write", "file", "IMG_1.png", photo(t), "voice", k.voice.ID.String(), "do", "publish", "body", "Le chêne est arrivé.", "alt", "Un tas de [planches]")
	if a.code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.code, a.body)
	}
	if page := k.get(a.location); !strings.Contains(page.text, "paraît dans dix secondes") || strings.Contains(page.body, "data-copy") {
		t.Errorf("while it leaves one reads\n%s", page.text)
	}
	k.leave()
	page := k.told(a.location, saidOut)
	if !strings.Contains(page.text, "Publié.") || !strings.Contains(page.body, `data-copy="https://aubin.example/n/`) ||
		!strings.Contains(page.body, `alt="Un tas de (planches)"`) || strings.Contains(page.text, "![") || strings.Contains(page.body, "<textarea") {
		t.Errorf("after publishing one reads\n%s", page.text)
	}
	at, _, _ := strings.Cut(a.location, "?")
	if page := k.get(at); !strings.Contains(page.body, "<textarea") || !strings.Contains(page.text, "![Un tas de (planches)](/media/") {
		t.Errorf("the note is\n%s", page.text)
	}
}

func TestAnAddressIsPassedOnOnceStrangersFindTheTextThere(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	p := k.draft(post.Input{Title: "Nos délais", Body: "Six semaines."})
	if page := k.get(here(p) + "?out=1"); !strings.Contains(page.body, "<textarea") || strings.Contains(page.body, "data-copy") {
		t.Error("a draft says an address")
	}
	a := k.post(here(p)+"/publish", "version", k.get(here(p)).version(), "title", "Nos délais", "body", "Six semaines.")
	k.leave()
	if page := k.told(a.location, saidOut); !strings.Contains(page.body, `data-copy="https://aubin.example/nos-delais"`) ||
		!strings.Contains(page.body, `data-share="https://aubin.example/nos-delais"`) || !strings.Contains(page.text, "Six semaines.") {
		t.Errorf("after publishing one reads\n%s", page.text)
	}
	_, err := k.posts.Unpublish(t.Context(), k.who, p.ID)
	must(t, err)
	if page := k.get(a.location); strings.Contains(page.body, "data-copy") {
		t.Error("what was unpublished says an address")
	}
}

func TestAutosaveKeepsADraftAndNeverPublishes(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	p := k.draft(post.Input{Title: "T", Body: "un"})
	a := k.post(here(p)+"/autosave", "version", "1", "title", "T", "body", "un deux")
	var got saved
	must(t, json.Unmarshal([]byte(a.body), &got))
	if got.Fields["version"] != "2" || k.now(p.ID).Body != "un deux" {
		t.Errorf("autosave answers %s, the draft is %q", a.body, k.now(p.ID).Body)
	}
	// A tag half typed is kept beside, not made.
	k.post(here(p)+"/autosave", "version", "2", "title", "T", "body", "un deux", "tags", "Boi")
	if page := k.get(here(p)); len(k.now(p.ID).Tags) != 0 || !strings.Contains(page.body, `value="Boi"`) {
		t.Error("a tag that is being typed was made, or lost")
	}
	q := k.draft(post.Input{Title: "Public", Body: "lu"})
	_, err := k.posts.Publish(t.Context(), k.who, q.ID)
	must(t, err)
	page := k.get(here(q))
	k.post(here(q)+"/autosave", "version", page.version(), "title", "Public", "body", "pas encore relu")
	if k.now(q.ID).Body != "lu" {
		t.Fatal("autosave changed what the public reads")
	}
	page = k.get(here(q))
	if !strings.Contains(page.text, "pas encore relu") || !strings.Contains(page.text, "Les lecteurs ne le voient pas") {
		t.Error("what was typed is not shown again")
	}
	a = k.post(here(q), "version", page.version(), "title", "Public", "body", "pas encore relu, puis relu")
	if a.code != http.StatusSeeOther || k.now(q.ID).Body != "pas encore relu, puis relu" {
		t.Errorf("saving it: %d", a.code)
	}
	if page = k.get(here(q)); strings.Contains(page.text, "Nous avons gardé") {
		t.Error("the kept draft outlived the save")
	}
}

func TestTwoTabsShowBothTextsAndLoseNothing(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	p := k.draft(post.Input{Title: "T", Body: "départ"})
	version := k.get(here(p)).version()
	if a := k.post(here(p), "version", version, "title", "T", "body", "premier onglet"); a.code != http.StatusSeeOther {
		t.Fatal(a.code)
	}
	a := k.post(here(p)+"/publish", "version", version, "title", "T", "body", "second onglet")
	if a.code != http.StatusConflict || !strings.Contains(a.text, "premier onglet") || !strings.Contains(a.text, "second onglet") {
		t.Fatalf("the second tab got %d\n%s", a.code, a.text)
	}
	if now := k.now(p.ID); now.Body != "premier onglet" || now.Status != post.Writing {
		t.Errorf("the conflict changed the post: %+v", now)
	}
	// Somebody who closes the tab here finds both again.
	if to := k.get(here(p)); to.location != here(p)+"/merge" {
		t.Errorf("the page leads to %q", to.location)
	}
	again := k.get(here(p) + "/merge")
	if again.code != http.StatusOK || !strings.Contains(again.text, "premier onglet") || !strings.Contains(again.text, "second onglet") {
		t.Error("the second text is lost")
	}
	if a := k.post(here(p)+"/merge", "version", again.version(), "at", "1", "body.0", "mine"); a.code != http.StatusConflict || k.now(p.ID).Body != "premier onglet" {
		t.Errorf("what was typed at another time: %d", a.code)
	}
	a = k.post(here(p)+"/merge", "version", again.version(), "at", typedAt.FindStringSubmatch(again.body)[1], "body.0", "mine")
	if a.code != http.StatusSeeOther || k.now(p.ID).Body != "second onglet" {
		t.Errorf("choosing: %d, %q", a.code, k.now(p.ID).Body)
	}
	if a := k.told(here(p), "post.said_merged"); !strings.Contains(a.text, "Deux textes ont été réunis") {
		t.Errorf("%s", a.text)
	}
	// The other choice, and an autosave that was faster than the button, which is no conflict.
	k.post(here(p), "version", "1", "title", "T", "body", "troisième")
	if a := k.post(here(p) + "/discard"); a.code != http.StatusSeeOther || strings.Contains(k.get(here(p)).text, "troisième") {
		t.Error("what was given up is still shown")
	}
	if a := k.post(here(p), "version", "1", "title", "T", "body", "second onglet"); a.code != http.StatusSeeOther {
		t.Errorf("saving what is saved already: %d", a.code)
	}
}

var typedAt = regexp.MustCompile(`name="at" value="(\d+)"`)

func TestWhatWasSavedApartIsMergedByItselfWhereItDoesNotMeet(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	p := k.draft(post.Input{Title: "T", Body: "Un.\n\nDeux."})
	version := k.get(here(p)).version()
	k.post(here(p), "version", version, "title", "T", "body", "Un, dit l’autre.\n\nDeux.")
	a := k.post(here(p), "version", version, "title", "T ici", "body", "Un.\n\nDeux, dit-on ici.")
	if now := k.now(p.ID); a.code != http.StatusSeeOther || now.Title != "T ici" || now.Body != "Un, dit l’autre.\n\nDeux, dit-on ici." {
		t.Fatalf("%d %q", a.code, now.Body)
	}
	// What is out is read over first: nothing goes to readers that nobody saw.
	_, err := k.posts.Publish(t.Context(), k.who, p.ID)
	must(t, err)
	version = k.get(here(p)).version()
	k.post(here(p), "version", version, "title", "T ici", "body", "Un.\n\nDeux, dit-on ici.")
	a = k.post(here(p), "version", version, "title", "T", "body", "Un, dit l’autre.\n\nDeux, dit-on ici.")
	if now := k.now(p.ID); a.code != http.StatusConflict || now.Title != "T ici" || !strings.Contains(a.text, "à relire") {
		t.Fatalf("%d %q", a.code, a.text)
	}
	a = k.post(here(p)+"/merge", "version", a.version(), "at", typedAt.FindStringSubmatch(a.body)[1])
	if now := k.now(p.ID); a.code != http.StatusSeeOther || now.Title != "T" || now.Body != "Un.\n\nDeux, dit-on ici." {
		t.Errorf("%d %q %q", a.code, now.Title, now.Body)
	}
	if a := k.get(here(p) + "/merge"); a.location != here(p) {
		t.Errorf("with nothing to merge: %d", a.code)
	}
	if a := k.post(here(p) + "/merge"); a.location != here(p) {
		t.Errorf("with nothing to merge: %d", a.code)
	}
}

func TestADeleteCanBeUndone(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	p := k.draft(post.Input{Title: "Regrets"})
	a := k.post(here(p) + "/delete")
	list := k.get(a.location)
	if !strings.Contains(list.text, "« Regrets » est supprimé") || !strings.Contains(list.body, here(p)+"/restore") {
		t.Fatalf("after %s the list says\n%s", a.location, list.text)
	}
	if bin := k.get("/app/posts?status=deleted"); !strings.Contains(bin.text, "Regrets") {
		t.Error("it is not in the bin")
	}
	if page := k.get(here(p)); page.code != http.StatusOK || !strings.Contains(page.text, "Restaurer") {
		t.Error("its own page does not offer to restore it")
	}
	if a := k.post(here(p) + "/restore"); a.code != http.StatusSeeOther || !k.now(p.ID).DeletedAt.IsZero() {
		t.Errorf("restoring: %d", a.code)
	}
}

func TestButtonsThatDoNotSaveLoseNothing(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	p := k.draft(post.Input{Title: "T", Body: "lu"})
	_, err := k.posts.Publish(t.Context(), k.who, p.ID)
	must(t, err)
	a := k.post(here(p)+"/unpublish", "version", k.get(here(p)).version(), "title", "", "body", "tapé en hâte")
	page := k.get(here(p))
	if a.code != http.StatusSeeOther || k.now(p.ID).Status != post.Unpublished || !strings.Contains(page.text, "tapé en hâte") || strings.Contains(page.text, "modifié ailleurs") {
		t.Errorf("taken back with %d:\n%s", a.code, page.text)
	}
	k.post(here(p)+"/delete", "version", page.version(), "title", "T", "body", "tapé avant de supprimer")
	k.post(here(p) + "/restore")
	if page = k.get(here(p)); !strings.Contains(page.text, "tapé avant de supprimer") || strings.Contains(page.text, "modifié ailleurs") {
		t.Errorf("restored as\n%s", page.text)
	}
}

func TestSchedulingTakesTheHoursOfTheHouse(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	p := k.draft(post.Input{Title: "Lundi"})
	for typed, sentence := range map[string]string{"": "Ce champ est à remplir.", "2026-03-01T08:00": "Cette heure est déjà passée.", "demain": "Date non reconnue."} {
		a := k.post(here(p)+"/schedule", "schedule", typed)
		if a.code != http.StatusUnprocessableEntity || !strings.Contains(a.text, sentence) {
			t.Errorf("%q: %d, without %q", typed, a.code, sentence)
		}
	}
	a := k.post(here(p)+"/schedule", "version", k.get(here(p)).version(), "title", "Lundi", "body", "", "schedule", "2026-06-01T08:00")
	if a.code != http.StatusSeeOther || !k.now(p.ID).PublishAt.Equal(time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)) {
		t.Fatalf("%d, due at %v", a.code, k.now(p.ID).PublishAt)
	}
	page := k.told(here(p), "post.said_scheduled")
	for _, want := range []string{"Programmé pour lundi 1er juin à 8 h.", "programmé lundi 1er juin, 8 h", "Mettre à jour", "Publier maintenant"} {
		if !strings.Contains(page.text, want) {
			t.Errorf("the page does not say %q\n%s", want, page.text)
		}
	}
	if strings.Contains(page.body, `<button class="btn" formaction="`+here(p)+`/publish"`) {
		t.Error("the black button publishes what is scheduled")
	}
	if list := k.get("/app/posts"); !strings.Contains(list.text, "programmé lundi 1er juin, 8 h") {
		t.Errorf("the list says\n%s", list.text)
	}
	if page := k.told(here(p), "post.deleted_named"); strings.Contains(page.text, "supprimé. Vous avez") {
		t.Error("a key with words of its own is told")
	}
	if a := k.post(here(p) + "/unpublish"); a.code != http.StatusSeeOther || k.now(p.ID).Status != post.Ready {
		t.Error("it is still scheduled")
	}
	if page := k.told(here(p), "post.said_scheduled"); strings.Contains(page.text, "C’est prévu") {
		t.Error("what is not scheduled is told to be")
	}
}

func TestWhilePostsAreHeldThePageSaysSo(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	must(t, k.db.Write(t.Context(), func(tx *db.Tx) error { return k.queue.HoldLane(tx, queue.Everything) }))
	p := k.draft(post.Input{Title: "Lundi", Body: "x"})
	if page := k.get(here(p)); !strings.Contains(page.text, "Retenu : paraîtra quand vous le laisserez partir.") {
		t.Errorf("%s", page.text)
	}
	if a := k.post(here(p) + "/publish"); a.code != http.StatusSeeOther || k.now(p.ID).Status != post.Scheduled {
		t.Fatalf("%d, %s", a.code, k.now(p.ID).Status)
	}
	if page := k.told(here(p), "post.said_held"); !strings.Contains(page.text, "Tout est retenu : ce billet attend.") || !strings.Contains(page.text, "retenu, programmé ") {
		t.Errorf("%s", page.text)
	}
	if list := k.get("/app/posts"); !strings.Contains(list.text, "retenu, programmé ") {
		t.Errorf("%s", list.text)
	}
	if a := k.post("/app/write", "voice", k.voice.ID.String(), "body", "Trois mots", "do", "publish"); a.code != http.StatusSeeOther {
		t.Errorf("%d", a.code)
	}
}

func TestFilesComeInCleanOrAreRefusedWithASentence(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	a := k.send("/app/media", "file", "chêne.png", photo(t), "alt", "Un chêne")
	var got uploaded
	must(t, json.Unmarshal([]byte(a.body), &got))
	if a.code != http.StatusCreated || !strings.HasPrefix(got.Markdown, "![Un chêne](/media/") {
		t.Fatalf("%d %s", a.code, a.body)
	}
	a = k.send("/app/media", "file", "x.png", []byte("<svg onload=alert(1)>"))
	if a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "ne prend pas ce type") {
		t.Errorf("a file that is no picture: %d %s", a.code, a.body)
	}
	p := k.draft(post.Input{Title: "Couverture"})
	a = k.send(here(p)+"/publish", "cover_file", "c.png", photo(t), "version", "1", "title", "Couverture", "body", "Texte tapé.", "cover", "", "cover_alt", "")
	if a.code != http.StatusUnprocessableEntity || !strings.Contains(a.text, "Dites en une phrase ce que montre") || k.now(p.ID).Cover.IsZero() {
		t.Fatalf("a cover without words: %d", a.code)
	}
	cover := k.now(p.ID).Cover.String()
	a = k.post(here(p)+"/publish", "version", a.version(), "title", "Couverture", "body", "Texte tapé.", "cover", cover, "cover_alt", "Un chêne")
	if k.leave(); a.code != http.StatusSeeOther || k.now(p.ID).Status != post.Published {
		t.Errorf("described: %d", a.code)
	}
	a = k.send(here(p), "file", "x.exe", []byte("MZ"), "version", k.get(here(p)).version(), "title", "Couverture", "body", "Long texte tapé.", "cover", cover, "cover_alt", "Un chêne")
	if a.code != http.StatusUnprocessableEntity || !strings.Contains(a.text, "Long texte tapé.") {
		t.Errorf("a refused file took the text with it: %d", a.code)
	}
}

func TestOnlyThoseWhoWriteComeIn(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	p := k.draft(post.Input{Title: "Secret"})
	owner := k.who
	for name, who := range map[string]actor.Actor{
		"a visitor": {}, "a reader": {Account: 8, Grants: []actor.Grant{{Role: actor.Reader}}},
		"the author of another voice": {Account: 9, Grants: []actor.Grant{{Voice: int64(k.voice.ID) + 1, Role: actor.Author}}},
	} {
		k.who = who
		for _, a := range []answer{k.get(here(p)), k.post(here(p), "body", "x"), k.post(here(p) + "/publish"), k.post(here(p)+"/preview", "body", "x"),
			k.post(here(p)+"/autosave", "body", "x"), k.post(here(p) + "/delete"), k.post(here(p) + "/restore"), k.get("/app/posts")} {
			if strings.Contains(a.text, "Secret") || a.code == http.StatusOK && !strings.Contains(a.text, "Rien n’est encore écrit") ||
				a.code == http.StatusSeeOther && !strings.HasPrefix(a.location, "/app/sign-in") {
				t.Errorf("%s got %d %s", name, a.code, a.location)
			}
		}
	}
	k.who = actor.Actor{Account: 10, Grants: []actor.Grant{{Voice: int64(k.voice.ID), Role: actor.Author}}}
	if a := k.get(here(p)); a.code != http.StatusOK || strings.Contains(a.body, "write-body") {
		t.Error("another author of the voice may read it, and only that")
	}
	if a := k.post(here(p), "body", "x", "version", "1"); a.code != http.StatusForbidden {
		t.Errorf("another author changed it: %d", a.code)
	}
	k.who = owner
	if now := k.now(p.ID); now.Version != 1 {
		t.Error("somebody changed it")
	}
}

func TestHostileTextsNeitherRunNorBreakThePage(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	p := k.draft(post.Input{})
	for _, s := range append(naughty(t), `<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `[x](javascript:alert(1))`, `</textarea><script>1</script>`) {
		a := k.post(here(p)+"/preview", "title", s, "summary", s, "body", s)
		page := k.post(here(p), "version", k.get(here(p)).version(), "title", s, "summary", s, "body", s, "section", s, "tags", s, "slug", s, "question", s, "cover_alt", s)
		for _, got := range []string{a.body, page.body, k.get(here(p)).body, k.get("/app/posts?q=" + urlEscape(s)).body} {
			low := strings.ToLower(got)
			if strings.Contains(low, "<script>") || strings.Contains(low, "<img src=x") || strings.Contains(low, `href="javascript`) {
				t.Fatalf("%q comes out alive", s)
			}
		}
	}
}

func urlEscape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		const hex = "0123456789ABCDEF"
		b.WriteString("%" + string(hex[s[i]>>4]) + string(hex[s[i]&15]))
	}
	return b.String()
}

// naughty returns some of the strings that break programs.
func naughty(t *testing.T) []string {
	dir, err := os.Getwd()
	must(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	matches, err := filepath.Glob(filepath.Join(dir, "../shared/testdata/naughty-strings/*.txt"))
	must(t, err)
	if len(matches) == 0 {
		t.Log("the naughty strings are not here: only our own are tried")
		return nil
	}
	f, err := os.Open(matches[0])
	must(t, err)
	defer f.Close()
	var all []string
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line != "" && !strings.HasPrefix(line, "#") {
			if n++; n%6 == 0 { // each sixth: the sanitiser itself is tried with all of them
				all = append(all, line)
			}
		}
	}
	return all
}

func TestThePreviewSaysWhichPicturesStayElsewhere(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	p := k.draft(post.Input{})
	body := "![Le plan](https://ailleurs.example/a.png) ![](https://ailleurs.example/b.png)\n\n![Ici](/assets/plan.png)"
	a := k.post(here(p)+"/preview", "body", body)
	if !strings.Contains(a.body, "2 images sont restées sur d’autres sites") || strings.Count(a.body, "<img") != 1 ||
		!strings.Contains(a.body, `<a href="https://ailleurs.example/a.png" rel="noopener">Le plan</a>`) {
		t.Errorf("the preview is %s", a.body)
	}
	if a := k.post(here(p)+"/preview", "body", "Un mot."); strings.Contains(a.body, "autre") {
		t.Errorf("the preview is %s", a.body)
	}
}
