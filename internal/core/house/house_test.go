package house_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
	"causerie/internal/schema"
)

func each(t *testing.T, run func(t *testing.T, d *db.DB, b *bus.Bus, s *house.Service)) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		box, err := seal.Open(bytes.Repeat([]byte{7}, seal.KeySize))
		if err != nil {
			t.Fatal(err)
		}
		b := bus.New(queue.New(d, queue.Options{}))
		s := house.New(d, b, box)
		create(t, d, s)
		run(t, d, b, s)
	}, dbtest.ClockAt(time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC)))
}

func create(t *testing.T, d *db.DB, s *house.Service) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := s.CreateIn(tx, actor.System(), house.NewHouse{Name: "Ateliers Aubin", Lang: "fr-FR", Country: "FR"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func yes() *bool { b := true; return &b }

func TestAHouseOpensOnlyWhenItsIdentityIsCompleteForItsCountry(t *testing.T) {
	identity := map[string]map[string]string{
		"FR": {"address": "1 quai", "phone": "01 99 00 00 00", "publication_director": "C. Aubin", "host_name": "H", "host_address": "A", "host_phone": "1007"},
		"CA": {"address": "1 rue", "contact_email": "c@aubin.example", "privacy_officer": "C. Aubin"},
		"BE": {"address": "1 rue", "contact_email": "c@aubin.example"},
	}
	each(t, func(t *testing.T, _ *db.DB, _ *bus.Bus, s *house.Service) {
		for _, country := range []string{"FR", "CA", "BE"} {
			empty := map[string]string{}
			for _, f := range (&house.Identity{}).Fields() {
				empty[f.Name] = ""
			}
			no := false
			if _, err := s.Change(t.Context(), actor.System(), house.Patch{Country: &country, Identity: empty, Public: &no}); err != nil {
				t.Fatal(err)
			}
			for field, value := range identity[country] {
				_, err := s.Change(t.Context(), actor.System(), house.Patch{Public: yes()})
				if !fault.Is(err, fault.KindConflict) || !strings.Contains(err.Error(), field) {
					t.Errorf("%s without %s: %v", country, field, err)
				}
				if _, err := s.Change(t.Context(), actor.System(), house.Patch{Identity: map[string]string{field: value}}); err != nil {
					t.Fatal(err)
				}
			}
			h, err := s.Change(t.Context(), actor.System(), house.Patch{Public: yes()})
			if err != nil || !h.Public {
				t.Errorf("%s, complete: %v", country, err)
			}
			if _, err := s.Change(t.Context(), actor.System(), house.Patch{Identity: map[string]string{"address": " "}}); !fault.Is(err, fault.KindConflict) {
				t.Errorf("%s: an open house lost its address: %v", country, err)
			}
		}
	})
}

func TestOnlyAnOwnerChangesTheHouse(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, _ *bus.Bus, s *house.Service) {
		name := "Autre"
		editor := actor.Actor{Account: 5, Grants: []actor.Grant{{Role: actor.Editor}}}
		if _, err := s.Change(t.Context(), editor, house.Patch{Name: &name}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an editor: %v", err)
		}
		if _, err := s.Change(t.Context(), actor.Visitor(), house.Patch{Name: &name}); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a visitor: %v", err)
		}
	})
}

func TestOpeningAndClosingAreFacts(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, b *bus.Bus, s *house.Service) {
		var heard []string
		bus.Project(b, "test", func(*db.Tx, bus.Event, fact.HouseOpened) error { heard = append(heard, "opened"); return nil })
		bus.Project(b, "test", func(*db.Tx, bus.Event, fact.HouseClosed) error { heard = append(heard, "closed"); return nil })
		country, no := "BE", false
		for _, p := range []house.Patch{
			{Country: &country, Identity: map[string]string{"address": "1 rue", "contact_email": "c@aubin.example"}, Public: yes()}, {Public: &no},
		} {
			if _, err := s.Change(t.Context(), actor.System(), p); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Join(heard, " "); got != "opened opened closed closed" { // each write runs twice here
			t.Errorf("heard %s", got)
		}
	})
}

func TestThereIsOneHouse(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *bus.Bus, s *house.Service) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := s.CreateIn(tx, actor.System(), house.NewHouse{Name: "Deux", Lang: "fr-FR", Country: "FR"})
			return err
		})
		if !fault.Is(err, fault.KindConflict) {
			t.Errorf("a second house: %v", err)
		}
	})
}
