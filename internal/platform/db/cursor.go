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

	// Of a list whose rows move while it is read (Moving): when the reading began, and what this round leaves out because the
	// round before showed it. Zero in a list whose order is for ever.
	Began, Floor time.Time
}

// CursorAt returns the cursor of a row, from the milliseconds and the id that its columns hold.
func CursorAt(milliseconds, id int64) Cursor {
	return Cursor{At: time.UnixMilli(milliseconds).UTC(), ID: id}
}

// IsZero reports whether c is the beginning of a list.
func (c Cursor) IsZero() bool { return c.ID == 0 && c.At.IsZero() }

// Encode returns c as an address or an API carries it, "" for the beginning. Whoever receives it may only give it back.
func (c Cursor) Encode() string {
	if c.IsZero() {
		return ""
	}
	parts := []int64{c.At.UnixMilli(), c.ID}
	for _, t := range []time.Time{c.Began, c.Floor} {
		if t.IsZero() {
			break
		}
		parts = append(parts, t.UnixMilli())
	}
	words := make([]string, len(parts))
	for i, n := range parts {
		words[i] = strconv.FormatInt(n, 36)
	}
	return strings.Join(words, ".")
}

// ParseCursor reads what Encode wrote, and nothing else: any other text is the problem cursor_invalid of the field "cursor".
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	invalid := fault.Invalid("cursor", "cursor_invalid")
	words := strings.Split(s, ".")
	if len(words) < 2 || len(words) > 4 {
		return Cursor{}, invalid
	}
	parts := make([]int64, len(words))
	for i, w := range words {
		n, err := strconv.ParseInt(w, 36, 64)
		if err != nil {
			return Cursor{}, invalid
		}
		parts[i] = n
	}
	c := CursorAt(parts[0], parts[1])
	for i, t := range []*time.Time{&c.Began, &c.Floor} {
		if len(parts) > i+2 {
			*t = time.UnixMilli(parts[i+2]).UTC()
		}
	}
	if c.Encode() != s {
		return Cursor{}, invalid
	}
	return c, nil
}

// Before returns what a list from newest to oldest binds to go on after c, as in WHERE (at, id) < ($1, $2). From the
// beginning, every row stands before it.
func (c Cursor) Before() (milliseconds, id int64) {
	if c.IsZero() {
		return math.MaxInt64, math.MaxInt64
	}
	return c.At.UnixMilli(), c.ID
}

// Moving makes a page, of at most limit rows, of a list that is ordered by when its rows last changed, the last first, and the cursor of
// the next page, "" at the end. What changes while somebody reads goes to the front, behind the back of who is on page two: so a reading
// that comes to the end goes round again, for what has changed since it began, until nothing has. read returns up to n rows that stand
// before a cursor, and key is the place of a row.
func Moving[T any](tx *Tx, c Cursor, limit int, key func(T) Cursor, read func(from Cursor, n int) ([]T, error)) ([]T, string, error) {
	rows, err := read(c, limit+1)
	if err != nil {
		return nil, "", err
	}
	for i, r := range rows {
		if key(r).At.Before(c.Floor) {
			rows = rows[:i]
			break
		}
	}
	first := c.IsZero()
	if first {
		c.Began = tx.Now()
	}
	if len(rows) > limit {
		next := key(rows[limit-1])
		next.Began, next.Floor = c.Began, c.Floor
		return rows[:limit], next.Encode(), nil
	}
	if first || c.Began.IsZero() { // all of it was read at once
		return rows, "", nil
	}
	next, err := Again(tx, c, key, read)
	return rows, next, err
}

// Again returns the cursor with which a reading that came to its end goes round for what has changed since it began, "" when nothing has.
// What says that it changes at some later time is left to the first round.
func Again[T any](tx *Tx, c Cursor, key func(T) Cursor, read func(from Cursor, n int) ([]T, error)) (string, error) {
	now := CursorAt(tx.Now().UnixMilli()+1, math.MinInt64)
	last, err := read(now, 1)
	if err != nil || len(last) == 0 || !key(last[0]).At.After(c.Began) {
		return "", err
	}
	now.Began, now.Floor = tx.Now(), c.Began
	return now.Encode(), nil
}
