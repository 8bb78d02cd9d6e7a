package newsletter_test

import (
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
)

// along is a draft of Claire's that will leave as a letter to one who follows her.
func (w *world) along(in newsletter.Along) (post.Post, newsletter.Letter) {
	w.T.Helper()
	w.subscribe("zoe@ailleurs.example", subscription.Follow{Voice: w.Claire.ID})
	w.Jobs()
	p, err := w.Posts.Create(w.T.Context(), w.Editor, post.Input{Voice: w.Claire.ID, Title: "Le chêne", Body: "Il est arrivé."})
	w.Must(err)
	l, err := w.letters.Accompany(w.T.Context(), w.Editor, p.ID, in)
	w.Must(err)
	if l.State != newsletter.WithPost || l.Title != "Le chêne" {
		w.T.Errorf("the letter is %+v", l)
	}
	return p, l
}

// got checks how many letters reached who follows.
func (w *world) got(when string, want int) {
	w.T.Helper()
	w.Jobs()
	if n := len(w.to("zoe@ailleurs.example")); n != want {
		w.T.Errorf("%s: %d letters, want %d", when, n, want)
	}
}

func TestAPostLeavesAsALetterWhenItAppearsAndNeverAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p, l := w.along(newsletter.Along{})
		w.got("before it is out", 0)
		_, err := w.Posts.Schedule(t.Context(), w.Editor, p.ID, clock.LocalFrom(w.Clock.Now().Add(24*time.Hour), time.UTC))
		w.Must(err)
		w.got("while it is scheduled", 0)
		w.Clock.Advance(48 * time.Hour)
		w.got("when it appears", 1)
		w.state(l.ID, newsletter.Sent)
		body := "Il est bien arrivé."
		_, err = w.Posts.Save(t.Context(), w.Editor, p.ID, post.Patch{Body: &body}, 0)
		w.Must(err)
		w.got("after it was updated", 1)
		_, err = w.Posts.Unpublish(t.Context(), w.Editor, p.ID)
		w.Must(err)
		_, err = w.Posts.Publish(t.Context(), w.Editor, p.ID)
		w.Must(err)
		w.got("after it was taken back and published again", 1)
		if _, err := w.letters.Accompany(t.Context(), w.Editor, p.ID, newsletter.Along{}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a second letter of what is out: %v", err)
		}
	})
}

func TestTheLetterOfAPostThatIsTakenBackWaitsForIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p, l := w.along(newsletter.Along{At: w.Clock.Now().Add(2 * time.Hour)})
		_, err := w.Posts.Publish(t.Context(), w.Editor, p.ID)
		w.Must(err)
		w.state(l.ID, newsletter.Scheduled)
		_, err = w.Posts.Unpublish(t.Context(), w.Editor, p.ID)
		w.Must(err)
		w.state(l.ID, newsletter.WithPost)
		w.Clock.Advance(3 * time.Hour)
		w.got("at its hour, without its post", 0)
		_, err = w.Posts.Publish(t.Context(), w.Editor, p.ID)
		w.Must(err)
		w.got("when the post is there again", 1)
	})
}

func TestTheLetterOfAPostIsTakenBackAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p, _ := w.along(newsletter.Along{})
		w.Must(w.letters.Alone(t.Context(), w.Editor, p.ID))
		if _, found, err := w.letters.OfPost(t.Context(), w.Editor, p.ID); err != nil || found {
			t.Errorf("there is still a letter: %v", err)
		}
		_, err := w.Posts.Publish(t.Context(), w.Editor, p.ID)
		w.Must(err)
		w.got("published alone", 0)

		deleted, err := w.Posts.Create(t.Context(), w.Editor, post.Input{Voice: w.Claire.ID, Title: "Un autre", Body: "x"})
		w.Must(err)
		l, err := w.letters.Accompany(t.Context(), w.Editor, deleted.ID, newsletter.Along{})
		w.Must(err)
		w.Must(w.Posts.Delete(t.Context(), w.Editor, deleted.ID))
		if _, err := w.letters.Get(t.Context(), w.Editor, l.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a post was deleted, and its letter waits: %v", err)
		}
	})
}

func TestWhoMayNotSendDoesNotHaveAPostLeaveAsALetter(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		mine, err := w.Posts.Create(t.Context(), w.Author, post.Input{Voice: w.Claire.ID, Title: "À moi", Body: "x"})
		w.Must(err)
		if _, err := w.letters.Accompany(t.Context(), w.Author, mine.ID, newsletter.Along{}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an author: %v", err)
		}
		page, err := w.Posts.Create(t.Context(), w.Editor, post.Input{Voice: w.Claire.ID, Kind: post.Page, Title: "À propos", Body: "x"})
		w.Must(err)
		if _, err := w.letters.Accompany(t.Context(), w.Editor, page.ID, newsletter.Along{}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a standing page: %v", err)
		}
	})
}
