package silence

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/core/place"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
)

//go:embed fr.json en.json
var texts embed.FS

const lookJob = "silence.look"

// Options are what a Service needs, all of them.
type Options struct {
	DB         *db.DB
	Bus        *bus.Bus
	Queue      *queue.Queue
	House      *house.Service
	Places     *place.Service
	Contacts   *contact.Service
	Consents   *consent.Service
	Deliveries *delivery.Service
	Mailer     *mailer.Service
	Box        *seal.Box
	Words      func(tx *db.Tx, people []fact.ContactID) (map[fact.ContactID]time.Time, error) // when they last said something
	Mandates   func(tx *db.Tx, people []fact.ContactID) (open map[fact.ContactID]bool, ended map[fact.ContactID]time.Time, err error)
	Speaks     func(tx *db.Tx, people []fact.ContactID) (map[fact.ContactID]bool, error) // strangers read what they wrote
}

// Service knows who said nothing for long.
type Service struct {
	o       Options
	catalog *i18n.Catalog
}

// New returns the service and registers its kind of mail, its projections and its nightly job. The error is a catalog that does not read.
func New(o Options) (*Service, error) {
	s := &Service{o: o, catalog: i18n.New()}
	if err := s.catalog.Add(texts); err != nil {
		return nil, fmt.Errorf("silence: %w", err)
	}
	o.Mailer.Register(mailer.Kind{Name: KindStay, Purpose: consent.Letter, Lane: delivery.LanePerson, Compose: s.compose})
	bus.Project(o.Bus, "silence", func(tx *db.Tx, _ bus.Event, f fact.ContactErased) error { return drop(tx, f.Contact) })
	bus.Project(o.Bus, "silence", func(tx *db.Tx, _ bus.Event, f fact.ContactsMerged) error { return drop(tx, f.Contact, f.Gone) }) // made again tonight
	queue.Handle(o.Queue, lookJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ struct{}) error { return s.Look(ctx) })
	o.Queue.Every(lookJob, func(after time.Time) time.Time { return after.Truncate(24 * time.Hour).Add(28 * time.Hour) }, lookJob)
	return s, nil
}

func drop(tx *db.Tx, people ...fact.ContactID) error {
	_, err := db.ExecIn(tx, qDrop, people)
	return err
}

// Outlook is what the house does about those who said nothing, and to how many.
type Outlook struct {
	Erases bool      // an owner turned it on
	Since  time.Time // when
	Due    int       // whom it proposes to erase, or erases
	Asked  int       // of them: were asked whether they wish to stay
	Held   int       // about whom a person has to decide: strangers read what they wrote
	Kept   int       // whom somebody keeps
	Next   clock.Day // the next day on which some are erased, zero for none
	Then   int       // how many on that day
}

// Any reports whether there is anybody.
func (o Outlook) Any() bool { return o.Due+o.Held > 0 }

// OutlookIn returns it, for whoever asks: its callers asked who may.
func (s *Service) OutlookIn(tx *db.Tx) (o Outlook, err error) {
	t, err := switchIn(tx)
	if err != nil {
		return o, err
	}
	o, err = db.One(tx, qCount, func(r db.Row) (o Outlook, err error) { return o, r.Scan(&o.Due, &o.Asked, &o.Held, &o.Kept) })
	if err != nil {
		return o, err
	}
	o.Erases, o.Since = t.erases, t.at
	_, _, err = db.Maybe(tx, qNext, func(r db.Row) (struct{}, error) {
		var day string
		err := r.Scan(&day, &o.Then)
		o.Next, _ = clock.ParseDay(day)
		return struct{}{}, err
	})
	return o, err
}

// pageSize is how many a page of the list shows.
const pageSize = 50

// Page is the outlook, and some of the people, those first whose term ends first.
type Page struct {
	Outlook
	People []Silence
	Next   string // the cursor of the following page, "" at the end
}

// List returns a page. Owners may.
func (s *Service) List(ctx context.Context, by actor.Actor, cursor string) (p Page, err error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return p, err
	}
	from, after := "", int64(0)
	if cursor != "" {
		c, err := db.ParseCursor(cursor)
		if err != nil {
			return p, err
		}
		from, after = clock.DayOf(c.At, time.UTC).String(), c.ID
	}
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		if p.Outlook, err = s.OutlookIn(tx); err != nil {
			return err
		}
		if p.People, err = db.All(tx, qList, scan, from, after, pageSize+1); err != nil {
			return err
		}
		if len(p.People) > pageSize {
			p.People = p.People[:pageSize]
			last := p.People[pageSize-1]
			p.Next = db.Cursor{At: last.Term.Start(time.UTC), ID: int64(last.Contact)}.Encode()
		}
		ids := make([]fact.ContactID, len(p.People))
		for i, one := range p.People {
			ids[i] = one.Contact
		}
		names, err := s.o.Contacts.ByIDsIn(tx, ids)
		for i := range p.People {
			p.People[i].Name = names[p.People[i].Contact].Label()
		}
		return err
	})
	return p, err
}

// Turn has the house ask and erase by itself, or propose only. Owners may.
func (s *Service) Turn(ctx context.Context, by actor.Actor, erases bool) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	err := s.o.DB.Write(ctx, func(tx *db.Tx) error {
		if t, err := switchIn(tx); err != nil || t.erases == erases {
			return err
		}
		_, err := db.Exec(tx, qTurn, erases, by.Account, db.At(tx.Now()))
		return err
	})
	if err != nil {
		return err
	}
	return s.again(ctx) // the days, which stand in the rows
}

// Keep has nobody erase somebody by itself, for a reason; "" takes it back. Owners may.
func (s *Service) Keep(ctx context.Context, by actor.Actor, id fact.ContactID, reason string) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	if reason != "" && !slices.Contains(Reasons(), reason) {
		return fault.Invalid("reason", "unknown")
	}
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		found, err := db.AllIn(tx, qIn, scan, []fact.ContactID{id})
		if err != nil || len(found) == 0 {
			if err == nil {
				err = fault.NotFound("contact")
			}
			return err
		}
		one := found[0]
		one.Kept, one.KeptBy, one.KeptAt = reason, fact.AccountID(by.Account), tx.Now()
		if reason == "" {
			one.KeptBy, one.KeptAt, one.NotedAt = 0, time.Time{}, tx.Now() // thirty days again
		}
		h, err := s.o.House.GetIn(tx)
		if err != nil {
			return err
		}
		t, err := switchIn(tx)
		if err != nil {
			return err
		}
		one.EraseOn = one.eraseOn(t.erases, t.at, h.Location())
		return put(tx, []Silence{one})
	})
}
