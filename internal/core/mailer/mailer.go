package mailer

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/dkim"
	"causerie/internal/platform/seal"
)

//go:embed fr.json en.json
var texts embed.FS

// Channel is the name of the channel.
const Channel = "mail"

// KindTest is the kind of the test from the settings.
const KindTest = "test"

// Untold is why a mail does not leave that would have to say where its address comes from, and cannot. Its words are
// delivery.reason.consent_untold.
const Untold = "consent_untold"

// Options are what a Service needs, all of them but Keys, Gate, Ended and Log.
type Options struct {
	DB         *db.DB
	House      *house.Service
	Deliveries *delivery.Service
	Carrier    Carrier
	Keys       *Keys         // who signs for relays that do not; nil nobody
	Gate       delivery.Gate // asked of every mail before it leaves
	// Ended hears what became of each mail; may be nil.
	Ended func(tx *db.Tx, ended []delivery.Ended) error
	Log   *slog.Logger // nil discards
	Host  string       // of the public address: the domain of Message-IDs, and of contact@ when the house gives no address
}

// Service is the channel.
type Service struct {
	o       Options
	catalog *i18n.Catalog
	teller  teller
}

// New returns the service and registers its channel. The error is a catalog that does not read.
func New(o Options) (*Service, error) {
	if o.Host == "" {
		o.Host = "localhost"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{o: o, catalog: i18n.New(), teller: teller{log: o.Log}}
	if err := s.catalog.Add(texts); err != nil {
		return nil, fmt.Errorf("mailer: %w", err)
	}
	o.Deliveries.Register(delivery.Channel{Name: Channel, Ready: o.Carrier.Ready, Open: s.open, Gate: o.Gate, Room: o.Carrier.Room,
		Begin: o.Carrier.Begin, Ended: o.Ended})
	s.Register(Kind{Name: KindTest, Purpose: delivery.PurposeAccount, Lane: delivery.LaneAccount, Compose: s.composeTest})
	return s, nil
}

// Kind is a kind of mail. See delivery.Kind.
type Kind struct {
	Name, Purpose, Lane string
	Tells               bool // its message says Delivery.Origin; of a kind that does not, what has to say it does not leave
	// Compose makes the message when it leaves. It need not set the date, nor the id when d.External has it or when it may
	// be made from that of d, nor To when d.Recipient is all of it.
	Compose func(tx *db.Tx, d delivery.Delivery) (mail.Message, error)
	Gate    delivery.Gate // may be nil
}

// Register adds kinds of mail. It panics on a second kind of a name.
func (s *Service) Register(kinds ...Kind) {
	for _, k := range kinds {
		s.o.Deliveries.RegisterKinds(Channel, delivery.Kind{Name: k.Name, Purpose: k.Purpose, Lane: k.Lane, Gate: k.Gate,
			Compose: func(tx *db.Tx, d delivery.Delivery) (any, error) {
				if d.Origin != "" && !k.Tells {
					return nil, delivery.Refusal{Reason: Untold}
				}
				return k.Compose(tx, d)
			}})
	}
}

// open returns who carries the next mails.
func (s *Service) open(ctx context.Context) (delivery.Carry, error) {
	ways, err := s.o.Carrier.Ways(ctx)
	if errors.Is(err, seal.ErrSealed) {
		return nil, nil // Ready says so, and what would leave is held
	}
	if err != nil || len(ways) == 0 {
		return nil, err // without anybody Ready says no, or said yes a moment ago: see carry
	}
	signers, err := s.o.Keys.signers(ctx)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, d delivery.Delivery, parcel any) delivery.Outcome {
		m, ok := parcel.(mail.Message)
		if !ok {
			return delivery.Outcome{State: delivery.Refused, Reason: delivery.NotComposed}
		}
		m = s.address(m, d)
		return s.carry(ctx, d, m, ways, signers)
	}, nil
}

// carry hands a message to the way that it was begun for, and to the next one where that is out of reach: then it is known that nobody has it.
func (s *Service) carry(ctx context.Context, d delivery.Delivery, m mail.Message, ways []Way, signers map[string][]dkim.Signer) delivery.Outcome {
	fits := waysOf(ways, d.Voice, fact.RelayID(d.Route))
	if d.Kind == KindTest {
		return s.try(ctx, ways, m, d, signers)
	}
	o := delivery.Outcome{State: delivery.Deferred, Reason: delivery.NoRelay} // it was removed a moment ago
	for i, w := range fits {
		if i > 0 {
			if ok, err := s.o.Carrier.Take(ctx, w.ID); err != nil || !ok {
				continue
			}
		}
		receipt, err := w.Sender.Send(ctx, w.signed(m, signers))
		s.teller.tell(ctx, d, nameOf(w.Sender), err)
		o = outcome(receipt, err)
		failure, failed := errors.AsType[*mail.SendError](err)
		if !failed || !failure.OfRelay() || failure.Ambiguous {
			s.o.Carrier.Back(w.ID)
			return o
		}
		s.o.Carrier.Away(w.ID)
		if ctx.Err() != nil {
			return o
		}
	}
	return o
}

// signed is m as it leaves by a way: with the signatures of the domain in From, where the relay makes none.
func (w Way) signed(m mail.Message, signers map[string][]dkim.Signer) mail.Message {
	if w.Signs || len(signers) == 0 {
		return m
	}
	if from, err := m.From.ASCII(); err == nil {
		m.Signers = signers[from[strings.LastIndexByte(from, '@')+1:]]
	}
	return m
}

// address gives a message what it has of its delivery.
func (s *Service) address(m mail.Message, d delivery.Delivery) mail.Message {
	m.Date = d.At
	if m.ID == "" {
		m.ID = d.External
	}
	if m.ID == "" {
		m.ID = d.ID.String() + "@" + s.o.Host
	}
	if m.To.IsZero() {
		m.To.Email = d.Recipient
	}
	return m
}

// outcome tells what became of a message, from what Send returned.
func outcome(receipt mail.Receipt, err error) delivery.Outcome {
	if err == nil {
		return delivery.Outcome{State: delivery.Sent, Reply: receipt.ServerReply}
	}
	failure, ok := errors.AsType[*mail.SendError](err)
	switch {
	case !ok: // a sender that does not say how far it came
		return delivery.Outcome{State: delivery.Uncertain, Reason: delivery.NoAnswer}
	case failure.Ambiguous:
		return delivery.Outcome{State: delivery.Uncertain, Reason: delivery.NoAnswer, Reply: failure.Reply}
	case failure.Temporary || failure.OfRelay():
		return delivery.Outcome{State: delivery.Deferred, Reason: string(failure.Why()), Reply: failure.Words()}
	}
	return delivery.Outcome{State: delivery.Refused, Reason: string(failure.Why()), Reply: failure.Words()}
}

// nameOf names who carries, without a password.
func nameOf(sender mail.Sender) string {
	if pool, ok := sender.(*mail.Pool); ok {
		return pool.Relay.String()
	}
	return ""
}

// ReadyIn reports whether somebody carries mail now.
func (s *Service) ReadyIn(tx *db.Tx) (bool, error) {
	why, err := s.o.Carrier.Ready(tx)
	return why == "", err
}

// HouseAddressIn returns what the house itself writes from: its contact address, else contact@ its host.
func (s *Service) HouseAddressIn(tx *db.Tx) (mail.Address, error) {
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return mail.Address{}, err
	}
	a := mail.Address{Name: h.Name, Email: h.Identity.ContactEmail}
	if a.Email == "" {
		a.Email = "contact@" + s.o.Host
	}
	return a, nil
}
