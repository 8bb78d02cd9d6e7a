package roster

import (
	"cmp"
	"slices"
	"strings"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// A column may say what stands in a field of the house: Own of it. NewOwn makes a field of text under the name of the column.
const (
	ownPrefix       = "own:"
	NewOwn    Field = "own:new"
)

// Own returns what a column says that holds values of a field of the house.
func Own(id fact.FieldID) Field { return Field(ownPrefix + id.String()) }

func (f Field) own() bool { return strings.HasPrefix(string(f), ownPrefix) }

// ownSlug is Own of a field whose id a card does not know: by its name as Cards writes it.
func ownSlug(slug string) Field { return Field(ownPrefix + "x-" + slug) }

// slugOf returns the name of a field as the property of a card bears it, in small letters; "" when nothing of it can be written so.
func slugOf(f contact.Field) string { return text.Slug(f.Name) }

// recogniseOwn finds the columns that bear the name of a field of the house, of those that say nothing else.
func (l *Layout) recogniseOwn(fields []contact.Field) {
	if !l.Headed {
		return
	}
	l.Fields = slices.Clone(l.Fields)
	for i, f := range l.Fields {
		if f != None || i >= len(l.Columns) {
			continue
		}
		at := slices.IndexFunc(contact.Asked(fields), func(o contact.Field) bool { return heading(o.Name) == heading(l.Columns[i]) })
		if at >= 0 {
			l.Fields[i] = Own(contact.Asked(fields)[at].ID)
		}
	}
}

// values reads what a row says under fields of the house. What a field does not take is kept with the note.
func (im *importer) values(r *row) {
	for _, f := range im.fields {
		written := cmp.Or(r.Own[Own(f.ID)], r.Own[ownSlug(slugOf(f))])
		if strings.TrimSpace(written) == "" {
			continue
		}
		v, err := f.Read(written)
		if err != nil {
			r.lost = append(r.lost, f.Name+" : "+text.Clip(written, contact.MaxValue))
			im.report.note("value", r.Line)
			continue
		}
		r.values = append(r.values, v)
	}
}

// makeFields makes a field of text of each column that shall be one, under its name. One that is there already is taken as it is.
func (s *Service) makeFields(tx *db.Tx, by actor.Actor, c Choice, columns []string) (Choice, error) {
	c.Fields = slices.Clone(c.Fields)
	for i, f := range c.Fields { // those of one file
		if f != NewOwn || i >= len(columns) {
			continue
		}
		name := text.Clip(text.OneLine(columns[i]), contact.MaxFieldName)
		fields, err := s.Contacts.FieldsIn(tx)
		if err != nil {
			return c, err
		}
		if at := slices.IndexFunc(fields, func(o contact.Field) bool { return text.Fold(o.Name) == text.Fold(name) && !o.Archived() }); at >= 0 {
			c.Fields[i] = Own(fields[at].ID)
			continue
		}
		made, err := s.Contacts.SaveFieldIn(tx, by, contact.Field{Name: name, Kind: contact.Text})
		if len(fault.ProblemsOf(err)) > 0 { // an archived one has the name, or it has none
			err = fault.Invalid("columns", "field", name)
		}
		if err != nil {
			return c, err
		}
		c.Fields[i] = Own(made.ID)
	}
	return c, nil
}
