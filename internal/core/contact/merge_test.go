package contact_test

import (
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

func TestWhoIsMergedIsPartedAgainWithWhatWasTheirs(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		ctx, me := t.Context(), actor.System()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		budget, err := s.SaveField(ctx, me, contact.Field{Name: "Budget", Kind: contact.Number})
		must(err)
		make := func(in contact.NewContact, value string) contact.Contact {
			t.Helper()
			in.Lang, in.Fields = "fr-FR", map[fact.FieldID]string{budget.ID: value}
			c, err := s.Create(ctx, me, in)
			must(err)
			return c
		}
		first := make(contact.NewContact{Name: "Paul K.", Email: "pk@gmail.com"}, "1")
		must(s.Merge(ctx, me, make(contact.NewContact{Name: "Paul", Email: "paul@kervella.example", Company: "Kervella", Note: "Salon"}, "500").ID, first.ID))
		keep, err := s.Get(ctx, me, first.ID)
		must(err)
		d.Clock().(*clock.Manual).Advance(time.Hour)
		gone := make(contact.NewContact{Name: "Paul Kervella", Email: "p.kervella@autre.example", Company: "Conserverie", Role: "Directeur", Place: "Quimper", Note: "Rappeler"}, "900")
		must(s.MergeAs(ctx, me, keep.ID, gone.ID, contact.Choices{"name": contact.OfGone, "company": contact.OfKept, budget.Input(): contact.OfGone}))
		one, err := s.Get(ctx, me, gone.ID)
		must(err)
		if one.ID != keep.ID || one.Name != "Paul Kervella" || one.Company != "Kervella" || one.Role != "Directeur" || one.Place != "Quimper" || one.Note != "Salon\nRappeler" ||
			one.In(budget.ID) != "900" || len(one.Handles) != 3 || !one.LastAt.Equal(gone.LastAt) {
			t.Fatalf("%+v", one)
		}
		role := "Gérant"
		_, err = s.Change(ctx, me, one.ID, contact.Patch{Role: &role}) // since: it stays
		must(err)
		_, err = s.AddHandle(ctx, me, one.ID, contact.Address("neuf@kervella.example"))
		must(err)
		merges, err := s.Merges(ctx, me, one.ID)
		if must(err); len(merges) != 2 || merges[0].Gone != gone.ID {
			t.Fatalf("%+v", merges)
		}
		p, err := s.PartingOf(ctx, me, gone.ID)
		if must(err); p.Was.Name != "Paul Kervella" || p.Rows["handle"] != 1 {
			t.Errorf("%+v", p)
		}
		kept, err := s.Part(ctx, me, gone.ID)
		if must(err); kept != keep.ID {
			t.Error(kept)
		}
		k, err := s.Get(ctx, me, keep.ID)
		must(err)
		g, err := s.Get(ctx, me, gone.ID)
		must(err)
		if k.Name != "Paul" || k.Company != "Kervella" || k.Role != "Gérant" || k.Place != "" || k.Note != "Salon" || k.In(budget.ID) != "500" || len(k.Handles) != 3 || !k.LastAt.Equal(keep.LastAt) {
			t.Errorf("who was kept is %+v", k)
		}
		if g.ID != gone.ID || g.Company != "Conserverie" || g.In(budget.ID) != "900" || len(g.Handles) != 1 || g.Email() != "p.kervella@autre.example" {
			t.Errorf("who is there again is %+v", g)
		}
		if found, _, err := s.List(ctx, me, contact.Filter{Query: "conserverie"}); err != nil || len(found) != 1 || found[0].ID != gone.ID {
			t.Errorf("%+v, %v", found, err)
		}
		if _, err := s.Part(ctx, me, gone.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("they are parted twice: %v", err)
		}
		// An alias of an alias: what was merged first comes back from whoever has it by then.
		must(s.Merge(ctx, me, gone.ID, keep.ID))
		if kept, err = s.Part(ctx, me, first.ID); err != nil || kept != gone.ID {
			t.Fatal(kept, err)
		}
		if f, err := s.Get(ctx, me, first.ID); err != nil || f.ID != first.ID || f.Email() != "pk@gmail.com" {
			t.Errorf("%+v, %v", f, err)
		}
		must(s.Erase(ctx, me, gone.ID))
		if _, err := s.Part(ctx, me, keep.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("who was erased is parted: %v", err)
		}
	})
}

func TestWhoIsThereTwiceIsListedUntilSomebodySaysThatTheyAreTwo(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		ctx, me := t.Context(), actor.System()
		var all []contact.Contact
		for _, in := range []contact.NewContact{
			{Name: "Paul Kervella", Email: "paul@kervella.example", Company: "Conserverie"},
			{Name: "KERVELLA, Paul", Phone: "02 98 00 00 01"},                  // the same name
			{Name: "Paul Kervella", Company: "Autre Maison"},                   // of another firm
			{Name: "P. K.", Email: "paul@kervella.fr"},                         // nearly the same address
			{Name: "Marie", Email: "marie.le.goff@gmail.com"}, {Name: "Marie"}, // one word says nothing
			{Name: "M. Le Goff", Email: "marielegoff@orange.fr"},                                       // another provider
			{Name: "Zoé Un", Email: "info@un.example"}, {Name: "Yan Deux", Email: "info@deux.example"}, // two firms
		} {
			in.Lang = "fr-FR"
			c, err := s.Create(ctx, me, in)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, c)
		}
		pairs := func() (got map[string]string) {
			t.Helper()
			got = map[string]string{}
			for cursor := ""; ; {
				found, next, err := s.Pairs(ctx, me, cursor, 2)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range found {
					got[p.A.Name+" / "+p.B.Name] = p.Why
				}
				if cursor = next; next == "" {
					return got
				}
			}
		}
		want := map[string]string{"Paul Kervella / KERVELLA, Paul": "name", "KERVELLA, Paul / Paul Kervella": "name", "Paul Kervella / P. K.": "address", "Marie / M. Le Goff": "address"}
		same := func() {
			t.Helper()
			got := pairs()
			for name, why := range want {
				if got[name] != why {
					t.Errorf("%s is %q, want %q", name, got[name], why)
				}
			}
			if len(got) != len(want) {
				t.Errorf("the pairs are %v", got)
			}
		}
		same()
		if err := s.Dismiss(ctx, me, all[1].ID, all[2].ID); err != nil {
			t.Fatal(err)
		}
		delete(want, "KERVELLA, Paul / Paul Kervella")
		same()
		if err := s.Rebuild(ctx); err != nil {
			t.Fatal(err)
		}
		same() // what was said stays said
		name := "Pierre Kerloch"
		if _, err := s.Change(ctx, me, all[1].ID, contact.Patch{Name: &name}); err != nil {
			t.Fatal(err)
		}
		delete(want, "Paul Kervella / KERVELLA, Paul")
		if err := s.Merge(ctx, me, all[4].ID, all[6].ID); err != nil {
			t.Fatal(err)
		}
		delete(want, "Marie / M. Le Goff")
		same()
		if _, err := s.Part(ctx, me, all[6].ID); err != nil { // who was parted is no pair again
			t.Fatal(err)
		}
		same()
	})
}
