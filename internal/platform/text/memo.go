package text

import (
	"hash/maphash"
	"sync/atomic"
)

// known remembers the forms of words met lately: stemming one costs twenty times what looking it up does, and a language
// uses few words most of the time. It changes nothing but the time that Tokens takes.
var known memo

// memo is a table in which each word has one place, taken by whichever word of that place came last. So it is bounded
// (about 2 MB when full) and needs no lock.
type memo [1 << 13]atomic.Pointer[remembered]

type remembered struct {
	word string
	en   bool
	term Term
}

// term returns termOf(w, en).
func (m *memo) term(w []byte, en bool) Term {
	if len(w) > maxToken {
		return termOf(string(w), en)
	}
	place := &m[maphash.Bytes(memoSeed, w)%uint64(len(m))]
	if r := place.Load(); r != nil && r.en == en && r.word == string(w) {
		return r.term
	}
	r := &remembered{word: string(w), en: en}
	r.term = termOf(r.word, en)
	place.Store(r)
	return r.term
}

var memoSeed = maphash.MakeSeed()
