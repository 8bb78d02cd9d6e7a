package delivery

import (
	"context"
	"time"

	"causerie/internal/platform/db"
)

// perEngine is a statement in two texts, of which PostgreSQL's passes over the rows that others have locked.
type perEngine struct{ sqlite, postgres db.Query }

func (p perEngine) on(tx *db.Tx) db.Query {
	if tx.Engine() == db.Postgres {
		return p.postgres
	}
	return p.sqlite
}

// skipping makes the statement that sets something in the rows of deliveries that from picks: their FROM, with all that follows it. On
// PostgreSQL it waits for no row, so that it takes part in no deadlock, in whatever order others lock theirs: a slice and a line that
// begins and writes down hundreds come across each other all the time.
func skipping(name, set, from string) perEngine {
	return perEngine{
		sqlite: db.Q(name, `
		UPDATE deliveries SET `+set+`
		 WHERE id IN (SELECT id`+from+`)`),
		postgres: db.Q("postgres."+name, `
		WITH picked AS MATERIALIZED (SELECT id`+from+` FOR UPDATE SKIP LOCKED)
		UPDATE deliveries SET `+set+`
		 WHERE id IN (SELECT id FROM picked)`),
	}
}

// sliced is a change of any number of rows, a slice at a time. The first of its arguments are those of its condition.
type sliced struct {
	slice perEngine
	left  db.Query // whether there are rows of the condition
	asks  int      // how many arguments the condition has
}

// inSlice is how many rows a slice changes at most.
const inSlice = 500

func slicing(name, set, where string, asks int) sliced {
	from := ` FROM deliveries WHERE ` + where
	return sliced{
		slice: skipping(name, set, from+` ORDER BY id LIMIT 500`),
		left:  db.Q(name+"_left", `SELECT id`+from+` LIMIT 1`),
		asks:  asks,
	}
}

// between is the pause before a slice is tried again of which others had locked every row: they are at their commit.
const between = 5 * time.Millisecond

// inSlices changes rows until none is left, each slice in a commit of its own, so that others come between, and returns how many. may is
// asked in each commit and ends it; nil always may.
func (s *Service) inSlices(ctx context.Context, change sliced, may func(tx *db.Tx) (bool, error), args func(tx *db.Tx) []any) (total int, err error) {
	for {
		var n int64
		left := false
		err := s.db.Claim(ctx, func(tx *db.Tx) error {
			n, left = 0, false
			if may != nil {
				if is, err := may(tx); err != nil || !is {
					return err
				}
			}
			all := args(tx)
			var err error
			if n, err = db.Exec(tx, change.slice.on(tx), all...); err != nil || n > 0 || tx.Engine() == db.SQLite {
				return err
			}
			_, left, err = db.Maybe(tx, change.left, db.Scalar[int64], all[:change.asks]...)
			return err
		})
		if err != nil {
			return total, err
		}
		total += int(n)
		switch {
		case n == 0 && !left:
			return total, nil
		case n == 0:
			select {
			case <-time.After(between):
			case <-ctx.Done():
				return total, ctx.Err()
			}
		}
	}
}
