package newsletter

import (
	"context"
	"math"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/media"
	"causerie/internal/core/suppression"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// Create begins a letter. Authors of its voice may. Problems are at voice, post, subject, body and audience.
func (s *Service) Create(ctx context.Context, by actor.Actor, in Input) (l Letter, err error) {
	err = s.o.DB.Write(ctx, func(tx *db.Tx) error {
		l, err = s.CreateIn(tx, by, in)
		return err
	})
	return l, err
}

// CreateIn is Create inside a transaction.
func (s *Service) CreateIn(tx *db.Tx, by actor.Actor, in Input) (Letter, error) {
	l := Letter{ID: fact.New[fact.LetterID](tx.Now()), Kind: Plain, State: Draft, Account: fact.AccountID(by.Account), CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
	if err := s.fill(tx, by, &l, in); err != nil {
		return l, err
	}
	if _, err := db.Exec(tx, qInsert, l.ID, l.Voice, l.Post, l.Kind, l.Subject, l.Body, l.Excerpt, l.Audience, l.State, nil, l.Account, db.At(l.CreatedAt)); err != nil {
		return l, err
	}
	if l.Post.IsZero() {
		l.Address = newAddress()
		if _, err := db.Exec(tx, qAddress, l.ID, l.Address); err != nil {
			return l, err
		}
	}
	return l, s.refer(tx, by, l, false)
}

// Change changes a letter that has not begun to leave.
func (s *Service) Change(ctx context.Context, by actor.Actor, id fact.LetterID, in Input) (l Letter, err error) {
	err = s.o.DB.Write(ctx, func(tx *db.Tx) error {
		if l, err = s.GetIn(tx, by, id); err != nil {
			return err
		}
		if !l.Editable() {
			return fault.Conflict("letter.left")
		}
		in.Voice = l.Voice
		if err := s.fill(tx, by, &l, in); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qUpdate, l.ID, l.Post, l.Subject, l.Body, l.Excerpt, l.Audience, db.At(tx.Now())); err != nil {
			return err
		}
		return s.refer(tx, by, l, false)
	})
	return l, err
}

// fill puts what was filled in into l, and checks it.
func (s *Service) fill(tx *db.Tx, by actor.Actor, l *Letter, in Input) error {
	l.Voice, l.Post, l.Subject, l.Body, l.Excerpt, l.Audience = in.Voice, in.Post, in.Subject, in.Body, in.Excerpt, in.Audience
	if l.Audience == "" {
		l.Audience = Followers
	}
	if !l.Post.IsZero() {
		p, err := s.posts.ByID(tx, l.Post)
		if fault.Is(err, fault.KindNotFound) {
			return fault.Invalid("post", "not_public")
		}
		if err != nil {
			return err
		}
		if l.Voice.IsZero() {
			l.Voice = p.Voice
		}
		if l.Voice != p.Voice {
			return fault.Invalid("post", "unknown")
		}
		l.Body = ""
	}
	if l.Voice.IsZero() {
		return fault.Invalid("voice", "required")
	}
	v, err := s.o.Voices.GetIn(tx, l.Voice)
	if fault.Is(err, fault.KindNotFound) {
		return fault.Invalid("voice", "unknown")
	}
	if err != nil {
		return err
	}
	if err := by.Require(actor.Author, int64(v.ID)); err != nil {
		return err
	}
	if !v.Public() {
		return fault.Invalid("voice", "internal") // what is said in the house stays in it
	}
	if l.Audience != Followers {
		if _, err := s.segmentName(tx, by, l.Audience); err != nil {
			return err
		}
	}
	return l.check(v.Lang)
}

// refer notes which pictures a letter shows. Once it leaves, whoever gets it sees them.
func (s *Service) refer(tx *db.Tx, by actor.Actor, l Letter, public bool) error {
	return s.o.Media.ReferIn(tx, by, media.Use{Kind: "letter", Subject: int64(l.ID), Voice: l.Voice, Published: public, Public: public}, media.IDsIn(l.Body))
}

// GetIn returns a letter; letter.not_found when there is none, or none that by may see. Authors of its voice may.
func (s *Service) GetIn(tx *db.Tx, by actor.Actor, id fact.LetterID) (Letter, error) {
	l, found, err := db.Maybe(tx, qByID, scanLetter, id)
	if err != nil {
		return l, err
	}
	if !found {
		return l, fault.NotFound("letter")
	}
	if err := by.Require(actor.Author, int64(l.Voice)); err != nil {
		return Letter{}, err
	}
	one := []Letter{l}
	err = s.tell(tx, by, one)
	return one[0], err
}

// Get is GetIn outside a transaction.
func (s *Service) Get(ctx context.Context, by actor.Actor, id fact.LetterID) (l Letter, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		l, err = s.GetIn(tx, by, id)
		return err
	})
	return l, err
}

// tell fills in what is not in the rows of letters: what they are called, when the post appears of those that wait for one, and of those that
// are in the outbox whether something of them still waits.
func (s *Service) tell(tx *db.Tx, by actor.Actor, all []Letter) error {
	var posts []fact.PostID
	var handed []int64
	for _, l := range all {
		if !l.Post.IsZero() {
			posts = append(posts, l.Post)
		}
		if l.State == Sending && !l.HandedAt.IsZero() {
			handed = append(handed, int64(l.ID))
		}
	}
	carried, err := s.posts.ByIDs(tx, posts)
	if err != nil {
		return err
	}
	waits, err := s.o.Deliveries.WaitingAboutIn(tx, delivery.RefLetter, handed)
	if err != nil {
		return err
	}
	var unseen []fact.PostID
	for _, l := range all {
		if _, seen := carried[l.Post]; !l.Post.IsZero() && !seen {
			unseen = append(unseen, l.Post)
		}
	}
	drafts, err := s.o.Posts.OutlinesIn(tx, by, unseen)
	if err != nil {
		return err
	}
	for i := range all {
		l := &all[i]
		if l.Title = l.Subject; l.Title == "" {
			if l.Title = carried[l.Post].Label(); l.Title == "" {
				l.Title = drafts[l.Post].Label
			}
		}
		if l.State == WithPost {
			l.PostAt = drafts[l.Post].At
		}
		if l.State == Sending && !l.HandedAt.IsZero() && !waits[int64(l.ID)] {
			l.State = Sent
		}
	}
	return nil
}

// List returns a page of the letters that by may see, the last made first, and the cursor of the next, "" at the end.
func (s *Service) List(ctx context.Context, by actor.Actor, cursor string, limit int) (all []Letter, next string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, "", err
	}
	if limit < 1 || limit > 100 {
		limit = 20
	}
	before := int64(math.MaxInt64)
	if cursor != "" {
		c, err := db.ParseCursor(cursor)
		if err != nil {
			return nil, "", err
		}
		before = c.ID
	}
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		if all, err = db.AllScoped(tx, qList, by.Scope(actor.Author), scanLetter, before, limit+1); err != nil {
			return err
		}
		return s.tell(tx, by, all)
	})
	if err == nil && len(all) > limit {
		all = all[:limit]
		next = db.Cursor{At: all[limit-1].CreatedAt, ID: int64(all[limit-1].ID)}.Encode()
	}
	return all, next, err
}

// Drop deletes a letter that never left.
func (s *Service) Drop(ctx context.Context, by actor.Actor, id fact.LetterID) error {
	return s.update(ctx, by, id, actor.Author, func(tx *db.Tx, l Letter) error {
		if l.State != Draft && !(l.State == Cancelled && l.BegunAt.IsZero()) {
			return fault.Conflict("letter.left")
		}
		return s.dropIn(tx, l)
	})
}

func (s *Service) dropIn(tx *db.Tx, l Letter) error {
	l.Body = ""
	if err := s.refer(tx, actor.System(), l, false); err != nil {
		return err
	}
	if err := s.dropTestsIn(tx, l.ID); err != nil {
		return err
	}
	if _, err := db.Exec(tx, qDropEditions, l.ID); err != nil {
		return err
	}
	_, err := db.Exec(tx, qDrop, l.ID)
	return err
}

func (s *Service) update(ctx context.Context, by actor.Actor, id fact.LetterID, role actor.Role, do func(tx *db.Tx, l Letter) error) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		l, err := s.GetIn(tx, by, id)
		if err != nil {
			return err
		}
		if err := by.Require(role, int64(l.Voice)); err != nil {
			return err
		}
		return do(tx, l)
	})
}

// Send lets a letter leave, now when at is not in the future. Editors of its voice may. One with a post that strangers do not see yet
// leaves when it appears. A letter leaves once.
func (s *Service) Send(ctx context.Context, by actor.Actor, id fact.LetterID, at time.Time) error {
	if err := s.ready(ctx, by, id); err != nil {
		return err
	}
	return s.update(ctx, by, id, actor.Editor, func(tx *db.Tx, l Letter) error {
		if !l.CanSend() {
			return fault.Conflict("letter.left")
		}
		if at.Before(tx.Now()) {
			at = tx.Now()
		}
		if _, err := db.Exec(tx, qState, l.ID, Scheduled, db.At(at), db.At(tx.Now())); err != nil {
			return err
		}
		return s.enqueueSend(tx, l, at)
	})
}

// ready says what keeps a letter from leaving, now and not at night: a post that is not there, a merge field that is none.
func (s *Service) ready(ctx context.Context, by actor.Actor, id fact.LetterID) error {
	_, d, err := s.gather(ctx, by, id, nil)
	if err != nil {
		return err
	}
	_, fields := d.set()
	var p fault.Problems
	addFields(&p, "body", fields)
	return p.Err()
}

func (s *Service) enqueueSend(tx *db.Tx, l Letter, at time.Time) error {
	put := queue.Put{DueAt: at}
	if p, is := periodOf(l); is {
		_, err := s.o.Queue.Enqueue(tx, digestJob, p, put)
		return err
	}
	_, err := s.o.Queue.Enqueue(tx, sendJob, sending{l.ID}, put)
	return err
}

// Pause keeps what has not left of a letter in the house, until Resume.
func (s *Service) Pause(ctx context.Context, by actor.Actor, id fact.LetterID) error {
	return s.halt(ctx, by, id, Paused, Letter.CanPause, func(ctx context.Context, r deliveryRef) error {
		_, err := s.o.Deliveries.HoldAbout(ctx, r, ReasonPaused)
		return err
	})
}

// Stop is Pause by the program, for a reason that Resume lets go too: too many refuse it (suppression).
func (s *Service) Stop(ctx context.Context, id fact.LetterID, reason string) error {
	return s.halt(ctx, actor.System(), id, Paused, Letter.CanPause, func(ctx context.Context, r deliveryRef) error {
		_, err := s.o.Deliveries.HoldAbout(ctx, r, reason)
		return err
	})
}

// Resume lets the rest of a letter leave.
func (s *Service) Resume(ctx context.Context, by actor.Actor, id fact.LetterID) error {
	err := s.update(ctx, by, id, actor.Editor, func(tx *db.Tx, l Letter) error {
		if !l.CanResume() {
			return fault.Conflict("letter.not_paused")
		}
		state := Sending
		if l.BegunAt.IsZero() {
			state = Scheduled
		}
		if _, err := db.Exec(tx, qState, l.ID, state, db.At(l.SendAt), db.At(tx.Now())); err != nil || !l.HandedAt.IsZero() {
			return err
		}
		return s.enqueueSend(tx, l, l.SendAt)
	})
	if err != nil {
		return err
	}
	for _, reason := range []string{ReasonPaused, suppression.HeldRefused, suppression.HeldComplained} {
		if _, err := s.o.Deliveries.ReleaseAbout(ctx, ref(id), reason); err != nil {
			return err
		}
	}
	return nil
}

// Cancel takes back what has not left of a letter, for good.
func (s *Service) Cancel(ctx context.Context, by actor.Actor, id fact.LetterID) error {
	return s.halt(ctx, by, id, Cancelled, Letter.CanCancel, func(ctx context.Context, r deliveryRef) error {
		_, err := s.o.Deliveries.CancelAbout(ctx, r, ReasonCancelled)
		return err
	})
}

// halt changes the state in one commit, from which on nothing more is handed over, and then the rows that wait in the outbox.
func (s *Service) halt(ctx context.Context, by actor.Actor, id fact.LetterID, state string, can func(Letter) bool, rows func(context.Context, deliveryRef) error) error {
	err := s.update(ctx, by, id, actor.Editor, func(tx *db.Tx, l Letter) error {
		if !can(l) {
			return fault.Conflict("letter.too_late")
		}
		_, err := db.Exec(tx, qState, l.ID, state, db.At(l.SendAt), db.At(tx.Now()))
		return err
	})
	if err != nil {
		return err
	}
	return rows(ctx, ref(id))
}

// Outcome returns a letter and what became of it, by state and reason.
func (s *Service) Outcome(ctx context.Context, by actor.Actor, id fact.LetterID) (l Letter, counts []delivery.Tally, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		if l, err = s.GetIn(tx, by, id); err != nil {
			return err
		}
		counts, err = s.o.Deliveries.TalliesIn(tx, ref(id))
		return err
	})
	return l, counts, err
}

// Recipients returns a page of who gets a letter, of one state or of all when it is "", and the cursor of the next, "" at the end.
func (s *Service) Recipients(ctx context.Context, by actor.Actor, id fact.LetterID, state, cursor string, limit int) (all []delivery.Delivery, next string, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := s.GetIn(tx, by, id); err != nil {
			return err
		}
		all, next, err = s.o.Deliveries.AboutIn(tx, by, ref(id), state, cursor, limit)
		return err
	})
	return all, next, err
}
