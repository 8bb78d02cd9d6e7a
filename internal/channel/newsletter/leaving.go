package newsletter

import (
	"context"
	"slices"

	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// Leaving is a letter of which something has not left.
type Leaving struct {
	Letter
	delivery.Waiting
}

// MayRelease reports whether by may let it go although all that leaves is held.
func (l Leaving) MayRelease(by actor.Actor) bool { return l.Held > 0 && l.MaySend(by) }

// LeavingIn returns the letters of which something has not left, each once, however many get it: with what waits in the outbox, in one state or
// in all when it is "", and those that wait for their hour. Authors of a voice see what leaves in it; what leaves first comes first.
func (s *Service) LeavingIn(tx *db.Tx, by actor.Actor, state string) (all []Leaving, err error) {
	waiting, err := s.o.Deliveries.WaitingIn(tx, by, delivery.RefLetter, state)
	if err != nil {
		return nil, err
	}
	ids := make([]fact.LetterID, len(waiting))
	for i, w := range waiting {
		ids[i] = fact.LetterID(w.About)
	}
	letters, err := db.AllIn(tx, qByIDs, scanLetter, ids)
	if err != nil {
		return nil, err
	}
	if state == "" {
		later, err := db.AllScoped(tx, qScheduled, by.Scope(actor.Author), scanLetter)
		if err != nil {
			return nil, err
		}
		letters = append(letters, later...)
	}
	if err := s.tell(tx, by, letters); err != nil {
		return nil, err
	}
	for _, l := range letters {
		at := slices.IndexFunc(waiting, func(w delivery.Waiting) bool { return w.About == int64(l.ID) })
		w := delivery.Waiting{About: int64(l.ID), Voice: l.Voice, At: l.SendAt}
		if at >= 0 {
			w = waiting[at]
		}
		all = append(all, Leaving{l, w})
	}
	return all, nil
}

// LetGo has what is held of a letter leave although all that leaves is held. Editors of its voice may.
func (s *Service) LetGo(ctx context.Context, by actor.Actor, id fact.LetterID) error {
	if err := s.update(ctx, by, id, actor.Editor, func(*db.Tx, Letter) error { return nil }); err != nil {
		return err
	}
	_, err := s.o.Deliveries.LetAboutGo(ctx, ref(id))
	return err
}
