package delivery

import (
	"context"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// What is sent to many is about one thing: it is held, let go, taken back and counted as one.

var (
	qWaits = db.Q("delivery.waits", `
		SELECT DISTINCT about_id FROM deliveries
		 WHERE about_kind = $1 AND state IN ('held', 'queued', 'sending', 'deferred') AND about_id IN ({in})`)
	qHoldAbout = slicing("delivery.hold_about", `state = 'held', reason = $3, released = FALSE, due_at = NULL, at = $4`,
		`about_kind = $1 AND about_id = $2 AND state IN ('queued', 'deferred')`, 2)
	qReleaseAbout = slicing("delivery.release_about", `state = 'queued', reason = '', due_at = $4, at = $4`,
		`about_kind = $1 AND about_id = $2 AND state = 'held' AND reason = $3`, 3)
	qLetAboutGo = slicing("delivery.let_about_go", `state = 'queued', reason = '', released = TRUE, due_at = $3, at = $3`,
		`about_kind = $1 AND about_id = $2 AND state = 'held' AND reason = 'hold_all'`, 2)
	qCancelAbout = slicing("delivery.cancel_about", `state = 'cancelled', reason = $3, payload = '', due_at = NULL, at = $4`,
		`about_kind = $1 AND about_id = $2 AND state IN ('held', 'queued', 'deferred')`, 2)
	qCountAbout = db.Q("delivery.count_about", `
		SELECT state, reason, COUNT(*) FROM deliveries WHERE about_kind = $1 AND about_id = $2 GROUP BY state, reason ORDER BY state, reason`)
	qListAbout = db.ScopedQ("delivery.list_about", `
		SELECT `+columns+` FROM deliveries
		 WHERE about_kind = $1 AND about_id = $2 AND id > $3 AND ($4 = '' OR state = $4) AND {scope:voice_id}
		 ORDER BY id LIMIT CAST($5 AS BIGINT)`)
)

// WaitingAboutIn returns those of a kind and some ids about which something has not left yet.
func (s *Service) WaitingAboutIn(tx *db.Tx, kind string, ids []int64) (map[int64]bool, error) {
	found, err := db.AllIn(tx, qWaits, db.Scalar[int64], ids, kind)
	waits := map[int64]bool{}
	for _, id := range found {
		waits[id] = true
	}
	return waits, err
}

// HoldAbout holds what waits to leave about r, for a reason, and returns how many. What is being sent goes on. Whoever calls it sees to
// it that nothing more is enqueued, and asked who may.
func (s *Service) HoldAbout(ctx context.Context, r Ref, reason string) (int, error) {
	return s.inSlices(ctx, qHoldAbout, nil, func(tx *db.Tx) []any { return []any{r.Kind, r.ID, reason, db.At(tx.Now())} })
}

// ReleaseAbout lets go what HoldAbout held for a reason; while all that leaves is held, or nobody carries its channel, it is held for that
// reason when its turn comes.
func (s *Service) ReleaseAbout(ctx context.Context, r Ref, reason string) (int, error) {
	n, err := s.inSlices(ctx, qReleaseAbout, nil, func(tx *db.Tx) []any { return []any{r.Kind, r.ID, reason, db.At(tx.Now())} })
	s.wakeAll()
	return n, err
}

// LetAboutGo has what is about r leave although all that leaves is held, and returns how many. Whoever calls it asked who may.
func (s *Service) LetAboutGo(ctx context.Context, r Ref) (int, error) {
	n, err := s.inSlices(ctx, qLetAboutGo, nil, func(tx *db.Tx) []any { return []any{r.Kind, r.ID, db.At(tx.Now())} })
	s.wakeAll()
	return n, err
}

// CancelAbout takes back what has not left about r, with a reason, and returns how many. Their keys stay taken.
func (s *Service) CancelAbout(ctx context.Context, r Ref, reason string) (int, error) {
	return s.inSlices(ctx, qCancelAbout, nil, func(tx *db.Tx) []any { return []any{r.Kind, r.ID, reason, db.At(tx.Now())} })
}

// CancelAboutIn is CancelAbout of a few, at most 500, inside a transaction: it waits for those that others have locked.
func (s *Service) CancelAboutIn(tx *db.Tx, r Ref, reason string) error {
	_, err := db.Exec(tx, qCancelAbout.slice.sqlite, r.Kind, r.ID, reason, db.At(tx.Now()))
	return err
}

// Tally is how many deliveries have a state for a reason.
type Tally struct {
	State, Reason string
	N             int
}

// TalliesIn counts what is about r, by state and reason.
func (s *Service) TalliesIn(tx *db.Tx, r Ref) ([]Tally, error) {
	return db.All(tx, qCountAbout, func(row db.Row) (t Tally, err error) { return t, row.Scan(&t.State, &t.Reason, &t.N) }, r.Kind, r.ID)
}

// AboutIn returns a page of what is about r and by may see, of one state or of all when it is "", in the order in which it was enqueued,
// and the cursor of the next, "" at the end.
func (s *Service) AboutIn(tx *db.Tx, by actor.Actor, r Ref, state, cursor string, limit int) (all []Delivery, next string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, "", err
	}
	if limit < 1 || limit > 100 {
		limit = 40
	}
	var after int64
	if cursor != "" {
		c, err := db.ParseCursor(cursor)
		if err != nil {
			return nil, "", fault.Invalid("cursor", "malformed")
		}
		after = c.ID
	}
	all, err = db.AllScoped(tx, qListAbout, by.Scope(actor.Author), scan, r.Kind, r.ID, after, state, limit+1)
	if err == nil && len(all) > limit {
		all = all[:limit]
		next = db.Cursor{At: all[limit-1].CreatedAt, ID: int64(all[limit-1].ID)}.Encode()
	}
	return all, next, err
}
