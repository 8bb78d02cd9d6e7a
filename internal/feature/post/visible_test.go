package post_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

var (
	qSaid = db.Q("posttest.said", `SELECT kind, body FROM facts WHERE kind IN ('posts.shown', 'posts.hidden') ORDER BY at, id`)
	qRows = db.Q("posttest.rows", `SELECT COUNT(*) FROM public_posts`)
)

// said returns what was said of visibility since the beginning, one line a fact: "shown first claire: Un, Deux".
func (w *world) said() (lines []string) {
	w.t.Helper()
	titles, voices := map[fact.PostID]string{}, map[fact.VoiceID]string{}
	for _, deleted := range []bool{false, true} {
		all, _, err := w.posts.List(w.t.Context(), actor.System(), post.Filter{Limit: 100, Deleted: deleted})
		must(w.t, err)
		for _, p := range all {
			titles[p.ID] = p.Title
		}
	}
	for _, v := range []voice.Voice{w.claire, w.shop, w.inside} {
		voices[v.ID] = v.Slug
	}
	w.read(func(tx *db.Tx) {
		_, err := db.All(tx, qSaid, func(r db.Row) (none struct{}, err error) {
			var kind, body string
			if err = r.Scan(&kind, &body); err != nil {
				return none, err
			}
			var shown fact.PostsShown
			var hidden fact.PostsHidden
			must(w.t, json.Unmarshal([]byte(body), &shown))
			must(w.t, json.Unmarshal([]byte(body), &hidden))
			words := []string{strings.TrimPrefix(kind, "posts.")}
			if kind == "posts.shown" && shown.First {
				words = append(words, "first")
			}
			if kind == "posts.hidden" && hidden.Gone {
				words = append(words, "gone")
			}
			names := make([]string, len(shown.Posts))
			for i, id := range shown.Posts {
				names[i] = titles[id]
			}
			lines = append(lines, strings.Join(append(words, voices[shown.Voice]), " ")+": "+strings.Join(names, ", "))
			return none, nil
		})
		must(w.t, err)
	})
	return lines
}

func TestWhatStrangersSeeIsSaidOnceAndNothingElse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx, me := t.Context(), actor.System()
		told := 0
		expect := func(when string, want ...string) {
			t.Helper()
			w.jobs()
			all := w.said()
			if got := all[told:]; !slices.Equal(got, want) {
				t.Errorf("%s, it is said %q, want %q", when, got, want)
			}
			told = len(all)
		}
		change := func(kind string) {
			t.Helper()
			_, err := w.voices.Change(ctx, me, w.shop.ID, voice.Patch{Kind: &kind})
			must(t, err)
		}
		w.publish(post.Input{Title: "Un", Voice: w.shop.ID})
		expect("published in a house that is closed")
		_, err := w.posts.Import(ctx, actor.Importer(), post.Import{Input: post.Input{Voice: w.shop.ID, Title: "Ancien"}, Status: post.Published,
			PublishedAt: time.Date(2019, 3, 12, 10, 0, 0, 0, time.UTC)})
		must(t, err)
		w.publish(post.Input{Title: "Entre nous", Voice: w.inside.ID})
		expect("imported, and published within the house")
		w.open(true)
		expect("the house having opened", "shown first ateliers: Un", "shown ateliers: Ancien")
		p := w.publish(post.Input{Title: "Deux"})
		expect("published", "shown first claire: Deux")
		_, err = w.posts.Save(ctx, me, p.ID, post.Patch{Body: to("mots")}, 0)
		must(t, err)
		_, err = w.posts.Publish(ctx, me, p.ID)
		must(t, err)
		expect("edited, and published again while it is out")
		_, err = w.posts.Unpublish(ctx, me, p.ID)
		must(t, err)
		expect("taken back", "hidden claire: Deux")
		_, err = w.posts.Publish(ctx, me, p.ID)
		must(t, err)
		expect("published again", "shown claire: Deux")
		must(t, w.posts.Delete(ctx, me, p.ID))
		expect("deleted", "hidden gone claire: Deux")
		_, err = w.posts.Restore(ctx, me, p.ID)
		must(t, err)
		expect("restored, as a draft")
		change(voice.Internal)
		expect("its voice having become internal", "hidden ateliers: Un, Ancien")
		w.publish(post.Input{Title: "Trois", Voice: w.shop.ID})
		expect("published in what is internal now")
		change(voice.Corporate)
		expect("its voice being public again", "shown first ateliers: Trois", "shown ateliers: Un, Ancien")
		w.open(false)
		expect("the house having closed", "hidden ateliers: Un, Ancien, Trois")
		w.open(true)
		expect("the house having opened again", "shown ateliers: Un, Ancien, Trois")
	})
}

// TestAHouseOpensInSlicesAndClosesAtOnce has seven posts change three at a time.
func TestAHouseOpensInSlicesAndClosesAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.posts.Slice(3)
		pic := w.picture("Un canari")
		var posts []post.Post
		for i := range 5 {
			posts = append(posts, w.publish(post.Input{Title: fmt.Sprintf("Canari %d", i), Body: "![x](" + media.Path(pic, media.Medium) + ")"}))
		}
		for i := range 2 {
			posts = append(posts, w.publish(post.Input{Title: fmt.Sprintf("Canary %d", i), Voice: w.shop.ID}))
		}
		rows := func() (n int) {
			w.read(func(tx *db.Tx) {
				var err error
				n, err = db.One(tx, qRows, db.Scalar[int])
				must(t, err)
			})
			return n
		}
		expect := func(when string, public, kept int, ways string) {
			t.Helper()
			if n, k := len(w.titles(false)), rows(); n != public || k != kept {
				t.Errorf("%s, strangers read %d posts and %d rows are kept, want %d and %d", when, n, k, public, kept)
			}
			if got := w.seen(posts[4], pic); got != ways {
				t.Errorf("%s, the newest is seen by %q, want %q", when, got, ways)
			}
		}
		w.open(true)
		expect("at once", 3, 3, "list address picture")
		w.jobs()
		expect("when the jobs have run", 7, 7, "list address search picture")
		w.open(false)
		expect("closed", 0, 4, "")
		w.open(true)
		w.jobs()
		expect("opened before all rows were gone", 7, 7, "list address search picture")
		w.open(false)
		w.jobs()
		expect("closed, when the jobs have run", 0, 0, "")
		visible := map[string]bool{}
		for _, line := range w.said() {
			how, names, _ := strings.Cut(line, ": ")
			of := strings.Split(names, ", ")
			if len(of) > 3 {
				t.Errorf("%d posts are said at once", len(of))
			}
			for _, name := range of {
				if shown := strings.HasPrefix(how, "shown"); visible[name] == shown {
					t.Errorf("%s is said %s twice in a row", name, how)
				} else {
					visible[name] = shown
				}
			}
		}
		for name, shown := range visible {
			if shown {
				t.Errorf("nobody said that %s was hidden", name)
			}
		}
	})
}

func TestColleaguesReadTheInternalVoicesThatTheyMay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		w.publish(post.Input{Title: "Dehors"})
		first := w.publish(post.Input{Title: "Premier", Voice: w.inside.ID, Section: "Atelier", Tags: []string{"bois"}, Body: "Un canari."})
		w.clock.Advance(time.Hour)
		second := w.publish(post.Input{Title: "Second", Voice: w.inside.ID, Body: "Un canari."})
		w.create(post.Input{Title: "Brouillon", Voice: w.inside.ID, Body: "Un canari."})
		colleague := actor.Actor{Account: 8, Grants: []actor.Grant{{Voice: int64(w.inside.ID), Role: actor.Reader}}}
		for _, c := range []struct {
			who  string
			by   actor.Actor
			want string
		}{{"a stranger", actor.Visitor(), ""}, {"an author of another voice", w.author, ""}, {"a colleague", colleague, "Second, Premier"},
			{"the program", actor.System(), "Second, Premier"}} {
			w.read(func(tx *db.Tx) {
				read, err := w.posts.InternalReaderIn(tx, c.by)
				must(t, err)
				posts, _, err := read.List(tx, post.Query{})
				must(t, err)
				var titles []string
				for _, p := range posts {
					titles = append(titles, p.Title)
				}
				if got := strings.Join(titles, ", "); got != c.want {
					t.Errorf("%s reads %q, want %q", c.who, got, c.want)
				}
				found, err := read.Search(tx, "canari", 10, 0)
				must(t, err)
				p, err := read.ByID(tx, first.ID)
				if may := c.want != ""; (err == nil) != may || (len(found) == 2) != may || (!may && !fault.Is(err, fault.KindNotFound)) {
					t.Errorf("%s reads one: %v, and finds %d", c.who, err, len(found))
				} else if may {
					older, newer, err := read.Neighbours(tx, p)
					must(t, err)
					sections, err := read.Sections(tx, w.inside.ID)
					must(t, err)
					if older != nil || newer == nil || newer.ID != second.ID || len(sections) != 1 || p.Section == nil || len(p.Tags) != 1 {
						t.Errorf("%s reads %+v, beside %v and %v, in %v", c.who, p, older, newer, sections)
					}
				}
			})
		}
		must(t, w.posts.Delete(t.Context(), actor.System(), first.ID))
		w.read(func(tx *db.Tx) {
			if _, err := post.PublicReader().ByID(tx, first.ID); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("to a stranger an internal post that is deleted was never there: %v", err)
			}
		})
	})
}

func TestEveryPropertyIsKeptEditedReadAndPurged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		value := map[string]string{"kind": post.Article, "lang": "en", "slug": "a-slug", "comments": "closed",
			"canonical": "https://elsewhere.example/words", "robots": post.NoIndex, "pinned": post.PinnedFront}
		chosen := map[string]bool{"kind": true, "lang": true, "comments": true, "robots": true, "pinned": true} // of a few values
		var in post.Input
		for _, one := range post.Properties() {
			if value[one.Name] == "" {
				value[one.Name] = "some words of " + one.Name
			}
			*one.Of(&in) = value[one.Name]
		}
		p := w.publish(in)
		p, err := w.posts.Get(t.Context(), actor.System(), p.ID)
		must(t, err)
		w.read(func(tx *db.Tx) {
			read, err := post.PublicReader().ByID(tx, p.ID)
			must(t, err)
			for _, one := range post.Properties() {
				if got := *one.Of(&p.Input); got != value[one.Name] {
					t.Errorf("%s is kept as %q", one.Name, got)
				}
				if got := *one.Of(&read.Input); got != value[one.Name] && one.Name != "body" {
					t.Errorf("%s is read as %q", one.Name, got)
				}
			}
		})
		for _, one := range post.Properties() {
			if chosen[one.Name] {
				continue
			}
			var patch post.Patch
			another := "another-" + strings.ReplaceAll(one.Name, "_", "-")
			if one.Name == "canonical" {
				another = "https://another.example/"
			}
			*one.In(&patch) = to(another)
			p, err := w.posts.Save(t.Context(), actor.System(), p.ID, patch, 0)
			if err != nil || *one.Of(&p.Input) != another {
				t.Errorf("%s is edited as %q, %v", one.Name, *one.Of(&p.Input), err)
			}
		}
		must(t, w.posts.Delete(t.Context(), actor.System(), p.ID))
		w.clock.Advance(post.RestoreFor + time.Hour)
		must(t, w.posts.Purge(t.Context()))
		w.read(func(tx *db.Tx) {
			left, err := w.posts.GetIn(tx, actor.System(), p.ID)
			must(t, err)
			for _, one := range post.Properties() {
				if got := *one.Of(&left.Input); strings.Contains(got, "words") || (strings.Contains(got, "another") && one.Name != "slug") {
					t.Errorf("after the purge %s is %q", one.Name, got)
				}
			}
		})
	})
}
