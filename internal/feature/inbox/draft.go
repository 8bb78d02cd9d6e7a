package inbox

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Draft is an answer that somebody of the house typed: not sent yet, seen by its writer alone, or sent and about to leave, seen by
// all who answer there.
type Draft struct {
	Message fact.MessageID // what it answers
	Account fact.AccountID // who typed it
	Body    string         // Markdown
	SavedAt time.Time
	SendAt  time.Time // when it leaves; zero while it is typed
}

// Leaving reports whether d was sent and can still be taken back.
func (d Draft) Leaving() bool { return !d.SendAt.IsZero() }

const draftColumns = `d.message_id, d.account_id, d.body, d.saved_at, d.send_at`

var (
	qKeepDraft = db.Q("answer_draft.keep", `
		INSERT INTO answer_drafts (message_id, account_id, body, saved_at, send_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (message_id, account_id) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at, send_at = excluded.send_at`)
	qDraft       = db.Q("answer_draft.get", `SELECT `+draftColumns+` FROM answer_drafts d WHERE d.message_id = $1 AND d.account_id = $2`)
	qForgetTyped = db.Q("answer_draft.forget_typed", `
		DELETE FROM answer_drafts
		 WHERE account_id = $2 AND send_at IS NULL AND message_id IN (SELECT id FROM messages WHERE conversation_id = $1)`)
	qDropDrafts = db.Q("answer_draft.drop", `DELETE FROM answer_drafts WHERE message_id IN ({in})`)
	qDraftsIn   = db.Q("answer_draft.in_conversation", `
		SELECT `+draftColumns+` FROM messages m JOIN answer_drafts d ON d.message_id = m.id
		 WHERE m.conversation_id = $1 AND (d.account_id = $2 OR d.send_at IS NOT NULL)
		 ORDER BY d.saved_at, d.account_id LIMIT 50`)
)

func scanDraft(r db.Row) (d Draft, err error) {
	err = r.Scan(&d.Message, &d.Account, &d.Body, db.Time(&d.SavedAt), db.Time(&d.SendAt))
	return d, err
}

// KeepDraft keeps what by types as an answer to a message, until it is sent; an empty text forgets it. There is one draft of a person in a
// conversation: what was typed under an earlier message goes on under this one. What is about to leave is the conflict
// message.leaving: it is taken back first. The problem at body is one that is longer than an answer may be.
func (s *Service) KeepDraft(ctx context.Context, by actor.Actor, id fact.MessageID, body string) error {
	if utf8.RuneCountInString(body) > MaxAnswer {
		return fault.Invalid("body", "too_long", MaxAnswer)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.GetIn(tx, by, id)
		if err != nil {
			return err
		}
		d, _, err := db.Maybe(tx, qDraft, scanDraft, id, by.Account)
		if err != nil {
			return err
		}
		if d.Leaving() {
			return fault.Conflict("message.leaving")
		}
		if _, err := db.Exec(tx, qForgetTyped, m.Conversation, by.Account); err != nil || strings.TrimSpace(body) == "" {
			return err
		}
		return keepDraft(tx, Draft{Message: id, Account: fact.AccountID(by.Account), Body: body, SavedAt: tx.Now()})
	})
}

func keepDraft(tx *db.Tx, d Draft) error {
	_, err := db.Exec(tx, qKeepDraft, d.Message, d.Account, d.Body, db.At(d.SavedAt), db.At(d.SendAt))
	return err
}

// DraftsIn returns what was typed as an answer in a conversation, oldest first: what by typed, and what is about to leave whoever typed
// it. The conversation is one that by may read.
func (s *Service) DraftsIn(tx *db.Tx, by actor.Actor, id fact.ConversationID) ([]Draft, error) {
	return db.All(tx, qDraftsIn, scanDraft, id, by.Account)
}
