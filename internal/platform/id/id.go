// Package id makes the identifiers of rows.
//
// An identifier is 63 bits: 41 bits of milliseconds since 2020-01-01 UTC (good until 2089), then 22 bits that
// begin anywhere and count up within a millisecond. So identifiers of one process sort in the order they were
// made, as long as its clock does not step back; two processes hardly ever meet (the loser of a meeting sees a
// unique violation); and nothing has to ask the database for a number. They are not the order in which transactions
// committed: whoever needs that order must not read it from them.
//
// Each kind of row has its own Go type, ID[mark], so that a contact cannot be passed for a message. Outside the
// program an identifier is thirteen lower-case letters and digits (Crockford's base 32), because a JavaScript
// number would lose its last bits.
package id

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ID names one row of the kind that T marks. The zero ID names nothing.
type ID[T any] int64

// ErrMalformed is returned by Parse for a text that no identifier has.
var ErrMalformed = errors.New("id: malformed")

const (
	epoch    = 1577836800000 // 2020-01-01T00:00:00Z in Unix milliseconds
	lowBits  = 22
	alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
	length   = 13
)

// young and old hold the last identifier of each of the latest milliseconds, wherever clocks stand: tests have many that stand still.
// What is used moves to the young; when they are a generation, they are the old, and the old are forgotten.
var (
	mu         sync.Mutex
	young, old = map[int64]int64{}, map[int64]int64{}
)

const generation = 1024

// New returns a fresh ID stamped with now. IDs that one process makes in one millisecond strictly increase: what was made
// lately is state of the whole process, behind one mutex, whatever houses and clocks it holds.
func New[T any](now time.Time) ID[T] {
	var seed [4]byte
	rand.Read(seed[:]) // never fails since Go 1.24
	ms := max(now.UnixMilli()-epoch, 1)
	// Half of the low bits are left free, so that a burst in one millisecond can count up.
	next := ms<<lowBits | int64(binary.LittleEndian.Uint32(seed[:])&(1<<(lowBits-1)-1))

	mu.Lock()
	defer mu.Unlock()
	last, ok := young[ms]
	if !ok {
		if last, ok = old[ms]; !ok {
			last = -1
		}
	}
	next = max(next, last+1)
	if young[ms] = next; len(young) >= generation {
		young, old = map[int64]int64{}, young
	}
	return ID[T](next)
}

// First returns an ID that no row made before at has, and every row made since is at or after: where a list by id begins.
func First[T any](at time.Time) ID[T] { return ID[T](max(at.UnixMilli()-epoch, 1) << lowBits) }

// Parse reads what String wrote.
func Parse[T any](s string) (ID[T], error) {
	if len(s) != length {
		return 0, ErrMalformed
	}
	var n uint64
	for i := range len(s) {
		d := digit(s[i])
		if d < 0 {
			return 0, ErrMalformed
		}
		n = n<<5 | uint64(d)
	}
	if s[0] >= '8' || n == 0 { // 13 digits hold 65 bits, an ID has 63
		return 0, ErrMalformed
	}
	return ID[T](n), nil
}

func digit(c byte) int {
	for i := range len(alphabet) {
		if alphabet[i] == c {
			return i
		}
	}
	return -1
}

// String returns the thirteen characters that stand for i outside the program, or "" for the zero ID.
func (i ID[T]) String() string {
	if i == 0 {
		return ""
	}
	var b [length]byte
	n := uint64(i)
	for k := length - 1; k >= 0; k-- {
		b[k] = alphabet[n&31]
		n >>= 5
	}
	return string(b[:])
}

// IsZero reports whether i names nothing.
func (i ID[T]) IsZero() bool { return i == 0 }

// Time returns the instant at which i was made, to the millisecond.
func (i ID[T]) Time() time.Time { return time.UnixMilli(int64(i)>>lowBits + epoch).UTC() }

// MarshalText writes i as String does.
func (i ID[T]) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads what MarshalText wrote; the empty text is the zero ID.
func (i *ID[T]) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*i = 0
		return nil
	}
	v, err := Parse[T](string(b))
	if err != nil {
		return err
	}
	*i = v
	return nil
}

// Value stores the zero ID as NULL and any other as a BIGINT.
func (i ID[T]) Value() (driver.Value, error) {
	if i == 0 {
		return nil, nil
	}
	return int64(i), nil
}

// Scan reads a BIGINT; NULL is the zero ID.
func (i *ID[T]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = 0
	case int64:
		*i = ID[T](v)
	default:
		return fmt.Errorf("id: cannot scan %T", src)
	}
	return nil
}
