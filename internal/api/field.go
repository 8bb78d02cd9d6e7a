package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// fieldJSON is something that a house wants to know of people, in a field of its own.
type fieldJSON struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Kind     string   `json:"kind" enum:"text,date,number,choice"`
	Choices  []string `json:"choices" nullable:"false" doc:"of a choice: what one may choose"`
	Archived bool     `json:"archived" doc:"it is no longer asked or shown; what was known stays"`
}

type fieldBody struct {
	Name     opt[string]   `json:"name,omitempty"`
	Kind     opt[string]   `json:"kind,omitempty" enum:"text,date,number,choice" doc:"text when absent; it does not change any more"`
	Choices  opt[[]string] `json:"choices,omitempty"`
	Archived opt[bool]     `json:"archived,omitempty"`
}

// ownJSON is what is known of somebody in the fields of the house, by their names.
type ownJSON map[string]any

// Schema says that a value is a text or a number: huma would take it for anything.
func (ownJSON) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: "object", AdditionalProperties: &huma.Schema{OneOf: []*huma.Schema{{Type: "string", Nullable: true}, {Type: "number"}}}}
}

// UnmarshalJSON keeps numbers as they are written.
func (o *ownJSON) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	all := map[string]any{}
	if err := d.Decode(&all); err != nil {
		return err
	}
	*o = all
	return nil
}

// maxOwn is how many values one request may name.
const maxOwn = 2 * contact.MaxFields

func (a *API) fieldRoutes(r *register) {
	read(r, "/fields", "listFields", func(c *call, in *ListInput) (page[fieldJSON], error) {
		all, err := a.Contacts.Fields(c.ctx, c.by)
		if err != nil {
			return page[fieldJSON]{}, err
		}
		found, next, err := cut(all, *in, func(f contact.Field) string { return f.ID.String() })
		return newPage(found, next, showField), err
	})
	write(r, http.MethodPost, "/fields", "createField", http.StatusCreated, func(c *call, _ *none, b *fieldBody) (fieldJSON, error) {
		id, err := create(c, func(tx *db.Tx) (fact.FieldID, error) {
			kind := b.Kind.V
			if !b.Kind.Set {
				kind = contact.Text
			}
			f, err := a.Contacts.SaveFieldIn(tx, c.by, contact.Field{Name: b.Name.V, Kind: kind, Choices: b.Choices.V})
			return f.ID, err
		})
		if err != nil {
			return fieldJSON{}, err
		}
		var f contact.Field
		err = a.DB.Read(c.ctx, func(tx *db.Tx) error {
			f, err = a.Contacts.FieldIn(tx, id)
			return err
		})
		return showField(f), err
	})
	write(r, http.MethodPatch, "/fields/{id}", "changeField", http.StatusOK, a.changeField)
}

func (a *API) changeField(c *call, in *oneInput, b *fieldBody) (fieldJSON, error) {
	id, err := parse[fact.FieldID]("field", in.ID)
	if err != nil {
		return fieldJSON{}, err
	}
	var f contact.Field
	err = a.DB.Write(c.ctx, func(tx *db.Tx) error {
		if f, err = a.Contacts.FieldIn(tx, id); err != nil {
			return err
		}
		if b.Kind.Set && b.Kind.V != f.Kind {
			return fault.Invalid("kind", "fixed")
		}
		if b.Name.Set {
			f.Name = b.Name.V
		}
		if b.Choices.Set {
			f.Choices = b.Choices.V
		}
		if b.Archived.Set && b.Archived.V != f.Archived() {
			if f.ArchivedAt = (time.Time{}); b.Archived.V {
				f.ArchivedAt = tx.Now()
			}
		}
		f, err = a.Contacts.SaveFieldIn(tx, c.by, f)
		return err
	})
	return showField(f), err
}

func showField(f contact.Field) fieldJSON {
	return fieldJSON{ID: f.ID.String(), Name: f.Name, Kind: f.Kind, Choices: f.Choices, Archived: f.Archived()}
}

// shownValue is a value as programs read it.
func shownValue(kind, value string) any {
	if kind == contact.Number {
		return json.Number(value)
	}
	return value
}

// ownOf reads values by the names of their fields. Problems are at fields.<name>.
func (a *API) ownOf(tx *db.Tx, given ownJSON) (map[fact.FieldID]string, error) {
	if len(given) == 0 {
		return nil, nil
	}
	if len(given) > maxOwn {
		return nil, fault.Invalid("fields", "too_many", maxOwn)
	}
	fields, err := a.Contacts.FieldsIn(tx)
	if err != nil {
		return nil, err
	}
	var p fault.Problems
	out := map[fact.FieldID]string{}
	for _, name := range sortedNames(given) {
		i := slices.IndexFunc(fields, func(f contact.Field) bool { return text.Fold(f.Name) == text.Fold(name) })
		at := "fields." + text.Clip(name, 80)
		if i < 0 {
			p.Add(at, "unknown")
			continue
		}
		switch v := given[name].(type) {
		case nil:
			out[fields[i].ID] = ""
		case string:
			out[fields[i].ID] = strings.ReplaceAll(v, "\x00", "")
		case json.Number:
			out[fields[i].ID] = v.String()
		default:
			p.Add(at, "type")
		}
	}
	return out, p.Err()
}

func sortedNames(all ownJSON) (names []string) {
	for n := range all {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// named has the problems of values stand at the names of their fields.
func (a *API) named(tx *db.Tx, err error) error {
	problems := fault.ProblemsOf(err)
	if len(problems) == 0 {
		return err
	}
	fields, failed := a.Contacts.FieldsIn(tx)
	if failed != nil {
		return failed
	}
	var out fault.Problems
	for _, p := range problems {
		if i := slices.IndexFunc(fields, func(f contact.Field) bool { return f.Input() == p.Field }); i >= 0 {
			p.Field = "fields." + fields[i].Name
		}
		out = append(out, p)
	}
	return out.Err()
}

// namedNow is named outside of a transaction.
func (a *API) namedNow(c *call, err error) error {
	if len(fault.ProblemsOf(err)) == 0 {
		return err
	}
	var out error
	if failed := a.DB.Read(c.ctx, func(tx *db.Tx) error {
		out = a.named(tx, err)
		return nil
	}); failed != nil {
		return failed
	}
	return out
}

// showOne shows somebody with what is known in the fields of the house.
func (a *API) showOne(c *call, p contact.Contact) (contactJSON, error) {
	fields, err := a.Contacts.Fields(c.ctx, c.by)
	return showContact(p, fields), err
}

// showContacts shows a page of people.
func (a *API) showContacts(c *call, found []contact.Contact, next string) (page[contactJSON], error) {
	fields, err := a.Contacts.Fields(c.ctx, c.by)
	return newPage(found, next, func(p contact.Contact) contactJSON { return showContact(p, fields) }), err
}
