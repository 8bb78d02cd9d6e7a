package mailbox

import (
	"context"
	"embed"
	"fmt"
	"net/url"
	"strings"

	"causerie/internal/core/account"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
)

//go:embed fr.json en.json
var texts embed.FS

// Options are what a Service needs, all of them.
type Options struct {
	DB         *db.DB
	Bus        *bus.Bus
	House      *house.Service
	Voices     *voice.Service
	Contacts   *contact.Service
	Inbox      *inbox.Service
	Deliveries *delivery.Service
	BaseURL    *url.URL // the public address, for links
}

// Service composes what leaves for one person.
type Service struct {
	o       Options
	posts   *post.Reader
	catalog *i18n.Catalog
}

// New returns the service and registers its projections. The error is a catalog that does not read.
func New(o Options) (*Service, error) {
	s := &Service{o: o, posts: post.PublicReader(), catalog: i18n.New()}
	if err := s.catalog.Add(texts); err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	bus.Project(o.Bus, "mailbox", s.answered)
	bus.Project(o.Bus, "mailbox", s.approved)
	return s, nil
}

// From returns what the mails of a voice are sent from: its own address, else the contact address of the house, else
// contact@ the host of the site.
func (s *Service) From(ctx context.Context, v fact.VoiceID) (address string, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		from, err := s.fromIn(tx, v)
		address = from.Email
		return err
	})
	return address, err
}

func (s *Service) fromIn(tx *db.Tx, id fact.VoiceID) (mail.Address, error) {
	v, err := s.o.Voices.GetIn(tx, id)
	if err != nil {
		return mail.Address{}, err
	}
	from := mail.Address{Name: v.Name, Email: v.Email}
	if from.Email == "" {
		h, err := s.houseAddress(tx)
		if err != nil {
			return from, err
		}
		from.Email = h.Email
	}
	return from, nil
}

// houseAddress is what the house itself writes from.
func (s *Service) houseAddress(tx *db.Tx) (mail.Address, error) {
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return mail.Address{}, err
	}
	a := mail.Address{Name: h.Name, Email: h.Identity.ContactEmail}
	if a.Email == "" {
		a.Email = "contact@" + s.o.BaseURL.Hostname()
	}
	return a, nil
}

func (s *Service) absolute(path string) string {
	return strings.TrimSuffix(s.o.BaseURL.String(), "/") + path
}

// confirmLink leads to where the reader of a handle's mail says that it is theirs.
func (s *Service) confirmLink(tx *db.Tx, h fact.HandleID) string {
	return s.absolute("/confirm?t=" + url.QueryEscape(s.o.Inbox.ConfirmToken(h, tx.Now())))
}

// postLink returns the public address of a post, "" while it has none.
func (s *Service) postLink(tx *db.Tx, id fact.PostID) string {
	p, err := s.posts.ByID(tx, id)
	if err != nil {
		return ""
	}
	v, err := s.o.Voices.GetIn(tx, p.Voice)
	if err != nil {
		return ""
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return ""
	}
	path := post.Path(v, h.MainVoice == v.ID, p)
	if path == "" {
		return ""
	}
	return s.absolute(path)
}

// ResetIn mails a link to set a new password. It fills account.Postman.
func (s *Service) ResetIn(tx *db.Tx, to account.Account, token string) error {
	from, err := s.houseAddress(tx)
	if err != nil {
		return err
	}
	l := s.letter(to.Lang)
	l.say("mail.reset.hello", to.Name)
	l.say("mail.reset.text", from.Name)
	l.link("mail.reset.link", s.absolute("/app/reset?t="+url.QueryEscape(token)))
	l.small("mail.reset.not_you")
	m := l.message(from, mail.Address{Name: to.Name, Email: to.Email}, l.t("mail.reset.subject", from.Name))
	m.AutoSubmitted = "auto-generated"
	// Each link is a mail of its own; the token is a secret, and is no part of a key.
	key := fmt.Sprintf("reset/%v/%d", to.ID, tx.Now().UnixMilli())
	_, err = s.o.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{Kind: delivery.KindReset, Key: key, Mail: m})
	return err
}

// SendTest mails a few words to an address, to see whether the relay works. Only an owner may.
func (s *Service) SendTest(ctx context.Context, by actor.Actor, to, lang string) (id fact.DeliveryID, err error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return 0, err
	}
	err = s.o.DB.Write(ctx, func(tx *db.Tx) error {
		from, err := s.houseAddress(tx)
		if err != nil {
			return err
		}
		l := s.letter(lang)
		l.say("mail.test.text", from.Name)
		l.small("mail.test.means")
		m := l.message(from, mail.Address{Name: by.Name, Email: to}, l.t("mail.test.subject", from.Name))
		m.AutoSubmitted = "auto-generated"
		key := fmt.Sprintf("test/%d/%d", by.Account, tx.Now().UnixMilli())
		id, err = s.o.Deliveries.EnqueueIn(tx, by, delivery.Outgoing{Kind: delivery.KindTest, Key: key, Mail: m})
		return err
	})
	return id, err
}
