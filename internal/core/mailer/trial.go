package mailer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
	"causerie/internal/platform/mail/dkim"
)

// Trial is the last test of the relay, step by step: what an owner sees of it while it goes on and afterwards.
type Trial struct {
	Delivery fact.DeliveryID `json:"delivery"`      // the mail of the test; 0 while none was made
	Relay    string          `json:"relay"`         // without its password
	Way      fact.RelayID    `json:"way,omitempty"` // which of the relays it is; 0 for the one of the command line
	Steps    []TrialStep     `json:"steps"`         // those that went well, in their order
	State    string          `json:"state"`         // of the delivery: "" while it goes on, then sent, refused or uncertain
	Stage    string          `json:"stage"`         // where it ended, "" when it was sent
	Why      string          `json:"why"`           // a mail.Why
	Words    string          `json:"words"`         // the server's last, or the machine's
	At       time.Time       `json:"at"`            // when it was asked for
}

// TrialStep is one step that went well.
type TrialStep struct {
	Stage string `json:"stage"`
	Words string `json:"words"`
}

// trialSetting holds one Trial: the next one takes its place.
var trialSetting = house.Setting[Trial]{Key: house.SettingTrial}

// trialTime bounds a test, in whole and for each step: somebody waits.
const (
	trialTime = 45 * time.Second
	trialStep = 15 * time.Second
)

// test is the parcel of a test.
type test struct {
	Name  string       `json:"name"` // of who tests
	Lang  string       `json:"lang"`
	Relay fact.RelayID `json:"relay,omitempty"` // by which it goes; 0: the one that would carry the house's mail
}

// SendTest mails a few words to an address by a relay, or with 0 by the first, to see whether it works; TrialIn tells how far it is. It goes the way of every mail: while
// all is held it waits too. Only an owner may.
func (s *Service) SendTest(ctx context.Context, by actor.Actor, relay fact.RelayID, to, lang string) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		from, err := s.HouseAddressIn(tx)
		if err != nil {
			return err
		}
		key := fmt.Sprintf("test/%d/%d", by.Account, tx.Now().UnixMilli())
		_, err = s.o.Deliveries.EnqueueIn(tx, by, delivery.Outgoing{
			Channel: Channel, Kind: KindTest, Key: key, Recipient: to,
			About: delivery.Ref{Kind: delivery.RefAccount, ID: by.Account}, Subject: compose.New(s.catalog, lang).T("mail.test.subject", from.Name),
			Parcel: test{by.Name, lang, relay},
		})
		if err != nil {
			return err
		}
		d, err := s.o.Deliveries.ByKeyIn(tx, key)
		if err != nil {
			return err
		}
		return trialSetting.SetIn(tx, by, Trial{Delivery: d.ID, Way: relay, At: tx.Now()})
	})
}

// TrialIn returns the last test of the relay. Only an owner may.
func (s *Service) TrialIn(tx *db.Tx, by actor.Actor) (Trial, error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return Trial{}, err
	}
	return trialSetting.GetIn(tx)
}

// Trial is TrialIn in a transaction of its own, with the mail of the test as it is now.
func (s *Service) Trial(ctx context.Context, by actor.Actor) (t Trial, d delivery.Delivery, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		if t, err = s.TrialIn(tx, by); err != nil || t.Delivery.IsZero() {
			return err
		}
		d, err = s.o.Deliveries.GetIn(tx, by, t.Delivery)
		return err
	})
	return t, d, err
}

// try sends the mail of a test by its relay and no other, writes down each step as it is done, and never comes back to it by itself.
func (s *Service) try(ctx context.Context, ways []Way, m mail.Message, d delivery.Delivery, signers map[string][]dkim.Signer) delivery.Outcome {
	var asked test
	if err := d.ReadParcel(&asked); err != nil {
		return delivery.Outcome{State: delivery.Refused, Reason: delivery.NotComposed}
	}
	if fits := waysOf(ways, 0, asked.Relay); len(fits) > 0 && (asked.Relay == 0 || fits[0].ID == asked.Relay) {
		ways = fits
	} else {
		return delivery.Outcome{State: delivery.Refused, Reason: delivery.NoRelay}
	}
	m = ways[0].signed(m, signers)
	sender := ways[0].Sender
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	t := Trial{Delivery: d.ID, At: d.CreatedAt, Relay: nameOf(sender), Way: ways[0].ID}
	receipt, err := mail.Receipt{}, error(nil)
	if pool, ok := sender.(*mail.Pool); ok {
		relay := pool.Relay
		if relay.Timeout == 0 {
			relay.Timeout = trialStep
		}
		receipt, err = relay.Try(ctx, m, func(step mail.Step) {
			t.Steps = append(t.Steps, TrialStep{string(step.Stage), step.Words})
			s.keepTrial(ctx, t)
		})
	} else if receipt, err = sender.Send(ctx, m); err == nil {
		t.Steps = []TrialStep{{string(mail.StageBody), receipt.ServerReply}}
	}
	s.teller.tell(ctx, d, t.Relay, err)
	o := outcome(receipt, err)
	if o.State == delivery.Deferred {
		o.State = delivery.Refused
	}
	t.State, t.Why, t.Words = o.State, o.Reason, o.Reply
	if failure, ok := errors.AsType[*mail.SendError](err); ok {
		t.Stage = string(failure.Stage)
	}
	s.keepTrial(context.WithoutCancel(ctx), t)
	return o
}

// keepTrial writes a test down, unless another was begun meanwhile. What cannot be written costs the step its place on the page, and not the test.
func (s *Service) keepTrial(ctx context.Context, t Trial) {
	err := s.o.DB.Write(ctx, func(tx *db.Tx) error {
		if now, err := trialSetting.GetIn(tx); err != nil || now.Delivery != t.Delivery {
			return err
		}
		return trialSetting.SetIn(tx, actor.System(), t)
	})
	if err != nil {
		s.o.Log.WarnContext(ctx, "a step of the test of the relay is not written down", "err", err)
	}
}

func (s *Service) composeTest(tx *db.Tx, d delivery.Delivery) (mail.Message, error) {
	var t test
	if err := d.ReadParcel(&t); err != nil {
		return mail.Message{}, err
	}
	from, err := s.HouseAddressIn(tx)
	if err != nil {
		return mail.Message{}, err
	}
	draft := compose.New(s.catalog, t.Lang)
	draft.Say("mail.test.text", from.Name)
	draft.Small("mail.test.means")
	m := draft.Message(from, mail.Address{Name: t.Name, Email: d.Recipient}, d.Subject)
	m.AutoSubmitted = "auto-generated"
	return m, nil
}
