package contact

import (
	"cmp"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fulltext"
	"causerie/internal/platform/text"
)

var (
	qPutMany = db.Q("contact.put_many", `
		INSERT INTO contacts (id, name, name_key, company, role, place, place_key, lang, note, origin, last_at, created_at, updated_at) VALUES {rows}
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, company = excluded.company, role = excluded.role,
		       place = excluded.place, place_key = excluded.place_key, note = excluded.note, updated_at = excluded.updated_at`)
	qAddHandles = db.Q("handle.insert_many", `
		INSERT INTO handles (id, contact_id, channel, value, key, domain, created_at) VALUES {rows}`)
	qHolders = db.Q("handle.holders", `SELECT `+handleColumns+` FROM handles WHERE channel = $1 AND key IN ({in})`)
	qNamed   = db.Q("contact.named", `
		SELECT `+columns+` FROM contacts WHERE name_key IN ({in}) AND merged_into IS NULL AND erased_at IS NULL ORDER BY id`)
)

// Card is somebody as a list knows them, to be made known or completed with many others.
type Card struct {
	Contact fact.ContactID // whom it completes; zero for somebody new
	Name    string
	Company string
	Role    string
	Place   string
	Lang    string
	Note    string
	Values  []Value   // as Field.Read returned them
	Handles []Handle  // as the function of ReaderIn returned them: none that anybody has
	At      time.Time // when somebody new became known; now when zero
}

// HoldersIn returns who has handles, by channel and key. Those that nobody has are not in it.
func (s *Service) HoldersIn(tx *db.Tx, handles []Handle) (map[string]map[string]fact.ContactID, error) {
	keys := map[string][]string{}
	for _, h := range handles {
		keys[h.Channel] = append(keys[h.Channel], h.Key)
	}
	holders := make(map[string]map[string]fact.ContactID, len(keys))
	for channel, all := range keys { // as many as there are kinds of handles
		rows, err := db.AllIn(tx, qHolders, scanHandle, all, channel)
		if err != nil {
			return nil, err
		}
		holders[channel] = make(map[string]fact.ContactID, len(rows))
		for _, h := range rows {
			holders[channel][h.Key] = h.Contact
		}
	}
	return holders, nil
}

// NamedIn returns people by their names, folded (text.Fold), without their handles: several may bear one.
func (s *Service) NamedIn(tx *db.Tx, folded []string) (map[string][]Contact, error) {
	rows, err := db.AllIn(tx, qNamed, scan, folded)
	named := make(map[string][]Contact, len(rows))
	for _, c := range rows {
		named[text.Fold(c.Name)] = append(named[text.Fold(c.Name)], c)
	}
	return named, err
}

// PutManyIn makes people known and completes others, fact.MaxMany at most, in few statements and with one fact for all. Of somebody who
// is known it fills in what is empty and adds the handles; nothing that is there changes. It returns the contact of each card, in order,
// and which of them are other than before. Who is to be completed is in one card only. Texts are cut to what a contact holds. It does not ask
// whether by may.
func (s *Service) PutManyIn(tx *db.Tx, by actor.Actor, cards []Card) (ids []fact.ContactID, changed map[fact.ContactID]bool, err error) {
	var known []fact.ContactID
	for _, c := range cards {
		if !c.Contact.IsZero() {
			known = append(known, c.Contact)
		}
	}
	had, err := s.ByIDsIn(tx, known)
	if err != nil {
		return nil, nil, err
	}
	said := fact.ContactsImported{Created: []fact.ContactID{}, Completed: []fact.ContactID{}}
	var people []Contact
	var handles, values []any
	changed = map[fact.ContactID]bool{}
	for _, card := range cards {
		c, known := had[card.Contact]
		if !known {
			at := cmp.Or(card.At, tx.Now())
			c = Contact{ID: fact.New[fact.ContactID](tx.Now()), Lang: card.Lang, Origin: FromImport, LastAt: at, CreatedAt: at, UpdatedAt: tx.Now()}
		}
		ids = append(ids, c.ID)
		if !c.complete(card) && known {
			continue
		}
		for i := len(c.Handles) - len(card.Handles); i < len(c.Handles); i++ {
			h := &c.Handles[i]
			h.ID, h.Contact, h.CreatedAt = fact.New[fact.HandleID](tx.Now()), c.ID, tx.Now()
			handles = append(handles, h.ID, h.Contact, h.Channel, h.Value, h.Key, h.Domain, db.At(h.CreatedAt))
		}
		for _, v := range c.Values {
			values = append(values, c.ID, v.Field, v.Text, v.key)
		}
		c.UpdatedAt = tx.Now()
		if people, changed[c.ID] = append(people, c), true; known {
			said.Completed = append(said.Completed, c.ID)
		} else {
			said.Created = append(said.Created, c.ID)
		}
	}
	if len(people) == 0 {
		return ids, changed, nil
	}
	if err := putMany(tx, people, said.Completed, handles, values); err != nil {
		return nil, nil, err
	}
	return ids, changed, s.bus.Emit(tx, by, said)
}

// complete fills in what is empty of c from a card, and reports whether anything was.
func (c *Contact) complete(card Card) (changed bool) {
	for _, f := range []struct {
		to   *string
		from string
		max  int
	}{{&c.Name, text.Name(card.Name), maxWords}, {&c.Company, card.Company, maxWords}, {&c.Role, card.Role, maxWords}, {&c.Place, text.OneLine(card.Place), maxWords}, {&c.Note, card.Note, maxNote}} {
		if *f.to == "" && f.from != "" {
			*f.to, changed = text.Clip(f.from, f.max), true
		}
	}
	for _, v := range card.Values {
		if v.Text != "" && c.In(v.Field) == "" {
			c.Values, changed = append(c.Values, v), true
		}
	}
	c.Handles = append(c.Handles, card.Handles...)
	return changed || len(card.Handles) > 0
}

// putMany writes people, of whom some were known, with their new handles and values, and files them in the search.
func putMany(tx *db.Tx, people []Contact, known []fact.ContactID, handles, values []any) error {
	rows, docs := make([]any, 0, 13*len(people)), make([]fulltext.Document, len(people))
	for i, c := range people {
		rows = append(rows, c.ID, c.Name, text.Fold(c.Name), c.Company, c.Role, c.Place, text.Fold(c.Place), c.Lang, c.Note, c.Origin, db.At(c.LastAt), db.At(c.CreatedAt), db.At(c.UpdatedAt))
		docs[i] = document(c)
	}
	if err := db.Insert(tx, qPutMany, 13, rows); err != nil {
		return err
	}
	if err := db.Insert(tx, qAddHandles, 7, handles); err != nil {
		return err
	}
	if err := db.Insert(tx, qAddValues, 4, values); err != nil {
		return err
	}
	if err := fulltext.PutMany(tx, Space, docs); err != nil {
		return err
	}
	return alike(tx, people, known...)
}
