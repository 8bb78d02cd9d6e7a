package notice

import (
	"context"
	"embed"
	"fmt"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/queue"
)

//go:embed fr.json en.json
var texts embed.FS

// The kinds of its mails.
const (
	KindNotice = "notice" // to an account of the house
	KindFollow = "follow" // to a reader who asked for the answers
	KindFlood  = "flood"  // to an owner: somebody tries to flood mailboxes through the form to subscribe
)

const (
	// KeepTold is how long it is remembered that somebody was told of something, so that they are not told again when it is
	// taken away and put back.
	KeepTold = 30 * 24 * time.Hour
	// good is how long a mail to the house may wait before it leaves: what it says holds no longer.
	good = 48 * time.Hour
)

// Why a mail does not leave after all; the words are delivery.reason.<reason>.
const (
	Settled = "settled" // there is nothing to tell any more
	Late    = "late"    // it waited for too long
)

// Options are what a Service needs, all of them.
type Options struct {
	DB         *db.DB
	Bus        *bus.Bus
	Queue      *queue.Queue
	House      *house.Service
	Accounts   *account.Service
	Voices     *voice.Service
	Contacts   *contact.Service
	Inbox      *inbox.Service
	Deliveries *delivery.Service
	Mailer     *mailer.Service
	Places     *place.Service
	Flood      func(tx *db.Tx) (subscription.Flood, error) // what is refused of it
}

// Service tells people of what was said.
type Service struct {
	o       Options
	posts   *post.Reader
	catalog *i18n.Catalog
}

// New returns the service and registers its projections, its jobs and its kinds of mail. The error is a catalog that does not
// read.
func New(o Options) (*Service, error) {
	s := &Service{o: o, posts: post.PublicReader(), catalog: i18n.New()}
	if err := s.catalog.Add(texts); err != nil {
		return nil, fmt.Errorf("notice: %w", err)
	}
	bus.Project(o.Bus, "notice", s.received)
	bus.Project(o.Bus, "notice", s.approved)
	bus.Project(o.Bus, "notice", s.answered)
	bus.Project(o.Bus, "notice", s.flood)
	s.work()
	o.Mailer.Register(
		mailer.Kind{Name: KindNotice, Purpose: delivery.PurposeAccount, Lane: delivery.LanePerson, Compose: s.composeNotice},
		mailer.Kind{Name: KindFollow, Purpose: delivery.PurposeConversation, Lane: delivery.LanePerson, Compose: s.composeFollow},
		mailer.Kind{Name: KindFlood, Purpose: delivery.PurposeAccount, Lane: delivery.LanePerson, Compose: s.composeFlood},
	)
	return s, nil
}

// Choice returns how by wants to be told.
func (s *Service) Choice(ctx context.Context, by actor.Actor) (c Choice, err error) {
	if by.Account == 0 {
		return c, fault.Unauthenticated()
	}
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		c, err = choiceIn(tx, fact.AccountID(by.Account))
		return err
	})
	return c, err
}

// Choose sets how by wants to be told, of what waits too. Problems are at requests, held, published, daily_at, quiet_from and
// quiet_to.
func (s *Service) Choose(ctx context.Context, by actor.Actor, c Choice) error {
	if by.Account == 0 {
		return fault.Unauthenticated()
	}
	if err := c.check(); err != nil {
		return err
	}
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qChoose, int64(by.Account), c.Requests, c.Held, c.Published, c.DailyAt.String(), c.Quiet, c.QuietFrom.String(),
			c.QuietTo.String(), c.Through)
		if err != nil {
			return err
		}
		return s.lookIn(tx, told{Account: fact.AccountID(by.Account)}, time.Time{})
	})
}

// Prune forgets what was told long ago (KeepTold), and returns of how many things.
func (s *Service) Prune(ctx context.Context) (n int64, err error) {
	for {
		var gone int64
		err := s.o.DB.Write(ctx, func(tx *db.Tx) (err error) {
			gone, err = db.Exec(tx, qOld, db.At(tx.Now().Add(-KeepTold)))
			return err
		})
		if n += gone; err != nil || gone == 0 {
			return n, err
		}
	}
}
