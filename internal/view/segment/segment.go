package segment

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// Segment is a filter that is kept under a name.
type Segment struct {
	ID        fact.SegmentID
	Name      string
	Filter    Filter
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Options are whom the view asks, all of them.
type Options struct {
	DB       *db.DB
	House    *house.Service
	Contacts *contact.Service
}

// View keeps segments, counts and lists them.
type View struct{ o Options }

// New returns the view.
func New(o Options) *View { return &View{o} }

// MaxSegments is how many a house keeps.
const MaxSegments = 200

// maxName is how many characters a name has.
const maxName = 80

const columns = `id, name, filter, created_at, updated_at`

var (
	qAll    = db.Q("segment.all", `SELECT `+columns+` FROM segments ORDER BY id DESC LIMIT 200`)
	qGet    = db.Q("segment.get", `SELECT `+columns+` FROM segments WHERE id = $1`)
	qCount  = db.Q("segment.count", `SELECT COUNT(*) FROM segments`)
	qInsert = db.Q("segment.insert", `INSERT INTO segments (id, name, filter, account_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)`)
	qUpdate = db.Q("segment.update", `UPDATE segments SET name = $2, filter = $3, updated_at = $4 WHERE id = $1`)
	qDelete = db.Q("segment.delete", `DELETE FROM segments WHERE id = $1`)
)

func scan(r db.Row) (s Segment, err error) {
	return s, r.Scan(&s.ID, &s.Name, db.FromJSON(&s.Filter), db.Time(&s.CreatedAt), db.Time(&s.UpdatedAt))
}

func may(by actor.Actor) error { return by.Require(actor.Editor, 0) }

// Save keeps a segment: a new one when it has no id. Problems are at name and at the criteria, as the API calls them.
func (v *View) Save(ctx context.Context, by actor.Actor, s Segment) (Segment, error) {
	var kept Segment
	err := v.o.DB.Write(ctx, func(tx *db.Tx) (err error) {
		kept, err = v.SaveIn(tx, by, s)
		return err
	})
	return kept, err
}

// SaveIn is Save inside a transaction.
func (v *View) SaveIn(tx *db.Tx, by actor.Actor, s Segment) (Segment, error) {
	if err := may(by); err != nil {
		return s, err
	}
	var p fault.Problems
	if s.Name = text.OneLine(s.Name); s.Name == "" {
		p.Add("name", "required")
	} else if len([]rune(s.Name)) > maxName {
		p.Add("name", "too_long", maxName)
	}
	read, err := v.readIn(tx, s.Filter)
	if p = append(p, fault.ProblemsOf(err)...); p.Any() {
		return s, p.Err()
	}
	if err != nil {
		return s, err
	}
	s.Filter, s.UpdatedAt = read, tx.Now()
	if !s.ID.IsZero() {
		n, err := db.Exec(tx, qUpdate, s.ID, s.Name, db.JSON(s.Filter), db.At(tx.Now()))
		if err == nil && n == 0 {
			err = fault.NotFound("segment")
		}
		return s, err
	}
	if n, err := db.One(tx, qCount, db.Scalar[int]); err != nil || n >= MaxSegments {
		if err == nil {
			err = fault.Conflict("segment.too_many", MaxSegments)
		}
		return s, err
	}
	s.ID, s.CreatedAt = fact.New[fact.SegmentID](tx.Now()), tx.Now()
	_, err = db.Exec(tx, qInsert, s.ID, s.Name, db.JSON(s.Filter), account(by), db.At(tx.Now()))
	return s, err
}

func account(by actor.Actor) any {
	if by.Account == 0 {
		return nil
	}
	return by.Account
}

// Delete forgets a segment; the people of it stay.
func (v *View) Delete(ctx context.Context, by actor.Actor, id fact.SegmentID) error {
	if err := may(by); err != nil {
		return err
	}
	return v.o.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(tx, qDelete, id)
		if err == nil && n == 0 {
			err = fault.NotFound("segment")
		}
		return err
	})
}

// Get returns a segment.
func (v *View) Get(ctx context.Context, by actor.Actor, id fact.SegmentID) (s Segment, err error) {
	if err := may(by); err != nil {
		return s, err
	}
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		s, err = db.One(tx, qGet, scan, id)
		return err
	})
	return s, err
}

// List returns all segments, the last made first.
func (v *View) List(ctx context.Context, by actor.Actor) (all []Segment, err error) {
	if err := may(by); err != nil {
		return nil, err
	}
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(tx, qAll, scan)
		return err
	})
	return all, err
}

func placeholder(n int) string { return "$" + strconv.Itoa(n) }

// now is the day and the zone with which a filter is read.
func (v *View) now(tx *db.Tx) (day clock.Day, zone *time.Location, err error) {
	h, err := v.o.House.GetIn(tx)
	if err != nil {
		return day, nil, err
	}
	zone = h.Location()
	return clock.DayOf(tx.Now(), zone), zone, nil
}

// Count returns how many people a filter finds.
func (v *View) Count(ctx context.Context, by actor.Actor, f Filter) (n int, err error) {
	if err := may(by); err != nil {
		return 0, err
	}
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		read, err := v.readIn(tx, f)
		if err == nil {
			n, err = v.countIn(tx, read)
		}
		return err
	})
	return n, err
}

func (v *View) countIn(tx *db.Tx, f Filter) (int, error) {
	day, zone, err := v.now(tx)
	if err != nil {
		return 0, err
	}
	all := f.found(false, nil, day, zone)
	return db.One(tx, db.Query{Name: "segment.people_count", SQL: `SELECT COUNT(*)` + all.from}, db.Scalar[int], all.args...)
}

// Counts is Count of the filters of segments that are kept, in one question.
func (v *View) Counts(ctx context.Context, by actor.Actor, all []Segment) (counts []int, err error) {
	if err := may(by); err != nil {
		return nil, err
	}
	counts = make([]int, len(all))
	if len(all) == 0 {
		return counts, nil
	}
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		day, zone, err := v.now(tx)
		if err != nil {
			return err
		}
		var parts []string
		var args []any
		for i, s := range all {
			people := s.Filter.found(false, args, day, zone)
			args, parts = people.args, append(parts, fmt.Sprintf("SELECT %d, COUNT(*)%s", i, people.from))
		}
		_, err = db.All(tx, db.Once(db.Query{Name: "segment.counts", SQL: strings.Join(parts, " UNION ALL ")}), func(r db.Row) (_ struct{}, err error) {
			var i, n int
			if err = r.Scan(&i, &n); err == nil {
				counts[i] = n
			}
			return struct{}{}, err
		}, args...)
		return err
	})
	return counts, err
}

// NameIn returns what a segment is called, by its id as it is written; segment.not_found when there is none or by may not see it.
func (v *View) NameIn(tx *db.Tx, by actor.Actor, id string) (string, error) {
	if err := may(by); err != nil {
		return "", fault.NotFound("segment")
	}
	s, err := byName(tx, id)
	return s.Name, err
}

func byName(tx *db.Tx, named string) (Segment, error) {
	id, err := fact.Parse[fact.SegmentID](named)
	if err != nil {
		return Segment{}, fault.NotFound("segment")
	}
	return db.One(tx, qGet, scan, id)
}

// ContactsIn returns the next n people behind one of a segment, which is named by its id as it is written, by their ids: all of them,
// whether or not one may write to them. It asks nobody: its callers asked who may.
func (v *View) ContactsIn(tx *db.Tx, id string, after fact.ContactID, n int) ([]fact.ContactID, error) {
	s, err := byName(tx, id)
	if err != nil {
		return nil, err
	}
	return v.peopleIn(tx, s.Filter, after, n)
}

func (v *View) peopleIn(tx *db.Tx, f Filter, after fact.ContactID, n int) ([]fact.ContactID, error) {
	day, zone, err := v.now(tx)
	if err != nil {
		return nil, err
	}
	all := f.found(false, []any{int64(after), n}, day, zone)
	q := db.Query{Name: "segment.people", SQL: `SELECT ` + all.id + all.from + ` AND ` + all.id + ` > $1 ORDER BY ` + all.id + ` LIMIT CAST($2 AS BIGINT)`}
	return db.All(tx, q, db.Scalar[fact.ContactID], all.args...)
}

// People returns a page of whom a filter finds, in the order in which they became known here, and the cursor of the next.
func (v *View) People(ctx context.Context, by actor.Actor, f Filter, cursor string, limit int) (found []contact.Contact, next string, err error) {
	if err := may(by); err != nil {
		return nil, "", err
	}
	after, err := db.ParseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		read, err := v.readIn(tx, f)
		if err != nil {
			return err
		}
		ids, err := v.peopleIn(tx, read, fact.ContactID(after.ID), limit+1)
		if err != nil {
			return err
		}
		if next = ""; len(ids) > limit {
			ids = ids[:limit]
			next = db.CursorAt(0, int64(ids[limit-1])).Encode()
		}
		all, err := v.o.Contacts.ByIDsIn(tx, ids)
		found = found[:0]
		for _, id := range ids {
			found = append(found, all[id])
		}
		return err
	})
	return found, next, err
}
