package post

import (
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// source is where a Reader reads: which posts there are for it. It is a relation with the columns post_id, voice_id, kind,
// section_id and published_at; what is shown of a post comes from posts.
type source int

const (
	// public is what strangers may read. It is locked twice: public_posts holds what was shown to them, and the voice and the
	// house are asked again at each reading, so that both close in the very commit that closes them.
	public source = iota
	// preview is what strangers would read if the house were public.
	preview
	// internal is what internal voices published, for colleagues; {in} are the voices that they may read.
	internal
)

var sources = [...]struct{ prefix, relation string }{
	public: {"post.", `(SELECT post_id, voice_id, kind, section_id, published_at FROM public_posts
		 WHERE voice_id IN (SELECT v.id FROM voices v CROSS JOIN house h WHERE v.kind <> 'internal' AND h.public))`},
	preview: {"post.preview_", `(SELECT id AS post_id, voice_id, kind, section_id, published_at FROM posts
		 WHERE status = 'published' AND deleted_at IS NULL AND voice_id IN (SELECT id FROM voices WHERE kind <> 'internal'))`},
	internal: {"post.internal_", `(SELECT id AS post_id, voice_id, kind, section_id, published_at FROM posts
		 WHERE status = 'published' AND deleted_at IS NULL AND voice_id IN ({in})
		   AND voice_id IN (SELECT id FROM voices WHERE kind = 'internal'))`},
}

// sourced is one query in the texts of all sources.
type sourced [len(sources)]db.Query

// read makes the query of that name from a text that reads {source}.
func read(name, text string) (q sourced) {
	for i, s := range sources {
		q[i] = db.Q(s.prefix+name, strings.ReplaceAll(text, "{source}", s.relation))
	}
	return q
}

// readByKeys is read for a text that holds {in} for keys of its own, in the sources that need none.
func readByKeys(name, text string) (q sourced) {
	for _, s := range []source{public, preview} {
		q[s] = db.Q(sources[s].prefix+name, strings.ReplaceAll(text, "{source}", sources[s].relation))
	}
	return q
}

// Reader reads the posts of one source, and nothing else. There is one for strangers, one for the owner of a house that is
// not public yet, and one for colleagues.
type Reader struct {
	source source
	voices []fact.VoiceID // of internal
}

// PublicReader returns a reader of what strangers may read.
func PublicReader() *Reader { return &Reader{source: public} }

// PreviewReader returns a reader of what strangers would read if the house were public, for its owner before it opens.
func PreviewReader() *Reader { return &Reader{source: preview} }

// InternalReader returns a reader of what the internal voices among these published. It needs no house that is public.
func InternalReader(voices []fact.VoiceID) *Reader { return &Reader{source: internal, voices: voices} }

// InternalReaderIn returns a reader of what by may read of the internal voices: those on which by is a reader at least.
func (s *Service) InternalReaderIn(tx *db.Tx, by actor.Actor) (*Reader, error) {
	all, err := s.voices.ListIn(tx)
	if err != nil {
		return nil, err
	}
	scope := by.Scope(actor.Reader)
	var voices []fact.VoiceID
	for _, v := range all {
		if !v.Public() && scope.Has(int64(v.ID)) {
			voices = append(voices, v.ID)
		}
	}
	return InternalReader(voices), nil
}

// all returns the rows of q in the source of r.
func (r *Reader) all(tx *db.Tx, q sourced, set columnSet, args ...any) ([]Post, error) {
	if r.source == internal {
		return db.AllIn(tx, q[r.source], set.scan, r.voices, args...)
	}
	return db.All(tx, q[r.source], set.scan, args...)
}

// maybe returns the one row of q, if it is there.
func (r *Reader) maybe(tx *db.Tx, q sourced, set columnSet, args ...any) (p Post, found bool, err error) {
	rows, err := r.all(tx, q, set, args...)
	if err != nil || len(rows) == 0 {
		return p, false, err
	}
	return rows[0], true, nil
}
