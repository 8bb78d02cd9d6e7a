package newsletter

import (
	"embed"
	"fmt"
	"net/url"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/queue"
)

//go:embed fr.json en.json
var texts embed.FS

// ownCalm is how long an address gets one link to its data.
const ownCalm = 10 * time.Minute

// The kinds of mail.
const (
	KindConfirm    = "subscription" // the link that confirms a wish
	KindOwn        = "own_data"     // the link to what is held about its reader
	KindWelcome    = "welcome"      // what to expect, to who follows for the first time
	KindLetter     = "letter"
	KindLetterTest = "letter_test" // to somebody of the house, before it leaves
)

// Options are what a Service needs, all of them.
type Options struct {
	DB            *db.DB
	Bus           *bus.Bus
	House         *house.Service
	Voices        *voice.Service
	Places        *place.Service
	Contacts      *contact.Service
	Subscriptions *subscription.Service
	Deliveries    *delivery.Service
	Mailer        *mailer.Service
	Media         *media.Service
	Posts         *post.Service // of what strangers do not see yet, for those who write it
	Queue         *queue.Queue
	Host          string // of the public address: the domain of List-Ids
}

// Service writes to those who subscribe.
type Service struct {
	o        Options
	posts    *post.Reader
	catalog  *i18n.Catalog
	segments Segments // nil where nobody registered some
	press    press
}

// New returns the service and registers its kinds of mail and its projections. The error is a catalog that does not read.
func New(o Options) (*Service, error) {
	s := &Service{o: o, posts: post.PublicReader(), catalog: i18n.New()}
	if err := s.catalog.Add(texts); err != nil {
		return nil, fmt.Errorf("newsletter: %w", err)
	}
	o.Mailer.Register(
		mailer.Kind{Name: KindConfirm, Purpose: delivery.PurposeAccount, Lane: delivery.LaneAccount, Compose: s.composeConfirm},
		mailer.Kind{Name: KindOwn, Purpose: delivery.PurposeAccount, Lane: delivery.LaneAccount, Compose: s.composeOwn},
		mailer.Kind{Name: KindWelcome, Purpose: consent.Letter, Lane: delivery.LanePerson, Compose: s.composeWelcome, Gate: s.gate},
		mailer.Kind{Name: KindLetter, Purpose: consent.Letter, Lane: delivery.LaneBulk, Tells: true, Compose: s.composeLetter, Gate: s.gate},
		mailer.Kind{Name: KindLetterTest, Purpose: delivery.PurposeAccount, Lane: delivery.LanePerson, Compose: s.composeTest},
	)
	bus.Project(o.Bus, "newsletter", s.asked)
	bus.Project(o.Bus, "newsletter", s.ownAsked)
	bus.Project(o.Bus, "newsletter", s.confirmed)
	s.work()
	return s, nil
}

// fromIn returns what the mails of a voice are sent from: its own address, else that of the house.
func (s *Service) fromIn(tx *db.Tx, id fact.VoiceID) (mail.Address, error) {
	from, err := s.o.Mailer.HouseAddressIn(tx)
	if err != nil || id.IsZero() {
		return from, err
	}
	v, err := s.o.Voices.GetIn(tx, id)
	if err != nil {
		return from, err
	}
	from.Name = v.Name
	if v.Email != "" {
		from.Email = v.Email
	}
	return from, nil
}

// link leads to a page of the house with a token.
func (s *Service) link(path, token string) string {
	return s.o.Places.Last().House(path) + "?t=" + url.QueryEscape(token)
}
