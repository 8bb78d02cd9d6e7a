package site_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

func (w *world) sections() map[string]post.Section {
	w.t.Helper()
	byName := map[string]post.Section{}
	must(w.t, w.db.Read(w.t.Context(), func(tx *db.Tx) error {
		all, err := post.AllSections(tx, w.claire.ID)
		for _, s := range all {
			byName[s.Name] = s
		}
		return err
	}))
	return byName
}

// menu is what stands in the menu of a page.
func (w *world) menu(path string) string {
	w.t.Helper()
	_, nav, _ := strings.Cut(w.page(path), "<nav aria-label")
	nav, _, _ = strings.Cut(nav, `<a class="find"`)
	var names []string
	for _, part := range strings.Split(nav, "</a>") {
		if i := strings.LastIndex(part, ">"); i >= 0 && strings.Contains(part, "href=") {
			names = append(names, part[i+1:])
		}
	}
	return strings.Join(names, ", ")
}

func TestAMenuThatNobodyChoseHasSixEntriesAtMost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.furnish()
		for i := range 9 {
			for range 1 + i%5 {
				w.publish(post.Input{Title: "Un billet", Body: "x", Section: fmt.Sprintf("Rubrique %d", i+1)})
			}
		}
		for i := range 4 {
			w.publish(post.Input{Kind: post.Page, Title: fmt.Sprintf("Page %d", i+1), Body: "x"})
			w.clock.Advance(1000)
		}
		w.publish(post.Input{Kind: post.Note, Body: "Une note."})
		if got := w.menu("/"); got != "Rubrique 4, Rubrique 5, Rubrique 9, Notes, Page 1, Page 2" {
			t.Error(got)
		}
		s := w.sections()
		must(t, w.posts.SetMenu(t.Context(), owner, w.claire.ID, []string{post.MenuNotes, post.MenuSection(s["Rubrique 7"].ID), "page:nowhere"}))
		if got := w.menu("/"); got != "Notes, Rubrique 7" {
			t.Error("chosen:", got)
		}
		must(t, w.posts.SetMenu(t.Context(), owner, w.claire.ID, nil))
		if got := w.menu("/"); !strings.HasPrefix(got, "Rubrique 4") {
			t.Error("left to the site again:", got)
		}
	})
}

func TestASectionOrATagIsRenamedAndGivenUpWithoutLosingItsAddress(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.furnish()
		w.publish(post.Input{Title: "Le chêne", Body: "x", Section: "Bois", Tags: []string{"chêne", "massif"}})
		w.publish(post.Input{Title: "Le fer", Body: "x", Section: "Métal", Tags: []string{"fer"}})
		ctx, s := t.Context(), w.sections()
		_, err := w.posts.RenameSection(ctx, owner, s["Bois"].ID, "  Le  bois ")
		must(t, err)
		has(t, w.page("/section/bois/"), "<h1>Le bois</h1>", "Le chêne")
		must(t, w.posts.RemoveSection(ctx, owner, s["Métal"].ID, s["Bois"].ID))
		has(t, w.page("/section/bois/"), "Le chêne", "Le fer")
		if rec := w.get("/section/metal/"); rec.Code != http.StatusMovedPermanently || rec.Header().Get("Location") != "/section/bois/" {
			t.Errorf("the address of a section given up: %d %v", rec.Code, rec.Header())
		}
		tags := map[string]post.Tag{}
		all, err := w.posts.AllTags(ctx)
		must(t, err)
		for _, one := range all {
			tags[one.Slug] = one
		}
		must(t, w.posts.RenameTag(ctx, owner, tags["chene"].ID, "Chêne"))
		must(t, w.posts.RemoveTag(ctx, owner, tags["massif"].ID, tags["chene"].ID))
		must(t, w.posts.RemoveTag(ctx, owner, tags["fer"].ID, 0))
		if rec := w.get("/tag/massif/"); rec.Header().Get("Location") != "/tag/chene/" {
			t.Errorf("the address of a tag given up: %d %v", rec.Code, rec.Header())
		}
		has(t, w.page("/le-chene"), `href="/tag/chene/">Chêne</a>`)
		if rec := w.get("/tag/fer/"); rec.Code != http.StatusNotFound {
			t.Errorf("a tag that is no more: %d", rec.Code)
		}
		must(t, w.posts.RemoveSection(ctx, owner, s["Bois"].ID, 0))
		if rec := w.get("/section/metal/"); rec.Code != http.StatusNotFound {
			t.Errorf("a section that is no more leads on: %d", rec.Code)
		}
		has(t, w.page("/le-fer"), "Le fer")
	})
}

func TestOnlyAnEditorPutsSectionsInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	w.publish(post.Input{Title: "Le chêne", Body: "x", Section: "Bois", Tags: []string{"chêne"}})
	tags, err := w.posts.AllTags(t.Context())
	must(t, err)
	author := actor.Actor{Account: 5, Grants: []actor.Grant{{Voice: int64(w.claire.ID), Role: actor.Author}}}
	editor := actor.Actor{Account: 6, Grants: []actor.Grant{{Voice: int64(w.claire.ID), Role: actor.Editor}}}
	id := w.sections()["Bois"].ID
	for name, err := range map[string]error{
		"an author removes a section": w.posts.RemoveSection(t.Context(), author, id, 0), "an author sets a menu": w.posts.SetMenu(t.Context(), author, w.claire.ID, nil),
		"an editor of one voice renames a tag": w.posts.RenameTag(t.Context(), editor, tags[0].ID, "Bois"),
	} {
		if !fault.Is(err, fault.KindForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.posts.RenameSection(t.Context(), editor, id, " "); !fault.Is(err, fault.KindInvalid) {
		t.Error("a section without a name:", err)
	}
}
