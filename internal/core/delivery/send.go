package delivery

import (
	"context"
	"errors"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/queue"
)

// talk is how long one conversation with the relay may take; each of its steps has a shorter bound of its own.
const talk = 2 * time.Minute

// send is the job: begin, speak, write down what was said. Whatever ends it between the first commit and the second
// leaves the row in sending, where the next run finds it and calls it uncertain.
func (s *Service) send(ctx context.Context, _ queue.Job, t task) error {
	sender, err := s.carrier.Sender(ctx)
	if err != nil {
		return queue.Later(time.Minute, err) // whatever it is, it says nothing of this message
	}
	d, verdict, err := s.begin(ctx, t.Delivery, sender != nil)
	if err != nil || verdict != carryOn {
		if verdict == notNow {
			return queue.Later(time.Minute, err)
		}
		return err
	}
	speaking, cancel := context.WithTimeout(ctx, talk)
	receipt, err := sender.Send(speaking, d.parcel.Mail)
	cancel()
	var failure *mail.SendError
	if err != nil && !errors.As(err, &failure) {
		failure = &mail.SendError{Ambiguous: true} // a sender that does not say how far it came
	}
	return s.settle(ctx, d, receipt, failure)
}

type verdict int

const (
	carryOn verdict = iota
	nothing         // it is sent, taken back, or somebody must decide
	notNow          // everything is held
)

// begin writes down that a delivery is being sent, unless it must not be.
func (s *Service) begin(ctx context.Context, id fact.DeliveryID, ready bool) (d full, v verdict, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if d, err = byID(tx, id); err != nil {
			return err
		}
		v = nothing
		switch {
		case d.State == Held && d.Reason == AllHeld:
			v = notNow
			return nil
		case d.State == Sending:
			d.State, d.Reason, d.At = Uncertain, Interrupted, tx.Now()
			if err := move(tx, d); err != nil {
				return err
			}
			return s.bus.Emit(tx, actor.System(), fact.DeliverySettled{Delivery: d.ID, State: d.State})
		case d.State != Queued && d.State != Deferred:
			return nil
		case !ready:
			d.State, d.Reason, d.At = Held, NoRelay, tx.Now()
			return move(tx, d)
		}
		v = carryOn
		d.State, d.Reason, d.ServerReply, d.At = Sending, "", "", tx.Now()
		d.Attempts++
		d.parcel.Mail.Date = tx.Now()
		return move(tx, d)
	})
	return d, v, err
}

// settle writes down what became of a conversation, even when the program is stopping.
func (s *Service) settle(ctx context.Context, d full, receipt mail.Receipt, failure *mail.SendError) error {
	var o outcome
	err := s.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		o = judge(receipt, failure, d.Attempts, d.CreatedAt, tx.Now())
		n, err := db.Exec(tx, qSettle, d.ID, d.Attempts, o.state, o.reason, o.reply, db.At(tx.Now()))
		if err != nil || n == 0 || o.state == Deferred {
			return err
		}
		return s.bus.Emit(tx, actor.System(), fact.DeliverySettled{Delivery: d.ID, State: o.state})
	})
	if err == nil && o.state == Deferred {
		return queue.Later(o.again, failure)
	}
	return err
}
