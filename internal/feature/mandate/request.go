package mandate

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// OfRequest returns the mandate that was made of a request, if one was, and otherwise the request, whose title Proposed proposes. It
// fails where FromMessage would.
func (s *Service) OfRequest(ctx context.Context, by actor.Actor, id fact.MessageID) (m Mandate, found bool, asked inbox.Message, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return m, false, asked, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if asked, err = s.inbox.GetIn(tx, by, id); err != nil {
			return err
		}
		if err := by.Require(actor.Author, int64(asked.Voice)); err != nil {
			return err
		}
		if m, found, err = db.Maybe(tx, qByMessage, scan, id); err != nil || !found {
			return err
		}
		return m.may(by)
	})
	return m, found, asked, err
}
