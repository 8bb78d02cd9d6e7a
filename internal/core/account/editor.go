package account

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// How somebody writes: in a text that is laid out, or in the plain field with Markdown.
const (
	EditorRich  = "rich"
	EditorPlain = "plain"
)

var (
	qEditor       = db.Q("account.editor", `SELECT editor FROM accounts WHERE id = $1`)
	qChooseEditor = db.Q("account.choose_editor", `UPDATE accounts SET editor = $2 WHERE id = $1`)
)

// EditorOf returns how by writes, EditorRich for who never chose.
func (s *Service) EditorOf(ctx context.Context, by actor.Actor) (mode string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		mode, _, err = db.Maybe(tx, qEditor, db.Scalar[string], fact.AccountID(by.Account))
		return err
	})
	if mode == "" {
		mode = EditorRich
	}
	return mode, err
}

// ChooseEditor remembers how by writes; editor is EditorRich or EditorPlain, else fault.Invalid("editor", "unknown").
func (s *Service) ChooseEditor(ctx context.Context, by actor.Actor, editor string) error {
	if !by.SignedIn() {
		return fault.Unauthenticated()
	}
	if editor != EditorRich && editor != EditorPlain {
		return fault.Invalid("editor", "unknown")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qChooseEditor, fact.AccountID(by.Account), editor)
		return err
	})
}
