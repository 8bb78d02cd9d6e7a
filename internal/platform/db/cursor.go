package db

import (
	"math"
	"strconv"
	"strings"
	"time"

	"causerie/internal/platform/fault"
)

// Cursor is a place in a list that is ordered by an instant and then by an id: that of the last row seen. The zero Cursor is
// the beginning of the list.
type Cursor struct {
	At time.Time // to the millisecond
	ID int64
}

// CursorAt returns the cursor of a row, from the milliseconds and the id that its columns hold.
func CursorAt(milliseconds, id int64) Cursor { return Cursor{time.UnixMilli(milliseconds).UTC(), id} }

// IsZero reports whether c is the beginning of a list.
func (c Cursor) IsZero() bool { return c.ID == 0 && c.At.IsZero() }

// Encode returns c as an address or an API carries it, "" for the beginning. Whoever receives it may only give it back.
func (c Cursor) Encode() string {
	if c.IsZero() {
		return ""
	}
	return strconv.FormatInt(c.At.UnixMilli(), 36) + "." + strconv.FormatInt(c.ID, 36)
}

// ParseCursor reads what Encode wrote, and nothing else: any other text is the problem cursor_invalid of the field "cursor".
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	at, id, _ := strings.Cut(s, ".")
	ms, err := strconv.ParseInt(at, 36, 64)
	if err == nil {
		var n int64
		if n, err = strconv.ParseInt(id, 36, 64); err == nil {
			if c := CursorAt(ms, n); c.Encode() == s {
				return c, nil
			}
		}
	}
	return Cursor{}, fault.Invalid("cursor", "cursor_invalid")
}

// Before returns what a list from newest to oldest binds to go on after c, as in WHERE (at, id) < ($1, $2). From the
// beginning, every row stands before it.
func (c Cursor) Before() (milliseconds, id int64) {
	if c.IsZero() {
		return math.MaxInt64, math.MaxInt64
	}
	return c.At.UnixMilli(), c.ID
}
