package inbox

import (
	"context"
	"errors"
	"strconv"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/seal"
)

const (
	confirmPurpose = "confirm"
	confirmFor     = 30 * 24 * time.Hour
	disownPurpose  = "not_me"
	disownFor      = 365 * 24 * time.Hour
)

// ConfirmTokenIn returns what proves that whoever reads the mail of h wrote m, for a link that works thirty days.
func (s *Service) ConfirmTokenIn(tx *db.Tx, m Message, h fact.HandleID) (string, error) {
	p, _, err := proofIn(tx, h, nameKey(m.Name))
	return s.box.Token(confirmPurpose, tx.Now().Add(confirmFor), h.String(), nameKey(m.Name), strconv.Itoa(p.round)), err
}

// confirmation is what a link to confirm proves: that the reader of a handle's mail writes under a name.
type confirmation struct {
	handle fact.HandleID
	named  bool // links that were mailed before names were kept prove the handle alone
	key    string
	round  int
}

// Subject is what a confirmation is about.
type Subject struct {
	Name  string
	Email string // their own address, shown only to who holds the link
	Done  bool   // it is confirmed already

	Message fact.MessageID // the last comment from there that others see, zero when there is none
	Post    fact.PostID    // that it stands under
}

var qLastSeen = db.Q("message.last_seen", `
	SELECT id, post_id FROM messages
	 WHERE contact_id = $1 AND handle_id = $2 AND direction = 'in' AND moderation = 'visible' AND post_id IS NOT NULL
	 ORDER BY at DESC, id DESC LIMIT 1`)

// ConfirmSubject tells whom a link is about, and changes nothing. A link that is none is confirmation.not_found, one that
// is too old, or was taken back since, confirmation.gone.
func (s *Service) ConfirmSubject(ctx context.Context, token string) (what Subject, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, h, done, err := s.confirmationIn(tx, token)
		if err != nil {
			return err
		}
		people, err := s.contacts.ByIDsIn(tx, []fact.ContactID{h.Contact})
		what = Subject{Name: people[h.Contact].Name, Email: h.Value, Done: done && (h.Verified() || c.named)}
		if err != nil {
			return err
		}
		seen, _, err := db.Maybe(tx, qLastSeen, func(r db.Row) (m Message, err error) {
			err = r.Scan(&m.ID, &m.Post)
			return m, err
		}, h.Contact, h.ID)
		what.Message, what.Post = seen.ID, seen.Post
		return err
	})
	return what, err
}

// Confirm notes that the address of a link is its reader's, and that they write under its name. A second time changes nothing.
func (s *Service) Confirm(ctx context.Context, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, h, _, err := s.confirmationIn(tx, token)
		if err != nil {
			return err
		}
		if _, err := s.contacts.VerifyIn(tx, actor.Visitor(), h.ID); err != nil || !c.named {
			return err
		}
		_, err = db.Exec(tx, qProve, h.ID, c.key, db.At(tx.Now()), c.round)
		return err
	})
}

// confirmationIn reads a link, and tells whether it was pressed before.
func (s *Service) confirmationIn(tx *db.Tx, token string) (c confirmation, h contact.Handle, done bool, err error) {
	payload, err := s.openLink(confirmPurpose, token, tx.Now(), 1, 3)
	if err != nil {
		return c, h, false, err
	}
	if c.handle, err = fact.Parse[fact.HandleID](payload[0]); err != nil {
		return c, h, false, fault.NotFound("confirmation")
	}
	if h, err = s.contacts.HandleIn(tx, c.handle); err != nil {
		return c, h, false, notConfirmation(err)
	}
	if len(payload) == 1 {
		return c, h, h.Verified(), nil
	}
	c.named, c.key = true, payload[1]
	c.round, _ = strconv.Atoi(payload[2])
	p, _, err := proofIn(tx, h.ID, c.key)
	if err == nil && p.round != c.round {
		err = fault.Gone("confirmation")
	}
	return c, h, !p.proved.IsZero(), err
}

// DisownToken returns what takes m back, for the link « it was not me » in the mail to whoever owns h.
func (s *Service) DisownToken(m Message, h fact.HandleID, now time.Time) string {
	return s.box.Token(disownPurpose, now.Add(disownFor), m.ID.String(), h.String())
}

// Disowning is what a link « it was not me » is about.
type Disowning struct {
	Message
	Email string // whose owner was told
	Done  bool   // it was taken back already
}

// DisownSubject tells what such a link is about, and changes nothing. Its faults are those of ConfirmSubject.
func (s *Service) DisownSubject(ctx context.Context, token string) (what Disowning, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		what, _, err = s.disowningIn(tx, token)
		return err
	})
	return what, err
}

// Disown takes back what was written under the address of a link: nobody sees it any more, it waits among what is held with the
// reason ReasonDisowned, it is tied to nobody, and whatever the address had proved must be proved anew. A second time changes
// nothing.
func (s *Service) Disown(ctx context.Context, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		was, handle, err := s.disowningIn(tx, token)
		if err != nil || was.Done {
			return err
		}
		if err := doubt(tx, handle, was.Message); err != nil {
			return err
		}
		if was.Moderation == Spam || was.Moderation == Removed {
			return nil // the house took it away before
		}
		m := was.with(Held, Open)
		m.Reason = ReasonDisowned
		return s.place(tx, actor.Visitor(), was.Message, m)
	})
}

func (s *Service) disowningIn(tx *db.Tx, token string) (what Disowning, h fact.HandleID, err error) {
	payload, err := s.openLink(disownPurpose, token, tx.Now(), 2, 2)
	if err != nil {
		return what, 0, err
	}
	id, err := fact.Parse[fact.MessageID](payload[0])
	if err == nil {
		h, err = fact.Parse[fact.HandleID](payload[1])
	}
	if err != nil {
		return what, 0, fault.NotFound("confirmation")
	}
	if what.Message, err = db.One(tx, qByID, scan, id); err != nil {
		return what, h, notConfirmation(err)
	}
	handle, err := s.contacts.HandleIn(tx, h)
	what.Email = handle.Value
	what.Done = what.Moderation == Held && what.Reason == ReasonDisowned
	return what, h, notConfirmation(err)
}

// openLink reads the payload of a link of at least least and at most most parts.
func (s *Service) openLink(purpose, token string, now time.Time, least, most int) ([]string, error) {
	payload, err := s.box.OpenToken(purpose, token, now)
	if errors.Is(err, seal.ErrExpired) {
		return nil, fault.Gone("confirmation").Because(err)
	}
	if err != nil || len(payload) < least || len(payload) > most || len(payload) == 2 && most == 3 {
		return nil, fault.NotFound("confirmation")
	}
	return payload, nil
}

// notConfirmation says of what is not there any more that the link leads nowhere.
func notConfirmation(err error) error {
	if fault.Is(err, fault.KindNotFound) {
		return fault.NotFound("confirmation")
	}
	return err
}
