package post

import (
	"context"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fulltext"
	"causerie/internal/platform/queue"
)

// The spaces of word search.
const (
	SpacePublic = "public"
	SpaceWork   = "work"
)

// useKind is how a post says to media that it shows a file.
const useKind = "post"

const (
	indexJob   = "post.index"
	purgeJob   = "post.purge"
	indexBatch = 200
)

var (
	publicColumns = `post_id, voice_id, kind, slug, author_name, title, summary, question, html, plain, words, lang, section_id, cover_id,
		cover_alt, cover_caption, comments, published_at, updated_at`
	qShow = db.Q("public.show", `
		INSERT INTO public_posts (`+publicColumns+`)
		SELECT id, voice_id, kind, slug, author_name, title, summary, question, html, plain, words, lang, section_id, cover_id,
		       cover_alt, cover_caption, comments, published_at, updated_at
		  FROM posts WHERE id = $1 AND status = 'published' AND deleted_at IS NULL`)
	qHide    = db.Q("public.hide", `DELETE FROM public_posts WHERE post_id = $1`)
	qHideAll = db.Q("public.hideAll", `DELETE FROM public_posts`)
	qHideOf  = db.Q("public.hideVoice", `DELETE FROM public_posts WHERE voice_id = $1 RETURNING post_id`)
	qShowOf  = db.Q("public.showVoices", `
		INSERT INTO public_posts (`+publicColumns+`)
		SELECT `+publicColumns+` FROM preview_posts WHERE voice_id IN ({in})
		ON CONFLICT (post_id) DO NOTHING`)
	qShownOf = db.Q("public.shown", `SELECT post_id FROM public_posts WHERE voice_id IN ({in})`)
)

func (s *Service) listen() {
	bus.Project(s.bus, "post", func(tx *db.Tx, _ bus.Event, _ fact.HouseOpened) error { return s.opened(tx) })
	bus.Project(s.bus, "post", func(tx *db.Tx, _ bus.Event, _ fact.HouseClosed) error { return s.closed(tx) })
	bus.Project(s.bus, "post", func(tx *db.Tx, _ bus.Event, _ fact.HouseChanged) error { return s.moveSchedules(tx) })
	bus.Project(s.bus, "post", func(tx *db.Tx, _ bus.Event, f fact.VoiceChanged) error { return s.voiceChanged(tx, f.Voice) })
	queue.Handle(s.queue, publishJob, queue.KindOptions{}, s.publishDue)
	queue.Handle(s.queue, indexJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, v fact.VoiceID) error { return s.index(ctx, v) })
	queue.Handle(s.queue, purgeJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ struct{}) error { return s.purge(ctx) })
	s.queue.Every(purgeJob, func(after time.Time) time.Time { return after.Truncate(24 * time.Hour).Add(27 * time.Hour) }, purgeJob)
}

// project keeps what readers, searchers and files see of p as p is now. It is called after each write of p.
func (s *Service) project(tx *db.Tx, p Post) error {
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
	if show {
		if _, err := db.Exec(tx, qShow, p.ID); err != nil {
			return err
		}
	}
	if err := s.media.ReferIn(tx, p.use(show), p.files()); err != nil {
		return err
	}
	if err := p.indexIn(tx, show); err != nil {
		return err
	}
	if show || hidden > 0 {
		return s.house.Bump(tx)
	}
	return nil
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

// indexIn puts p where it may be found, and takes it from where it may not.
func (p Post) indexIn(tx *db.Tx, public bool) error {
	doc := fulltext.Document{Ref: int64(p.ID), Lang: p.Lang, Title: p.Title, At: p.UpdatedAt,
		Body: p.Summary + "\n" + p.Plain + "\n" + p.Question}
	if !p.PublishedAt.IsZero() {
		doc.At = p.PublishedAt
	}
	var in, out []string
	for space, found := range map[string]bool{SpaceWork: p.DeletedAt.IsZero(), SpacePublic: public} {
		if found {
			in = append(in, space)
		} else {
			out = append(out, space)
		}
	}
	for _, space := range out {
		if err := fulltext.Remove(tx, space, int64(p.ID)); err != nil {
			return err
		}
	}
	if len(in) == 0 {
		return nil
	}
	doc.Space = in[0]
	return fulltext.Put(tx, doc, in[1:]...)
}

// opened lets strangers read what public voices published. Their words are found as soon as the job has run.
func (s *Service) opened(tx *db.Tx) error {
	voices, err := s.voices.ListIn(tx)
	if err != nil {
		return err
	}
	var public []fact.VoiceID
	for _, v := range voices {
		if v.Public() {
			public = append(public, v.ID)
		}
	}
	return s.showVoices(tx, public, 0)
}

// showVoices puts what these voices published before the public and asks for it to be found; of is what to index, 0 all.
func (s *Service) showVoices(tx *db.Tx, public []fact.VoiceID, of fact.VoiceID) error {
	added, err := db.ExecIn(tx, qShowOf, public)
	if err != nil || added == 0 {
		return err
	}
	shown, err := db.AllIn(tx, qShownOf, db.Scalar[int64], public)
	if err != nil {
		return err
	}
	if err := s.media.ShowIn(tx, useKind, shown, true); err != nil {
		return err
	}
	return s.askIndex(tx, of)
}

// closed takes everything from strangers at once.
func (s *Service) closed(tx *db.Tx) error {
	hidden, err := db.Exec(tx, qHideAll)
	if err != nil || hidden == 0 {
		return err
	}
	if err := s.media.HideAllIn(tx, useKind); err != nil {
		return err
	}
	return s.askIndex(tx, 0)
}

// voiceChanged follows a voice that became internal, or public.
func (s *Service) voiceChanged(tx *db.Tx, id fact.VoiceID) error {
	public, err := s.isPublic(tx, id)
	if err != nil {
		return err
	}
	if public {
		return s.showVoices(tx, []fact.VoiceID{id}, id)
	}
	hidden, err := db.All(tx, qHideOf, db.Scalar[int64], id)
	if err != nil || len(hidden) == 0 {
		return err
	}
	if err := s.media.ShowIn(tx, useKind, hidden, false); err != nil {
		return err
	}
	return s.askIndex(tx, id)
}

// askIndex has a job bring word search up to date. Until it has, a search finds less: what it finds is read from
// public_posts all the same.
func (s *Service) askIndex(tx *db.Tx, of fact.VoiceID) error {
	_, err := s.queue.Enqueue(tx, indexJob, of, queue.Put{})
	return err
}

// Rebuild makes public_posts, the visibility of files and word search anew from the posts, batch by batch.
func (s *Service) Rebuild(ctx context.Context) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := fulltext.Clear(tx, SpacePublic); err != nil {
			return err
		}
		return fulltext.Clear(tx, SpaceWork)
	})
	if err != nil {
		return err
	}
	return s.walk(ctx, 0, s.project)
}

// index brings word search up to date for one voice, 0 for all.
func (s *Service) index(ctx context.Context, of fact.VoiceID) error {
	public := map[fact.VoiceID]bool{}
	return s.walk(ctx, of, func(tx *db.Tx, p Post) error {
		show, known := public[p.Voice]
		if !known {
			var err error
			if show, err = s.isPublic(tx, p.Voice); err != nil {
				return err
			}
		}
		return p.indexIn(tx, show && p.Out())
	})
}

// walk calls do for every post of a voice (0: of all), each batch in its own write.
func (s *Service) walk(ctx context.Context, of fact.VoiceID, do func(tx *db.Tx, p Post) error) error {
	var after fact.PostID
	for {
		var last fact.PostID
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			last = 0
			posts, err := db.All(tx, qAfter, scan, int64(after), int64(of), indexBatch)
			if err != nil {
				return err
			}
			for _, p := range posts {
				if err := do(tx, p); err != nil {
					return err
				}
				last = p.ID
			}
			return nil
		})
		if err != nil || last == 0 {
			return err
		}
		after = last
	}
}

// moveSchedules computes the instants of what is scheduled again: the zone of the house may have changed.
func (s *Service) moveSchedules(tx *db.Tx) error {
	h, err := s.house.GetIn(tx)
	if err != nil {
		return err
	}
	waiting, err := db.All(tx, qScheduled, scan)
	if err != nil {
		return err
	}
	for _, p := range waiting {
		at, err := clock.ParseLocal(p.Schedule)
		if err != nil {
			return err
		}
		if instant := at.In(h.Location()); !instant.Equal(p.PublishAt) {
			p.PublishAt = instant
			if err := update(tx, p); err != nil {
				return err
			}
			if err := s.due(tx, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// purge takes the words out of what was deleted too long ago to be brought back. The row stays, and its address is gone
// for good.
func (s *Service) purge(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		gone, err := purge(tx, tx.Now().Add(-RestoreFor))
		if err != nil {
			return err
		}
		for _, id := range gone {
			if err := s.media.ReferIn(tx, media.Use{Kind: useKind, Subject: int64(id)}, nil); err != nil {
				return err
			}
		}
		return nil
	})
}
