package post

import (
	"context"
	"slices"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// DeskLife is how long a page counts as open that was not heard of.
const DeskLife = time.Minute

// Desk is who else has the writing page of a post open, and what was saved since a page was made.
type Desk struct {
	Writing []string  // names of others who type there
	Reading []string  // names of others who have it open
	Mine    bool      // one has it open in another tab too
	Saved   *Revision // the last save, when it is newer than the version of the page
}

// seat is one page that is open.
type seat struct {
	tab     string
	account int64
	name    string
	typing  bool
}

var (
	qSit = db.Q("desk.sit", `
		INSERT INTO post_desks (post_id, tab, account_id, name, typing, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (post_id, tab) DO UPDATE SET account_id = excluded.account_id, name = excluded.name, typing = excluded.typing, at = excluded.at`)
	qLeave  = db.Q("desk.leave", `DELETE FROM post_desks WHERE post_id = $1 AND tab = $2 AND account_id = $3`)
	qClear  = db.Q("desk.clear", `DELETE FROM post_desks WHERE at < $1`)
	qSeats  = db.Q("desk.seats", `SELECT tab, account_id, name, typing FROM post_desks WHERE post_id = $1 ORDER BY tab LIMIT 50`)
	qAtDesk = db.Q("desk.mark", `
		SELECT p.version * 1000 + (SELECT COUNT(*) + 30 * COALESCE(SUM(CASE WHEN d.typing THEN 1 ELSE 0 END), 0) FROM post_desks d WHERE d.post_id = p.id)
		  FROM posts p WHERE p.id = $1`)
)

// Sit says that a page of by has a post open, or leaves it, and tells what that page should know. version is the one that the page was
// made from; tab is a word of its own. The others are woken when somebody comes, goes, or begins to type.
func (s *Service) Sit(ctx context.Context, by actor.Actor, id fact.PostID, tab string, version int, typing, leave bool) (d Desk, err error) {
	if tab == "" || len(tab) > 40 {
		return d, fault.Invalid("tab", "required")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		d = Desk{}
		p, err := s.open(tx, by, id)
		if err != nil {
			return err
		}
		if _, err := db.Exec(tx, qClear, db.At(tx.Now().Add(-DeskLife))); err != nil {
			return err
		}
		seats, err := db.All(tx, qSeats, func(r db.Row) (one seat, err error) {
			err = r.Scan(&one.tab, &one.account, &one.name, &one.typing)
			return one, err
		}, id)
		if err != nil {
			return err
		}
		mine := seat{tab, by.Account, by.Name, typing}
		at := slices.IndexFunc(seats, func(o seat) bool { return o.tab == tab })
		switch {
		case leave:
			_, err = db.Exec(tx, qLeave, id, tab, by.Account)
		case len(seats) < 50 || at >= 0:
			_, err = db.Exec(tx, qSit, id, tab, by.Account, by.Name, typing, db.At(tx.Now()))
		}
		if err == nil && (leave || at < 0 || seats[at] != mine) {
			err = s.woken(tx, id)
		}
		if err != nil {
			return err
		}
		d.see(mine, seats)
		if version == 0 || version >= p.Version {
			return nil
		}
		last, found, err := db.Maybe(tx, qRevisionUpTo, scanWhole, id, p.Version)
		if found && last.Version > version {
			d.Saved = &last
		}
		return err
	})
	return d, err
}

// see tells the others from oneself.
func (d *Desk) see(mine seat, seats []seat) {
	for _, o := range seats {
		switch {
		case o.tab == mine.tab:
		case o.account == mine.account:
			d.Mine = true
		case o.typing:
			d.Writing = append(d.Writing, o.name)
		default:
			d.Reading = append(d.Reading, o.name)
		}
	}
	for _, names := range []*[]string{&d.Writing, &d.Reading} {
		slices.Sort(*names)
		*names = slices.Compact(*names)
	}
	d.Reading = slices.DeleteFunc(d.Reading, func(name string) bool { return slices.Contains(d.Writing, name) })
}

// DeskMarkIn is a number that changes when a post is saved, or when somebody comes to its page, goes, or begins to type.
func (s *Service) DeskMarkIn(tx *db.Tx, by actor.Actor, id fact.PostID) (int, error) {
	if _, err := s.open(tx, by, id); err != nil {
		return 0, err
	}
	return db.One(tx, qAtDesk, db.Scalar[int], id)
}
