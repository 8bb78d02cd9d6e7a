package post

import (
	"context"
	"slices"
	"unicode/utf8"

	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// Sections and tags are made by typing them under a post; here they are named otherwise, given up, and put into a menu. The address of
// one that has another name stays what it was, and that of one that was given up leads to the one which took its posts.

var (
	qSectionByID   = db.Q("section.byID", `SELECT id, voice_id, slug, name, position FROM sections WHERE id = $1`)
	qSectionRename = db.Q("section.rename", `UPDATE sections SET name = $2 WHERE id = $1`)
	qSectionDelete = db.Q("section.delete", `DELETE FROM sections WHERE id = $1`)
	qSectionPosts  = db.Q("section.movePosts", `UPDATE posts SET section_id = $2 WHERE section_id = $1`)
	qSectionPublic = db.Q("section.movePublic", `UPDATE public_posts SET section_id = $2 WHERE section_id = $1`)

	qTags      = db.Q("tag.all", `SELECT id, slug, name FROM tags ORDER BY slug LIMIT 500`)
	qTagByID   = db.Q("tag.byID", `SELECT id, slug, name FROM tags WHERE id = $1`)
	qTagRename = db.Q("tag.rename", `UPDATE tags SET name = $2 WHERE id = $1`)
	qTagDelete = db.Q("tag.delete", `DELETE FROM tags WHERE id = $1`)
	qTagMove   = db.Q("tag.move", `
		INSERT INTO post_tags (post_id, tag_id) SELECT post_id, $2 FROM post_tags WHERE tag_id = $1
		ON CONFLICT (post_id, tag_id) DO NOTHING`)
	qTagEmpty = db.Q("tag.empty", `DELETE FROM post_tags WHERE tag_id = $1`)

	qPlacesMove   = db.Q("post.moveOldPlaces", `UPDATE old_places SET target = $3 WHERE kind = $1 AND target = $2`)
	qPlacesForget = db.Q("post.forgetOldPlaces", `DELETE FROM old_places WHERE kind = $1 AND target = $2`)
)

// SectionByID returns a section; section.not_found.
func SectionByID(tx *db.Tx, id fact.SectionID) (Section, error) {
	return db.One(tx, qSectionByID, scanSection, id)
}

// AllTags returns the tags of the house by name, 500 at most.
func (s *Service) AllTags(ctx context.Context) (all []Tag, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(tx, qTags, scanTag)
		return err
	})
	return all, err
}

// termName reads the name of a section or a tag.
func termName(name string) (string, error) {
	switch name = text.OneLine(name); {
	case name == "":
		return "", fault.Invalid("name", "required")
	case utf8.RuneCountInString(name) > MaxName:
		return "", fault.Invalid("name", "too_long", MaxName)
	}
	return name, nil
}

// RenameSection gives a section another name; its address stays. An editor of the voice may.
func (s *Service) RenameSection(ctx context.Context, by actor.Actor, id fact.SectionID, name string) (sec Section, err error) {
	if name, err = termName(name); err != nil {
		return sec, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if sec, err = sectionFor(tx, by, id); err != nil {
			return err
		}
		sec.Name = name
		if _, err := db.Exec(tx, qSectionRename, id, name); err != nil {
			return err
		}
		return s.bus.Emit(tx, by, fact.TermsChanged{Voice: sec.Voice})
	})
	return sec, err
}

// RemoveSection gives a section up. Its posts, and its address, go to another of the voice; into zero is none.
func (s *Service) RemoveSection(ctx context.Context, by actor.Actor, id, into fact.SectionID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		sec, err := sectionFor(tx, by, id)
		if err != nil {
			return err
		}
		if !into.IsZero() {
			to, err := sectionFor(tx, by, into)
			if err != nil || to.Voice != sec.Voice || to.ID == sec.ID {
				return fault.Invalid("into", "unknown")
			}
			at, err := s.pathOf(tx, sec.Voice, "/section/"+sec.Slug+"/")
			if err != nil {
				return err
			}
			if err := db.Insert(tx, qAddPlaces, 3, []any{at, "section", into}); err != nil {
				return err
			}
		}
		for _, q := range []db.Query{qSectionPosts, qSectionPublic} {
			if _, err := db.Exec(tx, q, id, into); err != nil {
				return err
			}
		}
		if err := movePlaces(tx, "section", int64(id), int64(into)); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qSectionDelete, id); err != nil {
			return err
		}
		return s.bus.Emit(tx, by, fact.TermsChanged{Voice: sec.Voice})
	})
}

// sectionFor returns a section whose voice by edits. To who does not work there it is unknown.
func sectionFor(tx *db.Tx, by actor.Actor, id fact.SectionID) (Section, error) {
	sec, err := SectionByID(tx, id)
	if err != nil {
		return sec, err
	}
	if by.On(int64(sec.Voice)) < actor.Author {
		return sec, fault.NotFound("section")
	}
	return sec, by.Require(actor.Editor, int64(sec.Voice))
}

// pathOf is the path on the host where a voice lives of what stands at rest under it.
func (s *Service) pathOf(tx *db.Tx, v fact.VoiceID, rest string) (string, error) {
	homes, err := s.voices.HomesIn(tx)
	for _, h := range homes {
		if h.Voice == v && h.Lived() && h.Root != "" {
			return "/" + h.Root + rest, err
		}
	}
	return rest, err
}

// movePlaces has old addresses that led to a term lead to another; to zero they lead nowhere.
func movePlaces(tx *db.Tx, kind string, from, to int64) error {
	if to == 0 {
		_, err := db.Exec(tx, qPlacesForget, kind, from)
		return err
	}
	_, err := db.Exec(tx, qPlacesMove, kind, from, to)
	return err
}

// RenameTag gives a tag another name; its address stays. Tags are of all voices: an editor of all may.
func (s *Service) RenameTag(ctx context.Context, by actor.Actor, id fact.TagID, name string) error {
	name, err := termName(name)
	if err != nil {
		return err
	}
	return s.changeTag(ctx, by, id, func(tx *db.Tx, _ Tag) error {
		_, err := db.Exec(tx, qTagRename, id, name)
		return err
	})
}

// RemoveTag takes a tag off its posts. They get another, and its address leads there; into zero is none.
func (s *Service) RemoveTag(ctx context.Context, by actor.Actor, id, into fact.TagID) error {
	return s.changeTag(ctx, by, id, func(tx *db.Tx, t Tag) error {
		if !into.IsZero() {
			if _, err := db.One(tx, qTagByID, scanTag, into); err != nil || into == id {
				return fault.Invalid("into", "unknown")
			}
			if _, err := db.Exec(tx, qTagMove, id, into); err != nil {
				return err
			}
			if err := db.Insert(tx, qAddPlaces, 3, []any{"/tag/" + t.Slug + "/", "tag", into}); err != nil {
				return err
			}
		}
		if err := movePlaces(tx, "tag", int64(id), int64(into)); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qTagEmpty, id); err != nil {
			return err
		}
		_, err := db.Exec(tx, qTagDelete, id)
		return err
	})
}

func (s *Service) changeTag(ctx context.Context, by actor.Actor, id fact.TagID, change func(tx *db.Tx, t Tag) error) error {
	if err := by.Require(actor.Editor, 0); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := db.One(tx, qTagByID, scanTag, id)
		if err != nil {
			return err
		}
		if err := change(tx, t); err != nil {
			return err
		}
		return s.bus.Emit(tx, by, fact.TermsChanged{})
	})
}

// The entries of a menu: a section and a page by their ids, and the notes.
const MenuNotes = "notes"

// MenuSection names a section in a menu.
func MenuSection(id fact.SectionID) string { return "section:" + id.String() }

// MenuPage names a standing page in a menu.
func MenuPage(id fact.PostID) string { return "page:" + id.String() }

// maxMenu is how many entries a menu keeps.
const maxMenu = 12

func menuOf(v fact.VoiceID) house.Setting[[]string] {
	return house.Setting[[]string]{Key: "menu." + v.String(), Check: func(entries []string) error {
		if len(entries) > maxMenu {
			return fault.Invalid("menu", "too_many_items", maxMenu)
		}
		if slices.ContainsFunc(entries, func(e string) bool { return len(e) > 40 }) {
			return fault.Invalid("menu", "unknown")
		}
		return nil
	}}
}

// MenuIn returns the entries that an editor chose for the menu of a voice, in their order; none while nobody chose.
func MenuIn(tx *db.Tx, v fact.VoiceID) ([]string, error) { return menuOf(v).GetIn(tx) }

// SetMenu chooses them; none leaves it to the site. An editor of the voice may.
func (s *Service) SetMenu(ctx context.Context, by actor.Actor, v fact.VoiceID, entries []string) error {
	if err := by.Require(actor.Editor, int64(v)); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := menuOf(v).SetIn(tx, actor.System(), entries); err != nil {
			return err
		}
		return s.bus.Emit(tx, by, fact.TermsChanged{Voice: v})
	})
}

// Arrangement is how what a voice writes is arranged.
type Arrangement struct {
	Sections []Section
	Pages    []Post   // its standing pages that are published, without their text
	Menu     []string // as MenuIn
}

var qStanding = db.ScopedQ("post.standing", `
	SELECT `+listedColumns.of("p")+` FROM posts p
	 WHERE p.status = 'published' AND p.voice_id = $1 AND p.kind = $2 AND p.deleted_at IS NULL AND {scope:p.voice_id}
	 ORDER BY p.published_at, p.id LIMIT 100`)

// Arrangement returns that of a voice, for an editor of it.
func (s *Service) Arrangement(ctx context.Context, by actor.Actor, v fact.VoiceID) (a Arrangement, err error) {
	if err := by.Require(actor.Editor, int64(v)); err != nil {
		return a, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a = Arrangement{}
		if a.Sections, err = AllSections(tx, v); err != nil {
			return err
		}
		for _, kind := range KindNames(isStanding) { // a handful
			some, err := db.AllScoped(tx, qStanding, by.Scope(actor.Editor), listedColumns.scan, v, kind)
			if err != nil {
				return err
			}
			a.Pages = append(a.Pages, some...)
		}
		a.Menu, err = MenuIn(tx, v)
		return err
	})
	return a, err
}
