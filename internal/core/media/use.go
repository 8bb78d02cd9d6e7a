package media

import (
	"slices"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// Use is something that shows files, and to whom.
type Use struct {
	Kind      string // "post", "voice"
	Subject   int64  // its id
	Voice     fact.VoiceID
	Published bool // whoever reads in the voice sees it; before that, whoever writes in it
	Public    bool // strangers see it
}

// ReferIn says which files a use shows. It replaces what was said of that kind and subject before. Files that do not
// exist are left out, and so are those that by may not see and neither the subject nor its voice showed before: nobody
// opens a file to others by naming it. The program, which publishes what somebody wrote earlier, adds nothing to that.
func (s *Service) ReferIn(tx *db.Tx, by actor.Actor, use Use, ids []fact.MediaID) error {
	found, err := s.showable(tx, by, use, ids)
	if err != nil {
		return err
	}
	before, err := db.All(tx, qForget, db.Scalar[fact.MediaID], use.Kind, use.Subject)
	if err != nil {
		return err
	}
	var rows []any
	seen := map[fact.MediaID]bool{}
	for _, id := range found {
		if !seen[id] {
			seen[id] = true
			rows = append(rows, id, use.Kind, use.Subject, int64(use.Voice), use.Published, use.Public)
		}
	}
	if err := db.Insert(tx, qUses, 6, rows); err != nil {
		return err
	}
	left := slices.DeleteFunc(before, func(id fact.MediaID) bool { return seen[id] })
	if _, err := db.ExecIn(tx, qLeft, left, db.At(tx.Now())); err != nil {
		return err
	}
	_, err = db.ExecIn(tx, qUsed, found)
	return err
}

// showable returns those of ids that by may let a use show.
func (s *Service) showable(tx *db.Tx, by actor.Actor, use Use, ids []fact.MediaID) ([]fact.MediaID, error) {
	switch {
	case by.Backfilling():
		return db.AllIn(tx, qExisting, db.Scalar[fact.MediaID], ids)
	case by.IsSystem():
		by = actor.Visitor()
	}
	visible, err := s.VisibleIn(tx, by, ids)
	if err != nil {
		return nil, err
	}
	before, err := db.AllIn(tx, qBefore, db.Scalar[fact.MediaID], ids, use.Kind, use.Subject, int64(use.Voice))
	return append(visible, before...), err
}

// ShowIn says whether strangers see the files of these subjects of a kind, all at once.
func (s *Service) ShowIn(tx *db.Tx, kind string, subjects []int64, public bool) error {
	_, err := db.ExecIn(tx, qShow, subjects, public, kind)
	return err
}

// HideAllIn says that strangers see no file of that kind of subject any more.
func (s *Service) HideAllIn(tx *db.Tx, kind string) error {
	_, err := db.Exec(tx, qHideAll, false, kind)
	return err
}

// HideOfIn says that strangers see no file any more that this kind of subject of a voice shows.
func (s *Service) HideOfIn(tx *db.Tx, kind string, v fact.VoiceID) error {
	_, err := db.Exec(tx, qHideOf, false, kind, v)
	return err
}

// GiveOnIn has what this kind of subject of a voice shows be another's. withdrawn says that nobody reads these subjects any more.
func (s *Service) GiveOnIn(tx *db.Tx, kind string, from, to fact.VoiceID, withdrawn bool) error {
	if withdrawn {
		if err := s.HideOfIn(tx, kind, from); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qDraft, kind, from); err != nil {
			return err
		}
	}
	_, err := db.Exec(tx, qGiveOn, kind, from, to)
	return err
}

// VisibleIn returns those of ids that by may see: what something public shows, what a voice that by reads in published,
// what anything of a voice that by writes in shows, and what by uploaded, or for an owner anybody did, and nothing shows yet.
func (s *Service) VisibleIn(tx *db.Tx, by actor.Actor, ids []fact.MediaID) ([]fact.MediaID, error) {
	visible, err := works(tx, by, ids)
	if err != nil {
		return nil, err
	}
	shown, err := db.AllIn(tx, qShown, scanShown, ids, true)
	readable := by.Scope(actor.Reader)
	for _, u := range shown {
		if u.public || readable.Has(int64(u.voice)) {
			visible = append(visible, u.id)
		}
	}
	slices.Sort(visible)
	return slices.Compact(visible), err
}

// works returns those of ids that by works with: that anything of a voice that by writes in shows, or nothing yet and by
// uploaded them. An owner works with all.
func works(tx *db.Tx, by actor.Actor, ids []fact.MediaID) ([]fact.MediaID, error) {
	if by.On(0) >= actor.Owner {
		return db.AllIn(tx, qExisting, db.Scalar[fact.MediaID], ids)
	}
	writable := by.Scope(actor.Author)
	if writable.IsEmpty() {
		return nil, nil
	}
	uses, err := db.AllIn(tx, qVoices, scanShown, ids)
	if err != nil {
		return nil, err
	}
	var mine []fact.MediaID
	used := map[fact.MediaID]bool{}
	for _, u := range uses {
		used[u.id] = true
		if writable.Has(int64(u.voice)) {
			mine = append(mine, u.id)
		}
	}
	uploaded, err := db.AllIn(tx, qUploaded, db.Scalar[fact.MediaID], ids, fact.AccountID(by.Account))
	for _, id := range uploaded {
		if !used[id] {
			mine = append(mine, id)
		}
	}
	slices.Sort(mine)
	return slices.Compact(mine), err
}
