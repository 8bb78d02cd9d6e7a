package subscription

import (
	"slices"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
)

func (s *Service) listen() {
	contact.Moves(s.o.Bus, "subscription", contact.Mover{Kind: "subscriber", Of: qIDsOf, Give: qMerge, Back: qPart})
	bus.Project(s.o.Bus, "subscription", func(tx *db.Tx, _ bus.Event, f fact.ContactErased) error { return drop(tx, qIDsOf, f.Contact) })
	bus.Project(s.o.Bus, "subscription", func(tx *db.Tx, _ bus.Event, f fact.HandleRemoved) error { return drop(tx, qIDOfHandle, f.Handle) })
	bus.Project(s.o.Bus, "subscription", func(tx *db.Tx, _ bus.Event, f fact.HandleChanged) error {
		if f.Was == f.Handle {
			return nil
		}
		if _, known, err := byHandle(tx, f.Handle); err != nil || known {
			return err
		}
		_, err := db.Exec(tx, qReaddress, f.Was, f.Handle)
		return err
	})
	bus.Project(s.o.Bus, "subscription", s.removed)
	bus.Project(s.o.Bus, "subscription", func(tx *db.Tx, _ bus.Event, f fact.ConsentRecorded) error {
		return s.agreedIn(tx, []fact.ContactID{f.Contact})
	})
	bus.Project(s.o.Bus, "subscription", func(tx *db.Tx, _ bus.Event, f fact.ConsentsRecorded) error { return s.agreedIn(tx, f.Contacts) })
	bus.Project(s.o.Bus, "subscription", s.termsChanged)
}

func drop(tx *db.Tx, q db.Query, of any) error {
	ids, err := db.All(tx, q, db.Scalar[fact.SubscriberID], of)
	if err != nil || len(ids) == 0 {
		return err
	}
	if _, err := db.ExecIn(tx, qDropFollows, ids); err != nil {
		return err
	}
	_, err = db.ExecIn(tx, qDropThose, ids)
	return err
}

// agreedIn has people who agreed to letters in another way than by the form (on paper, in the list of another program) follow every voice
// that strangers read, for they named none: those who never chose here, and have an address.
func (s *Service) agreedIn(tx *db.Tx, people []fact.ContactID) error {
	known, err := db.AllIn(tx, qKnown, db.Scalar[fact.ContactID], people)
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(slices.Clone(people), func(id fact.ContactID) bool { return slices.Contains(known, id) })
	if len(people) == 0 {
		return nil
	}
	standings, err := s.o.Consents.StandingsIn(tx, people, contact.Email, consent.Letter)
	if err != nil {
		return err
	}
	persons, err := s.o.Contacts.ByIDsIn(tx, people)
	if err != nil {
		return err
	}
	voices, err := s.o.Voices.ListIn(tx)
	if err != nil {
		return err
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return err
	}
	now := db.At(tx.Now())
	var subs, follows []any
	for _, id := range people {
		p := persons[id]
		address := p.Address(0).ID
		if !standings[id].May || address.IsZero() {
			continue
		}
		lang := p.Lang
		if lang == "" {
			lang = h.Lang
		}
		sub := fact.New[fact.SubscriberID](tx.Now())
		subs = append(subs, sub, p.ID, address, lang, Each, now)
		for _, v := range voices {
			if v.Public() {
				follows = append(follows, sub, v.ID, 0, now)
			}
		}
	}
	if _, err := db.InsertNew(tx, qAddSubscribers, 6, subs); err != nil {
		return err
	}
	_, err = db.InsertNew(tx, qAddFollows, 4, follows)
	return err
}

// removed has those who followed a voice follow its heir, but for those who left that one.
func (s *Service) removed(tx *db.Tx, _ bus.Event, f fact.VoiceRemoved) error {
	if !f.Heir.IsZero() && !f.Withdrawn {
		if _, err := db.Exec(tx, qInherit, f.Voice, f.Heir); err != nil {
			return err
		}
	}
	_, err := db.Exec(tx, qDropVoice, f.Voice)
	return err
}

// termsChanged forgets that somebody followed a section that is no more.
func (s *Service) termsChanged(tx *db.Tx, _ bus.Event, f fact.TermsChanged) error {
	if f.Voice.IsZero() {
		return nil
	}
	followed, err := db.All(tx, qSectionsOf, db.Scalar[fact.SectionID], f.Voice)
	if err != nil || len(followed) == 0 {
		return err
	}
	there, err := post.AllSections(tx, f.Voice)
	if err != nil {
		return err
	}
	var gone []fact.SectionID
	for _, id := range followed {
		if !slices.ContainsFunc(there, func(sec post.Section) bool { return sec.ID == id }) {
			gone = append(gone, id)
		}
	}
	_, err = db.ExecIn(tx, qDropSections, gone)
	return err
}
