package newsletter

import (
	"context"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Along is how a post that is not out yet leaves as a letter: when it appears, or at a time behind that.
type Along struct {
	Excerpt bool
	At      time.Time // not before; zero is with the post
}

// CanCarry reports whether a letter may carry a post of that kind.
func CanCarry(p post.Post) bool { return p.Traits().InFeeds && p.DeletedAt.IsZero() }

// Accompany has a post leave as a letter to who follows its voice, once strangers see it. Said again, it changes how; a letter of the post
// that has begun to leave is the conflict letter.left. Editors of the voice may.
func (s *Service) Accompany(ctx context.Context, by actor.Actor, id fact.PostID, in Along) (l Letter, err error) {
	err = s.o.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := s.o.Posts.GetIn(tx, by, id)
		if err != nil {
			return err
		}
		if err := by.Require(actor.Editor, int64(p.Voice)); err != nil {
			return err
		}
		v, err := s.o.Voices.GetIn(tx, p.Voice)
		switch {
		case err != nil:
			return err
		case !v.Public():
			return fault.Invalid("voice", "internal")
		case !CanCarry(p):
			return fault.Invalid("letter", "unknown")
		case p.Out():
			return fault.Conflict("letter.post_is_out")
		}
		l, found, err := s.ofPostIn(tx, by, id)
		if err != nil {
			return err
		}
		if found && !l.Editable() {
			return fault.Conflict("letter.left")
		}
		if !found {
			l = Letter{ID: fact.New[fact.LetterID](tx.Now()), Kind: Plain, Post: id, Audience: Followers, Account: fact.AccountID(by.Account)}
			if _, err := db.Exec(tx, qInsert, l.ID, p.Voice, l.Post, l.Kind, "", "", in.Excerpt, l.Audience, WithPost, nil, l.Account, db.At(tx.Now())); err != nil {
				return err
			}
		}
		_, err = db.Exec(tx, qAlong, l.ID, p.Voice, in.Excerpt, WithPost, db.At(in.At), db.At(tx.Now()))
		return err
	})
	if err != nil {
		return l, err
	}
	l, _, err = s.OfPost(ctx, by, id)
	return l, err
}

// Alone lets a post appear without the letter that would have left with it. Without one it does nothing. Editors of the voice may.
func (s *Service) Alone(ctx context.Context, by actor.Actor, id fact.PostID) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		l, found, err := s.ofPostIn(tx, by, id)
		if err != nil || !found || l.State != WithPost {
			return err
		}
		if err := by.Require(actor.Editor, int64(l.Voice)); err != nil {
			return err
		}
		return s.takeBackIn(tx, l)
	})
}

// takeBackIn has a letter of which nothing left never leave. One that only went along with its post leaves no trace.
func (s *Service) takeBackIn(tx *db.Tx, l Letter) error {
	if l.State == WithPost {
		return s.dropIn(tx, l)
	}
	_, err := db.Exec(tx, qState, l.ID, Cancelled, db.At(l.SendAt), db.At(tx.Now()))
	return err
}

func (s *Service) follow() {
	bus.Project(s.o.Bus, "newsletter", s.shown)
	bus.Project(s.o.Bus, "newsletter", s.hidden)
	bus.Project(s.o.Bus, "newsletter", s.deleted)
}

// shown lets the letters leave that waited for a post to appear. What is changed in a post that is out shows nothing anew, and a letter that
// left waits for nothing.
func (s *Service) shown(tx *db.Tx, e bus.Event, f fact.PostsShown) error {
	if e.Backfill {
		return nil
	}
	all, err := db.AllIn(tx, qOfPost, scanLetter, f.Posts)
	if err != nil {
		return err
	}
	for _, l := range all {
		if l.State != WithPost {
			continue
		}
		if l.Voice != f.Voice { // it moved meanwhile: who may send there says so again
			if _, err := db.Exec(tx, qAlong, l.ID, f.Voice, l.Excerpt, Draft, nil, db.At(tx.Now())); err != nil {
				return err
			}
			continue
		}
		at := tx.Now()
		if l.SendAt.After(at) {
			at = l.SendAt
		}
		if _, err := db.Exec(tx, qState, l.ID, Scheduled, db.At(at), db.At(tx.Now())); err != nil {
			return err
		}
		if err := s.enqueueSend(tx, l, at); err != nil {
			return err
		}
	}
	return nil
}

// hidden has the letters wait again that have not begun to leave: nobody is sent to a page that is not there. Those of a post that was
// deleted are taken back.
func (s *Service) hidden(tx *db.Tx, _ bus.Event, f fact.PostsHidden) error {
	all, err := db.AllIn(tx, qOfPost, scanLetter, f.Posts)
	for _, l := range all {
		if err == nil && l.State == Scheduled && !f.Gone {
			err = s.waitIn(tx, l)
		}
	}
	return err
}

// waitIn has a letter wait for its post.
func (s *Service) waitIn(tx *db.Tx, l Letter) error {
	_, err := db.Exec(tx, qState, l.ID, WithPost, db.At(l.SendAt), db.At(tx.Now()))
	return err
}

// deleted takes back the letters of a post of which nothing left.
func (s *Service) deleted(tx *db.Tx, _ bus.Event, f fact.PostDeleted) error {
	all, err := db.AllIn(tx, qOfPost, scanLetter, []fact.PostID{f.Post})
	for _, l := range all {
		if err == nil && (l.State == WithPost || l.State == Scheduled || l.State == Paused && l.BegunAt.IsZero()) {
			err = s.takeBackIn(tx, l)
		}
	}
	return err
}

// ofPostIn returns the letter by which a post leaves, or left: the last one that was not taken back.
func (s *Service) ofPostIn(tx *db.Tx, by actor.Actor, id fact.PostID) (l Letter, found bool, err error) {
	all, err := db.AllIn(tx, qOfPost, scanLetter, []fact.PostID{id})
	for _, one := range all {
		if one.MayChange(by) && one.State != Cancelled {
			l, found = one, true
		}
	}
	return l, found, err
}

// OfPost returns the letter by which a post leaves, or left: the last one. Authors of its voice may.
func (s *Service) OfPost(ctx context.Context, by actor.Actor, id fact.PostID) (l Letter, found bool, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		if l, found, err = s.ofPostIn(tx, by, id); err != nil || !found {
			return err
		}
		one := []Letter{l}
		err = s.tell(tx, by, one)
		l = one[0]
		return err
	})
	return l, found, err
}
