package subscription

import (
	"context"
	"net/netip"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/queue"
)

const (
	// floodFrom is how many wishes of a day that were one too many are more than somebody's impatience.
	floodFrom = 5
	// floodTold is how long a flood is gathered before it is told.
	floodTold = 15 * time.Minute

	floodJob = "subscription.flood"
)

// Flood is how many wishes of the last day were one too many, since when, and from where most of them came: somebody tries to flood mailboxes
// through us.
type Flood struct {
	Asks     int
	Since    time.Time
	Networks []Network // three at most, the most first; what came from no address that one knows is in none
}

// Network is one from which wishes came: a /24, or a /48 of IPv6, which is a street, a firm or a host, and nobody.
type Network struct {
	Name string // "203.0.113.0/24"
	Asks int
}

var (
	qFlood      = db.Q("subscription.flood", `SELECT COUNT(*), MIN(at) FROM subscription_asks WHERE at >= $1 AND NOT mailed`)
	qFloodBegan = db.Q("subscription.flood_began", `
		SELECT COUNT(*) FROM (SELECT id FROM subscription_asks WHERE at >= $1 AND NOT mailed LIMIT CAST($2 AS BIGINT)) AS x`)
	qFloodFrom = db.Q("subscription.flood_from", `
		SELECT network, COUNT(*) FROM subscription_asks WHERE at >= $1 AND NOT mailed AND network <> ''
		 GROUP BY network ORDER BY COUNT(*) DESC, network LIMIT 3`)
)

// FloodIn returns it, for whoever asks: its callers asked who may. It is zero when there is none.
func (s *Service) FloodIn(tx *db.Tx) (f Flood, err error) {
	since := db.At(tx.Now().Add(-24 * time.Hour))
	f, err = db.One(tx, qFlood, func(r db.Row) (f Flood, err error) { return f, r.Scan(&f.Asks, db.Time(&f.Since)) }, since)
	if err != nil || f.Asks < floodFrom {
		return Flood{}, err
	}
	f.Networks, err = db.All(tx, qFloodFrom, func(r db.Row) (n Network, err error) { return n, r.Scan(&n.Name, &n.Asks) }, since)
	return f, err
}

// floodIn has a flood told, once on a day of the house: a while after it began, so that more of it is told.
func (s *Service) floodIn(tx *db.Tx) error {
	n, err := db.One(tx, qFloodBegan, db.Scalar[int], db.At(tx.Now().Add(-24*time.Hour)), floodFrom)
	if err != nil || n < floodFrom {
		return err
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return err
	}
	_, err = s.o.Queue.Enqueue(tx, floodJob, struct{}{}, queue.Put{Key: floodJob + "/" + h.Today(tx.Now()).String(), DueAt: tx.Now().Add(floodTold)})
	return err
}

func (s *Service) tellFlood(ctx context.Context) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		f, err := s.FloodIn(tx)
		if err != nil || f.Asks == 0 {
			return err
		}
		return s.o.Bus.Emit(tx, actor.System(), fact.SubscriptionsFlooded{Asks: f.Asks})
	})
}

// networkOf is the network of many in which an address lies; "" of none.
func networkOf(a netip.Addr) string {
	bits := 48
	if a = a.Unmap(); a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}
