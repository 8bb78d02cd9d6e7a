package contact_test

import (
	"testing"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

func TestAListMakesPeopleKnownAndCompletesThemWithoutChangingWhatIsThere(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		helene, _ := write(t, d, s, "Hélène Morvan", "helene@morvan.example", morning.AddDate(-1, 0, 0))
		var ids []fact.ContactID
		var changed map[fact.ContactID]bool
		put := func(cards ...contact.Card) {
			t.Helper()
			err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
				ids, changed, err = s.PutManyIn(tx, actor.Importer(), cards)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		var read func(contact.NewHandle) (contact.Handle, error)
		if err := d.Read(t.Context(), func(tx *db.Tx) (err error) { read, err = s.ReaderIn(tx); return err }); err != nil {
			t.Fatal(err)
		}
		handle := func(channel, value string) contact.Handle {
			t.Helper()
			h, err := read(contact.NewHandle{Channel: channel, Value: value})
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		put(contact.Card{Contact: helene.ID, Name: "H. Morvan", Company: "Menuiserie du Port", Handles: []contact.Handle{handle("web", "https://morvan.example/")}},
			contact.Card{Name: "Paul Kervella", Lang: "fr-CA", Handles: []contact.Handle{handle("email", "Paul@Kervella.example")}, At: morning.AddDate(-2, 0, 0)},
			contact.Card{Name: "Sans adresse", Lang: "en"})
		if len(ids) != 3 || ids[0] != helene.ID || !changed[helene.ID] || !changed[ids[1]] {
			t.Fatalf("%v, changed %v", ids, changed)
		}
		got, err := s.Get(t.Context(), actor.System(), helene.ID)
		if err != nil || got.Name != "Hélène Morvan" || got.Company != "Menuiserie du Port" || len(got.Handles) != 2 {
			t.Errorf("%+v, %v", got, err)
		}
		for query, want := range map[string]fact.ContactID{"menuiserie": helene.ID, "kervella": ids[1], "adresse": ids[2]} {
			found, _, err := s.List(t.Context(), actor.System(), contact.Filter{Query: query})
			if err != nil || len(found) != 1 || found[0].ID != want {
				t.Errorf("%s finds %+v, %v", query, found, err)
			}
		}
		paul, err := s.Get(t.Context(), actor.System(), ids[1])
		if err != nil || paul.Email() != "Paul@kervella.example" || !paul.CreatedAt.Equal(morning.AddDate(-2, 0, 0)) || paul.Origin != contact.FromImport {
			t.Errorf("%+v, %v", paul, err)
		}
		put(contact.Card{Contact: helene.ID, Name: "Autre", Company: "Autre"})
		if len(changed) != 0 {
			t.Errorf("nothing new changed %v", changed)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			holders, err := s.HoldersIn(tx, []contact.Handle{handle("email", "PAUL@kervella.example"), handle("web", "http://morvan.example"), handle("email", "nobody@kervella.example")})
			if holders["email"]["paul@kervella.example"] != paul.ID || holders["web"]["morvan.example"] != helene.ID || len(holders["email"]) != 1 {
				t.Errorf("holders %v", holders)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
