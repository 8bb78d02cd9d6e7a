package contact_test

import (
	"fmt"
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

var morning = time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC)

func each(t *testing.T, run func(t *testing.T, d *db.DB, s *contact.Service)) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		run(t, d, contact.New(d, bus.New(queue.New(d, queue.Options{}))))
	}, dbtest.ClockAt(morning))
}

func write(t *testing.T, d *db.DB, s *contact.Service, name, email string, at time.Time) (c contact.Contact, h contact.Handle) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		c, h, err = s.FindOrCreateIn(tx, actor.Visitor(), contact.Address(email), contact.Who{Name: name, Lang: "fr-FR", Origin: contact.FromComment}, at)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, h
}

func TestAnAddressIsOnePersonWhateverItsCase(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		a, h := write(t, d, s, "Hélène Morvan", "Helene@Morvan.example", morning)
		b, g := write(t, d, s, "Quelqu’un d’autre", "helene@morvan.EXAMPLE", morning.Add(time.Hour))
		if a.ID != b.ID || h.ID != g.ID || b.Name != "Hélène Morvan" {
			t.Errorf("%+v became %+v", a, b)
		}
		got, err := s.Get(t.Context(), actor.System(), a.ID)
		if err != nil || !got.LastAt.Equal(morning.Add(time.Hour)) || len(got.Handles) != 1 || got.Handles[0].Verified() {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestVerifyingIsOfTheHandleAndHappensOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		c, h := write(t, d, s, "Paul", "paul@kervella.example", morning)
		for range 2 {
			if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := s.VerifyIn(tx, actor.Visitor(), h.ID); return err }); err != nil {
				t.Fatal(err)
			}
			d.Clock().(*clock.Manual).Advance(time.Hour)
		}
		got, err := s.Get(t.Context(), actor.System(), c.ID)
		if err != nil || !got.Handles[0].VerifiedAt.Equal(morning) {
			t.Errorf("%+v, %v", got.Handles, err)
		}
	})
}

func TestAMergedContactStaysAsAnAlias(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		keep, _ := write(t, d, s, "Paul Kervella", "paul@kervella.example", morning)
		gone, _ := write(t, d, s, "P. Kervella", "pk@gmail.com", morning.Add(time.Hour))
		older, _ := write(t, d, s, "Polo", "polo@gmail.com", morning)
		if err := s.Merge(t.Context(), actor.System(), gone.ID, older.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.Merge(t.Context(), actor.System(), keep.ID, gone.ID); err != nil {
			t.Fatal(err)
		}
		for _, id := range []contact.Contact{gone, older, keep} {
			got, err := s.Get(t.Context(), actor.System(), id.ID)
			if err != nil || got.ID != keep.ID || len(got.Handles) != 3 {
				t.Errorf("%v leads to %+v, %v", id.Name, got, err)
			}
		}
		if again, _ := write(t, d, s, "", "polo@gmail.com", morning); again.ID != keep.ID {
			t.Error("a handle of the alias no longer leads to the person")
		}
		if err := s.Merge(t.Context(), actor.System(), keep.ID, gone.ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("merging twice gave %v", err)
		}
		list, _, err := s.List(t.Context(), actor.System(), contact.Filter{})
		if err != nil || len(list) != 1 {
			t.Errorf("the list shows %d, %v", len(list), err)
		}
	})
}

func TestWhoIsTouchedOrRenamedWhileOneReadsIsNotMissed(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		var people []contact.Contact
		for i, name := range []string{"Ana", "Bruno", "Chloé", "David", "Emma"} {
			c, _ := write(t, d, s, name, name[:3]+"@legoff.example", morning.Add(time.Duration(i)*time.Minute))
			people = append(people, c)
		}
		d.Clock().(*clock.Manual).Advance(time.Hour)
		for _, order := range []string{contact.Recent, contact.ByName} {
			seen := map[string]int{}
			for cursor, page := "", 1; ; page++ {
				found, next, err := s.List(t.Context(), actor.System(), contact.Filter{Order: order, Cursor: cursor, Limit: 2})
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range found {
					seen[c.ID.String()]++
				}
				d.Clock().(*clock.Manual).Advance(time.Second)
				if page == 1 { // the last of either order goes to its front
					write(t, d, s, "", "Ana@legoff.example", d.Clock().Now())
					front := "Aaron"
					if _, err := s.Change(t.Context(), actor.System(), people[4].ID, contact.Patch{Name: &front}); err != nil {
						t.Fatal(err)
					}
					d.Clock().(*clock.Manual).Advance(time.Second)
				}
				if cursor = next; cursor == "" || page == 9 {
					if page > 5 {
						t.Errorf("%s: %d pages", order, page)
					}
					break
				}
			}
			if len(seen) != 5 {
				t.Errorf("%s: %d of 5 were seen", order, len(seen))
			}
			last := "Emma"
			if _, err := s.Change(t.Context(), actor.System(), people[4].ID, contact.Patch{Name: &last}); err != nil {
				t.Fatal(err)
			}
			d.Clock().(*clock.Manual).Advance(time.Second)
		}
	})
}

func TestListsPageThroughEverybodyOnceInBothOrders(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		for i := range 23 {
			write(t, d, s, fmt.Sprintf("Ève %02d", 22-i), fmt.Sprintf("eve%d@maison%d.example", i, i%3), morning.Add(time.Duration(i/2)*time.Minute))
		}
		for _, order := range []string{contact.Recent, contact.ByName} {
			seen, pages, cursor := map[string]bool{}, 0, ""
			var names []string
			for {
				list, next, err := s.List(t.Context(), actor.System(), contact.Filter{Order: order, Cursor: cursor, Limit: 5})
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range list {
					seen[c.ID.String()] = true
					names = append(names, c.Name)
				}
				if pages++; next == "" {
					break
				}
				cursor = next
			}
			if len(seen) != 23 || len(names) != 23 || pages != 5 {
				t.Errorf("%s: %d people in %d rows on %d pages", order, len(seen), len(names), pages)
			}
			if order == contact.ByName && names[0] != "Ève 00" {
				t.Errorf("by name begins with %s", names[0])
			}
		}
		for query, want := range map[string]int{"eve": 20, "EVE 07": 1, "maison2": 7, "personne": 0} {
			list, _, err := s.List(t.Context(), actor.System(), contact.Filter{Query: query})
			if err != nil || len(list) != want {
				t.Errorf("%q found %d, want %d, %v", query, len(list), want, err)
			}
		}
	})
}

func TestColleaguesShareACompanyAndNotAProvider(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		a, _ := write(t, d, s, "A", "a@kervella.example", morning)
		b, _ := write(t, d, s, "B", "b@kervella.example", morning)
		c, _ := write(t, d, s, "C", "c@gmail.com", morning)
		write(t, d, s, "D", "d@gmail.com", morning)
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			ids, err := s.SameCompanyIn(tx, a.ID)
			if len(ids) != 1 || ids[0] != b.ID {
				t.Errorf("colleagues of a: %v", ids)
			}
			if none, _ := s.SameCompanyIn(tx, c.ID); len(none) != 0 {
				t.Errorf("gmail makes colleagues: %v", none)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
