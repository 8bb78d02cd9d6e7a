package subscription

import (
	"cmp"
	"context"
	"encoding/hex"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
)

// Options are what a Service needs, all of them.
type Options struct {
	DB       *db.DB
	Bus      *bus.Bus
	Queue    *queue.Queue
	House    *house.Service
	Voices   *voice.Service
	Contacts *contact.Service
	Consents *consent.Service
	Box      *seal.Box
}

// Service keeps who receives what.
type Service struct{ o Options }

// New returns the service and registers its projections and its nightly job.
func New(o Options) *Service {
	s := &Service{o: o}
	s.listen()
	queue.Handle(o.Queue, pruneJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ struct{}) error {
		_, err := s.Prune(ctx)
		return err
	})
	queue.Handle(o.Queue, floodJob, queue.KindOptions{KeepKey: 48 * time.Hour}, func(ctx context.Context, _ queue.Job, _ struct{}) error { return s.tellFlood(ctx) })
	o.Queue.Every(pruneJob, func(after time.Time) time.Time { return after.Truncate(time.Hour).Add(time.Hour) }, pruneJob)
	o.Contacts.RegisterTie(func(tx *db.Tx, id fact.ContactID) (bool, error) {
		_, found, err := db.Maybe(tx, qAnyOf, db.Scalar[fact.SubscriberID], id)
		return found, err
	})
	return s
}

// Offered is a voice that one may follow, and its sections.
type Offered struct {
	voice.Voice
	Sections []post.Section
}

// OfferedIn returns what one may follow: the voices that strangers read, in the order of the house.
func (s *Service) OfferedIn(tx *db.Tx) (all []Offered, err error) {
	voices, err := s.o.Voices.ListIn(tx)
	if err != nil {
		return nil, err
	}
	read := post.PublicReader()
	for _, v := range voices {
		if !v.Public() {
			continue
		}
		sections, err := read.Sections(tx, v.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, Offered{Voice: v, Sections: sections})
	}
	return all, nil
}

// checkIn adds to p what of a wish is not offered.
func (s *Service) checkIn(tx *db.Tx, w Wish, p *fault.Problems) error {
	offered, err := s.OfferedIn(tx)
	if err != nil {
		return err
	}
	for _, f := range w.Follows {
		if NameOf(offered, f) == "" {
			p.Add("follows", "unknown")
			return nil
		}
	}
	return nil
}

// digest names an address without saying it.
func (s *Service) digest(email string) string {
	return hex.EncodeToString(s.o.Box.MAC("subscription.ask", []byte(email)))
}

// GetIn returns a subscriber, with what they follow; subscription.not_found when there is none.
func (s *Service) GetIn(tx *db.Tx, id fact.SubscriberID) (Subscriber, error) {
	all, err := subscribersIn(tx, qByID, id)
	if err != nil || len(all) == 0 {
		return Subscriber{}, cmp.Or(err, error(fault.NotFound("subscription")))
	}
	return all[0], nil
}

// OfContact returns what the addresses of somebody follow, the first known first. Authors of any voice may, as for the contact itself.
func (s *Service) OfContact(ctx context.Context, by actor.Actor, id fact.ContactID) (all []Subscriber, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, err
	}
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = subscribersIn(tx, qOfContact, id)
		return err
	})
	return all, err
}

// FollowersIn returns up to n of those who follow a voice, or one of its sections when section is not zero, and hear from it each time
// it publishes, with an id above after, in the order of their ids. Those who pause are left out.
func (s *Service) FollowersIn(tx *db.Tx, v fact.VoiceID, section fact.SectionID, after fact.SubscriberID, n int) ([]Subscriber, error) {
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return nil, err
	}
	return db.All(tx, qFollowers, scanSubscriber, v, int64(section), int64(after), h.Today(tx.Now()), n)
}

// CountIn returns how many people follow a voice now, or one of its sections when section is not zero, by how often they hear from it.
func (s *Service) CountIn(tx *db.Tx, v fact.VoiceID, section fact.SectionID) (map[string]int, error) {
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return nil, err
	}
	n := map[string]int{}
	_, err = db.All(tx, qCount, func(r db.Row) (struct{}, error) {
		var rhythm string
		var count int
		err := r.Scan(&rhythm, &count)
		n[rhythm] = count
		return struct{}{}, err
	}, v, int64(section), h.Today(tx.Now()))
	return n, err
}

// CountsIn returns how many people follow each voice in which by may write, or a section of it, by how often they hear from it.
func (s *Service) CountsIn(tx *db.Tx, by actor.Actor) (map[fact.VoiceID]map[string]int, error) {
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return nil, err
	}
	all := map[fact.VoiceID]map[string]int{}
	_, err = db.AllScoped(tx, qCounts, by.Scope(actor.Author), func(r db.Row) (struct{}, error) {
		var voice fact.VoiceID
		var rhythm string
		var n int
		err := r.Scan(&voice, &rhythm, &n)
		if all[voice] == nil {
			all[voice] = map[string]int{}
		}
		all[voice][rhythm] = n
		return struct{}{}, err
	}, h.Today(tx.Now()))
	return all, err
}

// DigestsIn returns up to n of those who hear from what they follow by a digest of a rhythm, with what they follow, with an id above
// after, in the order of their ids. Those who pause, and who follow nothing any more, are left out.
func (s *Service) DigestsIn(tx *db.Tx, rhythm string, after fact.SubscriberID, n int) ([]Subscriber, error) {
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return nil, err
	}
	return subscribersIn(tx, qDigests, rhythm, int64(after), h.Today(tx.Now()), n)
}

// Barred is why nothing in the name of a voice leaves for somebody: LeftVoice or Paused.
type Barred string

// The reasons. Their words are delivery.reason.<reason>.
const (
	LeftVoice Barred = "left_voice"
	Paused    Barred = "paused"
)

// BarredIn returns which of some contacts are not written to in the name of a voice now, and why. Who does not follow it at all is not
// among them: what is sent to a segment goes to people who follow nothing.
func (s *Service) BarredIn(tx *db.Tx, v fact.VoiceID, people []fact.ContactID) (map[fact.ContactID]Barred, error) {
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return nil, err
	}
	type state struct {
		contact        fact.ContactID
		follows, pause bool
	}
	rows, err := db.AllIn(tx, qBarred, func(r db.Row) (x state, err error) { return x, r.Scan(&x.contact, &x.follows, &x.pause) }, people, v, h.Today(tx.Now()))
	barred := map[fact.ContactID]Barred{}
	for _, x := range rows {
		switch {
		case !x.follows:
			barred[x.contact] = LeftVoice
		case x.pause:
			barred[x.contact] = Paused
		}
	}
	return barred, err
}

// NameOf returns what a follow is called, « Claire Aubin, Métier » for a section; "" when it is not offered.
func NameOf(all []Offered, f Follow) string {
	for _, o := range all {
		if o.ID != f.Voice {
			continue
		}
		if f.Section.IsZero() {
			return o.Name
		}
		for _, sec := range o.Sections {
			if sec.ID == f.Section {
				return o.Name + ", " + sec.Name
			}
		}
	}
	return ""
}

// Offered is OfferedIn outside a transaction.
func (s *Service) Offered(ctx context.Context) (all []Offered, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = s.OfferedIn(tx)
		return err
	})
	return all, err
}
