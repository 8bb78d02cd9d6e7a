package post

import (
	"slices"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fulltext"
)

// What a voice that is removed leaves: its posts go to its heir, taken from readers first when its owner said so. Each address that it
// gave stays a row under its own id, by which the site leads to where the post is now.

var (
	qHeld     = db.Q("post.held", `SELECT COUNT(*) FROM posts WHERE voice_id = $1 AND deleted_at IS NULL`)
	qWithdraw = db.Q("post.withdraw", `
		UPDATE posts SET deleted_at = $2, updated_at = $2 WHERE voice_id = $1 AND deleted_at IS NULL RETURNING id`)
	qUnpublic = db.Q("public.withdraw", `DELETE FROM public_posts WHERE voice_id = $1 RETURNING post_id`)

	qClashing = db.Q("post.clashing", `
		SELECT `+columns+` FROM posts p
		 WHERE p.voice_id = $1 AND p.slug <> '' AND p.deleted_at IS NULL
		   AND (EXISTS (SELECT 1 FROM posts o WHERE o.voice_id = $2 AND o.slug = p.slug AND o.deleted_at IS NULL)
		     OR EXISTS (SELECT 1 FROM post_addresses a WHERE a.voice_id = $2 AND a.slug = p.slug))
		 ORDER BY p.id`)
	qInherit          = db.Q("post.inherit", `UPDATE posts SET voice_id = $2 WHERE voice_id = $1`)
	qInheritAddresses = db.Q("post.inheritAddresses", `
		INSERT INTO post_addresses (voice_id, slug, post_id)
		SELECT CAST($2 AS BIGINT), p.slug, p.id FROM posts p JOIN post_addresses a ON a.post_id = p.id AND a.slug = p.slug
		 WHERE a.voice_id = $1 AND p.slug <> '' AND p.deleted_at IS NULL
		ON CONFLICT (voice_id, slug) DO NOTHING`)
	qInheritPublic = db.Q("public.inherit", `
		UPDATE public_posts SET voice_id = $2, section_id = (SELECT p.section_id FROM posts p WHERE p.id = public_posts.post_id)
		 WHERE voice_id = $1`)

	// Sections of one name become one.
	qSameSection = db.Q("section.same", `
		UPDATE posts SET section_id = (
			SELECT h.id FROM sections s JOIN sections h ON h.voice_id = $2 AND h.slug = s.slug WHERE s.id = posts.section_id)
		 WHERE section_id IN (SELECT s.id FROM sections s JOIN sections h ON h.voice_id = $2 AND h.slug = s.slug WHERE s.voice_id = $1)`)
	qSamePlaces = db.Q("section.samePlaces", `
		UPDATE old_places SET target = (
			SELECT h.id FROM sections s JOIN sections h ON h.voice_id = $2 AND h.slug = s.slug WHERE s.id = old_places.target)
		 WHERE kind = 'section'
		   AND target IN (SELECT s.id FROM sections s JOIN sections h ON h.voice_id = $2 AND h.slug = s.slug WHERE s.voice_id = $1)`)
	qDropSame = db.Q("section.dropSame", `
		DELETE FROM sections WHERE voice_id = $1 AND slug IN (SELECT h.slug FROM sections h WHERE h.voice_id = $2)`)
	qInheritSections = db.Q("section.inherit", `UPDATE sections SET voice_id = $2 WHERE voice_id = $1`)
)

// inheritance is what gives all that a voice wrote to another, in this order.
var inheritance = []db.Query{qSameSection, qSamePlaces, qInherit, qInheritAddresses, qInheritPublic, qDropSame, qInheritSections}

// CountOfIn counts the posts of a voice, drafts too.
func (s *Service) CountOfIn(tx *db.Tx, v fact.VoiceID) (int, error) {
	return db.One(tx, qHeld, db.Scalar[int], v)
}

// voiceRemoved gives what a voice wrote to its heir.
func (s *Service) voiceRemoved(tx *db.Tx, f fact.VoiceRemoved) error {
	if f.Withdrawn {
		if err := s.withdrawAll(tx, f.Voice); err != nil {
			return err
		}
	}
	clashing, err := db.All(tx, qClashing, postColumns.scan, f.Voice, f.Heir)
	if err != nil {
		return err
	}
	for _, p := range clashing { // two texts of one name: the one that comes gets another, and its address leads there
		slug := p.Slug
		p.Voice, p.Slug = f.Heir, ""
		if err := s.assignSlug(tx, &p, slug); err != nil {
			return err
		}
		if err := s.touch(tx, &p); err != nil {
			return err
		}
		if p.Out() {
			if err := s.keepAddress(tx, p); err != nil {
				return err
			}
		}
	}
	for _, q := range inheritance {
		if _, err := db.Exec(tx, q, f.Voice, f.Heir); err != nil {
			return err
		}
	}
	if err := menuOf(f.Voice).SetIn(tx, actor.System(), nil); err != nil {
		return err
	}
	return s.media.GiveOnIn(tx, useKind, f.Voice, f.Heir, f.Withdrawn)
}

// withdrawAll deletes every post of a voice, as Delete does with one.
func (s *Service) withdrawAll(tx *db.Tx, v fact.VoiceID) error {
	gone, err := db.All(tx, qWithdraw, db.Scalar[fact.PostID], v, db.At(tx.Now()))
	if err != nil {
		return err
	}
	for _, id := range gone {
		for _, space := range []string{SpaceWork, SpacePublic} {
			if err := fulltext.Remove(tx, space, int64(id)); err != nil {
				return err
			}
		}
		if err := s.bus.Emit(tx, actor.System(), fact.PostDeleted{Post: id, Voice: v}); err != nil {
			return err
		}
	}
	hidden, err := db.All(tx, qUnpublic, db.Scalar[fact.PostID], v)
	if err != nil {
		return err
	}
	slices.Sort(hidden)
	for part := range slices.Chunk(hidden, fact.MaxPosts) {
		if err := s.bus.Emit(tx, actor.System(), fact.PostsHidden{Posts: part, Voice: v, Gone: true}); err != nil {
			return err
		}
	}
	return nil
}
