package post_test

import (
	"strings"
	"testing"
	"time"

	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

func TestWhoHasAPostOpenSeesWhoElseHas(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p, err := w.posts.Create(ctx, w.author, post.Input{Voice: w.claire.ID, Title: "T", Body: "Un."})
		must(t, err)
		sit := func(by actor.Actor, tab string, version int, typing, leave bool) post.Desk {
			t.Helper()
			d, err := w.posts.Sit(ctx, by, p.ID, tab, version, typing, leave)
			must(t, err)
			return d
		}
		mark := func() (n int) {
			t.Helper()
			w.read(func(tx *db.Tx) {
				var err error
				n, err = w.posts.DeskMarkIn(tx, owner, p.ID)
				must(t, err)
			})
			return n
		}
		if d := sit(w.author, "a", p.Version, false, false); d.Mine || len(d.Writing)+len(d.Reading) > 0 || d.Saved != nil {
			t.Errorf("alone: %+v", d)
		}
		alone := mark()
		if d := sit(owner, "b", p.Version, true, false); strings.Join(d.Reading, " ") != "Claire" || len(d.Writing) > 0 {
			t.Errorf("%+v", d)
		}
		if mark() == alone {
			t.Error("nobody is woken")
		}
		if d := sit(owner, "c", p.Version, false, false); !d.Mine {
			t.Errorf("a second tab: %+v", d)
		}
		if d := sit(w.author, "a", p.Version, false, false); strings.Join(d.Writing, " ") != "Hélène" || len(d.Reading) > 0 {
			t.Errorf("%+v", d)
		}
		now := w.save(p.ID, owner, post.Patch{Body: to("Deux.")})
		if d := sit(w.author, "a", p.Version, false, false); d.Saved == nil || d.Saved.Author != "Hélène" || d.Saved.Version != now.Version {
			t.Errorf("%+v", d)
		}
		if d := sit(w.author, "a", now.Version, false, false); d.Saved != nil {
			t.Errorf("who has it already is told: %+v", d.Saved)
		}
		sit(owner, "c", 0, false, true)
		sit(w.author, "b", 0, false, true) // somebody else's
		if d := sit(w.author, "a", 0, false, false); len(d.Writing) != 1 {
			t.Errorf("%+v", d)
		}
		w.clock.Advance(post.DeskLife + time.Second)
		if d := sit(w.author, "a", 0, false, false); len(d.Writing)+len(d.Reading) > 0 {
			t.Errorf("who left without a word: %+v", d)
		}
		for _, tab := range []string{"", strings.Repeat("x", 41)} {
			if _, err := w.posts.Sit(ctx, owner, p.ID, tab, 0, false, false); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%q: %v", tab, err)
			}
		}
		if _, err := w.posts.Sit(ctx, actor.Actor{Account: 5, Grants: []actor.Grant{{Voice: int64(w.shop.ID), Role: actor.Owner}}}, p.ID, "d", 0, false, false); err == nil {
			t.Error("a stranger sits")
		}
	})
}
