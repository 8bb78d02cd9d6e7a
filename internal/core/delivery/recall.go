package delivery

import (
	"context"
	"fmt"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

var (
	// What a process had begun, those that were called uncertain meanwhile too. Their conditions on state are those of the index
	// deliveries_open.
	qLeft = db.Q("delivery.left", `
		SELECT `+columns+`, payload FROM deliveries
		 WHERE state <> 'sent' AND state IN ('sending', 'uncertain') AND lease_by = $1 AND (state = 'sending' OR reason = 'interrupted')
		 ORDER BY id`)
	qReturn = db.Q("delivery.return", `
		UPDATE deliveries SET state = 'queued', reason = '', attempts = attempts - 1, at = $2, due_at = $2, lease_by = NULL
		 WHERE lease_by = $1 AND state IN ('sending', 'uncertain') AND id IN ({in})`)
)

// recall writes down what became of what was begun by processes of this machine that were killed, as their journals tell it: what was
// taken is sent, what never began is queued again, and what was under way is uncertain.
func (s *Service) recall(ctx context.Context) error {
	all, err := s.notes.pastJournals()
	if err != nil {
		return err
	}
	for _, p := range all {
		var settled, uncertain, back int
		err := s.db.Claim(ctx, func(tx *db.Tx) error {
			settled, uncertain, back = 0, 0, 0
			left, err := db.All(tx, qLeft, scanWhole, p.self)
			if err != nil {
				return err
			}
			results := map[*channel][]result{}
			var never []fact.DeliveryID
			for _, d := range left {
				c := s.channels[d.Channel]
				a := attempt{d.ID, d.Attempts}
				o, ended := p.ended[a]
				switch {
				case c == nil: // it is not registered any more
				case ended:
					settled++
					results[c] = append(results[c], result{item: &item{Delivery: d}, Outcome: o})
				case p.begun[a]:
					uncertain++
					results[c] = append(results[c], result{item: &item{Delivery: d}, Outcome: Outcome{State: Uncertain, Reason: Interrupted}})
				default:
					never = append(never, d.ID)
				}
			}
			for c, of := range results {
				if err := s.settleIn(tx, c, of); err != nil {
					return err
				}
			}
			back = len(never)
			_, err = db.ExecIn(tx, qReturn, never, p.self, db.At(tx.Now()))
			return err
		})
		if err != nil {
			p.file.Close()
			return fmt.Errorf("delivery: %w", err)
		}
		p.done()
		if settled+uncertain+back > 0 {
			s.log.Warn("a process was killed while it sent: its journal says what became of it", "known", settled, "uncertain", uncertain, "not begun", back)
		}
	}
	return nil
}
