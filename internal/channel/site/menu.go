package site

import (
	"slices"

	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
)

// entryOfMenu is a section, a standing page, or the notes when it is neither.
type entryOfMenu struct {
	of      string // as post.MenuIn names it
	section *post.Section
	page    *post.Public
}

// menuSize is how many entries a menu has that nobody chose.
const menuSize = 6

// menuOf returns the entries of the menu of v: those that an editor chose, as far as there is something to read, else at most
// menuSize. After an import of twenty sections and fifteen pages these are the sections with most to read, the notes, and the
// two oldest pages.
func (a *surround) menuOf(tx *db.Tx, read *post.Reader, v fact.VoiceID) ([]entryOfMenu, error) {
	all := a.entries()
	chosen, err := post.MenuIn(tx, v)
	if err != nil {
		return nil, err
	}
	if len(chosen) > 0 {
		var menu []entryOfMenu
		for _, of := range chosen {
			if i := slices.IndexFunc(all, func(e entryOfMenu) bool { return e.of == of }); i >= 0 {
				menu = append(menu, all[i])
			}
		}
		return menu, nil
	}
	if len(all) <= menuSize {
		return all, nil
	}
	room := menuSize
	if a.hasNotes {
		room--
	}
	pages := min(len(a.pages), max(2, room-len(a.sections)))
	largest, err := read.LargestSections(tx, v, room-pages)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(e entryOfMenu) bool {
		switch {
		case e.section != nil:
			return !slices.Contains(largest, e.section.ID)
		case e.page != nil:
			pages--
			return pages < 0
		}
		return false
	}), nil
}

// entries are all that may stand in the menu, in their order.
func (a *surround) entries() (all []entryOfMenu) {
	for i, s := range a.sections {
		all = append(all, entryOfMenu{of: post.MenuSection(s.ID), section: &a.sections[i]})
	}
	if a.hasNotes {
		all = append(all, entryOfMenu{of: post.MenuNotes})
	}
	for i, p := range a.pages {
		all = append(all, entryOfMenu{of: post.MenuPage(p.ID), page: &a.pages[i]})
	}
	return all
}
