package mandate

import (
	"context"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// RestoreFor is how long a deleted mandate can be brought back.
const RestoreFor = 30 * 24 * time.Hour

var qPurge = db.Q("mandate.purge", `
	DELETE FROM mandates WHERE id IN (SELECT id FROM mandates WHERE deleted_at < $1 ORDER BY deleted_at LIMIT 100)`)

// anyIn returns a mandate that by may see, deleted or not.
func (s *Service) anyIn(tx *db.Tx, by actor.Actor, id fact.MandateID) (Mandate, error) {
	m, err := db.One(tx, qByID, scan, id)
	if err == nil {
		err = m.may(by)
	}
	if err != nil {
		return Mandate{}, err
	}
	return m, nil
}

// Delete takes a mandate away, from lists, sums and the thread of its client. Restore brings it back within RestoreFor.
func (s *Service) Delete(ctx context.Context, by actor.Actor, id fact.MandateID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.GetIn(tx, by, id)
		if err != nil {
			return err
		}
		m.DeletedAt = tx.Now()
		if err := update(tx, m); err != nil {
			return err
		}
		return s.bus.Emit(tx, by, fact.MandateDeleted{Mandate: m.ID, Contact: m.Contact})
	})
}

// Restore brings a deleted mandate back as it was, with its history.
func (s *Service) Restore(ctx context.Context, by actor.Actor, id fact.MandateID) (m Mandate, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if m, err = s.deletedIn(tx, by, id); err != nil {
			return err
		}
		m.DeletedAt = time.Time{}
		if err := update(tx, m); err != nil {
			return err
		}
		return s.bus.Emit(tx, by, fact.MandateRestored{Mandate: m.ID, Contact: m.Contact})
	})
	return m, err
}

// Deleted returns a mandate that was deleted and may still come back: mandate.not_deleted, mandate.gone when it may not.
func (s *Service) Deleted(ctx context.Context, by actor.Actor, id fact.MandateID) (m Mandate, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, err = s.deletedIn(tx, by, id)
		return err
	})
	return m, err
}

func (s *Service) deletedIn(tx *db.Tx, by actor.Actor, id fact.MandateID) (Mandate, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return Mandate{}, err
	}
	m, err := s.anyIn(tx, by, id)
	switch {
	case err != nil:
		return Mandate{}, err
	case m.DeletedAt.IsZero():
		return Mandate{}, fault.Conflict("mandate.not_deleted")
	case tx.Now().Sub(m.DeletedAt) > RestoreFor:
		return Mandate{}, fault.Gone("mandate")
	}
	return m, nil
}

// Prune removes for good what was deleted too long ago to be brought back, 100 in a transaction, and returns how many. A job does it
// each night.
func (s *Service) Prune(ctx context.Context) (n int64, err error) {
	for gone := int64(100); gone == 100; n += gone {
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			gone, err = db.Exec(tx, qPurge, db.At(tx.Now().Add(-RestoreFor)))
			return err
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
