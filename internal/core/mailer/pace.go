package mailer

import (
	"context"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

// unbounded is a room without end: more than the outbox begins at once.
const unbounded = 1 << 20

const (
	minute = time.Minute
	day    = 24 * time.Hour
)

var (
	qBatches = db.Q("relay.batches", `
		SELECT relay_id, COALESCE(SUM(CASE WHEN at > $2 THEN n ELSE 0 END), 0), COALESCE(SUM(n), 0),
		       COALESCE(MIN(CASE WHEN at > $2 THEN at END), 0), MIN(at)
		  FROM relay_batches WHERE at > $1 GROUP BY relay_id`)
	qBatchAdd   = db.Q("relay.batch_add", `INSERT INTO relay_batches (id, relay_id, at, n) VALUES ($1, $2, $3, $4)`)
	qBatchPrune = db.Q("relay.batch_prune", `DELETE FROM relay_batches WHERE at <= $1`)
)

// handed is what a relay was handed lately.
type handed struct {
	relay              fact.RelayID
	minute, day        int
	firstMinute, first time.Time // when the oldest of each was
}

func scanHanded(r db.Row) (h handed, err error) {
	return h, r.Scan(&h.relay, &h.minute, &h.day, db.Time(&h.firstMinute), db.Time(&h.first))
}

// countIn notes with each relay what it was handed, and when it takes more.
func (r *Relays) countIn(tx *db.Tx, all []Relay) error {
	lately, err := db.All(tx, qBatches, scanHanded, db.At(tx.Now().Add(-day)), db.At(tx.Now().Add(-minute)))
	for i := range all {
		for _, h := range lately {
			if h.relay != all[i].ID {
				continue
			}
			all[i].Minute, all[i].Day = h.minute, h.day
			switch {
			case all[i].PerDay > 0 && h.day >= all[i].PerDay:
				all[i].FreeAt = h.first.Add(day)
			case all[i].PerMinute > 0 && h.minute >= all[i].PerMinute:
				all[i].FreeAt = h.firstMinute.Add(minute)
			}
		}
	}
	return err
}

// bounded reports whether a relay says how much it takes.
func (r Relay) bounded() bool { return r.PerMinute > 0 || r.PerDay > 0 }

// room is how many more a relay takes of a lane: what is sent to many leaves a tenth of each bound to what one person says to another,
// and what somebody waits for in front of a screen is not bounded by us.
func (r Relay) room(lane string) int {
	left := unbounded
	for _, b := range []struct{ most, had int }{{r.PerMinute, r.Minute}, {r.PerDay, r.Day}} {
		if b.most == 0 || lane == delivery.LaneAccount {
			continue
		}
		if lane == delivery.LaneBulk {
			b.most -= (b.most + 9) / 10
			b.most = max(b.most, 1)
		}
		left = min(left, max(b.most-b.had, 0))
	}
	return left
}

// routeOf returns the relay by which a voice's mail is begun: the first of its own that is in reach, else the first of everybody's that
// is, else the first of all of them.
func (r *Relays) routeOf(all []Relay, voice fact.VoiceID) *Relay {
	var first *Relay
	for _, own := range []bool{true, false} {
		for i := range all {
			relay := &all[i]
			if relay.Lost || own != (relay.Voice != 0) || own && relay.Voice != voice {
				continue
			}
			if !r.isAway(relay.ID) {
				return relay
			}
			if first == nil {
				first = relay
			}
		}
	}
	return first
}

// Room is Carrier.Room. Who claims keeps others, who would count the same room, out until the commit.
func (r *Relays) Room(tx *db.Tx, lane string, begins bool) (delivery.Room, error) {
	all, err := r.allIn(tx)
	if err != nil || lane == delivery.LaneAccount || !anyBounded(all) {
		return delivery.Room{Most: unbounded}, err
	}
	if begins {
		if err := db.LockIn(tx, "relay_batches"); err != nil {
			return delivery.Room{}, err
		}
	}
	if err := r.countIn(tx, all); err != nil {
		return delivery.Room{}, err
	}
	return r.roomOf(all, lane), nil
}

// roomOf says whose mail may leave, and how much at once so that no relay is handed more than it takes.
func (r *Relays) roomOf(all []Relay, lane string) delivery.Room {
	most := 0
	takes := func(voice fact.VoiceID) bool {
		relay := r.routeOf(all, voice)
		if relay == nil {
			return true // it waits for another reason
		}
		n := relay.room(lane)
		if n > 0 && (most == 0 || n < most) {
			most = n
		}
		return n > 0
	}
	room := delivery.Room{Only: !takes(0)}
	seen := map[fact.VoiceID]bool{0: true}
	for _, relay := range all {
		if !seen[relay.Voice] && takes(relay.Voice) == room.Only {
			room.Voices = append(room.Voices, relay.Voice)
		}
		seen[relay.Voice] = true
	}
	room.Most = most
	return room
}

func anyBounded(all []Relay) bool {
	for _, relay := range all {
		if relay.bounded() {
			return true
		}
	}
	return false
}

// Begin is Carrier.Begin: it says by which relay each mail goes, and counts those that go by one with a bound.
func (r *Relays) Begin(tx *db.Tx, _ string, batch []delivery.Delivery) error {
	all, err := r.allIn(tx)
	if err != nil {
		return err
	}
	begun := map[fact.RelayID]int{}
	for i := range batch {
		if relay := r.routeOf(all, batch[i].Voice); relay != nil {
			batch[i].Route = int64(relay.ID)
			if relay.bounded() {
				begun[relay.ID]++
			}
		}
	}
	if len(begun) == 0 {
		return nil
	}
	if _, err := db.Exec(tx, qBatchPrune, db.At(tx.Now().Add(-day))); err != nil {
		return err
	}
	for id, n := range begun {
		if err := addBatch(tx, id, n); err != nil {
			return err
		}
	}
	return nil
}

func addBatch(tx *db.Tx, id fact.RelayID, n int) error {
	_, err := db.Exec(tx, qBatchAdd, fact.New[fact.RelayID](tx.Now()), int64(id), db.At(tx.Now()), n)
	return err
}

// Take is Carrier.Take. It lets a tenth of a bound go to what one says to many too: what was begun for a relay that does not answer is
// better off with another than waiting.
func (r *Relays) Take(ctx context.Context, id fact.RelayID) (ok bool, err error) {
	err = r.o.DB.Claim(ctx, func(tx *db.Tx) error {
		ok = false
		all, err := r.allIn(tx)
		if err != nil {
			return err
		}
		relay, err := find(all, id)
		if err != nil || !relay.bounded() {
			ok = err == nil
			return nil // one that was removed meanwhile takes nothing
		}
		if err := db.LockIn(tx, "relay_batches"); err != nil {
			return err
		}
		counted := []Relay{relay}
		if err := r.countIn(tx, counted); err != nil {
			return err
		}
		if ok = counted[0].room(delivery.LanePerson) > 0; !ok {
			return nil
		}
		return addBatch(tx, id, 1)
	})
	return ok, err
}
