package mailbox

import (
	"context"
	"embed"
	"fmt"
	"net/url"

	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/queue"
)

//go:embed fr.json en.json
var texts embed.FS

// The kinds of its mails.
const (
	KindAnswer       = "answer"
	KindConfirmation = "confirmation"
	KindPublished    = "published"
)

// Options are what a Service needs, all of them.
type Options struct {
	DB         *db.DB
	Bus        *bus.Bus
	House      *house.Service
	Voices     *voice.Service
	Contacts   *contact.Service
	Inbox      *inbox.Service
	Deliveries *delivery.Service
	Mailer     *mailer.Service
	Places     *place.Service
	Queue      *queue.Queue
}

// Service composes what leaves for one person.
type Service struct {
	o       Options
	posts   *post.Reader
	catalog *i18n.Catalog
}

// New returns the service and registers its projections, its job, its kinds of mail, and mail as a channel and as the way that answers
// leave. The error is a catalog that does not read.
func New(o Options) (*Service, error) {
	s := &Service{o: o, posts: post.PublicReader(), catalog: i18n.New()}
	if err := s.catalog.Add(texts); err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	o.Inbox.RegisterChannel(Channel)
	o.Inbox.RegisterWay(way{s})
	bus.Project(o.Bus, "mailbox", s.answered)
	bus.Project(o.Bus, "mailbox", s.approved)
	bus.Project(o.Bus, "mailbox", s.received)
	bus.Project(o.Bus, "mailbox", s.published)
	bus.Project(o.Bus, "mailbox", s.readdressed)
	queue.Handle(o.Queue, receiptJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, f receiptFor) error {
		return o.DB.Write(ctx, func(tx *db.Tx) error { return s.receipt(tx, f) })
	})
	o.Mailer.Register(
		mailer.Kind{Name: KindAnswer, Purpose: delivery.PurposeConversation, Lane: delivery.LanePerson, Compose: s.composeAnswer},
		mailer.Kind{Name: KindConfirmation, Purpose: delivery.PurposeAccount, Lane: delivery.LaneAccount, Compose: s.composeConfirmation},
		mailer.Kind{Name: KindReceipt, Purpose: delivery.PurposeConversation, Lane: delivery.LanePerson, Compose: s.composeReceipt},
		mailer.Kind{Name: KindPublished, Purpose: delivery.PurposeAccount, Lane: delivery.LaneAccount, Compose: s.composePublished},
	)
	return s, nil
}

// fromIn returns what the mails of a voice are sent from: its own address, else the contact address of the house, else
// contact@ the host of the site.
func (s *Service) fromIn(tx *db.Tx, id fact.VoiceID) (mail.Address, error) {
	v, err := s.o.Voices.GetIn(tx, id)
	if err != nil {
		return mail.Address{}, err
	}
	from := mail.Address{Name: v.Name, Email: v.Email}
	if from.Email == "" {
		h, err := s.o.Mailer.HouseAddressIn(tx)
		if err != nil {
			return from, err
		}
		from.Email = h.Email
	}
	return from, nil
}

func (s *Service) absolute(path string) string {
	return s.o.Places.Last().House(path)
}

// confirmLink leads to where the reader of a handle's mail says that it is theirs, and that they wrote m.
func (s *Service) confirmLink(tx *db.Tx, m inbox.Message, h fact.HandleID) (string, error) {
	token, err := s.o.Inbox.ConfirmTokenIn(tx, m, h)
	return s.absolute("/confirm?t=" + url.QueryEscape(token)), err
}

// disownLink leads to where the reader of a handle's mail says that they did not write m.
func (s *Service) disownLink(tx *db.Tx, m inbox.Message, h fact.HandleID) string {
	return s.absolute("/confirm/not-me?t=" + url.QueryEscape(s.o.Inbox.DisownToken(m, h, tx.Now())))
}

// postLink returns the public address of a post, "" while it has none.
func (s *Service) postLink(tx *db.Tx, id fact.PostID) (string, error) {
	p, err := s.posts.ByID(tx, id)
	if fault.Is(err, fault.KindNotFound) {
		return "", nil // strangers do not see it, or no longer
	}
	if err != nil {
		return "", err
	}
	path := post.Path(p)
	if path == "" {
		return "", nil
	}
	places, err := s.o.Places.GetIn(tx)
	if err != nil {
		return "", err
	}
	return places.URL(p.Voice, path), nil
}
