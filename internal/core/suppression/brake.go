package suppression

import (
	"context"

	"causerie/internal/core/delivery"
	"causerie/internal/platform/db"
	"causerie/internal/platform/queue"
)

// When a letter stops, in shares of what was tried.
const (
	BrakeRefused    = 0.02 // of addresses that were no good
	BrakeComplained = 0.001

	refusedFrom    = 100 // how many must have been tried before the share says anything
	complainedFrom = 1000
)

// The reasons of what is held by the brake.
const (
	HeldRefused    = "many_refused"
	HeldComplained = "many_complaints"
)

// Rate is what a letter came to so far.
type Rate struct {
	Tried      int // sent, or refused by a server
	Refused    int // for the address's own sake
	Complained int
}

// Brake tells why something must stop, "" when it may go on.
func (r Rate) Brake() string {
	share := func(n int) float64 { return float64(n) / float64(max(r.Tried, 1)) }
	switch {
	case r.Tried >= complainedFrom && share(r.Complained) >= BrakeComplained:
		return HeldComplained
	case r.Tried >= refusedFrom && share(r.Refused) >= BrakeRefused:
		return HeldRefused
	}
	return ""
}

var (
	qTried = db.Q("suppression.tried", `
		SELECT COUNT(*), COALESCE(SUM(CASE WHEN state = 'complained' THEN 1 ELSE 0 END), 0) FROM deliveries
		 WHERE about_kind = $1 AND about_id = $2 AND state IN ('sent', 'bounced', 'complained', 'answered')`)
	qRefused = db.Q("suppression.refused", `
		SELECT state, reason, server_reply FROM deliveries
		 WHERE about_kind = $1 AND about_id = $2 AND state IN ('refused', 'bounced') AND server_reply <> '' LIMIT 10000`)
	qBrake = db.Q("suppression.brake", `
		INSERT INTO brakes (about_kind, about_id, why, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`)
)

// RateIn counts what was sent about r.
func RateIn(tx *db.Tx, r delivery.Ref) (rate Rate, err error) {
	type counts struct{ tried, complained int }
	c, err := db.One(tx, qTried, func(row db.Row) (c counts, err error) { return c, row.Scan(&c.tried, &c.complained) }, r.Kind, r.ID)
	if err != nil {
		return rate, err
	}
	rate.Tried, rate.Complained = c.tried, c.complained
	_, err = db.All(tx, qRefused, func(row db.Row) (struct{}, error) {
		var o delivery.Outcome
		err := row.Scan(&o.State, &o.Reason, &o.Reply)
		if o.State == delivery.Refused {
			rate.Tried++
		}
		if Judge(o) == Hard {
			rate.Refused++
		}
		return struct{}{}, err
	}, r.Kind, r.ID)
	return rate, err
}

// brakeJob is the job that holds what must stop.
const brakeJob = "suppression.brake"

// braked is its body.
type braked struct {
	Kind string `json:"kind"`
	ID   int64  `json:"id"`
	Why  string `json:"why"`
}

// weigh stops what goes on about r when its rate says so, once for each reason.
func (s *Service) weigh(tx *db.Tx, r delivery.Ref) error {
	rate, err := RateIn(tx, r)
	if err != nil {
		return err
	}
	why := rate.Brake()
	if why == "" {
		return nil
	}
	n, err := db.Exec(tx, qBrake, r.Kind, r.ID, why, db.At(tx.Now()))
	if err != nil || n == 0 {
		return err
	}
	_, err = s.o.Queue.Enqueue(tx, brakeJob, braked{r.Kind, r.ID, why}, queue.Put{})
	return err
}

func (s *Service) brake(ctx context.Context, _ queue.Job, b braked) error {
	s.o.Log.WarnContext(ctx, "a letter stops by itself", "about", b.Kind, "id", b.ID, "why", b.Why)
	return s.o.Stop(ctx, delivery.Ref{Kind: b.Kind, ID: b.ID}, b.Why)
}
