package post

import (
	"net/url"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Addresses of the program before lead on for ever: to posts, and to what stood beside them.
var (
	qAddOld    = db.Q("post.addOldAddresses", `INSERT INTO old_addresses (path, post_id) VALUES {rows} ON CONFLICT (path) DO NOTHING`)
	qAddPlaces = db.Q("post.addOldPlaces", `
		INSERT INTO old_places (path, kind, target) VALUES {rows}
		ON CONFLICT (path) DO UPDATE SET kind = excluded.kind, target = excluded.target`)
	qAddPlacesAbove = db.Q("post.addOldPlacesAbove", `INSERT INTO old_places (path, kind, target) VALUES {rows} ON CONFLICT (path) DO NOTHING`)

	qOld         = db.Q("post.oldAddresses", `SELECT path, post_id FROM old_addresses WHERE path IN ({in})`)
	qOldBeside   = db.Q("post.oldBeside", `SELECT path, target FROM old_places WHERE path IN ({in}) AND kind = 'post'`)
	qAnyOld      = db.Q("post.anyOldAddress", `SELECT 1 FROM old_addresses LIMIT 1`)
	qOldSections = readByKeys("oldSections", `
		SELECT o.path, s.id, s.voice_id, s.slug, s.name, s.position FROM old_places o JOIN sections s ON s.id = o.target
		 WHERE o.path IN ({in}) AND o.kind = 'section' AND EXISTS (SELECT 1 FROM {source} u WHERE u.section_id = s.id)`)
	qOldTags = readByKeys("oldTags", `
		SELECT o.path, t.id, t.slug, t.name FROM old_places o JOIN tags t ON t.id = o.target
		 WHERE o.path IN ({in}) AND o.kind = 'tag'
		   AND EXISTS (SELECT 1 FROM post_tags pt JOIN {source} u ON u.post_id = pt.post_id WHERE pt.tag_id = t.id)`)
	qOldFiles = db.Q("post.oldFiles", `SELECT path, target FROM old_places WHERE path IN ({in}) AND kind = 'media'`)
)

// maxOldPath is the length of the longest old address kept, in bytes.
const maxOldPath = 1000

// OldPlaces are addresses of another program's site that led to the list of one section or tag.
type OldPlaces struct {
	Term  string // name of the section or of one of the tags of the post
	Paths []string
	Above bool // of a list around that one, in which it was too: another may have it
}

// cleanGUID keeps a name in a feed that is one for every format: an absolute address.
func cleanGUID(s string) string {
	s = strings.TrimSpace(s)
	if u, err := url.Parse(s); err != nil || u.Scheme == "" || u.Host == "" || len(s) > maxOldPath || strings.ContainsAny(s, " <>\"") {
		return ""
	}
	return s
}

// keepable reports whether a path is one that somebody can ask for.
func keepable(path string) bool {
	return path != "" && path != "/" && path[0] == '/' && len(path) <= maxOldPath
}

// oldPaths makes addresses of another program lead to a post. One that leads somewhere already stays.
func (s *Service) oldPaths(tx *db.Tx, id fact.PostID, paths []string) error {
	var rows []any
	seen := map[string]bool{}
	for _, path := range paths {
		if keepable(path) && !seen[path] {
			seen[path] = true
			rows = append(rows, path, id)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return db.Insert(tx, qAddOld, 2, rows)
}

// oldPlaces makes addresses of lists lead to the section and the tags of p, and what stood under p to p.
func (s *Service) oldPlaces(tx *db.Tx, p Post, in Import) error {
	var own, above []any
	seen := map[string]bool{}
	for _, place := range in.Places {
		kind, target := p.term(TermSlug(strings.TrimLeft(place.Term, "#")))
		for _, path := range place.Paths {
			if kind == "" || !keepable(path) || seen[path] {
				continue
			}
			seen[path] = true
			if place.Above {
				above = append(above, path, kind, target)
			} else {
				own = append(own, path, kind, target)
			}
		}
	}
	for _, path := range in.Beside {
		if keepable(path) && !seen[path] {
			seen[path] = true
			above = append(above, path, "post", p.ID)
		}
	}
	if len(own) > 0 {
		if err := db.Insert(tx, qAddPlaces, 3, own); err != nil {
			return err
		}
	}
	if len(above) > 0 {
		return db.Insert(tx, qAddPlacesAbove, 3, above)
	}
	return nil
}

// term returns which term of p has that slug, its section first.
func (p Post) term(slug string) (kind string, id int64) {
	if p.section != nil && p.section.Slug == slug {
		return "section", int64(p.section.ID)
	}
	for _, t := range p.tags {
		if t.Slug == slug {
			return "tag", int64(t.ID)
		}
	}
	return "", 0
}

// LeadToFile makes addresses of another program lead to a file that came from there, in the caller's transaction.
func (s *Service) LeadToFile(tx *db.Tx, id fact.MediaID, paths []string) error {
	var rows []any
	for _, path := range paths {
		if keepable(path) {
			rows = append(rows, path, "media", id)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return db.Insert(tx, qAddPlacesAbove, 3, rows)
}

// Old is where an address of another program leads now: one of these.
type Old struct {
	Post    *Public
	Section *Section
	Tag     *Tag
	File    fact.MediaID // whoever asks for it is asked who they are, as always
}

// oldAt is one row of what old addresses lead to.
type oldAt[T any] struct {
	path string
	to   T
}

// Old returns where the first of these addresses leads that leads to something that r may read.
func (r *Reader) Old(tx *db.Tx, paths []string) (old Old, found bool, err error) {
	if r.source == internal || len(paths) == 0 { // what internal voices published was nowhere before
		return old, false, nil
	}
	for _, q := range []db.Query{qOld, qOldBeside} {
		p, ok, err := r.oldPost(tx, q, paths)
		if err != nil || ok {
			return Old{Post: &p}, ok, err
		}
	}
	if s, ok, err := firstOld(tx, qOldSections[r.source], paths, func(row db.Row) (a oldAt[Section], err error) {
		err = row.Scan(&a.path, &a.to.ID, &a.to.Voice, &a.to.Slug, &a.to.Name, &a.to.Position)
		return a, err
	}); err != nil || ok {
		return Old{Section: &s}, ok, err
	}
	if t, ok, err := firstOld(tx, qOldTags[r.source], paths, func(row db.Row) (a oldAt[Tag], err error) {
		err = row.Scan(&a.path, &a.to.ID, &a.to.Slug, &a.to.Name)
		return a, err
	}); err != nil || ok {
		return Old{Tag: &t}, ok, err
	}
	file, ok, err := firstOld(tx, qOldFiles, paths, func(row db.Row) (a oldAt[fact.MediaID], err error) {
		err = row.Scan(&a.path, &a.to)
		return a, err
	})
	return Old{File: file}, ok, err
}

// oldPost returns the post to which the first of these addresses leads that leads to one, if r may read it.
func (r *Reader) oldPost(tx *db.Tx, q db.Query, paths []string) (p Public, found bool, err error) {
	id, found, err := firstOld(tx, q, paths, func(row db.Row) (a oldAt[fact.PostID], err error) {
		err = row.Scan(&a.path, &a.to)
		return a, err
	})
	if err != nil || !found {
		return p, false, err
	}
	p, err = r.ByID(tx, id)
	if fault.Is(err, fault.KindNotFound) || fault.Is(err, fault.KindGone) {
		return p, false, nil
	}
	return p, err == nil, err
}

// firstOld returns what the first of paths leads to that is among the rows of q.
func firstOld[T any](tx *db.Tx, q db.Query, paths []string, scan func(db.Row) (oldAt[T], error)) (to T, found bool, err error) {
	rows, err := db.AllIn(tx, q, scan, paths)
	for _, path := range paths {
		for _, row := range rows {
			if row.path == path {
				return row.to, true, err
			}
		}
	}
	return to, false, err
}

// Moved reports whether anything came from another program with its addresses.
func (r *Reader) Moved(tx *db.Tx) (bool, error) {
	_, found, err := db.Maybe(tx, qAnyOld, db.Scalar[int])
	return found, err
}
