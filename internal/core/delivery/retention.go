package delivery

import (
	"context"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/queue"
)

// KeepNames is how long after its making a settled delivery still says where it went, under which subject and what the
// server answered. Then the row keeps its key, its state and its ids alone.
const KeepNames = 400 * 24 * time.Hour

const forgetJob = "delivery.forget"

var (
	qOld = db.Q("delivery.old", `
		SELECT id FROM deliveries
		 WHERE id > $1 AND created_at < $2 AND recipient <> '' AND state NOT IN ('held', 'queued', 'sending', 'deferred')
		 ORDER BY id LIMIT 500`)
	qForget = db.Q("delivery.forget", `
		UPDATE deliveries SET recipient = '', subject = '', external = '', server_reply = '', payload = '', handle_id = NULL WHERE id IN ({in})`)
	qOfContact   = db.Q("delivery.of_contact", `SELECT id FROM deliveries WHERE contact_id = $1`)
	qCancelThose = db.Q("delivery.cancel_those", `
		UPDATE deliveries SET state = 'cancelled', reason = 'erased', due_at = NULL, at = $1
		 WHERE state IN ('held', 'queued', 'deferred') AND id IN ({in})`)
	qForgetAbout = db.Q("delivery.forget_about", `UPDATE deliveries SET about_kind = '', about_id = NULL WHERE about_kind = 'message' AND id IN ({in})`)
	qAboutGone   = db.Q("delivery.about_gone", `
		UPDATE deliveries SET about_kind = '', about_id = NULL WHERE about_kind = 'message' AND about_id IN ({in})`)
	qOfAsks       = db.Q("delivery.of_asks", `SELECT id FROM deliveries WHERE about_kind = 'subscription_ask' AND about_id IN ({in})`)
	qForgetHandle = db.Q("delivery.forget_handle", `UPDATE deliveries SET handle_id = NULL WHERE contact_id = $1 AND handle_id = $2`)
	qCancelHandle = db.Q("delivery.cancel_handle", `
		UPDATE deliveries SET state = 'cancelled', reason = 'handle_removed', due_at = NULL, at = $3
		 WHERE state IN ('held', 'queued', 'deferred') AND contact_id = $1 AND handle_id = $2`)
	qReaddress = db.Q("delivery.readdress", `
		UPDATE deliveries SET handle_id = $3, recipient = $4
		 WHERE state IN ('held', 'queued', 'deferred') AND contact_id = $1 AND handle_id = $2`)
	qHeir  = db.Q("delivery.heir", `UPDATE deliveries SET voice_id = $2 WHERE voice_id = $1`)
	qPart  = db.Q("delivery.part", `UPDATE deliveries SET contact_id = $1 WHERE contact_id = $2 AND id IN ({in})`)
	qMerge = db.Q("delivery.merge", `UPDATE deliveries SET contact_id = $2 WHERE contact_id = $1`)
)

func (s *Service) listen() {
	if s.bus != nil {
		contact.Moves(s.bus, "delivery", contact.Mover{Kind: "delivery", Of: qOfContact, Give: qMerge, Back: qPart})
		bus.Project(s.bus, "delivery", func(tx *db.Tx, _ bus.Event, f fact.VoiceRemoved) error {
			_, err := db.Exec(tx, qHeir, f.Voice, f.Heir)
			return err
		})
		bus.Project(s.bus, "delivery", func(tx *db.Tx, _ bus.Event, f fact.ContactErased) error { return s.EraseIn(tx, f.Contact) })
		bus.Project(s.bus, "delivery", func(tx *db.Tx, _ bus.Event, f fact.MessagesDeleted) error {
			_, err := db.ExecIn(tx, qAboutGone, f.Messages)
			return err
		})
		bus.Project(s.bus, "delivery", s.asksGone)
		bus.Project(s.bus, "delivery", func(tx *db.Tx, _ bus.Event, f fact.HandleRemoved) error {
			if _, err := db.Exec(tx, qCancelHandle, f.Contact, f.Handle, db.At(tx.Now())); err != nil {
				return err
			}
			_, err := db.Exec(tx, qForgetHandle, f.Contact, f.Handle)
			return err
		})
	}
	queue.Handle(s.queue, forgetJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ struct{}) error {
		_, err := s.Forget(ctx)
		return err
	})
	s.queue.Every(forgetJob, func(after time.Time) time.Time { return after.Truncate(24 * time.Hour).Add(26 * time.Hour) }, forgetJob)
}

// asksGone forgets the addresses of those who did not confirm, and of those who did: their contact has it.
func (s *Service) asksGone(tx *db.Tx, _ bus.Event, f fact.SubscriptionAsksGone) error {
	ids, err := db.AllIn(tx, qOfAsks, db.Scalar[fact.DeliveryID], f.Asks)
	if err != nil {
		return err
	}
	if _, err := db.ExecIn(tx, qCancelThose, ids, db.At(tx.Now())); err != nil {
		return err
	}
	_, err = db.ExecIn(tx, qForget, ids)
	return err
}

// Forget empties the deliveries that settled long ago (KeepNames), and returns how many. A job does it each night.
func (s *Service) Forget(ctx context.Context) (n int, err error) {
	after := fact.DeliveryID(0)
	for {
		var old []fact.DeliveryID
		err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
			old, err = db.All(tx, qOld, db.Scalar[fact.DeliveryID], int64(after), db.At(tx.Now().Add(-KeepNames)))
			return err
		})
		if err != nil || len(old) == 0 {
			return n, err
		}
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			_, err := db.ExecIn(tx, qForget, old)
			return err
		})
		if err != nil {
			return n, err
		}
		n += len(old)
		after = old[len(old)-1]
	}
}

// ReaddressIn sends what waits for an address of somebody to the one that it should have been, and forgets the old one.
func (s *Service) ReaddressIn(tx *db.Tx, c fact.ContactID, was, now fact.HandleID, recipient string) error {
	if _, err := db.Exec(tx, qReaddress, c, was, now, recipient); err != nil {
		return err
	}
	_, err := db.Exec(tx, qForgetHandle, c, was)
	return err
}

// EraseIn forgets somebody: what waits for them is cancelled, and no row says any more where it went or what about.
func (s *Service) EraseIn(tx *db.Tx, c fact.ContactID) error {
	ids, err := db.All(tx, qOfContact, db.Scalar[fact.DeliveryID], c)
	if err != nil {
		return err
	}
	if _, err := db.ExecIn(tx, qCancelThose, ids, db.At(tx.Now())); err != nil {
		return err
	}
	if _, err := db.ExecIn(tx, qForgetAbout, ids); err != nil { // the message goes too
		return err
	}
	_, err = db.ExecIn(tx, qForget, ids)
	return err
}
