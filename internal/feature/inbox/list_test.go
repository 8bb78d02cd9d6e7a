package inbox_test

import (
	"fmt"
	"testing"
	"time"

	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/platform/actor"
)

// plant takes in what is, all at once, as of the past.
func plant(w *inboxtest.World, all ...inbox.Incoming) {
	w.T.Helper()
	for i, in := range all {
		in.Channel, in.Name, in.At = inbox.ChannelSite, "Quelqu’un", w.Clock.Now().Add(time.Duration(i)*time.Second)
		if in.Body == "" {
			in.Body = fmt.Sprintf("parole %d", i)
		}
		_, _, err := w.Inbox.Receive(w.T.Context(), actor.System(), in)
		w.Must(err)
	}
}

func TestAWaveOfHeldSpamHidesNothingFromWhoWritesInOneVoice(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		var all []inbox.Incoming
		for i := range 105 {
			in := inbox.Incoming{Voice: w.Claire.ID, Moderation: inbox.Visible}
			if i < 100 {
				in.Moderation = inbox.Held
			}
			all = append(all, in, inbox.Incoming{Voice: w.Shop.ID, Moderation: inbox.Held})
		}
		plant(w, all...)
		both := actor.Actor{Account: 9, Grants: []actor.Grant{{Voice: int64(w.Claire.ID), Role: actor.Author}, {Voice: int64(w.Shop.ID), Role: actor.Author}}}
		for who, c := range map[string]struct {
			by   actor.Actor
			want inbox.Counts
		}{
			"the owner":              {w.Owner, inbox.Counts{Open: 5, Held: 100}},
			"the editor of a voice":  {w.Editor, inbox.Counts{Open: 5, Held: 100}},
			"the author of a voice":  {w.Author, inbox.Counts{Open: 5}}, // approves nothing
			"the author of both":     {both, inbox.Counts{Open: 5}},
			"the author of the shop": {actor.Actor{Account: 9, Grants: both.Grants[1:]}, inbox.Counts{}},
			"who reads only":         {actor.Actor{Account: 9, Grants: []actor.Grant{{Role: actor.Reader}}}, inbox.Counts{}},
		} {
			if got, err := w.Inbox.Counts(t.Context(), c.by); err != nil || got != c.want {
				t.Errorf("%s counts %+v, want %+v, %v", who, got, c.want, err)
			}
		}
		for who, by := range map[string]actor.Actor{"one": w.Author, "several": both} {
			found, _, err := w.Inbox.List(t.Context(), by, inbox.Filter{State: inbox.Open})
			if err != nil || len(found) != 5 {
				t.Errorf("who writes in %s of the voices finds %d that wait, %v", who, len(found), err)
			}
		}
	})
}

func TestAFilteredPageIsFullWhileThereIsMore(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		other := w.Publish(w.Claire.ID, "Un autre billet")
		from := w.Comment("Hélène", "helene@morvan.example", "La première")
		var all []inbox.Incoming
		for i := range 60 {
			in := inbox.Incoming{Post: w.Post.ID, Voice: w.Claire.ID, Moderation: inbox.Held, Body: "pareil"}
			if i == 0 {
				in.Moderation = inbox.Visible
			}
			all = append(all, in)
		}
		plant(w, all...)
		plant(w, inbox.Incoming{Post: other.ID, Voice: w.Claire.ID, Moderation: inbox.Visible, Body: "pareil"})
		for name, f := range map[string]inbox.Filter{
			"of a post": {Post: w.Post.ID, State: inbox.Open, Limit: 20},
			"found":     {Query: "pareil", Post: w.Post.ID, State: inbox.Open, Limit: 20},
		} {
			for who, by := range map[string]actor.Actor{"owner": w.Owner, "author": w.Author} {
				found, next, err := w.Inbox.List(t.Context(), by, f)
				if err != nil || len(found) != 1 || next != "" || found[0].State != inbox.Open {
					t.Errorf("%s, %s: %d messages, next %q, %v", name, who, len(found), next, err)
				}
			}
		}
		// Every filter pages through each of its messages once, and no page but the last is short.
		for _, f := range []inbox.Filter{{}, {State: inbox.Held}, {Post: w.Post.ID}, {Post: w.Post.ID, State: inbox.Held, Kind: inbox.KindComment},
			{Kind: inbox.KindComment}, {Contact: from.Contact, Post: w.Post.ID}, {Contact: from.Contact, Post: other.ID}, {Query: "pareil"}} {
			f.Limit = 100
			whole, _, err := w.Inbox.List(t.Context(), w.Author, f)
			w.Must(err)
			f.Limit = 7
			seen := map[string]bool{}
			for pages := 0; ; pages++ {
				found, next, err := w.Inbox.List(t.Context(), w.Author, f)
				w.Must(err)
				for _, m := range found {
					seen[m.ID.String()] = true
				}
				if next == "" {
					break
				}
				if len(found) != 7 {
					t.Errorf("%+v: a page of %d before the last", f, len(found))
				}
				f.Cursor = next
			}
			if len(seen) != len(whole) {
				t.Errorf("%+v: %d of %d on pages of seven", f, len(seen), len(whole))
			}
		}
		if found, _, _ := w.Inbox.List(t.Context(), w.Owner, inbox.Filter{Contact: from.Contact, Post: other.ID}); len(found) != 0 {
			t.Errorf("%d of hers under the other post", len(found))
		}
	})
}
