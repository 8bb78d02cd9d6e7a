package media

import (
	"context"
	"slices"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

var qFocus = db.Q("media.focus", `UPDATE media SET focus_x = $2, focus_y = $3 WHERE id = $1`)

// Focus is where to look in a picture, in hundredths from its left and its top. Said is false while nobody said.
type Focus struct {
	X, Y int
	Said bool
}

// spots are the nine places of a picture that people choose from, and style sheets know, row by row.
var spots = []string{"top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"}

// third is how far along a side each of the three places stands.
var third = []int{0, 50, 100}

// Spots returns the names of the nine places of a picture.
func Spots() []string { return slices.Clone(spots) }

// FocusAt returns the focus at one of Spots, the zero Focus for any other name.
func FocusAt(spot string) Focus {
	i := slices.Index(spots, spot)
	if i < 0 {
		return Focus{}
	}
	return Focus{X: third[i%3], Y: third[i/3], Said: true}
}

// Spot returns which of the nine places is nearest, "" while nobody said.
func (f Focus) Spot() string {
	if !f.Said {
		return ""
	}
	at := func(v int) int { return min(max(v, 0)*3/100, 2) }
	return spots[3*at(f.Y)+at(f.X)]
}

// SetFocus says where to look in a picture, for who works with it, as Describe.
func (s *Service) SetFocus(ctx context.Context, by actor.Actor, id fact.MediaID, f Focus) error {
	if f.Said && (f.X < 0 || f.X > 100 || f.Y < 0 || f.Y > 100) {
		return fault.Invalid("focus", "unknown")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.WorkIn(tx, by, id)
		if err != nil || m.Focus == f {
			return err
		}
		var x, y any
		if f.Said {
			x, y = f.X, f.Y
		}
		if _, err := db.Exec(tx, qFocus, id, x, y); err != nil {
			return err
		}
		if err := s.recropIn(tx, m); err != nil {
			return err
		}
		return s.bus.Emit(tx, by, fact.MediaChanged{Media: id})
	})
}
