package media

import (
	"context"
	"math"
	"slices"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// Filter chooses what List returns, what came last first. Zero fields do not choose. Limit is 40 when it is not between 1 and 100.
type Filter struct {
	Kind   string // Picture, Sound, Film or Document
	Query  string // of names, and of what is said of files
	Unused bool   // what nothing shows
	Mute   bool   // pictures of which nobody said what they show
	Cursor string
	Limit  int
}

// listed is the list of files, but for who asks.
const listed = `
	SELECT ` + columns + ` FROM media m
	 WHERE m.former_of IS NULL AND (m.created_at, m.id) < ($1, $2)
	   AND ($3 = '' OR m.kind = $3) AND ($4 = '' OR m.words LIKE $4 ESCAPE '\')
	   AND ($5 = FALSE OR m.unused_since IS NOT NULL) AND ($6 = FALSE OR (m.kind = 'picture' AND m.alt = ''))`

var (
	qList   = db.Q("media.list", listed+` ORDER BY m.created_at DESC, m.id DESC LIMIT CAST($7 AS BIGINT)`)
	qListOf = db.ScopedQ("media.listOf", listed+`
	   AND (EXISTS (SELECT 1 FROM media_uses u WHERE u.media_id = m.id AND {scope:u.voice_id})
	        OR (m.account_id = $8 AND NOT EXISTS (SELECT 1 FROM media_uses n WHERE n.media_id = m.id)))
	 ORDER BY m.created_at DESC, m.id DESC LIMIT CAST($7 AS BIGINT)`)
	qUsesOf = db.Q("media.usesOf", `
		SELECT media_id, kind, subject, voice_id, published, public FROM media_uses WHERE media_id IN ({in}) ORDER BY media_id, kind, subject DESC`)
	qVariantsOf = db.Q("media.kept", `
		SELECT media_id, variant, mime, width, height, bytes FROM media_variants WHERE media_id IN ({in}) ORDER BY media_id, width, variant`)
	qWordsAfter = db.Q("media.wordsAfter", `SELECT `+columns+` FROM media WHERE id > $1 ORDER BY id LIMIT 200`)
	qWords      = db.Q("media.words", `UPDATE media SET words = $2 WHERE id = $1 AND words <> $2`)
)

// List returns the files that by works with, and the cursor of the next page, "" at the end. What was replaced is not among them.
func (s *Service) List(ctx context.Context, by actor.Actor, f Filter) (found []Media, next string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, next, err = s.ListIn(tx, by, f)
		return err
	})
	return found, next, err
}

// ListIn is List within a transaction.
func (s *Service) ListIn(tx *db.Tx, by actor.Actor, f Filter) (found []Media, next string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, "", err
	}
	if f.Kind != "" && !slices.Contains(Kinds(), f.Kind) {
		return nil, "", fault.Invalid("kind", "unknown")
	}
	last, err := db.ParseCursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 40
	}
	at, id := last.Before()
	args := []any{at, id, f.Kind, pattern(f.Query), f.Unused, f.Mute, f.Limit + 1}
	if by.On(0) >= actor.Owner {
		found, err = db.All(tx, qList, scan, args...)
	} else {
		found, err = db.AllScoped(tx, qListOf, by.Scope(actor.Author), scan, append(args, fact.AccountID(by.Account))...)
	}
	if len(found) > f.Limit {
		found = found[:f.Limit]
		end := found[f.Limit-1]
		next = db.Cursor{At: end.CreatedAt, ID: int64(end.ID)}.Encode()
	}
	return found, next, err
}

// UsesIn returns what shows files, as far as by works with it: what is in voices in which by writes. elsewhere holds those that something
// else shows.
func (s *Service) UsesIn(tx *db.Tx, by actor.Actor, ids []fact.MediaID) (uses map[fact.MediaID][]Use, elsewhere map[fact.MediaID]bool, err error) {
	all, err := db.AllIn(tx, qUsesOf, scanUse, ids)
	uses, elsewhere = map[fact.MediaID][]Use{}, map[fact.MediaID]bool{}
	for _, u := range all {
		if by.On(int64(u.Voice)) >= actor.Author {
			uses[u.media] = append(uses[u.media], u.Use)
		} else {
			elsewhere[u.media] = true
		}
	}
	return uses, elsewhere, err
}

// ShownByIn returns the subjects of a kind that show a file.
func (s *Service) ShownByIn(tx *db.Tx, id fact.MediaID, kind string) (subjects []int64, err error) {
	all, err := db.AllIn(tx, qUsesOf, scanUse, []fact.MediaID{id})
	for _, u := range all {
		if u.Kind == kind {
			subjects = append(subjects, u.Subject)
		}
	}
	return subjects, err
}

// Variant is one of the files that are kept of a file.
type Variant struct {
	Name          string // as in its address
	Mime          string
	Width, Height int
	Bytes         int64
}

// VariantsIn returns what is kept of files.
func (s *Service) VariantsIn(tx *db.Tx, ids []fact.MediaID) (map[fact.MediaID][]Variant, error) {
	type of struct {
		media fact.MediaID
		Variant
	}
	rows, err := db.AllIn(tx, qVariantsOf, func(r db.Row) (v of, err error) {
		err = r.Scan(&v.media, &v.Name, &v.Mime, &v.Width, &v.Height, &v.Bytes)
		return v, err
	}, ids)
	all := map[fact.MediaID][]Variant{}
	for _, v := range rows {
		all[v.media] = append(all[v.media], v.Variant)
	}
	return all, err
}

// WorkIn returns a file that by works with, in the manner of Describe; fault media.not_found of another.
func (s *Service) WorkIn(tx *db.Tx, by actor.Actor, id fact.MediaID) (Media, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return Media{}, err
	}
	mine, err := works(tx, by, []fact.MediaID{id})
	if err != nil {
		return Media{}, err
	}
	if len(mine) == 0 {
		return Media{}, fault.NotFound("media")
	}
	return ByID(tx, id)
}

// usage is a use of a file.
type usage struct {
	media fact.MediaID
	Use
}

func scanUse(r db.Row) (u usage, err error) {
	err = r.Scan(&u.media, &u.Kind, &u.Subject, &u.Voice, &u.Published, &u.Public)
	return u, err
}

// wordsOf is what a file is found by.
func wordsOf(m Media) string { return text.Fold(m.Name + " " + m.Alt + " " + m.Caption) }

// maxQuery is how much of a query is looked for, in bytes.
const maxQuery = 200

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// pattern is what words must be like for a query, "" for all.
func pattern(query string) string {
	query = strings.TrimSpace(text.Fold(strings.ReplaceAll(strings.ToValidUTF8(query[:min(len(query), maxQuery)], ""), "\x00", "")))
	if query == "" {
		return ""
	}
	return "%" + likeEscape.Replace(query) + "%"
}

// Rebuild makes anew what files are found by, and has jobs make the widths that pictures do not have yet.
func (s *Service) Rebuild(ctx context.Context) error {
	for after := fact.MediaID(math.MinInt64); ; {
		n := 0
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			batch, err := db.All(tx, qWordsAfter, scan, after)
			if err != nil {
				return err
			}
			n = len(batch)
			for _, m := range batch {
				if _, err := db.Exec(tx, qWords, m.ID, wordsOf(m)); err != nil {
					return err
				}
				if err := s.oweSizes(tx, m); err != nil {
					return err
				}
			}
			if n > 0 {
				after = batch[n-1].ID
			}
			return nil
		})
		if err != nil || n == 0 {
			return err
		}
	}
}
