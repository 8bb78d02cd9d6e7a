package text

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// chunk is one or more words that something other than a blank binds: arc-en-ciel, R&D, node.js, 2026-1043. The apostrophe of an
// elision stands within its word, and is made plain.
type chunk struct {
	letters []byte // of all words, in lower case
	ends    []int  // where each word ends in letters
	capital bool   // it begins with a capital
	named   bool   // a capital stands behind the elision of its first word: L'Oréal
	dotted  bool   // a point stands before it: .NET
	near    bool   // one blank parts it from the chunk before
}

func (c *chunk) word(i int) []byte {
	if i == 0 {
		return c.letters[:c.ends[0]]
	}
	return c.letters[c.ends[i-1]:c.ends[i]]
}

// maxBound is how many words a chunk has at most; more bind nothing that anybody looks for.
const maxBound = 12

// cutter is the chunk that is being read.
type cutter struct {
	chunk
	from   int // where the word that is read begins in letters
	elided int // where what stands behind its last apostrophe begins
	signs  int // how many letters and figures stand behind that
}

// last is the word that is read, from its last apostrophe on.
func (c *cutter) last() []byte { return c.letters[c.elided:] }

func (c *cutter) add(r rune) {
	if len(c.letters) == 0 {
		c.capital = unicode.IsUpper(r)
	}
	if len(c.letters) == c.elided && c.elided > c.from && len(c.ends) == 0 {
		c.named = c.named || unicode.IsUpper(r)
	}
	c.letters = utf8.AppendRune(c.letters, lower(r))
	c.signs++
}

// part ends the word that is read; the next one belongs to the same chunk.
func (c *cutter) part() {
	if len(c.letters) > c.from {
		c.ends = append(c.ends, len(c.letters))
	}
	c.from, c.elided, c.signs = len(c.letters), len(c.letters), 0
}

// end ends the chunk and hands it over.
func (c *cutter) end(f func(*chunk)) bool {
	c.part()
	some := len(c.ends) > 0
	if some {
		f(&c.chunk)
	}
	c.chunk = chunk{letters: c.letters[:0], ends: c.ends[:0]}
	c.from, c.elided = 0, 0
	return some
}

// eachChunk calls f with every chunk of s, which f must not keep. The points between single letters (T.V.A.) are taken out, so that
// the word stays one, and the signs of C++ and C# are spelled out. "R & D" is bound as R&D is.
func eachChunk(s string, f func(*chunk)) {
	c := &cutter{}
	gap, blank := 0, false // how many signs stand behind the last chunk, and whether they are blanks
	skip := 0
	for i, r := range s {
		if i < skip {
			continue
		}
		if isWord(r) || r >= utf8.RuneSelf && unicode.Is(unicode.M, r) {
			if len(c.letters) == 0 {
				c.near, c.dotted = gap == 1 && blank, c.dotted && gap > 0
			}
			c.add(r)
			gap = 0
			continue
		}
		if r == '\u00AD' {
			continue
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		rest := s[i+n:]
		if len(c.letters) > c.from {
			if c.binds(r, s, i, rest) {
				continue
			}
			if wide := ampersand(c, r, rest); wide > 0 {
				c.part()
				skip = i + n + wide
				continue
			}
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		if c.end(f) {
			gap = 0
		}
		gap++
		blank = isBlank(r)
		c.dotted = r == '.' && unicode.IsLetter(firstRune(rest)) && (i == 0 || unicode.IsSpace(before) || before == '(')
	}
	c.end(f)
}

// binds reads a sign behind a letter, and reports whether the chunk goes on behind it.
func (c *cutter) binds(r rune, s string, i int, rest string) bool {
	next := firstRune(rest)
	switch r {
	case '\'', '’', 'ʼ':
		if !unicode.IsLetter(next) {
			return false
		}
		if head, tail := string(c.last()), wordOf(rest); elided[head] || contractions[tail] || wholes[head+"'"+tail] {
			c.letters = append(c.letters, '\'')
			c.elided, c.signs = len(c.letters), 0
			return true
		}
	case '.':
		// Single letters with points between them are one word.
		if alone := c.signs == utf8.RuneCount(c.last()); alone && (c.signs == 1 || s[i-1-lastLen(s[:i])] == '.') && unicode.IsLetter(next) && !isWord(firstRune(rest[utf8.RuneLen(next):])) {
			return true
		}
	case '+':
		if strings.HasPrefix(rest, "+") && !strings.HasPrefix(rest[1:], "+") {
			c.letters = append(c.letters, "plusplus"...)
		}
		return false
	case '#':
		if w := c.letters[c.from:]; len(w) == 1 && w[0] >= 'a' && w[0] <= 'z' {
			c.letters = append(c.letters, "sharp"...)
		}
		return false
	case '&', '-', '\u2010', '\u2011', '_':
	default:
		return false
	}
	if !isWord(next) || len(c.ends) >= maxBound {
		return false
	}
	c.part()
	return true
}

// ampersand returns how long what follows the blank r is, up to the letter that an ampersand binds to the single one before: R & D.
func ampersand(c *cutter, r rune, rest string) int {
	if !isBlank(r) || len(c.letters)-c.from != 1 || !strings.HasPrefix(rest, "&") {
		return 0
	}
	blank, n := utf8.DecodeRuneInString(rest[1:])
	next, wide := utf8.DecodeRuneInString(rest[min(1+n, len(rest)):])
	if !isBlank(blank) || !unicode.IsLetter(next) || isWord(firstRune(rest[1+n+wide:])) || bytes.IndexByte(c.last(), '\'') >= 0 {
		return 0
	}
	return 1 + n
}

// lastLen returns the length in bytes of the last character of s.
func lastLen(s string) int {
	_, n := utf8.DecodeLastRuneInString(s)
	return n
}
