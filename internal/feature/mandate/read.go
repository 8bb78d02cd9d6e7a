package mandate

import (
	"context"
	"slices"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Get returns a mandate; mandate.not_found when there is none, mandate.gone when it was deleted, forbidden when by may not write in
// its voice.
func (s *Service) Get(ctx context.Context, by actor.Actor, id fact.MandateID) (m Mandate, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, err = s.GetIn(tx, by, id)
		return err
	})
	return m, err
}

// GetIn is Get inside a transaction.
func (s *Service) GetIn(tx *db.Tx, by actor.Actor, id fact.MandateID) (Mandate, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return Mandate{}, err
	}
	m, err := s.anyIn(tx, by, id)
	if err == nil && !m.DeletedAt.IsZero() {
		return Mandate{}, fault.Gone("mandate")
	}
	return m, err
}

// Moves returns the stages that a mandate went through, in order, at most 200. It fails as Get does.
func (s *Service) Moves(ctx context.Context, by actor.Actor, id fact.MandateID) (moves []Move, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := s.GetIn(tx, by, id); err != nil {
			return err
		}
		moves, err = db.All(tx, qMoves, scanMove, id)
		return err
	})
	return moves, err
}

// Currency returns the currency that a mandate is opened in when nobody says otherwise: the house's.
func (s *Service) Currency(ctx context.Context) (string, error) {
	h, err := s.house.Get(ctx)
	return h.Currency, err
}

// AnyOpen is the pseudo-stage of a Filter: interest, request, talk and proposal.
const AnyOpen = "open"

// Filter says which mandates to list, the last changed first, or with Made the last opened first: who reads page after page then loses
// nothing that is changed meanwhile.
type Filter struct {
	Stage   string // a stage, AnyOpen, or "" for all
	Contact fact.ContactID
	Made    bool
	Cursor  string // from the list before
	Limit   int    // 1 to 100; 0 is 50
}

// List returns a page of the mandates that by may see and the cursor of the next, "" at the end. With a Contact, Stage is
// not looked at.
func (s *Service) List(ctx context.Context, by actor.Actor, f Filter) (found []Mandate, next string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, "", err
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 50
	}
	from, err := db.ParseCursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	q, args := qAll, []any(nil)
	switch {
	case !f.Contact.IsZero():
		q, args = qContact, append(args, f.Contact)
	case f.Stage == AnyOpen:
		q = qOpen
	case slices.Contains(Stages(), f.Stage):
		q, args = qStage, append(args, f.Stage)
	case f.Stage != "":
		return nil, "", fault.Invalid("stage", "unknown")
	}
	query := q.changed
	if f.Made {
		query = q.made
	}
	key := func(m Mandate) db.Cursor { return db.Cursor{At: m.UpdatedAt, ID: int64(m.ID)} }
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		read := func(from db.Cursor, n int) ([]Mandate, error) {
			at, id := from.Before()
			return db.AllScoped(tx, query, by.Scope(actor.Author), scan, append([]any{at, id, n}, args...)...)
		}
		if !f.Made {
			found, next, err = db.Moving(tx, from, f.Limit, key, read)
			return err
		}
		if found, err = read(from, f.Limit+1); len(found) > f.Limit {
			found = found[:f.Limit]
			next = key(found[f.Limit-1]).Encode()
		}
		return err
	})
	return found, next, err
}

// Sum is how much lies in one stage in one currency.
type Sum struct {
	Stage, Currency string
	Count           int   // mandates
	Known           int   // of them with an amount
	Cents           int64 // what these amount to
}

// Sums returns the sums of the mandates that by may see, by stage and currency. It reads them all: a house has hundreds.
func (s *Service) Sums(ctx context.Context, by actor.Actor) (sums []Sum, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		sums, err = db.AllScoped(tx, qSums, by.Scope(actor.Author), scanSum)
		return err
	})
	return sums, err
}

// DueIn returns the mandates of by whose next act is due on until or before, the oldest first, at most limit (1 to 100).
func (s *Service) DueIn(tx *db.Tx, by actor.Actor, until clock.Day, limit int) ([]Mandate, error) {
	return db.AllScoped(tx, qDue, by.Scope(actor.Author), scan, until, min(max(limit, 1), 100))
}

// OfContactIn returns the mandates of a contact that by may see, the last changed first, at most limit (1 to 100).
func (s *Service) OfContactIn(tx *db.Tx, by actor.Actor, id fact.ContactID, limit int) ([]Mandate, error) {
	at, row := db.Cursor{}.Before()
	return db.AllScoped(tx, qContact.changed, by.Scope(actor.Author), scan, at, row, min(max(limit, 1), 100), id)
}

// Stand is how somebody stands with the house by their mandates.
type Stand struct {
	Open bool      // one goes on
	Last time.Time // when the last ended, or was touched
}

// StandIn returns how each of some people stands, whoever asks; who never had a mandate is not in it.
func (s *Service) StandIn(tx *db.Tx, people []fact.ContactID) (map[fact.ContactID]Stand, error) {
	all := map[fact.ContactID]Stand{}
	_, err := db.AllIn(tx, qStand, func(r db.Row) (struct{}, error) {
		var id fact.ContactID
		var one Stand
		err := r.Scan(&id, &one.Open, db.Time(&one.Last))
		all[id] = one
		return struct{}{}, err
	}, people)
	return all, err
}
