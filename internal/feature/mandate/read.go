package mandate

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Get returns a mandate; mandate.not_found when there is none.
func (s *Service) Get(ctx context.Context, by actor.Actor, id fact.MandateID) (m Mandate, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return m, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, err = db.One(tx, qByID, scan, id)
		return err
	})
	return m, err
}

// Moves returns the stages that a mandate went through, in order, at most 200.
func (s *Service) Moves(ctx context.Context, by actor.Actor, id fact.MandateID) (moves []Move, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
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

// Filter says which mandates to list, the last changed first.
type Filter struct {
	Stage   string // a stage, AnyOpen, or "" for all
	Contact fact.ContactID
	Cursor  string // from the list before
	Limit   int    // 1 to 100; 0 is 50
}

// List returns a page of mandates and the cursor of the next, "" at the end. With a Contact, Stage is not looked at.
func (s *Service) List(ctx context.Context, by actor.Actor, f Filter) (found []Mandate, next string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, "", err
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 50
	}
	at, id, err := parseCursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	q, args := qAll, []any{at, id, f.Limit + 1}
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
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, err = db.All(tx, q, scan, args...)
		return err
	})
	if err == nil && len(found) > f.Limit {
		found = found[:f.Limit]
		last := found[f.Limit-1]
		next = strconv.FormatInt(last.UpdatedAt.UnixMilli(), 10) + "." + last.ID.String()
	}
	return found, next, err
}

func parseCursor(s string) (at, id int64, err error) {
	if s == "" {
		return math.MaxInt64, math.MaxInt64, nil
	}
	a, b, ok := strings.Cut(s, ".")
	at, err1 := strconv.ParseInt(a, 10, 64)
	row, err2 := fact.Parse[fact.MandateID](b)
	if !ok || err1 != nil || err2 != nil {
		return 0, 0, fault.Invalid("cursor", "unknown")
	}
	return at, int64(row), nil
}

// Sum is how much lies in one stage in one currency.
type Sum struct {
	Stage, Currency string
	Count           int   // mandates
	Known           int   // of them with an amount
	Cents           int64 // what these amount to
}

// Sums returns the sums of all mandates, by stage and currency. It reads them all: a house has hundreds.
func (s *Service) Sums(ctx context.Context, by actor.Actor) (sums []Sum, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		sums, err = db.All(tx, qSums, scanSum)
		return err
	})
	return sums, err
}

// Due returns the mandates whose next act is due on until or before, the oldest first.
func (s *Service) Due(tx *db.Tx, until clock.Day, limit int) ([]Mandate, error) {
	return db.All(tx, qDue, scan, until, min(max(limit, 1), 100))
}

// ByContact returns the last 50 mandates of a contact, the last changed first.
func (s *Service) ByContact(tx *db.Tx, id fact.ContactID) ([]Mandate, error) {
	return db.All(tx, qContact, scan, int64(math.MaxInt64), int64(math.MaxInt64), 50, id)
}

// ByMessage returns the mandate that was opened from a message, if there is one.
func (s *Service) ByMessage(tx *db.Tx, id fact.MessageID) (Mandate, bool, error) {
	return db.Maybe(tx, qByMessage, scan, id)
}
