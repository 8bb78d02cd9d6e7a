package contact_test

import (
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// TestAMistypedAddressIsCorrected: written another way it stays the same handle, proved as it was; another address is another
// handle, which nobody proved.
func TestAMistypedAddressIsCorrected(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		me := actor.System()
		c, h := write(t, d, s, "Paul", "paul@granit.example", morning)
		if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := s.VerifyIn(tx, me, h.ID); return err }); err != nil {
			t.Fatal(err)
		}
		same, err := s.ChangeHandle(t.Context(), me, c.ID, h.ID, " Paul@Granit.example ")
		if err != nil || same.ID != h.ID || !same.Verified() || same.Value != "Paul@granit.example" {
			t.Fatalf("written another way: %+v %v", same, err)
		}
		now, err := s.ChangeHandle(t.Context(), me, c.ID, h.ID, "paul@kervella.example")
		if err != nil || now.ID == h.ID || now.Verified() {
			t.Fatalf("another address: %+v %v", now, err)
		}
		got, err := s.Get(t.Context(), me, c.ID)
		if err != nil || len(got.Handles) != 1 || got.Email() != "paul@kervella.example" {
			t.Errorf("%+v %v", got, err)
		}
		found, _, err := s.List(t.Context(), me, contact.Filter{Query: "kervella"})
		if err != nil || len(found) != 1 {
			t.Errorf("found by the new address: %v %v", found, err)
		}
		if found, _, err = s.List(t.Context(), me, contact.Filter{Query: "granit"}); err != nil || len(found) != 0 {
			t.Errorf("found by the old address: %v %v", found, err)
		}
		if _, err := s.ChangeHandle(t.Context(), me, c.ID, h.ID, "x@y.example"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the old handle is still changed: %v", err)
		}
	})
}

func TestAnAddressOfSomebodyElseOffersToMerge(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		me := actor.System()
		c, h := write(t, d, s, "Paul", "paul@kervella.example", morning)
		other, _ := write(t, d, s, "P. Kervella", "p@kervella.example", morning.Add(time.Minute))
		_, err := s.ChangeHandle(t.Context(), me, c.ID, h.ID, "P@kervella.example")
		if p := fault.ProblemsOf(err); len(p) != 1 || p[0].Field != contact.Email || p[0].Code != "known" {
			t.Errorf("somebody else's: %v", err)
		}
		who, found, err := s.Holder(t.Context(), me, contact.Address("p@KERVELLA.example"))
		if err != nil || !found || who.ID != other.ID {
			t.Errorf("held by %+v, %v, %v", who, found, err)
		}
		for _, bad := range []string{"", "paul", "a b@c", "@"} {
			if _, err := s.ChangeHandle(t.Context(), me, c.ID, h.ID, bad); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%q: %v", bad, err)
			}
			if _, found, err := s.Holder(t.Context(), me, contact.Address(bad)); found || err != nil {
				t.Errorf("%q is held: %v %v", bad, found, err)
			}
		}
		if _, err := s.AddHandle(t.Context(), me, c.ID, contact.NewHandle{Channel: contact.Phone, Value: "02 98 00 00 00"}); err != nil {
			t.Fatal(err)
		}
		web, err := s.AddHandle(t.Context(), me, c.ID, contact.NewHandle{Channel: contact.Web, Value: "https://kervella.example"})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := s.AddHandle(t.Context(), me, c.ID, contact.NewHandle{Channel: contact.Web, Value: "https://Kervella.example/"}); err != nil || again.ID != web.ID {
			t.Errorf("added twice: %+v %v", again, err)
		}
		second, err := s.AddHandle(t.Context(), me, c.ID, contact.Address("kervella@maison.example"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.ChangeHandle(t.Context(), me, c.ID, second.ID, "paul@kervella.example")
		if p := fault.ProblemsOf(err); len(p) != 1 || p[0].Code != "twice" {
			t.Errorf("their own, twice: %v", err)
		}
		if err := s.RemoveHandle(t.Context(), me, c.ID, second.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.RemoveHandle(t.Context(), me, c.ID, second.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("removed twice: %v", err)
		}
	})
}
