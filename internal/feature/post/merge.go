package post

import (
	"context"
	"strconv"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/compare"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// What two people, or two tabs, made of one text apart is joined here: what somebody typed over an older version, with what was saved since.

// A choice says what a conflict of a Merge becomes.
const (
	ChooseMine   = "mine"
	ChooseTheirs = "theirs"
	ChooseBoth   = "both" // theirs, then mine
)

// Merge is what somebody typed over an older version of a post, joined with what was saved since.
type Merge struct {
	Post   Post      // as saved: "theirs"
	Draft  KeptDraft // as typed: "mine"
	Latest Revision  // the save that came between; without an id when nobody knows it
	Fields []MergedField
}

// MergedField is one thing that is written, of which both sides made something.
type MergedField struct {
	Name   string
	Pieces []compare.Piece
}

// parted are the fields in which a paragraph is joined with another; of the others there is one value.
func parted(name string) bool { return name == "body" }

// spoken are the fields that two people may each have written: when both did, somebody chooses. Of the others the last hand wins.
func spoken(name string) bool {
	switch name {
	case "slug", "lang", "comments", "cover":
		return false
	}
	return true
}

// Conflicts counts what is to be chosen.
func (m Merge) Conflicts() (n int) {
	for _, f := range m.Fields {
		for _, p := range f.Pieces {
			if p.Conflict {
				n++
			}
		}
	}
	return n
}

// merge joins field by field: base is what both began with, and known says whether anybody knows it.
func merge(base, mine, theirs map[string]string, known bool) (fields []MergedField) {
	for _, name := range fieldNames() {
		m, typed := mine[name]
		t, b := theirs[name], base[name]
		if !typed {
			m = t // it was not asked for
		}
		if !known {
			b = compare.Common(m, t)
		}
		var pieces []compare.Piece
		switch {
		case m == t, m == b:
			pieces = whole(t)
		case t == b, !spoken(name):
			pieces = whole(m)
		case parted(name):
			pieces = compare.Merge(b, m, t)
		default:
			pieces = []compare.Piece{{Conflict: true, Base: b, Mine: m, Theirs: t}}
		}
		fields = append(fields, MergedField{name, pieces})
	}
	return fields
}

func whole(s string) []compare.Piece {
	if s == "" {
		return nil
	}
	return []compare.Piece{{Text: s}}
}

// fieldNames are what a revision keeps, in the order of a page.
func fieldNames() []string {
	var names []string
	for _, one := range properties {
		if one.Name != "kind" {
			names = append(names, one.Name)
		}
	}
	return append(names, "section", "tags", "cover")
}

// Choice is the name under which a conflict of a field is chosen.
func Choice(field string, n int) string { return field + "." + strconv.Itoa(n) }

// chosen is the field as choices make it: what nobody chose keeps both where that can be, else what was typed last.
func (f MergedField) chosen(choices map[string]string) string {
	return compare.Join(f.Pieces, func(n int, p compare.Piece) string {
		switch choices[Choice(f.Name, n)] {
		case ChooseMine:
			return p.Mine
		case ChooseTheirs:
			return p.Theirs
		}
		if parted(f.Name) {
			return p.Both()
		}
		return p.Mine
	})
}

// TagsOf cuts what was typed as tags: by commas, semicolons or lines.
func TagsOf(s string) (tags []string) {
	for _, t := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if strings.TrimSpace(t) != "" {
			tags = append(tags, t)
		}
	}
	return tags
}

// patch is the change that makes of p what was chosen.
func (m Merge) patch(choices map[string]string) (in Patch) {
	for _, f := range m.Fields {
		s := f.chosen(choices)
		switch f.Name {
		case "section":
			in.Section = &s
		case "tags":
			tags := TagsOf(s)
			in.Tags = &tags
		case "cover":
			id, err := fact.Parse[fact.MediaID](s)
			if err != nil {
				id = 0
			}
			in.Cover = &id
		}
		for _, one := range properties {
			if one.Name == f.Name {
				*one.in(&in) = &s
			}
		}
	}
	return in
}

// Merge joins what by typed and did not save (KeepDraft) with what was saved since it was begun; false when nothing was typed.
func (s *Service) Merge(ctx context.Context, by actor.Actor, id fact.PostID) (m Merge, found bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, found, err = s.mergeIn(tx, by, id)
		return err
	})
	return m, found, err
}

func (s *Service) mergeIn(tx *db.Tx, by actor.Actor, id fact.PostID) (m Merge, found bool, err error) {
	if m.Post, err = s.open(tx, by, id); err != nil {
		return m, false, err
	}
	if m.Draft, found, err = db.Maybe(tx, qDraft, scanDraft, id, by.Account); err != nil || !found {
		return m, false, err
	}
	base, known, err := db.Maybe(tx, qRevisionUpTo, scanWhole, id, m.Draft.Version)
	if err != nil {
		return m, false, err
	}
	if m.Latest, _, err = db.Maybe(tx, qRevisionUpTo, scanWhole, id, m.Post.Version); err != nil {
		return m, false, err
	}
	m.Fields = merge(base.Texts, m.Draft.Fields, textsOf(m.Post), known)
	return m, true, nil
}

// SaveMerge saves what was chosen of m, and keeps what was typed as a revision beside. When either side has changed since m was made,
// nothing is done and the fault is post.changed_elsewhere.
func (s *Service) SaveMerge(ctx context.Context, by actor.Actor, m Merge, choices map[string]string) (p Post, err error) {
	in, err := s.PrepareChange(ctx, by, m.Post.ID, m.patch(choices))
	if err != nil {
		return p, err
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		now, found, err := s.mergeIn(tx, by, m.Post.ID)
		if err != nil {
			return err
		}
		if !found || now.Post.Version != m.Post.Version || !now.Draft.At.Equal(m.Draft.At) {
			return fault.Conflict("post.changed_elsewhere")
		}
		if err := s.rememberAside(tx, by, now.Post, m.Draft); err != nil {
			return err
		}
		p, err = s.SaveIn(tx, by, m.Post.ID, in, m.Post.Version)
		return err
	})
	return p, err
}
