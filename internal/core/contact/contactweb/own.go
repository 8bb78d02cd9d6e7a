package contactweb

import (
	"slices"
	"strings"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// ownRow is a field of the house in the form of somebody, or what is known in it.
type ownRow struct {
	contact.Field
	Type    string // of the input
	Options []string
	Shown   string
}

// ownRows returns the fields that are asked, with what is known of c in them. What is no longer offered stays an option of theirs.
func ownRows(fields []contact.Field, c contact.Contact, l i18n.Lang) (rows []ownRow) {
	for _, f := range contact.Asked(fields) {
		now := c.In(f.ID)
		row := ownRow{Field: f, Type: "text", Options: f.Choices, Shown: f.Shown(now, l)}
		if f.Kind == contact.Date {
			row.Type = "date"
		}
		if f.Kind == contact.Choice && now != "" && !slices.Contains(f.Choices, now) {
			row.Options = append([]string{now}, f.Choices...)
		}
		rows = append(rows, row)
	}
	return rows
}

// typed writes a value as it stands in the input of its field.
func typed(kind, value string, l i18n.Lang) string {
	if kind == contact.Number && l != i18n.En {
		return strings.Replace(value, ".", ",", 1)
	}
	return value
}

// ownOf reads the fields of the house from a form: those that it has.
func ownOf(f *web.Form, fields []contact.Field) map[fact.FieldID]string {
	own := map[fact.FieldID]string{}
	for _, one := range contact.Asked(fields) {
		if f.Has(one.Input()) {
			own[one.ID] = f.Text(one.Input())
		}
	}
	return own
}
