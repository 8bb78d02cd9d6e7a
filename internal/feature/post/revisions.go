package post

import (
	"context"
	"maps"
	"strings"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

const thinJob = "post.thin"

const revisionColumns = `id, post_id, version, at, account_id, author, published, aside, title, words`

var (
	qAddRevision = db.Q("revision.add", `
		INSERT INTO post_revisions (`+revisionColumns+`, texts, thin_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qRevisions = db.Q("revision.list", `
		SELECT `+revisionColumns+` FROM post_revisions
		 WHERE post_id = $3 AND (version, id) < ($1, $2) ORDER BY version DESC, id DESC LIMIT CAST($4 AS BIGINT)`)
	qRevision     = db.Q("revision.get", `SELECT `+revisionColumns+`, texts FROM post_revisions WHERE id = $1 AND post_id = $2`)
	qNoRevision   = db.Q("revision.any", `SELECT 1 FROM post_revisions WHERE post_id = $1 LIMIT 1`)
	qRevisionUpTo = db.Q("revision.upTo", `
		SELECT `+revisionColumns+`, texts FROM post_revisions
		 WHERE post_id = $1 AND version <= $2 AND NOT aside ORDER BY version DESC, id DESC LIMIT 1`)
	qRevisionWasOut = db.Q("revision.wasOut", `
		UPDATE post_revisions SET published = $2, thin_at = NULL
		 WHERE id IN (SELECT id FROM post_revisions WHERE post_id = $1 AND NOT aside ORDER BY version DESC, id DESC LIMIT 1)`)
	qStamps = db.Q("revision.stamps", `
		SELECT id, at, published FROM post_revisions WHERE post_id = $1 ORDER BY version DESC, id DESC`)
	qThick = db.Q("revision.thick", `
		SELECT post_id FROM post_revisions WHERE thin_at <= $1 ORDER BY thin_at LIMIT 200`)
	qThinned       = db.Q("revision.thinned", `UPDATE post_revisions SET thin_at = $1 WHERE id IN ({in})`)
	qDropRevisions = db.Q("revision.drop", `DELETE FROM post_revisions WHERE id IN ({in})`)
	qPurgeRevision = db.Q("revision.purge", `
		DELETE FROM post_revisions
		 WHERE id IN (SELECT r.id FROM posts p JOIN post_revisions r ON r.post_id = p.id WHERE p.deleted_at < $1 LIMIT 500)`)
)

func (r *Revision) dest() []any {
	return []any{&r.ID, &r.Post, &r.Version, db.Time(&r.At), &r.Account, &r.Author, &r.Published, &r.Aside, &r.Title, &r.Words}
}

func scanRevision(row db.Row) (r Revision, err error) {
	err = row.Scan(r.dest()...)
	return r, err
}

func scanWhole(row db.Row) (r Revision, err error) {
	var texts []byte
	if err = row.Scan(append(r.dest(), &texts)...); err == nil {
		r.Texts, err = stretch(texts)
	}
	return r, err
}

// revisionOf is what by made of p.
func revisionOf(by actor.Actor, p Post, at time.Time) Revision {
	return Revision{
		ID: fact.New[fact.RevisionID](at), Post: p.ID, Version: p.Version, At: at, Account: fact.AccountID(by.Account), Author: by.Name,
		Published: p.Out(), Title: p.Title, Words: p.Words, Texts: textsOf(p),
	}
}

func addRevision(tx *db.Tx, r Revision) error {
	texts, err := squeeze(r.Texts)
	if err != nil {
		return err
	}
	var due time.Time
	if !r.Published {
		due = thinAt(r.At, tx.Now())
	}
	_, err = db.Exec(tx, qAddRevision, r.ID, r.Post, r.Version, db.At(r.At), r.Account, r.Author, r.Published, r.Aside, r.Title, r.Words, texts, db.At(due))
	return err
}

// remember keeps what a save made of a post. What it said before is kept too when that never was: an import, or a post older than
// revisions. It is called after each change of a text, in the transaction that makes it.
func (s *Service) remember(tx *db.Tx, by actor.Actor, was, p Post) error {
	if !differ(was, p) {
		return nil
	}
	if err := s.rememberFirst(tx, by, was); err != nil {
		return err
	}
	if err := addRevision(tx, revisionOf(by, p, tx.Now())); err != nil || p.Version%crowded != 0 {
		return err
	}
	return thinPost(tx, p.ID, true)
}

// rememberFirst keeps what a post says that has no revision yet.
func (s *Service) rememberFirst(tx *db.Tx, by actor.Actor, was Post) error {
	if !was.saysSomething() {
		return nil
	}
	_, some, err := db.Maybe(tx, qNoRevision, db.Scalar[int], was.ID)
	if err != nil || some {
		return err
	}
	before := actor.Actor{Account: int64(was.Author), Name: was.AuthorName}
	if before.Account == by.Account {
		before.Name = by.Name
	}
	first := revisionOf(before, was, was.UpdatedAt)
	first.Published = was.Status == Published || was.Status == Unpublished
	return addRevision(tx, first)
}

// rememberAside keeps what by typed beside p, when the post does not say it.
func (s *Service) rememberAside(tx *db.Tx, by actor.Actor, p Post, d KeptDraft) error {
	r := revisionOf(by, p, tx.Now())
	r.Aside, r.Published = true, false
	for name, typed := range d.Fields {
		if _, kept := r.Texts[name]; kept {
			r.Texts[name] = typed
		}
	}
	if maps.Equal(r.Texts, textsOf(p)) {
		return nil
	}
	if err := s.rememberFirst(tx, by, p); err != nil {
		return err
	}
	r.Title, r.Words = r.Texts["title"], len(strings.Fields(r.Texts["body"]))
	return addRevision(tx, r)
}

// rememberOut keeps for good what goes out.
func (s *Service) rememberOut(tx *db.Tx, by actor.Actor, p Post) error {
	n, err := db.Exec(tx, qRevisionWasOut, p.ID, true)
	if err != nil || n > 0 {
		return err
	}
	return s.rememberFirst(tx, by, p)
}

// Revisions returns what a post said, the newest first, for whoever may change it, and the cursor of the next page, "" at the end.
// limit is 50 when it is not between 1 and 100.
func (s *Service) Revisions(ctx context.Context, by actor.Actor, id fact.PostID, cursor string, limit int) (all []Revision, next string, err error) {
	if limit < 1 || limit > 100 {
		limit = 50
	}
	last, err := db.ParseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := s.open(tx, by, id); err != nil {
			return err
		}
		version, rid := last.Before()
		all, err = db.All(tx, qRevisions, scanRevision, version, rid, id, limit+1)
		return err
	})
	if len(all) > limit {
		all = all[:limit]
		r := all[limit-1]
		next = db.CursorAt(int64(r.Version), int64(r.ID)).Encode()
	}
	return all, next, err
}

// Revision returns one, with its texts, and the one before it, if there is one.
func (s *Service) Revision(ctx context.Context, by actor.Actor, id fact.PostID, rid fact.RevisionID) (r Revision, before *Revision, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := s.open(tx, by, id); err != nil {
			return err
		}
		if r, err = revision(tx, id, rid); err != nil {
			return err
		}
		b, found, err := db.Maybe(tx, qRevisionUpTo, scanWhole, id, r.before())
		if found {
			before = &b
		}
		return err
	})
	return r, before, err
}

// before is the version up to which the one before r is looked for.
func (r Revision) before() int {
	if r.Aside {
		return r.Version
	}
	return r.Version - 1
}

func revision(tx *db.Tx, id fact.PostID, rid fact.RevisionID) (Revision, error) {
	r, found, err := db.Maybe(tx, qRevision, scanWhole, rid, id)
	if err == nil && !found {
		err = fault.NotFound("revision")
	}
	return r, err
}

// RestoreRevision brings the words of a revision back. What the post said before stays a revision, so this is undone in the same way.
// What is out must stay fit for it, as with Save; a cover whose file is no more is left out.
func (s *Service) RestoreRevision(ctx context.Context, by actor.Actor, id fact.PostID, rid fact.RevisionID) (Post, error) {
	var in Patch
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := s.open(tx, by, id); err != nil {
			return err
		}
		r, err := revision(tx, id, rid)
		if err != nil {
			return err
		}
		if in = r.Patch(); in.Cover == nil || in.Cover.IsZero() {
			return nil
		}
		files, err := media.ByIDs(tx, []fact.MediaID{*in.Cover})
		if in.missesCover(files) {
			in = in.withoutCover()
		}
		return err
	})
	if err != nil {
		return Post{}, err
	}
	return s.Save(ctx, by, id, in, 0)
}

// thinPost takes out the revisions of a post that are one too many, and says when the others are looked at again.
func thinPost(tx *db.Tx, id fact.PostID, tight bool) error {
	all, err := db.All(tx, qStamps, func(row db.Row) (r stamp, err error) {
		err = row.Scan(&r.id, db.Time(&r.at), &r.published)
		return r, err
	}, id)
	if err != nil {
		return err
	}
	gone := thin(tx.Now(), all, tight)
	if _, err := db.ExecIn(tx, qDropRevisions, gone); err != nil || tight {
		return err // a tight thinning comes before anything is due
	}
	dropped := map[fact.RevisionID]bool{}
	for _, id := range gone {
		dropped[id] = true
	}
	again := map[time.Time][]fact.RevisionID{}
	for _, r := range all {
		if !r.published && !dropped[r.id] {
			due := thinAt(r.at, tx.Now())
			again[due] = append(again[due], r.id)
		}
	}
	for due, ids := range again {
		if _, err := db.ExecIn(tx, qThinned, ids, db.At(due)); err != nil {
			return err
		}
	}
	return nil
}

// thinAll thins what is due, at most the revisions of twenty posts in a transaction.
func (s *Service) thinAll(ctx context.Context) error {
	for {
		n := 0
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			due, err := db.All(tx, qThick, db.Scalar[fact.PostID], db.At(tx.Now()))
			if err != nil {
				return err
			}
			done := map[fact.PostID]bool{}
			for _, id := range due {
				if done[id] || len(done) == 20 {
					continue
				}
				done[id] = true
				if err := thinPost(tx, id, false); err != nil {
					return err
				}
			}
			n = len(due)
			return nil
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

func (s *Service) handleThinning() {
	queue.Handle(s.queue, thinJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ struct{}) error { return s.thinAll(ctx) })
	s.queue.Every(thinJob, func(after time.Time) time.Time { return after.Truncate(24 * time.Hour).Add(26 * time.Hour) }, thinJob)
}
