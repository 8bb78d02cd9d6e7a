package post_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

func housePatchZone(zone string) house.Patch { return house.Patch{Zone: &zone} }

// seen tells who sees what of the canary: in lists, at its address, by search, in its picture.
func (w *world) seen(p post.Post, pic fact.MediaID) string {
	w.t.Helper()
	var ways []string
	w.read(func(tx *db.Tx) {
		r := post.PublicReader()
		if posts, _, err := r.List(tx, post.Query{Voice: p.Voice}); err != nil || len(posts) > 0 {
			ways = append(ways, "list")
		}
		if _, err := r.ByID(tx, p.ID); err == nil {
			ways = append(ways, "address")
		}
		if posts, err := r.Search(tx, "canari", 10, 0); err != nil || slices.ContainsFunc(posts, func(q post.Public) bool { return q.ID == p.ID }) {
			ways = append(ways, "search")
		}
	})
	f, info, err := w.media.File(w.t.Context(), actor.Visitor(), pic, media.Medium)
	if err == nil {
		f.Close()
		ways = append(ways, "picture")
		if !info.Public {
			w.t.Error("served to a stranger, and not marked public")
		}
	}
	return strings.Join(ways, " ")
}

func TestPrivateCannotLeakWhateverChanges(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const all = "list address search picture"
		ctx := t.Context()
		pic, hidden := w.picture("Un canari"), w.picture("Un canari caché")
		p := w.publish(post.Input{Title: "Canari", Body: "![Un canari](" + media.Path(pic, media.Medium) + ")"})
		in := w.publish(post.Input{Title: "Canari caché", Voice: w.inside.ID, Cover: hidden, CoverAlt: "caché"})
		expect := func(when, want string) {
			t.Helper()
			w.jobs()
			if got := w.seen(p, pic); got != want {
				t.Errorf("%s, strangers see it by %q, want %q", when, got, want)
			}
			if got := w.seen(in, hidden); got != "" {
				t.Errorf("%s, strangers see the internal voice by %q", when, got)
			}
		}
		expect("before the house opens", "")
		if got := w.titles(true); !slices.Equal(got, []string{"Canari"}) {
			t.Errorf("the owner's preview shows %v", got)
		}
		w.open(true)
		expect("once it is open", all)
		must(t, w.voices.SetMain(ctx, actor.System(), w.shop.ID)) // the main voice cannot go inside
		expect("another voice being the main one", all)
		_, err := w.voices.Change(ctx, actor.System(), w.claire.ID, voice.Patch{Kind: to(voice.Internal)})
		must(t, err)
		expect("its voice having become internal", "")
		_, err = w.voices.Change(ctx, actor.System(), w.claire.ID, voice.Patch{Kind: to(voice.Personal)})
		must(t, err)
		expect("its voice being personal again", all)
		w.open(false)
		expect("the house having closed", "")
		w.open(true)
		expect("the house having opened again", all)
		_, err = w.posts.Save(ctx, actor.System(), p.ID, post.Patch{Body: to("Sans image, canari.")}, 0)
		must(t, err)
		expect("without its picture", "list address search")
		_, err = w.posts.Unpublish(ctx, actor.System(), p.ID)
		must(t, err)
		expect("taken back", "")
		_, err = w.posts.Publish(ctx, actor.System(), p.ID)
		must(t, err)
		must(t, w.posts.Delete(ctx, actor.System(), p.ID))
		expect("deleted", "")
	})
}

func TestRebuildGivesTheSamePublic(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		pic := w.picture("x")
		p := w.publish(post.Input{Title: "Canari", Cover: pic, CoverAlt: "x"})
		w.create(post.Input{Title: "Brouillon"})
		before := w.seen(p, pic)
		must(t, w.posts.Rebuild(t.Context()))
		if after := w.seen(p, pic); after != before || after != "list address search picture" {
			t.Errorf("before %q, after %q", before, after)
		}
		found, _, err := w.posts.List(t.Context(), actor.System(), post.Filter{Query: "brouillons"})
		must(t, err)
		if len(found) != 1 {
			t.Errorf("at work %d posts are found", len(found))
		}
	})
}

func TestReadersGetListsByKindSectionTagAndTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		pic := w.picture("Un chêne")
		w.clock.Set(time.Date(2025, 12, 31, 23, 30, 0, 0, time.UTC)) // already 2026 in Paris
		first := w.publish(post.Input{Title: "Premier", Section: "Métier", Tags: []string{"Bois"}, Cover: pic, CoverAlt: "Un chêne"})
		w.clock.Set(time.Date(2026, 2, 3, 8, 0, 0, 0, time.UTC))
		w.publish(post.Input{Kind: post.Note, Body: "Une note.", Tags: []string{"bois"}})
		w.publish(post.Input{Kind: post.Page, Title: "À propos"})
		w.clock.Advance(time.Hour)
		third := w.publish(post.Input{Title: "Troisième : déjà", Body: "## Un\n\ntexte", Section: "metier"})
		w.clock.Advance(time.Hour)
		w.publish(post.Input{Title: "In English", Voice: w.shop.ID, Tags: []string{"Bois"}})
		r := post.PublicReader()
		w.read(func(tx *db.Tx) {
			tag, err := r.TagBySlug(tx, "bois")
			must(t, err)
			sections, err := r.Sections(tx, w.claire.ID)
			must(t, err)
			if len(sections) != 1 || sections[0].Name != "Métier" {
				t.Fatalf("sections %v", sections)
			}
			paris := time.FixedZone("Paris in winter", 3600)
			for name, c := range map[string]struct {
				q    post.Query
				want int
			}{
				"everything": {post.Query{}, 4}, "voice": {post.Query{Voice: w.claire.ID}, 3}, "notes": {post.Query{Kinds: []string{post.Note}}, 1},
				"section": {post.Query{Section: sections[0].ID}, 2}, "tag": {post.Query{Tag: tag.ID}, 3},
				"tag of a voice": {post.Query{Tag: tag.ID, Voice: w.shop.ID}, 1}, "year": {post.Query{Year: 2026, Zone: paris}, 4},
				"year in UTC": {post.Query{Year: 2025}, 1}, "month": {post.Query{Year: 2026, Month: 2, Zone: paris}, 3},
				"pages": {post.Query{Kinds: []string{post.Page}}, 1},
			} {
				posts, _, err := r.List(tx, c.q)
				if err != nil || len(posts) != c.want {
					t.Errorf("%s: %d posts, want %d, %v", name, len(posts), c.want, err)
				}
			}
			var paged []string
			for before := ""; ; {
				posts, next, err := r.List(tx, post.Query{Before: before, Limit: 1})
				must(t, err)
				paged = append(paged, posts[0].Label())
				if before = next; before == "" {
					break
				}
			}
			if got := strings.Join(paged, "; "); got != "In English; Troisième\u00a0: déjà; Une note.; Premier" {
				t.Errorf("page by page: %s", got)
			}
			p, err := r.ByID(tx, first.ID)
			must(t, err)
			if p.Cover == nil || p.Cover.Width != 40 || p.Section == nil || p.Section.Slug != "metier" || len(p.Tags) != 1 {
				t.Errorf("read as %+v", p)
			}
			q, err := r.ByID(tx, third.ID)
			must(t, err)
			older, newer, err := r.Neighbours(tx, q)
			if err != nil || newer != nil || older == nil || older.ID != first.ID {
				t.Errorf("neighbours %v %v %v", older, newer, err)
			}
			every, err := r.All(tx, 0, 100)
			if err != nil || len(every) != 5 {
				t.Errorf("all: %d, %v", len(every), err)
			}
			pages, err := r.Pages(tx, w.claire.ID)
			if err != nil || len(pages) != 1 || pages[0].Slug != "a-propos" {
				t.Errorf("pages: %v, %v", pages, err)
			}
		})
	})
}

func TestAnImportKeepsWhatThePastAllowed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		was := time.Date(2019, 3, 12, 10, 0, 0, 0, time.UTC)
		for _, in := range []post.Import{
			{Input: post.Input{Title: "Bonjour", Slug: "bonjour", Cover: 0}, Status: post.Published, PublishedAt: was, AuthorName: "Anne",
				OldPaths: []string{"/2019/03/12/bonjour/", "/?p=12", "relative", "/?p=12"}},
			{Input: post.Input{Title: "Bonjour", Slug: "bonjour"}, Status: post.Published, PublishedAt: was},
			{Input: post.Input{Title: "", Body: "Sans titre."}, Status: post.Published, PublishedAt: was},
			{Input: post.Input{Title: strings.Repeat("long ", 100)}, Status: post.Writing},
			{Input: post.Input{Title: "Demain"}, Status: post.Scheduled, PublishedAt: w.db.Clock().Now().Add(24 * time.Hour)},
		} {
			in.Voice = w.claire.ID
			_, err := w.posts.Import(t.Context(), actor.Importer(), in)
			must(t, err)
		}
		w.read(func(tx *db.Tx) {
			r := post.PublicReader()
			old, found, err := r.Old(tx, []string{"/2019/03/12/bonjour/"})
			if p := old.Post; err != nil || !found || p.Slug != "bonjour" || !p.PublishedAt.Equal(was) || p.AuthorName != "Anne" {
				t.Errorf("the old address gives %+v, %v, %v", old, found, err)
			}
			if res, err := r.Resolve(tx, w.claire.ID, "bonjour-2"); err != nil || res.Post.Title != "Bonjour" {
				t.Errorf("the second: %v", err)
			}
		})
		if got := len(w.titles(false)); got != 3 {
			t.Errorf("%d are public", got)
		}
		w.clock.Advance(25 * time.Hour)
		w.jobs()
		if got := len(w.titles(false)); got != 4 {
			t.Errorf("a day later %d are public", got)
		}
	})
}

func TestHeadingsOfATextBeginUnderItsTitle(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for body, want := range map[string]string{"# Un\n\n## Deux": "<h2", "## Un\n\n### Deux": "<h2", "### Un": "<h2"} {
			p := w.create(post.Input{Title: "T", Body: body})
			if !strings.Contains(p.HTML, want) || strings.Contains(p.HTML, "<h1") || strings.Index(p.HTML, "<h2") > strings.Index(p.HTML+"<h3", "<h3") {
				t.Errorf("%q gives %s", body, p.HTML)
			}
		}
	})
}

func TestWhatWasTypedAndNotSavedIsKeptForItsWriter(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p, err := w.posts.Create(ctx, w.author, post.Input{Voice: w.claire.ID, Title: "T"})
		must(t, err)
		must(t, w.posts.KeepDraft(ctx, w.author, p.ID, 1, map[string]string{"body": "en cours"}))
		must(t, w.posts.KeepDraft(ctx, w.author, p.ID, 1, map[string]string{"body": "encore"}))
		d, found, err := w.posts.DraftOf(ctx, w.author, p.ID)
		if err != nil || !found || d.Fields["body"] != "encore" || d.Version != 1 {
			t.Errorf("%+v %v %v", d, found, err)
		}
		if _, found, _ := w.posts.DraftOf(ctx, actor.System(), p.ID); found {
			t.Error("somebody else sees it")
		}
		_, err = w.posts.Save(ctx, w.author, p.ID, post.Patch{Body: to("encore")}, 1)
		must(t, err)
		if _, found, _ := w.posts.DraftOf(ctx, w.author, p.ID); found {
			t.Error("it outlived the save")
		}
		if err := w.posts.KeepDraft(ctx, actor.Visitor(), p.ID, 1, nil); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a stranger may keep: %v", err)
		}
	})
}
