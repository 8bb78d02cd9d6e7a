package contact

import (
	"slices"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

var (
	qValues   = db.Q("value.of", `SELECT contact_id, field_id, value, key FROM contact_values WHERE contact_id IN ({in}) ORDER BY contact_id, field_id`)
	qPutValue = db.Q("value.put", `INSERT INTO contact_values (contact_id, field_id, value, key) VALUES {rows}
		ON CONFLICT (contact_id, field_id) DO UPDATE SET value = excluded.value, key = excluded.key`)
	qAddValues  = db.Q("value.add", `INSERT INTO contact_values (contact_id, field_id, value, key) VALUES {rows} ON CONFLICT (contact_id, field_id) DO NOTHING`)
	qDropValue  = db.Q("value.drop", `DELETE FROM contact_values WHERE contact_id = $1 AND field_id = $2`)
	qDropValues = db.Q("value.drop_all", `DELETE FROM contact_values WHERE contact_id = $1`)
)

// valueOf is a row of contact_values.
type valueOf struct {
	contact fact.ContactID
	Value
}

func scanValue(r db.Row) (v valueOf, err error) {
	return v, r.Scan(&v.contact, &v.Field, &v.Text, &v.key)
}

// In returns what is known of c in a field, "" for nothing.
func (c Contact) In(id fact.FieldID) string {
	if i := slices.IndexFunc(c.Values, func(v Value) bool { return v.Field == id }); i >= 0 {
		return c.Values[i].Text
	}
	return ""
}

// setIn writes down what is known of c in fields, as somebody wrote it; "" takes a value back. What stays as it is is taken whatever the field offers now.
// Problems are at Field.Input.
func (s *Service) setIn(tx *db.Tx, c *Contact, written map[fact.FieldID]string) error {
	if len(written) == 0 {
		return nil
	}
	fields, err := s.FieldsIn(tx)
	if err != nil {
		return err
	}
	var p fault.Problems
	var rows []any
	var gone []fact.FieldID
	for _, f := range fields { // in their order, and so are the problems
		given, named := written[f.ID]
		if !named || text.OneLine(given) == c.In(f.ID) {
			continue
		}
		v, err := f.Read(given)
		p = append(p, fault.ProblemsOf(err)...)
		if v.Text == "" {
			gone = append(gone, f.ID)
			continue
		}
		rows = append(rows, c.ID, f.ID, v.Text, v.key)
	}
	for id := range written {
		if !slices.ContainsFunc(fields, func(f Field) bool { return f.ID == id }) {
			p.Add(inputOf(id), "unknown")
		}
	}
	if p.Any() {
		return p.Err()
	}
	if err := db.Insert(tx, qPutValue, 4, rows); err != nil {
		return err
	}
	for _, id := range gone { // those of one form
		if _, err := db.Exec(tx, qDropValue, c.ID, id); err != nil {
			return err
		}
	}
	c.Values = nil
	return withValues(tx, []*Contact{c})
}

// SetIn is Change of fields alone inside a transaction; it does not ask whether by may.
func (s *Service) SetIn(tx *db.Tx, by actor.Actor, id fact.ContactID, written map[fact.FieldID]string) error {
	c, err := s.GetIn(tx, id)
	if err != nil {
		return err
	}
	if err := s.setIn(tx, &c, written); err != nil {
		return err
	}
	c.UpdatedAt = tx.Now()
	return s.changed(tx, by, c)
}

// withValues fills the values of all in one query.
func withValues(tx *db.Tx, all []*Contact) error {
	ids := make([]fact.ContactID, len(all))
	at := make(map[fact.ContactID]*Contact, len(all))
	for i, c := range all {
		ids[i], at[c.ID] = c.ID, c
	}
	rows, err := db.AllIn(tx, qValues, scanValue, ids)
	for _, v := range rows {
		c := at[v.contact]
		c.Values = append(c.Values, v.Value)
	}
	return err
}
