package newsletter

import (
	"context"
	"fmt"

	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

const sendJob = "letter.send"

// sending is the body of the job that hands a letter to the outbox.
type sending struct {
	Letter fact.LetterID `json:"letter"`
}

// Why what is of a letter waits or never leaves. The words are delivery.reason.<reason>.
const (
	ReasonPaused    = "letter_paused"
	ReasonCancelled = "letter_cancelled"
)

type deliveryRef = delivery.Ref

func ref(id fact.LetterID) deliveryRef { return delivery.Ref{Kind: delivery.RefLetter, ID: int64(id)} }

func (s *Service) work() {
	queue.Handle(s.o.Queue, sendJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, b sending) error { return s.send(ctx, b.Letter) })
	s.digests()
	s.follow()
	bus.Project(s.o.Bus, "newsletter", func(tx *db.Tx, _ bus.Event, f fact.VoiceRemoved) error {
		if err := s.dropWelcomeIn(tx, f.Voice); err != nil || f.Heir.IsZero() {
			return err
		}
		_, err := db.Exec(tx, qHeir, f.Voice, f.Heir)
		return err
	})
}

// slice is how many recipients are handed over in one transaction: some 20 ms of SQLite's only writer.
const slice = 250

// HandOver does at once what the job of a letter that is due would do.
func (s *Service) HandOver(ctx context.Context, id fact.LetterID) error { return s.send(ctx, id) }

// send hands a letter to the outbox, from where it had come when the program stopped. Whoever is in the outbox is not put there twice:
// the key of a delivery is the letter and the person.
func (s *Service) send(ctx context.Context, id fact.LetterID) error {
	for {
		var begun Letter // as it is set, outside of the transaction that has it begin
		var d draft
		err := s.o.DB.Read(ctx, func(tx *db.Tx) error {
			l, found, err := db.Maybe(tx, qByID, scanLetter, id)
			if err != nil || !found || l.State != Scheduled || l.SendAt.After(tx.Now()) {
				return err
			}
			begun = l
			d, err = s.gatherIn(tx, l)
			return err
		})
		if fault.Is(err, fault.KindInvalid) && !begun.Post.IsZero() { // its post was taken back since
			return s.o.DB.Write(ctx, func(tx *db.Tx) error {
				l, found, err := db.Maybe(tx, qByID, scanLetter, id)
				if err != nil || !found || l.State != Scheduled {
					return err
				}
				return s.waitIn(tx, l)
			})
		}
		if err != nil {
			return err
		}
		var k kept
		if !begun.ID.IsZero() {
			k, _ = d.set()
		}
		more := false
		err = s.o.DB.Write(ctx, func(tx *db.Tx) (err error) {
			more, err = s.handIn(tx, id, begun, k)
			return err
		})
		if err != nil || !more {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// handIn hands some recipients over, and reports whether there may be more.
func (s *Service) handIn(tx *db.Tx, id fact.LetterID, begun Letter, k kept) (more bool, err error) {
	l, found, err := db.Maybe(tx, qByID, scanLetter, id)
	if err != nil || !found || !l.HandedAt.IsZero() || l.State != Scheduled && l.State != Sending || l.SendAt.After(tx.Now()) {
		return false, err // taken back, paused, put off: another job comes
	}
	if l.State == Scheduled {
		if !l.UpdatedAt.Equal(begun.UpdatedAt) {
			return true, nil // it was changed meanwhile: it is set again
		}
		if err := s.beginIn(tx, l, k); err != nil {
			return false, err
		}
	}
	people, reached, err := s.audienceIn(tx, l, slice)
	if err != nil {
		return false, err
	}
	if len(people) == 0 && reached == l.reached {
		_, err := db.Exec(tx, qHand, l.ID, db.At(tx.Now()))
		return false, err
	}
	ready, err := s.keptIn(tx, l.ID, "")
	if err != nil {
		return false, err
	}
	batch := make([]delivery.Outgoing, 0, len(people))
	for _, p := range people {
		batch = append(batch, delivery.Outgoing{
			Channel: mailer.Channel, Kind: KindLetter, Key: fmt.Sprintf("mail/letter:%v/contact:%v", l.ID, p.Contact), Voice: l.Voice, Contact: p.Contact,
			Handle: p.Handle, About: ref(l.ID), Recipient: p.Email, Subject: ready.shown, Parcel: parcel{Name: p.Name, Company: p.Company},
		})
	}
	if _, err := s.o.Deliveries.EnqueueIn(tx, actor.System(), batch...); err != nil {
		return false, err
	}
	_, err = db.Exec(tx, qReach, l.ID, reached)
	return true, err
}

// beginIn keeps how the letter is set: whatever is changed afterwards, everybody gets the same.
func (s *Service) beginIn(tx *db.Tx, l Letter, k kept) error {
	if err := keepEdition(tx, l.ID, "", k); err != nil {
		return err
	}
	if err := s.refer(tx, actor.System(), l, true); err != nil {
		return err
	}
	_, err := db.Exec(tx, qBegin, l.ID, db.At(tx.Now()))
	return err
}

// recipient is who gets a letter.
type recipient struct {
	Contact       fact.ContactID
	Handle        fact.HandleID
	Email         string
	Name, Company string
}

// audienceIn returns up to n who get a letter, behind those who are in the outbox, and up to where it looked.
func (s *Service) audienceIn(tx *db.Tx, l Letter, n int) (people []recipient, reached int64, err error) {
	var ids []fact.ContactID
	handle := map[fact.ContactID]fact.HandleID{}
	reached = l.reached
	if l.Audience == Followers {
		section, err := s.sectionIn(tx, l)
		if err != nil {
			return nil, 0, err
		}
		subs, err := s.o.Subscriptions.FollowersIn(tx, l.Voice, section, fact.SubscriberID(l.reached), n)
		if err != nil {
			return nil, 0, err
		}
		for _, sub := range subs {
			reached = int64(sub.ID)
			if _, twice := handle[sub.Contact]; !twice { // two addresses of one person
				ids, handle[sub.Contact] = append(ids, sub.Contact), sub.Handle
			}
		}
	} else {
		if s.segments == nil {
			return nil, 0, fault.NotFound("segment")
		}
		if ids, err = s.segments.ContactsIn(tx, l.Audience, fact.ContactID(l.reached), n); err != nil {
			return nil, 0, err
		}
		if len(ids) > 0 {
			reached = int64(ids[len(ids)-1])
		}
	}
	known, err := s.o.Contacts.AddresseesIn(tx, ids)
	if err != nil {
		return nil, 0, err
	}
	for _, id := range ids {
		a := known[id]
		h := a.Email(handle[id])
		if h.ID.IsZero() {
			continue // no address to write to
		}
		people = append(people, recipient{Contact: a.ID, Handle: h.ID, Email: h.Value, Name: a.Name, Company: a.Company})
	}
	return people, reached, nil
}

// sectionIn returns the section of the post that a letter carries, zero for none.
func (s *Service) sectionIn(tx *db.Tx, l Letter) (fact.SectionID, error) {
	if l.Post.IsZero() {
		return 0, nil
	}
	p, err := s.posts.ByID(tx, l.Post)
	if fault.Is(err, fault.KindNotFound) || err == nil && p.Section == nil {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return p.Section.ID, nil
}

// Segments are the saved filters over people. Whoever keeps them registers.
type Segments interface {
	// NameIn returns what a segment is called; segment.not_found when there is none or by may not see it.
	NameIn(tx *db.Tx, by actor.Actor, id string) (string, error)
	// ContactsIn returns up to n of its people with an id above after, in the order of their ids; fewer only at the end.
	ContactsIn(tx *db.Tx, id string, after fact.ContactID, n int) ([]fact.ContactID, error)
}

// RegisterSegments makes segments known as audiences. Call it while the program is wired.
func (s *Service) RegisterSegments(all Segments) { s.segments = all }

func (s *Service) segmentName(tx *db.Tx, by actor.Actor, id string) (string, error) {
	if s.segments == nil {
		return "", fault.Invalid("audience", "unknown")
	}
	name, err := s.segments.NameIn(tx, by, id)
	if fault.Is(err, fault.KindNotFound) {
		err = fault.Invalid("audience", "unknown")
	}
	return name, err
}
