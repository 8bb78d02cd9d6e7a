package contact

import (
	"context"
	"slices"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

const fieldColumns = `id, name, kind, choices, position, archived_at`

var (
	qFields      = db.Q("field.all", `SELECT `+fieldColumns+` FROM contact_fields ORDER BY position, id`)
	qField       = db.Q("field.get", `SELECT `+fieldColumns+` FROM contact_fields WHERE id = $1`)
	qFieldNamed  = db.Q("field.named", `SELECT `+fieldColumns+` FROM contact_fields WHERE name_key = $1`)
	qFieldInsert = db.Q("field.insert", `
		INSERT INTO contact_fields (id, name, name_key, kind, choices, position, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`)
	qFieldUpdate = db.Q("field.update", `
		UPDATE contact_fields SET name = $2, name_key = $3, choices = $4, position = $5, archived_at = $6, updated_at = $7 WHERE id = $1`)
)

func scanField(r db.Row) (f Field, err error) {
	return f, r.Scan(&f.ID, &f.Name, &f.Kind, db.FromJSON(&f.Choices), &f.Position, db.Time(&f.ArchivedAt))
}

// Fields returns the fields that a house has of its own, in their order, archived ones with them.
func (s *Service) Fields(ctx context.Context, by actor.Actor) (all []Field, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = s.FieldsIn(tx)
		return err
	})
	return all, err
}

// FieldsIn is Fields inside a transaction, for whoever asks: its callers asked who may.
func (s *Service) FieldsIn(tx *db.Tx) ([]Field, error) { return db.All(tx, qFields, scanField) }

// Asked leaves out of fields those that are archived.
func Asked(all []Field) []Field {
	return slices.DeleteFunc(slices.Clone(all), Field.Archived)
}

// FieldIn returns one of them; field.not_found.
func (s *Service) FieldIn(tx *db.Tx, id fact.FieldID) (Field, error) {
	return db.One(tx, qField, scanField, id)
}

// SaveField keeps a field: a new one, behind the others, when it has no id. Of one that is there the kind stays what it is; choices that are given
// up stay with those who have them. Owners may. Problems are at name, kind and choices.
func (s *Service) SaveField(ctx context.Context, by actor.Actor, in Field) (f Field, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		f, err = s.SaveFieldIn(tx, by, in)
		return err
	})
	return f, err
}

// SaveFieldIn is SaveField inside a transaction.
func (s *Service) SaveFieldIn(tx *db.Tx, by actor.Actor, f Field) (Field, error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return f, err
	}
	if !f.ID.IsZero() {
		was, err := s.FieldIn(tx, f.ID)
		if err != nil {
			return f, err
		}
		f.Kind = was.Kind
	}
	f, err := f.check()
	if err != nil {
		return f, err
	}
	if same, found, err := db.Maybe(tx, qFieldNamed, scanField, text.Fold(f.Name)); err != nil || found && same.ID != f.ID {
		if err == nil {
			err = fault.Invalid("name", "taken")
		}
		return f, err
	}
	if !f.ID.IsZero() {
		return f, updateField(tx, f)
	}
	all, err := s.FieldsIn(tx)
	if err != nil {
		return f, err
	}
	if len(all) >= MaxFields {
		return f, fault.Conflict("field.too_many", MaxFields)
	}
	f.ID, f.Position = fact.New[fact.FieldID](tx.Now()), 1
	if n := len(all); n > 0 {
		f.Position = all[n-1].Position + 1
	}
	_, err = db.Exec(tx, qFieldInsert, f.ID, f.Name, text.Fold(f.Name), f.Kind, db.JSON(f.Choices), f.Position, db.At(tx.Now()))
	return f, err
}

func updateField(tx *db.Tx, f Field) error {
	_, err := db.Exec(tx, qFieldUpdate, f.ID, f.Name, text.Fold(f.Name), db.JSON(f.Choices), f.Position, db.At(f.ArchivedAt), db.At(tx.Now()))
	return err
}

// ArchiveField has a field no longer asked or shown, or again. What is known stays.
func (s *Service) ArchiveField(ctx context.Context, by actor.Actor, id fact.FieldID, archived bool) error {
	return s.changeField(ctx, by, id, func(tx *db.Tx, f Field) error {
		if f.Archived() == archived {
			return nil
		}
		if f.ArchivedAt = (time.Time{}); archived {
			f.ArchivedAt = tx.Now()
		}
		return updateField(tx, f)
	})
}

// RaiseField puts a field one place further up.
func (s *Service) RaiseField(ctx context.Context, by actor.Actor, id fact.FieldID) error {
	return s.changeField(ctx, by, id, func(tx *db.Tx, f Field) error {
		all, err := s.FieldsIn(tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(o Field) bool { return o.ID == f.ID })
		above := i - 1
		for above >= 0 && all[above].Archived() != f.Archived() { // people see those above and below apart
			above--
		}
		if above < 0 {
			return nil
		}
		f.Position, all[above].Position = all[above].Position, f.Position
		if err := updateField(tx, f); err != nil {
			return err
		}
		return updateField(tx, all[above])
	})
}

func (s *Service) changeField(ctx context.Context, by actor.Actor, id fact.FieldID, change func(*db.Tx, Field) error) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		f, err := s.FieldIn(tx, id)
		if err != nil {
			return err
		}
		return change(tx, f)
	})
}
