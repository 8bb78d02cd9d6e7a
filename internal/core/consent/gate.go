package consent

import (
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

// Gate is the delivery.Gate of what leaves by mail. It notes in the ledger what may leave once, and in the delivery what it must tell
// (Delivery.Origin).
func (s *Service) Gate(tx *db.Tx, batch []delivery.Delivery) (map[fact.DeliveryID]string, error) {
	var people []fact.ContactID
	for _, d := range batch {
		if gated(d) {
			people = append(people, d.Contact)
		}
	}
	if len(people) == 0 {
		return nil, nil
	}
	b, err := s.benchIn(tx, people)
	if err != nil {
		return nil, err
	}
	refused := map[fact.DeliveryID]string{}
	for i, d := range batch {
		if !gated(d) {
			continue
		}
		v := b.weigh(d.Contact, contact.Email, d.Purpose, d.ID)
		if !v.May {
			refused[d.ID] = "consent_" + v.Why
			continue
		}
		if batch[i].Ground = v.By.Basis; v.Tells {
			batch[i].Origin = v.By.Source
		}
		if v.By.Basis != Referral {
			continue
		}
		use, err := s.useIn(tx, d, v.By)
		if err != nil {
			return nil, err
		}
		b.rows[d.Contact] = append(b.rows[d.Contact], use)
	}
	return refused, nil
}

// useIn notes that the one message of a referral leaves, once for a delivery however often it is tried.
func (s *Service) useIn(tx *db.Tx, d delivery.Delivery, r Consent) (Consent, error) {
	rows, err := s.rowsIn(tx, []fact.ContactID{d.Contact})
	if err != nil {
		return Consent{}, err
	}
	for _, c := range rows[d.Contact] {
		if c.Delivery == d.ID {
			return c, nil
		}
	}
	added, err := add(tx, Consent{Contact: d.Contact, Delivery: d.ID, Evidence: Evidence{Channel: r.Channel, Purpose: r.Purpose, Basis: Use,
		Jurisdiction: r.Jurisdiction, At: tx.Now()}})
	if err != nil {
		return Consent{}, err
	}
	return added[0], s.settleIn(tx, d.Contact)
}

// gated reports whether the ledger is asked before d leaves.
func gated(d delivery.Delivery) bool {
	return d.Purpose != delivery.PurposeAccount && d.Purpose != delivery.PurposeConversation
}

// Ended hears what became of each mail, in the commit that writes it down: whoever got one that said where their address comes from was told,
// once it left and not before.
func (s *Service) Ended(tx *db.Tx, ended []delivery.Ended) error {
	var told []delivery.Delivery
	var people []fact.ContactID
	for _, e := range ended {
		if e.Origin != "" && e.Outcome.State == delivery.Sent {
			told, people = append(told, e.Delivery), append(people, e.Contact)
		}
	}
	if len(told) == 0 {
		return nil
	}
	known, err := s.o.Contacts.ByIDsIn(tx, people)
	if err != nil {
		return err
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return err
	}
	rows := make([]Consent, 0, len(told))
	for _, d := range told {
		person, ok := known[d.Contact]
		if !ok {
			continue // erased while it left
		}
		rows = append(rows, Consent{Contact: d.Contact, Delivery: d.ID, address: s.address(person, contact.Email), Evidence: Evidence{
			Channel: contact.Email, Purpose: d.Purpose, Basis: Told, Jurisdiction: h.Country, Informed: tx.Now(), At: tx.Now()}})
	}
	if len(rows) == 0 {
		return nil
	}
	if _, err := add(tx, rows...); err != nil {
		return err
	}
	return s.settleIn(tx, people...)
}
