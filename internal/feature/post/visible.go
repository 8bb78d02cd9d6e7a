package post

import (
	"context"
	"math"
	"slices"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// useKind is how a post says to media that it shows a file.
const useKind = "post"

const (
	showJob = "post.show"
	hideJob = "post.hide"
)

var (
	qShow = db.Q("public.show", `
		INSERT INTO public_posts (post_id, voice_id, kind, section_id, published_at)
		SELECT id, voice_id, kind, section_id, published_at FROM posts
		 WHERE id IN ({in}) AND status = 'published' AND deleted_at IS NULL
		ON CONFLICT (post_id) DO NOTHING
		RETURNING post_id`)
	qHide   = db.Q("public.hide", `DELETE FROM public_posts WHERE post_id = $1`)
	qHideOf = db.Q("public.hideOf", `
		DELETE FROM public_posts
		 WHERE post_id IN (SELECT post_id FROM public_posts WHERE voice_id = $1 ORDER BY post_id DESC LIMIT CAST($2 AS BIGINT))
		RETURNING post_id`)
	qOutOf = db.Q("post.outOf", `
		SELECT id FROM posts WHERE id < $2 AND voice_id = $1 AND status = 'published' AND deleted_at IS NULL ORDER BY id DESC LIMIT CAST($3 AS BIGINT)`)
	qFirst = db.Q("post.firstShown", `
		INSERT INTO shown_posts (post_id, first_at) VALUES {rows} ON CONFLICT (post_id) DO NOTHING`)
	qEverShown = db.Q("post.everShown", `SELECT post_id FROM shown_posts WHERE post_id IN ({in})`)
)

// project keeps what readers, searchers and files see of p as p is now, and says it when strangers see p and did not, or
// did and do not. It is called after each write of p.
func (s *Service) project(tx *db.Tx, by actor.Actor, p Post) error {
	show := false
	if p.Out() {
		public, err := s.isPublic(tx, p.Voice)
		if err != nil {
			return err
		}
		show = public
	}
	hidden, err := db.Exec(tx, qHide, p.ID)
	if err != nil {
		return err
	}
	one := []fact.PostID{p.ID}
	if show {
		if _, err := db.AllIn(tx, qShow, db.Scalar[fact.PostID], one); err != nil {
			return err
		}
	}
	if err := s.media.ReferIn(tx, by, p.use(show), p.files()); err != nil {
		return err
	}
	if err := p.indexIn(tx, show); err != nil {
		return err
	}
	switch was := hidden > 0; {
	case show && !was:
		err = s.sayShown(tx, by, p.Voice, one)
	case was && !show:
		err = s.bus.Emit(tx, by, fact.PostsHidden{Posts: one, Voice: p.Voice, Gone: !p.DeletedAt.IsZero()})
	}
	return err
}

// isPublic reports whether strangers read what that voice publishes.
func (s *Service) isPublic(tx *db.Tx, v fact.VoiceID) (bool, error) {
	h, err := s.house.GetIn(tx)
	if err != nil || !h.Public {
		return false, ignoreNotFound(err)
	}
	in, err := s.voices.GetIn(tx, v)
	return in.Public(), err
}

// use says to whom p shows its files.
func (p Post) use(public bool) media.Use {
	return media.Use{Kind: useKind, Subject: int64(p.ID), Voice: p.Voice, Published: p.Out(), Public: public}
}

// files returns what p shows: its cover and the pictures and documents in its text.
func (p Post) files() []fact.MediaID {
	ids := media.IDsIn(p.Body)
	if !p.Cover.IsZero() {
		ids = append(ids, p.Cover)
	}
	return ids
}

// sayShown says that strangers see these posts of a voice now, those that they never saw apart from the others, and
// remembers that they did.
func (s *Service) sayShown(tx *db.Tx, by actor.Actor, v fact.VoiceID, shown []fact.PostID) error {
	slices.Sort(shown)
	before, err := db.AllIn(tx, qEverShown, db.Scalar[fact.PostID], shown)
	if err != nil {
		return err
	}
	var first, again []fact.PostID
	var rows []any
	for _, id := range shown {
		if slices.Contains(before, id) {
			again = append(again, id)
			continue
		}
		first = append(first, id)
		rows = append(rows, id, db.At(tx.Now()))
	}
	if len(first) > 0 {
		if err := db.Insert(tx, qFirst, 2, rows); err != nil {
			return err
		}
		if err := s.bus.Emit(tx, by, fact.PostsShown{Posts: first, Voice: v, First: true}); err != nil {
			return err
		}
	}
	if len(again) > 0 {
		return s.bus.Emit(tx, by, fact.PostsShown{Posts: again, Voice: v})
	}
	return nil
}

// opened begins to let strangers read what public voices published: the newest posts at once, the others by jobs.
func (s *Service) opened(tx *db.Tx) error {
	all, err := s.voices.ListIn(tx)
	if err != nil {
		return err
	}
	budget := s.slice
	for _, v := range all {
		if !v.Public() {
			continue
		}
		n, err := s.beginToShow(tx, v.ID, budget)
		if err != nil {
			return err
		}
		budget -= n
	}
	return nil
}

// closed begins to take everything from strangers. Nobody reads anything from this commit on, since a public Reader asks
// the house, and no file is served; the rows follow, by jobs when they are many.
func (s *Service) closed(tx *db.Tx) error {
	if err := s.media.HideAllIn(tx, useKind); err != nil {
		return err
	}
	all, err := s.voices.ListIn(tx)
	if err != nil {
		return err
	}
	budget := s.slice
	for _, v := range all {
		n, err := s.beginToHide(tx, v.ID, budget)
		if err != nil {
			return err
		}
		budget -= n
	}
	return nil
}

// voiceChanged follows a voice that became internal, or public.
func (s *Service) voiceChanged(tx *db.Tx, v fact.VoiceID) error {
	public, err := s.isPublic(tx, v)
	if err != nil {
		return err
	}
	if public {
		_, err := s.beginToShow(tx, v, s.slice)
		return err
	}
	if err := s.media.HideOfIn(tx, useKind, v); err != nil {
		return err
	}
	_, err = s.beginToHide(tx, v, s.slice)
	return err
}

// beginToShow shows the newest n posts of a voice and has a job show the others. It returns how many it looked at.
func (s *Service) beginToShow(tx *db.Tx, v fact.VoiceID, n int) (int, error) {
	if n <= 0 {
		_, err := s.queue.Enqueue(tx, showJob, v, queue.Put{})
		return 0, err
	}
	looked, last, err := s.showSlice(tx, v, math.MaxInt64, n)
	if err == nil && last != 0 {
		_, err = s.queue.Enqueue(tx, showJob, v, queue.Put{})
	}
	return looked, err
}

// showSlice shows the next n posts of a voice, those before an id from the newest to the oldest, unless the voice closed
// meanwhile. It returns how many it looked at, and the id before which to go on, 0 at the end.
func (s *Service) showSlice(tx *db.Tx, v fact.VoiceID, before fact.PostID, n int) (looked int, last fact.PostID, err error) {
	public, err := s.isPublic(tx, v)
	if err != nil || !public {
		return 0, 0, ignoreNotFound(err)
	}
	ids, err := db.All(tx, qOutOf, db.Scalar[fact.PostID], v, int64(before), n)
	if err != nil || len(ids) == 0 {
		return 0, 0, err
	}
	if len(ids) == n {
		last = ids[n-1]
	}
	added, err := db.AllIn(tx, qShow, db.Scalar[fact.PostID], ids)
	if err != nil {
		return 0, 0, err
	}
	subjects := make([]int64, len(ids))
	for i, id := range ids {
		subjects[i] = int64(id)
	}
	if err := s.media.ShowIn(tx, useKind, subjects, true); err != nil { // also of those whose rows outlived a short closing
		return 0, 0, err
	}
	if len(added) > 0 {
		if err := s.sayShown(tx, actor.System(), v, added); err != nil {
			return 0, 0, err
		}
	}
	return len(ids), last, nil
}

// showRest shows what a voice published, slice by slice.
func (s *Service) showRest(ctx context.Context, v fact.VoiceID) error {
	for before := fact.PostID(math.MaxInt64); before != 0; {
		var last fact.PostID
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			_, last, err = s.showSlice(tx, v, before, s.slice)
			return err
		})
		if err != nil {
			return err
		}
		before = last
	}
	return nil
}

// beginToHide takes n posts of a voice from strangers and has a job take the others. It returns how many it took.
func (s *Service) beginToHide(tx *db.Tx, v fact.VoiceID, n int) (took int, err error) {
	if n > 0 {
		if took, err = s.hideSlice(tx, v, n); err != nil || took < n {
			return took, err
		}
	}
	_, err = s.queue.Enqueue(tx, hideJob, v, queue.Put{})
	return took, err
}

// hideSlice takes the next n posts of a voice from strangers, unless the voice opened meanwhile, and returns how many.
func (s *Service) hideSlice(tx *db.Tx, v fact.VoiceID, n int) (int, error) {
	public, err := s.isPublic(tx, v)
	if public || (err != nil && !fault.Is(err, fault.KindNotFound)) {
		return 0, err
	}
	ids, err := db.All(tx, qHideOf, db.Scalar[fact.PostID], v, n)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	slices.Sort(ids)
	return len(ids), s.bus.Emit(tx, actor.System(), fact.PostsHidden{Posts: ids, Voice: v})
}

// hideRest takes what a voice showed from strangers, slice by slice.
func (s *Service) hideRest(ctx context.Context, v fact.VoiceID) error {
	for took := s.slice; took == s.slice; {
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			took, err = s.hideSlice(tx, v, s.slice)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
