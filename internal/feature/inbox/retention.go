package inbox

import (
	"context"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// KeepSpam is how long spam is kept after it was judged so: long enough to find what is none. Then it goes whole, with who says
// to have sent it.
const KeepSpam = 30 * 24 * time.Hour

var qOldSpam = db.Q("message.old_spam", linkOf+`m.spam_at <= $1 ORDER BY m.spam_at LIMIT 100`)

// Prune deletes the spam that was kept long enough, at most 100 messages in a transaction, and returns how many. What others
// answered loses its words and holds its place.
func (s *Service) Prune(ctx context.Context) (n int, err error) {
	for {
		var old []link
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			if old, err = db.All(tx, qOldSpam, scanLink, db.At(tx.Now().Add(-KeepSpam))); err != nil || len(old) == 0 {
				return err
			}
			gone, err := s.forget(tx, old)
			if err != nil || len(gone) == 0 {
				return err
			}
			return s.bus.Emit(tx, actor.System(), fact.MessagesDeleted{Messages: gone})
		})
		if err != nil || len(old) == 0 {
			return n, err
		}
		n += len(old)
	}
}
