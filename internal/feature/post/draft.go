package post

import (
	"context"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// KeptDraft is what somebody typed into a post and did not save: changes of a post that is out, or what could not be saved
// because the post had changed elsewhere. Nobody but its writer sees it.
type KeptDraft struct {
	Version int               // of the post that it was typed over
	Fields  map[string]string // of the form
	At      time.Time
}

var (
	qKeepDraft = db.Q("draft.keep", `
		INSERT INTO post_drafts (post_id, account_id, version, fields, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (post_id, account_id) DO UPDATE SET version = excluded.version, fields = excluded.fields, at = excluded.at`)
	qDraft       = db.Q("draft.get", `SELECT version, fields, at FROM post_drafts WHERE post_id = $1 AND account_id = $2`)
	qForgetDraft = db.Q("draft.forget", `DELETE FROM post_drafts WHERE post_id = $1 AND account_id = $2`)
	qPurgeDrafts = db.Q("draft.purge", `
		DELETE FROM post_drafts WHERE post_id IN (SELECT id FROM posts WHERE deleted_at < $1)`)
	qInDraft = db.Q("draft.names", `SELECT 1 FROM post_drafts WHERE fields LIKE $1 LIMIT 1`)
)

// KeepDraft keeps what by typed into a post, over version, until by saves it or forgets it.
func (s *Service) KeepDraft(ctx context.Context, by actor.Actor, id fact.PostID, version int, fields map[string]string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.open(tx, by, id); err != nil {
			return err
		}
		_, err := db.Exec(tx, qKeepDraft, id, by.Account, version, db.JSON(fields), db.At(tx.Now()))
		return err
	})
}

// DraftOf returns what by typed into a post and did not save; false when there is nothing.
func (s *Service) DraftOf(ctx context.Context, by actor.Actor, id fact.PostID) (d KeptDraft, found bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := s.seen(tx, by, id); err != nil {
			return err
		}
		d, found, err = db.Maybe(tx, qDraft, scanDraft, id, by.Account)
		return err
	})
	return d, found, err
}

func scanDraft(r db.Row) (d KeptDraft, err error) {
	err = r.Scan(&d.Version, db.FromJSON(&d.Fields), db.Time(&d.At))
	return d, err
}

// ForgetDraft drops what by typed into a post and did not save; it stays as a revision beside, so that this is undone like anything.
func (s *Service) ForgetDraft(ctx context.Context, by actor.Actor, id fact.PostID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := s.seen(tx, by, id)
		if err != nil {
			return err
		}
		d, found, err := db.Maybe(tx, qDraft, scanDraft, id, by.Account)
		if err != nil || !found {
			return err
		}
		if err := s.rememberAside(tx, by, p, d); err != nil {
			return err
		}
		return forgetDraft(tx, id, by.Account)
	})
}

func forgetDraft(tx *db.Tx, id fact.PostID, account int64) error {
	_, err := db.Exec(tx, qForgetDraft, id, account)
	return err
}

// inDraft reports whether what somebody typed and did not save shows a file, as a cover or in its text.
func inDraft(tx *db.Tx, id fact.MediaID) (bool, error) {
	_, found, err := db.Maybe(tx, qInDraft, db.Scalar[int], "%"+id.String()+"%")
	return found, err
}
