package notice

import (
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// What is told is looked at twice: when it is handed to the outbox, and when it leaves. Whatever was answered, let through, taken
// away or forgotten meanwhile is told no more.

// thing is an item with the message that it tells of.
type thing struct {
	item
	m     inbox.Message
	under inbox.Message // what the reader wrote
	page  string        // where a reader reads m
}

// forAccount returns what of all still waits for somebody who may act on it.
func (s *Service) forAccount(tx *db.Tx, by actor.Actor, all []item) (still []thing, err error) {
	found, err := s.o.Inbox.ByIDsIn(tx, ids(all))
	if err != nil {
		return nil, err
	}
	for _, it := range all {
		m, ok := found[it.message]
		if !ok {
			continue
		}
		now, role := kindOf(m)
		if waits(m) && now == it.what && by.On(int64(m.Voice)) >= role {
			still = append(still, thing{item: it, m: m})
		}
	}
	return still, nil
}

// waits reports whether nobody of the house has seen to m yet.
func waits(m inbox.Message) bool { return m.State == inbox.Open || m.State == inbox.Held }

// forReader returns what of all strangers see, under something of a reader who still wants to be told.
func (s *Service) forReader(tx *db.Tx, to told, all []item) (still []thing, err error) {
	wanted := ids(all)
	for _, it := range all {
		wanted = append(wanted, it.under)
	}
	found, err := s.o.Inbox.ByIDsIn(tx, wanted)
	if err != nil {
		return nil, err
	}
	page, err := s.pageOf(tx, to.Post)
	if err != nil || page == "" {
		return nil, err
	}
	h, err := s.addressOf(tx, to.Handle)
	if err != nil || h.ID.IsZero() {
		return nil, err
	}
	for _, it := range all {
		m, under := found[it.message], found[it.under]
		own := m.Direction == inbox.In && m.Contact == under.Contact // two who were one person
		if follows(under) && under.Handle == to.Handle && m.Moderation == inbox.Visible && m.Post == to.Post && !own {
			reach, err := s.o.Inbox.ReachIn(tx, under, h)
			if err != nil {
				return nil, err
			}
			if reach.To == "" {
				continue // an answer of the house would not leave for them either
			}
			still = append(still, thing{it, m, under, page + "#c-" + m.ID.String()})
		}
	}
	return still, nil
}

// pageOf returns the public address of a post, "" while strangers do not see it.
func (s *Service) pageOf(tx *db.Tx, id fact.PostID) (string, error) {
	p, err := s.posts.ByID(tx, id)
	if fault.Is(err, fault.KindNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	places, err := s.o.Places.GetIn(tx)
	if err != nil {
		return "", err
	}
	return places.URL(p.Voice, post.Path(p)), nil
}

// addressOf returns the e-mail address of a handle, the zero handle when it has none any more.
func (s *Service) addressOf(tx *db.Tx, id fact.HandleID) (contact.Handle, error) {
	h, err := s.o.Contacts.HandleIn(tx, id)
	if fault.Is(err, fault.KindNotFound) || err == nil && h.Channel != contact.Email {
		return contact.Handle{}, nil
	}
	return h, err
}

// message returns one message, or fault.NotFound.
func (s *Service) message(tx *db.Tx, id fact.MessageID) (inbox.Message, error) {
	found, err := s.o.Inbox.ByIDsIn(tx, []fact.MessageID{id})
	if err == nil && found[id].ID.IsZero() {
		err = fault.NotFound("message")
	}
	return found[id], err
}
