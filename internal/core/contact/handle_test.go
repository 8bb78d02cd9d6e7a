package contact_test

import (
	"strings"
	"testing"

	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

func TestSpellingsOfOneHandleAreOneHandle(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		read := func(channel, value string) (h contact.Handle, err error) {
			err = d.Read(t.Context(), func(tx *db.Tx) error {
				h, err = s.ReadIn(tx, contact.NewHandle{Channel: channel, Value: value})
				return err
			})
			return h, err
		}
		for _, c := range []struct {
			channel, value, shown, key, link string
		}{
			{contact.Email, " Helene@Morvan.example ", "Helene@morvan.example", "helene@morvan.example", "mailto:Helene@morvan.example"},
			{contact.Email, "a@maçon.example", "a@maçon.example", "a@xn--maon-1oa.example", "mailto:a@maçon.example"},
			{contact.Phone, "+33 (0)2 98 00 00 00", "+33 (0)2 98 00 00 00", "+33298000000", "tel:+33298000000"},
			{contact.Phone, "00 33 2.98.00.00.00", "00 33 2.98.00.00.00", "+33298000000", "tel:+33298000000"},
			{contact.Phone, "02 98 00 00 00", "02 98 00 00 00", "0298000000", "tel:0298000000"},
			{contact.Web, "http://Jean.Example:80/a/?x=1#top", "http://Jean.Example:80/a/?x=1#top", "jean.example/a?x=1", "http://Jean.Example:80/a/?x=1#top"},
			{contact.Web, "https://jean.example", "https://jean.example", "jean.example", "https://jean.example"},
			{contact.Web, "https://maçon.example/", "https://ma%C3%A7on.example/", "xn--maon-1oa.example", "https://ma%C3%A7on.example/"},
			{contact.Fediverse, "acct:Jean_@Social.Example", "@jean_@social.example", "jean_@social.example", "https://social.example/@jean_"},
			{contact.Fediverse, "@jean_@social.example", "@jean_@social.example", "jean_@social.example", "https://social.example/@jean_"},
		} {
			h, err := read(c.channel, c.value)
			if err != nil || h.Value != c.shown || h.Key != c.key || s.Link(h) != c.link {
				t.Errorf("%s %q reads %q %q %q, %v", c.channel, c.value, h.Value, h.Key, s.Link(h), err)
			}
		}
		for channel, values := range map[string][]string{
			contact.Email:     {"a@", "a", "a@b", "<a@b>"},
			contact.Phone:     {"12", "1234567890123456", "33+298000000", "non"},
			contact.Web:       {"javascript:alert(1)", "ftp://a.example", "https://u:p@a.example", "https://localhost", "//a.example", "https://a.example/ b", "https://a.example/" + strings.Repeat("x", 2000)},
			contact.Fediverse: {"jean", "@jean", "jean@", "@@social.example", "je an@social.example", "jean@localhost", "jean@a@social.example"},
			"pigeon":          {"x"},
		} {
			for _, value := range values {
				if h, err := read(channel, value); !fault.Is(err, fault.KindInvalid) {
					t.Errorf("%s %q reads %+v, %v", channel, value, h, err)
				}
			}
		}
	})
}

func TestAChannelThatRegistersHasHandlesOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		s.RegisterHandles(contact.HandleChannel{Name: "pigeon", Read: func(v, _ string) (string, string, bool) { return v, strings.ToLower(v), v != "" }})
		var first, again contact.Contact
		var h contact.Handle
		err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
			who := contact.Who{Name: "Jean", Lang: "fr-FR", Origin: contact.FromRequest}
			if first, _, err = s.FindOrCreateIn(tx, actor.System(), contact.NewHandle{Channel: "pigeon", Value: "Coop 12"}, who, tx.Now()); err != nil {
				return err
			}
			again, h, err = s.FindOrCreateIn(tx, actor.System(), contact.NewHandle{Channel: "pigeon", Value: "COOP 12", Verified: true}, who, tx.Now())
			return err
		})
		if err != nil || first.ID != again.ID || !h.Verified() || s.Link(h) != "" {
			t.Errorf("%+v, %+v, %v", first, h, err)
		}
	})
}

func TestOnlyWhoMadeNothingElseIsDropped(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		held := map[string]bool{}
		s.RegisterTie(func(_ *db.Tx, id fact.ContactID) (bool, error) { return held[id.String()], nil })
		drop := func(c contact.Contact) (dropped bool) {
			t.Helper()
			if err := d.Write(t.Context(), func(tx *db.Tx) (err error) { dropped, err = s.DropIn(tx, actor.System(), c.ID); return err }); err != nil {
				t.Fatal(err)
			}
			return dropped
		}
		bot, _ := write(t, d, s, "Bot", "bot@x.example", morning)
		tied, _ := write(t, d, s, "Paul", "paul@x.example", morning)
		held[tied.ID.String()] = true
		kept, _ := write(t, d, s, "Ann", "ann@x.example", morning)
		alias, _ := write(t, d, s, "Ann L.", "al@x.example", morning)
		if err := s.Merge(t.Context(), actor.System(), kept.ID, alias.ID); err != nil {
			t.Fatal(err)
		}
		noted, err := s.Create(t.Context(), actor.System(), contact.NewContact{Name: "Zoé"})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			who  contact.Contact
			want bool
		}{{tied, false}, {kept, false}, {alias, false}, {noted, false}, {bot, true}, {bot, false}} {
			if drop(c.who) != c.want {
				t.Errorf("%s is dropped: %v", c.who.Name, !c.want)
			}
		}
		if _, err := s.Get(t.Context(), actor.System(), bot.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the bot is still there: %v", err)
		}
		if found, _, _ := s.List(t.Context(), actor.System(), contact.Filter{Query: "bot"}); len(found) != 0 {
			t.Error("the search still finds the bot")
		}
	})
}

// A number without prefix is one of the country of the house: « 02 98 », « +33 2 98 » and « 0033 (0)2 98 » are one person's.
func TestAPhoneOfTheCountryIsOneInEverySpelling(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		houses := house.New(d, bus.New(queue.New(d, queue.Options{})), nil)
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := houses.CreateIn(tx, actor.System(), house.NewHouse{Name: "A", Lang: "fr-FR", Country: "FR", Zone: "Europe/Paris"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		me := actor.Actor{Account: 1, Grants: []actor.Grant{{Role: actor.Owner}}}
		first, err := s.Create(t.Context(), me, contact.NewContact{Name: "Paul", Phone: "02 98 00 00 01"})
		if err != nil || first.Handles[0].Value != "02 98 00 00 01" || s.Link(first.Handles[0]) != "tel:+33298000001" {
			t.Fatalf("%+v, %v", first.Handles, err)
		}
		for _, spelling := range []string{"+33 2 98 00 00 01", "0033 (0)2.98.00.00.01", "0298000001"} {
			if _, err := s.Create(t.Context(), me, contact.NewContact{Name: "Autre", Phone: spelling}); err == nil {
				t.Errorf("%q is another's", spelling)
			}
		}
	})
}

func TestANumberStaysOneWhenTheHouseChangesItsCountry(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *contact.Service) {
		events := bus.New(queue.New(d, queue.Options{}))
		s := contact.New(d, events) // hears the house
		houses := house.New(d, events, nil)
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := houses.CreateIn(tx, actor.System(), house.NewHouse{Name: "A", Lang: "fr-FR", Country: "FR", Zone: "Europe/Paris"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		me := actor.Actor{Account: 1, Grants: []actor.Grant{{Role: actor.Owner}}}
		for name, phone := range map[string]string{"Paul": "079 000 00 01", "Anne": "+33 2 98 00 00 02"} {
			if _, err := s.Create(t.Context(), me, contact.NewContact{Name: name, Phone: phone}); err != nil {
				t.Fatal(err)
			}
		}
		country := "CH"
		if _, err := houses.Change(t.Context(), me, house.Patch{Country: &country}); err != nil {
			t.Fatal(err)
		}
		for _, spelling := range []string{"+41 79 000 00 01", "079 000 00 01", "0033 2 98 00 00 02"} {
			if _, err := s.Create(t.Context(), me, contact.NewContact{Name: "Autre", Phone: spelling}); err == nil {
				t.Errorf("%q is another's", spelling)
			}
		}
	})
}
