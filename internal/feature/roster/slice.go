package roster

import (
	"cmp"
	"slices"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

// slice is what one commit does.
type slice struct {
	*importer
	tx       *db.Tx
	report   Report
	refusals []Refusal

	holders map[string]map[string]fact.ContactID // by channel and key
	named   map[string][]contact.Contact         // by folded name
	cards   []contact.Card
	of      map[fact.ContactID]int    // the card of somebody who is known
	claimed map[string]map[string]int // the card that a new handle is on, by channel and key
	card    []int                     // of each row, -1 for none
}

// run brings rows in.
func (s *slice) run(rows []row) error {
	if err := s.lookUp(&rows); err != nil {
		return err
	}
	s.of, s.claimed = map[fact.ContactID]int{}, map[string]map[string]int{}
	s.card = make([]int, len(rows))
	for i, r := range rows {
		s.card[i] = s.place(r)
	}
	ids, changed, err := s.Contacts.PutManyIn(s.tx, s.by.Backfill(), s.cards)
	if err != nil {
		return err
	}
	var entries []consent.Entry
	var entered []int
	for i, r := range rows {
		if c := s.card[i]; c >= 0 && r.entry != nil {
			e := *r.entry
			e.Contact = ids[c]
			entries, entered = append(entries, e), append(entered, i)
		}
	}
	outcomes, err := s.Consents.RecordNewIn(s.tx, s.by.Backfill(), entries)
	if err != nil {
		return err
	}
	told := make([]bool, len(rows))
	for k, o := range outcomes {
		i := entered[k]
		switch {
		case o == consent.Stopped:
			s.report.note("stopped", rows[i].Line)
		case o == consent.Added && entries[k].Basis == consent.Withdrawal:
			s.report.Withdrawn++
			told[i] = true
		case o == consent.Added:
			s.report.Consents++
			told[i] = true
		}
	}
	first := map[int]bool{}
	for i := range rows {
		c := s.card[i]
		known := c >= 0 && !s.cards[c].Contact.IsZero()
		switch {
		case c >= 0 && first[c], s.DryRun && !known && s.before(rows[i]): // of a dry run nothing is there
			s.report.Twice++
		case c >= 0 && !known:
			s.report.Created++
		case c >= 0 && changed[ids[c]]:
			s.report.Completed++
		case s.before(rows[i]):
			s.report.Twice++
		case told[i]:
			s.report.Completed++
		default:
			s.report.Already++
		}
		if c >= 0 {
			first[c] = true
		}
	}
	return nil
}

// before reports whether a row says what a row before it said, of those that are new: a file has people twice.
func (s *slice) before(r row) bool {
	for _, h := range r.handles {
		if s.seen[s.hash(h)] {
			return true
		}
	}
	return false
}

// lookUp asks who is known, and leaves out those who asked to be forgotten.
func (s *slice) lookUp(rows *[]row) (err error) {
	var handles []contact.Handle
	var names []string
	var of []int
	for i, r := range *rows {
		for _, h := range r.handles {
			handles, of = append(handles, h), append(of, i)
		}
		if r.Name != "" {
			names = append(names, text.Fold(r.Name))
		}
	}
	erased, err := s.Consents.ErasedIn(s.tx, handles)
	if err != nil {
		return err
	}
	gone := map[int]bool{}
	for i := range erased {
		gone[of[i]] = true
	}
	kept := make([]row, 0, len(*rows))
	for i, r := range *rows {
		if gone[i] {
			s.refusals = append(s.refusals, Refusal{Line: r.Line, Field: "row", Code: "erased"})
			continue
		}
		kept = append(kept, r)
	}
	*rows = kept
	if s.holders, err = s.Contacts.HoldersIn(s.tx, handles); err != nil {
		return err
	}
	s.named, err = s.Contacts.NamedIn(s.tx, names)
	return err
}

// place finds the card of a row, or makes it; -1 when it says nothing new of somebody who is known by their name.
func (s *slice) place(r row) int {
	at, known := -1, fact.ContactID(0)
	for _, h := range r.handles { // addresses come first, then pages, then telephones
		id, held := s.holders[h.Channel][h.Key]
		c, new := s.claimed[h.Channel][h.Key]
		switch {
		case held && known.IsZero() && at < 0 && (h.Channel != contact.Phone || s.sameName(r, id)):
			known = id
		case new && known.IsZero() && at < 0 && (h.Channel != contact.Phone || alike(r.Name, s.cards[c].Name)):
			at = c
		}
	}
	if at < 0 && known.IsZero() && len(r.handles) == 0 {
		for _, c := range s.named[text.Fold(r.Name)] {
			if text.Fold(c.Company) == text.Fold(r.Company) {
				known = c.ID
				break
			}
		}
		if known.IsZero() {
			for i, c := range s.cards {
				if len(c.Handles) == 0 && text.Fold(c.Name) == text.Fold(r.Name) && text.Fold(c.Company) == text.Fold(r.Company) {
					at = i
				}
			}
		}
	}
	if !known.IsZero() {
		if c, ok := s.of[known]; ok {
			at = c
		}
	}
	if at < 0 {
		at = len(s.cards)
		s.cards = append(s.cards, contact.Card{Contact: known, Lang: cmp.Or(r.Lang, s.Lang), At: r.Known})
		if !known.IsZero() {
			s.of[known] = at
		} else if len(s.named[text.Fold(r.Name)]) > 0 && r.Name != "" {
			s.report.note("namesake", r.Line)
		}
	}
	s.fill(at, r)
	return at
}

// fill puts what a row says on a card: what is empty there, and handles that nobody has.
func (s *slice) fill(at int, r row) {
	c := &s.cards[at]
	c.Name, c.Company, c.Role, c.Note = cmp.Or(c.Name, r.Name), cmp.Or(c.Company, r.Company), cmp.Or(c.Role, r.Role), cmp.Or(c.Note, r.Note)
	c.Place = cmp.Or(c.Place, r.Place)
	for _, v := range r.values {
		if !slices.ContainsFunc(c.Values, func(o contact.Value) bool { return o.Field == v.Field }) {
			c.Values = append(c.Values, v)
		}
	}
	for _, h := range r.handles {
		if id, held := s.holders[h.Channel][h.Key]; held {
			if id != c.Contact {
				s.report.note("of_another", r.Line)
			}
			continue
		}
		if other, taken := s.claimed[h.Channel][h.Key]; taken {
			if other != at {
				s.report.note("of_another", r.Line)
			}
			continue
		}
		if s.claimed[h.Channel] == nil {
			s.claimed[h.Channel] = map[string]int{}
		}
		s.claimed[h.Channel][h.Key] = at
		c.Handles = append(c.Handles, h)
	}
}

// sameName reports whether the name of a row is that of somebody, as far as names are known: a firm's telephone has many people behind it.
func (s *slice) sameName(r row, id fact.ContactID) bool {
	if r.Name == "" {
		return true
	}
	for _, c := range s.named[text.Fold(r.Name)] {
		if c.ID == id {
			return true
		}
	}
	return false
}

func alike(a, b string) bool { return a == "" || b == "" || text.Fold(a) == text.Fold(b) }
