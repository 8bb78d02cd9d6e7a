// Package blob keeps files by their content.
//
// A file is named by the SHA-256 of its bytes, so the same picture uploaded twice is kept once, a name never changes
// its meaning (it can be cached for ever), and a damaged file can be told. What a file is for, who may see it and
// when nobody refers to it any more is known by media, not here: a Store has no idea of names, types or owners.
//
// A Put that returned has its bytes on the disk, name included: they survive a power cut. One that did not return
// leaves nothing that Open or Walk would show. Dir is the Store of one directory, which several processes may share.
// Any other Store passes the same suite, blobtest.Run.
package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
)

// Ref names a file: the SHA-256 of its bytes, as 64 lower-case hexadecimal digits.
type Ref string

// Errors of this package.
var (
	ErrNotFound = errors.New("blob: no such file")
	ErrTooLarge = errors.New("blob: the file is too large")
	ErrRef      = errors.New("blob: not a reference")
)

// ParseRef reads a reference that came from outside. The error is ErrRef.
func ParseRef(s string) (Ref, error) {
	if !Ref(s).Valid() {
		return "", ErrRef
	}
	return Ref(s), nil
}

// Valid reports whether r has the form of a reference. Stores refuse any other, so no path can be smuggled in.
func (r Ref) Valid() bool {
	if len(r) != 64 {
		return false
	}
	for i := range len(r) {
		if c := r[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func refOf(sum []byte) Ref { return Ref(hex.EncodeToString(sum)) }

// Store keeps files. It may be used from several goroutines.
type Store interface {
	// Put keeps what r gives, at most max bytes, and returns its reference. More is ErrTooLarge, and nothing is kept.
	Put(ctx context.Context, r io.Reader, max int64) (Ref, error)
	// Open returns a file and its size in bytes; the caller closes it. The error is ErrNotFound or ErrRef where it applies.
	Open(ctx context.Context, ref Ref) (io.ReadSeekCloser, int64, error)
	// Delete removes a file. One that is not there is no error.
	Delete(ctx context.Context, ref Ref) error
	// Sweep removes what writers that died more than a day ago left unfinished. Nothing else does.
	Sweep(ctx context.Context) error
	// Walk calls fn for each file with its size, in the order of references, and stops at fn's first error.
	Walk(ctx context.Context, fn func(ref Ref, size int64) error) error
}
