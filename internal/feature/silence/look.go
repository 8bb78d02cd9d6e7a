package silence

import (
	"context"
	"fmt"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail/compose"
)

// How many people one transaction looks at, and how many it erases.
const (
	slice     = 250
	eraseOnce = 10
)

// Look goes through everybody who was known long enough, asks who is to be asked, and erases whose day has come. A job does it each night.
func (s *Service) Look(ctx context.Context) error {
	if err := s.again(ctx); err != nil {
		return err
	}
	for {
		n := 0
		err := s.o.DB.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = s.eraseIn(tx)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// again makes the rows of everybody again, and has those asked who are to be.
func (s *Service) again(ctx context.Context) error {
	for after := fact.ContactID(0); ; {
		var some []fact.ContactID
		err := s.o.DB.Write(ctx, func(tx *db.Tx) (err error) {
			// Whoever came later has more than a month left, whatever the calendar does.
			if some, err = s.o.Contacts.OldIn(tx, tx.Now().AddDate(0, 1-Months, 3), after, slice); err != nil || len(some) == 0 {
				return err
			}
			_, err = s.lookIn(tx, some)
			return err
		})
		if err != nil || len(some) == 0 {
			return err
		}
		after = some[len(some)-1]
	}
}

// lookIn makes the rows of some people again, and returns them.
func (s *Service) lookIn(tx *db.Tx, people []fact.ContactID) ([]Silence, error) {
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return nil, err
	}
	t, err := switchIn(tx)
	if err != nil {
		return nil, err
	}
	known, err := s.signsIn(tx, h, people)
	if err != nil {
		return nil, err
	}
	questions, err := s.o.Deliveries.LastIn(tx, KindStay, people)
	if err != nil {
		return nil, err
	}
	was := map[fact.ContactID]Silence{}
	rows, err := db.AllIn(tx, qIn, scan, people)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		was[r.Contact] = r
	}
	var gone []fact.ContactID
	var all []Silence
	for _, id := range people {
		one, had := was[id]
		term, due := known[id].due(tx.Now(), h.Location())
		if !due {
			if had {
				gone = append(gone, id)
			}
			continue
		}
		if !had {
			one = Silence{Contact: id, NotedAt: tx.Now()}
		} else if one.Term.Before(term) {
			one.AskedAt = time.Time{} // they spoke since: it is another silence
		}
		one.Term, one.Held = term, ""
		one.learn(questions[id], h.Location())
		if known[id].Speaks {
			one.Held = HeldWords
		}
		all = append(all, one)
	}
	if t.erases {
		if err := s.askIn(tx, h, all, questions); err != nil {
			return nil, err
		}
	}
	for i := range all {
		all[i].EraseOn = all[i].eraseOn(t.erases, t.at, h.Location())
	}
	if err := drop(tx, gone...); err != nil {
		return nil, err
	}
	return all, put(tx, all)
}

// signsIn reads what is known of the lives of some people.
func (s *Service) signsIn(tx *db.Tx, h house.House, people []fact.ContactID) (map[fact.ContactID]signs, error) {
	persons, err := s.o.Contacts.ByIDsIn(tx, people)
	if err != nil {
		return nil, err
	}
	given, err := s.o.Consents.GivenIn(tx, people)
	if err != nil {
		return nil, err
	}
	words, err := s.o.Words(tx, people)
	if err != nil {
		return nil, err
	}
	open, ended, err := s.o.Mandates(tx, people)
	if err != nil {
		return nil, err
	}
	speaks, err := s.o.Speaks(tx, people)
	if err != nil {
		return nil, err
	}
	all := make(map[fact.ContactID]signs, len(people))
	for _, id := range people {
		p, there := persons[id]
		one := signs{Last: p.CreatedAt, Law: h.Country, Client: open[id], Speaks: speaks[id], Nowhere: !there || p.ID != id}
		if g, is := given[id]; is {
			one.Law = g.Law
		}
		for _, at := range []time.Time{given[id].At, words[id], ended[id]} {
			if at.After(one.Last) {
				one.Last = at
			}
		}
		all[id] = one
	}
	return all, nil
}

// askIn has those asked, once, who may still be written to while their term runs, and notes in all that the question waits. last are the questions
// that there were: one that came to nothing is tried again.
func (s *Service) askIn(tx *db.Tx, h house.House, all []Silence, last map[fact.ContactID]delivery.Delivery) error {
	var ids []fact.ContactID
	at := map[fact.ContactID]int{}
	today := clock.DayOf(tx.Now(), h.Location())
	for i, one := range all {
		if one.AskedAt.IsZero() && !one.waits && one.Kept == "" && one.Held == "" && !one.Term.Before(today) {
			ids, at[one.Contact] = append(ids, one.Contact), i
		}
	}
	if len(ids) == 0 {
		return nil
	}
	purpose := map[fact.ContactID]string{}
	for _, p := range consent.Purposes() {
		holds, err := s.o.Consents.StandingsIn(tx, ids, contact.Email, p)
		if err != nil {
			return err
		}
		for id, st := range holds {
			if _, chosen := purpose[id]; st.May && !st.Tells && !chosen {
				purpose[id] = p
			}
		}
	}
	persons, err := s.o.Contacts.ByIDsIn(tx, ids)
	if err != nil {
		return err
	}
	var batch []delivery.Outgoing
	for _, id := range ids {
		to := persons[id].Address(0)
		if purpose[id] == "" || to.ID.IsZero() || !mayTry(last[id], to.Value, tx.Now()) {
			continue // without a right to write nobody is asked
		}
		one := &all[at[id]]
		one.waits = true
		lang := persons[id].Lang
		if lang == "" {
			lang = h.Lang
		}
		batch = append(batch, delivery.Outgoing{Channel: mailer.Channel, Kind: KindStay, Purpose: purpose[id], Contact: id, Handle: to.ID, Recipient: to.Value,
			Key: fmt.Sprintf("%s/%v/%v/%v", KindStay, id, one.Term, today), Subject: compose.New(s.catalog, lang).T("mail.stay.subject", h.Name),
			Parcel: parcel{Lang: lang, Purpose: purpose[id], Day: one.Term.Add(1).String()}})
	}
	_, err = s.o.Deliveries.EnqueueIn(tx, actor.System(), batch...)
	return err
}

// eraseIn erases some of those whose day has come, each looked at once more in this very commit, and returns how many it looked at.
func (s *Service) eraseIn(tx *db.Tx) (int, error) {
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return 0, err
	}
	today := clock.DayOf(tx.Now(), h.Location())
	due, err := db.All(tx, qDue, db.Scalar[fact.ContactID], today.String(), eraseOnce)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	t, err := switchIn(tx)
	if err != nil || !t.erases {
		return 0, err
	}
	all, err := s.lookIn(tx, due)
	if err != nil {
		return 0, err
	}
	for _, one := range all {
		if one.EraseOn.IsZero() || today.Before(one.EraseOn) {
			continue
		}
		if err := s.o.Contacts.EraseIn(tx, actor.System(), one.Contact); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}
