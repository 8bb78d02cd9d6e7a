package post_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

func to[T any](v T) *T { return &v }

func problem(err error) string {
	var all []string
	for _, p := range fault.ProblemsOf(err) {
		all = append(all, p.Field+" "+p.Code)
	}
	return strings.Join(all, ", ")
}

func TestADraftNeedsNothingAndGoingOutNeedsATitleAndADescribedCover(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		p := w.create(post.Input{Body: "Un *brouillon*.", Cover: w.picture("")})
		_, err := w.posts.Publish(t.Context(), actor.System(), p.ID)
		if got := problem(err); got != "title required, cover_alt required" {
			t.Fatalf("publishing says %q (%v)", got, err)
		}
		p, err = w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Title: to("  Le prix\ndu chêne "), CoverAlt: to("Un chêne")}, p.Version)
		must(t, err)
		p, err = w.posts.Publish(t.Context(), actor.System(), p.ID)
		must(t, err)
		if p.Title != "Le prix du chêne" || p.Slug != "le-prix-du-chene" || p.Status != post.Published || !p.PublishedAt.Equal(w.clock.Now()) {
			t.Errorf("published as %+v", p)
		}
		_, err = w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Title: to("")}, 0)
		if problem(err) != "title required" {
			t.Errorf("a post that is out lost its title: %v", err)
		}
		n := w.create(post.Input{Kind: post.Note})
		if _, err := w.posts.Publish(t.Context(), actor.System(), n.ID); problem(err) != "body required" {
			t.Errorf("an empty note went out: %v", err)
		}
	})
}

func TestTwoTabsCannotOverwriteEachOtherUnseen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.create(post.Input{Title: "A"})
		_, err := w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Body: to("premier")}, p.Version)
		must(t, err)
		_, err = w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Body: to("second")}, p.Version)
		if !fault.Is(err, fault.KindConflict) {
			t.Fatalf("the second tab got %v", err)
		}
		got, err := w.posts.Get(t.Context(), actor.System(), p.ID)
		must(t, err)
		if got.Body != "premier" || got.Version != 2 {
			t.Errorf("there is %q, version %d", got.Body, got.Version)
		}
	})
}

func TestAddressesLeadToAPostForEver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		p := w.publish(post.Input{Title: "Le prix du chêne"})
		twin := w.publish(post.Input{Title: "Le prix du chêne"})
		other := w.publish(post.Input{Title: "Le prix du chêne", Voice: w.shop.ID})
		reserved := w.publish(post.Input{Title: "Contact"})
		asVoice := w.publish(post.Input{Title: "Ateliers"})
		year := w.publish(post.Input{Title: "2026"})
		strange := w.publish(post.Input{Title: "日本"})
		for want, got := range map[string]string{
			"le-prix-du-chene-2": twin.Slug, "le-prix-du-chene": other.Slug, "contact-2": reserved.Slug,
			"ateliers-2": asVoice.Slug, "2026-2": year.Slug, strange.ID.String(): strange.Slug,
		} {
			if got != want {
				t.Errorf("slug %q, want %q", got, want)
			}
		}
		save := func(slug string) error {
			_, err := w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Slug: &slug}, 0)
			return err
		}
		for slug, want := range map[string]string{"le-prix-du-chene-2": "slug taken", "search": "slug reserved", "claire": "slug reserved", "a b": "slug slug_shape"} {
			if got := problem(save(slug)); got != want {
				t.Errorf("slug %q gives %q, want %q", slug, got, want)
			}
		}
		must(t, save("chene"))
		must(t, save("prix"))
		// An old address cannot be taken by another post, and its own may come back to it.
		if _, err := w.posts.Save(t.Context(), actor.System(), twin.ID, post.Patch{Slug: to("chene")}, 0); problem(err) != "slug taken" {
			t.Errorf("the old address was taken: %v", err)
		}
		w.read(func(tx *db.Tx) {
			r := post.PublicReader()
			for slug, moved := range map[string]string{"le-prix-du-chene": "prix", "chene": "prix", "prix": ""} {
				res, err := r.Resolve(tx, w.claire.ID, slug)
				if err != nil || res.Moved != moved || res.Post.ID != p.ID {
					t.Errorf("%s: %+v, %v", slug, res.Moved, err)
				}
			}
			if _, err := r.Resolve(tx, w.claire.ID, "nothing"); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("an unknown address gives %v", err)
			}
		})
		must(t, save("le-prix-du-chene"))
	})
}

func TestWhatIsTakenBackIsNotThereAndWhatIsDeletedIsGone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		ctx, r := t.Context(), post.PublicReader()
		p := w.publish(post.Input{Title: "Bonjour"})
		note := w.publish(post.Input{Kind: post.Note, Body: "Une note."})
		expect := func(when string, found, gone bool) {
			t.Helper()
			w.read(func(tx *db.Tx) {
				res, err := r.Resolve(tx, w.claire.ID, "bonjour")
				if found != (err == nil && res.Post.ID == p.ID) || gone != res.Gone || (!found && !gone && !fault.Is(err, fault.KindNotFound)) {
					t.Errorf("%s: %+v, %v", when, res, err)
				}
			})
		}
		expect("published", true, false)
		_, err := w.posts.Unpublish(ctx, actor.System(), p.ID)
		must(t, err)
		expect("unpublished", false, false)
		again, err := w.posts.Publish(ctx, actor.System(), p.ID)
		must(t, err)
		if !again.PublishedAt.Equal(p.PublishedAt) {
			t.Error("going out again changed when readers first saw it")
		}
		must(t, w.posts.Delete(ctx, actor.System(), p.ID))
		expect("deleted", false, true)
		back, err := w.posts.Restore(ctx, actor.System(), p.ID)
		must(t, err)
		if back.Status != post.Unpublished {
			t.Errorf("restored as %s", back.Status)
		}
		expect("restored", false, false)
		must(t, w.posts.Delete(ctx, actor.System(), note.ID))
		w.read(func(tx *db.Tx) {
			if _, err := r.ByID(tx, note.ID); !fault.Is(err, fault.KindGone) {
				t.Errorf("a deleted note gives %v", err)
			}
		})
		draft := w.create(post.Input{Title: "Jamais lu"})
		must(t, w.posts.Delete(ctx, actor.System(), draft.ID))
		w.read(func(tx *db.Tx) {
			if _, err := r.ByID(tx, draft.ID); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("a draft that nobody saw gives %v", err)
			}
		})
		w.clock.Advance(31 * 24 * time.Hour)
		if _, err := w.posts.Restore(ctx, actor.System(), note.ID); !fault.Is(err, fault.KindGone) {
			t.Errorf("after 31 days: %v", err)
		}
		w.jobs() // begins the periodic work
		w.clock.Advance(48 * time.Hour)
		w.jobs()
		w.read(func(tx *db.Tx) {
			bare, err := w.posts.GetIn(tx, actor.System(), note.ID)
			if err != nil || bare.Body != "" {
				t.Errorf("its words are still there: %q, %v", bare.Body, err)
			}
		})
	})
}

func TestAScheduleIsCivilTimeOfTheHouse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		p := w.create(post.Input{Title: "Lundi"})
		_, err := w.posts.Schedule(t.Context(), actor.System(), p.ID, clock.Local{Day: clock.Day{Year: 2026, Month: 3, Day: 1}, Hour: 8})
		if problem(err) != "schedule in_past" {
			t.Fatalf("a time that passed gives %v", err)
		}
		// Summer time begins on the 29th of March 2026: 8 h in Paris is 6 h UTC from then on.
		p, err = w.posts.Schedule(t.Context(), actor.System(), p.ID, clock.Local{Day: clock.Day{Year: 2026, Month: 3, Day: 30}, Hour: 8})
		must(t, err)
		if want := time.Date(2026, 3, 30, 6, 0, 0, 0, time.UTC); !p.PublishAt.Equal(want) {
			t.Fatalf("due at %v, want %v", p.PublishAt, want)
		}
		zone := "America/Toronto"
		_, err = w.house.Change(t.Context(), actor.System(), housePatchZone(zone))
		must(t, err)
		w.clock.Set(time.Date(2026, 3, 30, 6, 0, 0, 0, time.UTC))
		w.jobs()
		if got := w.titles(false); len(got) != 0 {
			t.Fatalf("out at the hour of the zone that the house left: %v", got)
		}
		w.clock.Set(time.Date(2026, 3, 30, 12, 0, 0, 0, time.UTC))
		w.jobs()
		if got := w.titles(false); !slices.Equal(got, []string{"Lundi"}) {
			t.Fatalf("not out at 8 h in Toronto: %v", got)
		}
		w.jobs()
		got, err := w.posts.Get(t.Context(), actor.System(), p.ID)
		must(t, err)
		if got.Status != post.Published || got.Schedule != "" || got.Slug != "lundi" {
			t.Errorf("after it went out: %+v", got)
		}
	})
}

func TestWhatWasScheduledAndTakenBackStays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		ctx := t.Context()
		at := clock.Local{Day: clock.Day{Year: 2026, Month: 3, Day: 3}, Hour: 8}
		p := w.create(post.Input{Title: "Mardi"})
		q := w.create(post.Input{Title: "Mercredi"})
		for _, id := range []fact.PostID{p.ID, q.ID} {
			_, err := w.posts.Schedule(ctx, actor.System(), id, at)
			must(t, err)
		}
		back, err := w.posts.Unpublish(ctx, actor.System(), p.ID)
		must(t, err)
		if back.Status != post.Ready {
			t.Errorf("never out, taken back as %s", back.Status)
		}
		_, err = w.posts.Schedule(ctx, actor.System(), q.ID, clock.Local{Day: at.Day.Add(1), Hour: 8})
		must(t, err)
		w.clock.Advance(24 * time.Hour)
		w.jobs()
		if got := w.titles(false); len(got) != 0 {
			t.Fatalf("went out: %v", got)
		}
		w.clock.Advance(24 * time.Hour)
		w.jobs()
		if got := w.titles(false); !slices.Equal(got, []string{"Mercredi"}) {
			t.Fatalf("out: %v", got)
		}
	})
}

func TestAuthorsWriteInTheirVoiceAndOnlyEditorsInWhatOthersWrote(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		mine, err := w.posts.Create(ctx, w.author, post.Input{Voice: w.claire.ID, Title: "À moi"})
		must(t, err)
		theirs := w.create(post.Input{Title: "À elle"})
		secret := w.create(post.Input{Title: "Secret", Voice: w.inside.ID})
		if _, err := w.posts.Create(ctx, w.author, post.Input{Voice: w.shop.ID}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("writing in another voice: %v", err)
		}
		_, err = w.posts.Save(ctx, w.author, mine.ID, post.Patch{Title: to("À moi aussi")}, 0)
		must(t, err)
		if _, err := w.posts.Save(ctx, w.author, theirs.ID, post.Patch{Title: to("x")}, 0); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("changing what another wrote: %v", err)
		}
		if _, err := w.posts.Get(ctx, w.author, secret.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("reading the draft of another voice: %v", err)
		}
		if _, err := w.posts.Get(ctx, actor.Visitor(), mine.ID); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a stranger reading a draft: %v", err)
		}
		if _, err := w.posts.Save(ctx, w.author, mine.ID, post.Patch{Voice: to(w.shop.ID)}, 0); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("moving it into another voice: %v", err)
		}
		posts, _, err := w.posts.List(ctx, w.author, post.Filter{})
		must(t, err)
		if len(posts) != 2 || slices.ContainsFunc(posts, func(p post.Post) bool { return p.Voice != w.claire.ID }) {
			t.Errorf("the list shows %d posts", len(posts))
		}
		found, _, err := w.posts.List(ctx, w.author, post.Filter{Query: "secret"})
		must(t, err)
		if len(found) != 0 {
			t.Error("a search shows the draft of another voice")
		}
	})
}

func TestAPostThatIsChangedWhileOneReadsTheListIsNotMissed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		var first post.Post
		for i := range 5 {
			p := w.create(post.Input{Title: "Billet " + string(rune('A'+i))})
			if i == 0 {
				first = p
			}
			w.clock.Advance(time.Minute)
		}
		for _, made := range []bool{false, true} {
			var all []string
			f := post.Filter{Limit: 2, Made: made}
			for page := 1; page < 9; page++ {
				posts, next, err := w.posts.List(ctx, actor.System(), f)
				must(t, err)
				for _, p := range posts {
					all = append(all, p.Title[len("Billet "):])
				}
				w.clock.Advance(time.Second)
				if page == 1 { // it goes from the last page to the first
					summary := fmt.Sprint("Changé, made ", made)
					first, err = w.posts.Save(ctx, actor.System(), first.ID, post.Patch{Summary: &summary}, first.Version)
					must(t, err)
					w.clock.Advance(time.Second)
				}
				if f.Cursor = next; next == "" {
					break
				}
			}
			if got := strings.Join(all, ""); got != "EDCBA" {
				t.Errorf("made %v: the pages give %s", made, got)
			}
		}
	})
}

func TestListsPageByCursorAndFilterByState(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for i := range 7 {
			p := w.create(post.Input{Title: "Billet " + string(rune('A'+i)), Section: "Métier", Tags: []string{"Bois", "#bois", "Prix"}})
			if i%2 == 0 {
				_, err := w.posts.Publish(ctx, actor.System(), p.ID)
				must(t, err)
			}
			w.clock.Advance(time.Minute)
		}
		var all []string
		f := post.Filter{Limit: 3}
		for {
			posts, next, err := w.posts.List(ctx, actor.System(), f)
			must(t, err)
			for _, p := range posts {
				all = append(all, p.Title[len("Billet "):])
				if p.Section != "Métier" || p.TagNames() != "Bois, Prix" {
					t.Errorf("section %q, tags %q", p.Section, p.TagNames())
				}
			}
			if next == "" {
				break
			}
			f.Cursor = next
		}
		if got := strings.Join(all, ""); got != "GFEDCBA" {
			t.Errorf("pages give %s", got)
		}
		for status, want := range map[string]int{post.Published: 4, post.Draft: 3, post.Writing: 3, post.Scheduled: 0} {
			posts, _, err := w.posts.List(ctx, actor.System(), post.Filter{Status: status})
			must(t, err)
			if len(posts) != want {
				t.Errorf("%s: %d posts, want %d", status, len(posts), want)
			}
		}
		if _, _, err := w.posts.List(ctx, actor.System(), post.Filter{Cursor: "zzz"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a made-up cursor gives %v", err)
		}
	})
}

func TestAPostHasItsPathUnderItsVoice(t *testing.T) {
	t.Parallel()
	id := fact.New[fact.PostID](time.Now())
	for _, c := range []struct {
		p    post.Post
		want string
	}{
		{post.Post{Input: post.Input{Kind: post.Article, Slug: "bonjour"}}, "/bonjour"},
		{post.Post{Input: post.Input{Kind: post.Note}, ID: id}, "/n/" + id.String()},
		{post.Post{Input: post.Input{Kind: post.Article}}, ""},
	} {
		if got := post.Path(c.p); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
