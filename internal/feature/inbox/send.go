package inbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// UndoFor is how long an answer that was sent can be taken back.
const UndoFor = 10 * time.Second

// The jobs that carry out what was sent. What appears under a post leaves by the very commit, and waits while all that leaves is held;
// what is private is held as the mail that it becomes.
const (
	publishJob = "inbox.publish_answer"
	mailJob    = "inbox.mail_answer"
)

// sending is the body of both: whose answer to what, and the instant at which it leaves, in milliseconds. One that was taken back and
// sent again has another instant, and a job of its own.
type sending struct {
	Message fact.MessageID `json:"message"`
	Account fact.AccountID `json:"account"`
	At      int64          `json:"at"`
}

func (d Draft) sending() sending { return sending{d.Message, d.Account, d.SendAt.UnixMilli()} }

func (o sending) key() string {
	return fmt.Sprintf("inbox.answer/%v/%v/%d", o.Message, o.Account, o.At)
}

var (
	errHeld   = errors.New("inbox: all that leaves is held")
	errUndone = errors.New("inbox: the answer was taken back")
)

func (s *Service) handleSending(q *queue.Queue) {
	run := func(ctx context.Context, _ queue.Job, o sending) error { return s.sendDue(ctx, o) }
	queue.Handle(q, publishJob, queue.KindOptions{Outward: true, KeepKey: -1}, run)
	queue.Handle(q, mailJob, queue.KindOptions{KeepKey: -1}, run)
}

// Send answers a message as Answer does, after UndoFor: until then UndoSend takes it back, and it stands as a draft that leaves. What
// Answer would refuse is refused at once. The same text sent twice leaves once; another text lets the one before leave now.
func (s *Service) Send(ctx context.Context, by actor.Actor, id fact.MessageID, body string) error {
	body = strings.TrimSpace(body)
	for {
		var before Draft
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			before = Draft{}
			m, err := s.GetIn(tx, by, id)
			if err != nil {
				return err
			}
			if err := m.answerable(by, body); err != nil {
				return err
			}
			d, _, err := db.Maybe(tx, qDraft, scanDraft, id, by.Account)
			if err != nil {
				return err
			}
			if d.Leaving() {
				if d.Body != body {
					before = d
				}
				return nil
			}
			d = Draft{Message: id, Account: fact.AccountID(by.Account), Body: body, SavedAt: tx.Now(), SendAt: tx.Now().Add(UndoFor)}
			if _, err := db.Exec(tx, qForgetTyped, m.Conversation, by.Account); err != nil {
				return err
			}
			if err := keepDraft(tx, d); err != nil {
				return err
			}
			if err := move(tx, m.with(m.Moderation, Answered)); err != nil { // nothing is left to be done for it
				return err
			}
			kind := mailJob
			if !m.Private() {
				kind = publishJob
			}
			_, err = s.queue.Enqueue(tx, kind, d.sending(), queue.Put{Key: d.sending().key(), DueAt: d.SendAt})
			return err
		})
		if err != nil || !before.Leaving() {
			return err
		}
		if _, err = s.answer(ctx, by, id, before.Body, before.settle); err != nil && !errors.Is(err, errUndone) {
			return err
		}
	}
}

// UndoSend takes back the answer of by to a message that has not left: its text is a draft again. What has left is the conflict
// message.gone_out, and what was never sent too.
func (s *Service) UndoSend(ctx context.Context, by actor.Actor, id fact.MessageID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.GetIn(tx, by, id)
		if err != nil {
			return err
		}
		d, _, err := db.Maybe(tx, qDraft, scanDraft, id, by.Account)
		if err != nil {
			return err
		}
		if !d.Leaving() {
			return fault.Conflict("message.gone_out")
		}
		job, found, err := s.queue.ByKey(tx, d.sending().key())
		if err != nil {
			return err
		}
		if err := d.retype(tx, m); err != nil || !found {
			return err
		}
		if err = s.queue.Cancel(tx, job.ID); fault.Is(err, fault.KindNotFound) || fault.Is(err, fault.KindConflict) {
			return nil // it runs, and finds that there is nothing to send
		}
		return err
	})
}

// sendDue sends what still is to leave. What cannot be answered any more is a draft again, so that its words are not lost.
func (s *Service) sendDue(ctx context.Context, o sending) error {
	var d Draft
	found := false
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		d, found, err = db.Maybe(tx, qDraft, scanDraft, o.Message, o.Account)
		return err
	})
	if err != nil || !found || d.sending() != o {
		return err
	}
	by := actor.System()
	by.Account = int64(o.Account)
	_, err = s.answer(ctx, by, o.Message, d.Body, d.settle)
	switch {
	case errors.Is(err, errUndone):
		return nil
	case errors.Is(err, errHeld):
		return queue.Later(time.Second, nil)
	case fault.Is(err, fault.KindConflict) || fault.Is(err, fault.KindNotFound) || fault.Is(err, fault.KindInvalid):
		return s.db.Write(ctx, func(tx *db.Tx) error {
			m, found, err := db.Maybe(tx, qByID, scan, o.Message)
			if err != nil || !found {
				return err // its drafts went with it
			}
			if err := d.settle(tx); errors.Is(err, errUndone) {
				return nil
			} else if err != nil {
				return err
			}
			return d.retype(tx, m)
		})
	}
	return err
}

var qSettleDraft = db.Q("answer_draft.settle", `
	DELETE FROM answer_drafts WHERE message_id = $1 AND account_id = $2 AND send_at = $3`)

// settle ends the draft that becomes an answer in the same commit; errUndone when it was taken back meanwhile.
func (d Draft) settle(tx *db.Tx) error {
	n, err := db.Exec(tx, qSettleDraft, d.Message, d.Account, db.At(d.SendAt))
	if err == nil && n == 0 {
		err = errUndone
	}
	return err
}

// retype makes d, which was sent as an answer to m, a draft again; m waits for one again.
func (d Draft) retype(tx *db.Tx, m Message) error {
	d.SavedAt, d.SendAt = tx.Now(), time.Time{}
	if err := keepDraft(tx, d); err != nil {
		return err
	}
	return move(tx, m.with(m.Moderation, Open))
}

// answerable returns nil when by may answer m with body, else what Answer says of it.
func (m Message) answerable(by actor.Actor, body string) error {
	switch {
	case body == "":
		return fault.Invalid("body", "required")
	case utf8.RuneCountInString(body) > MaxAnswer:
		return fault.Invalid("body", "too_long", MaxAnswer)
	case m.Direction != In:
		return fault.Conflict("message.own")
	case m.Moderation == Spam || m.Moderation == Removed:
		return fault.Conflict("message.rejected")
	case m.Moderation == Held:
		return m.mayModerate(by) // the answer would approve it
	}
	return nil
}
