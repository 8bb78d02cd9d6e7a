package wxr

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

var errTooLong = errors.New("more than the reader accepts")

// cleaner gives the XML decoder bytes it cannot stumble over: valid UTF-8 without the runes that XML forbids, nor
// references to them. It also bounds what one token may cost, since the decoder itself would buffer any length.
type cleaner struct {
	in     *bufio.Reader
	rest   [utf8.UTFMax]byte // what is left of the rune that was read
	n, at  int
	budget int
}

// newCleaner looks at the XML declaration for another encoding than UTF-8.
func newCleaner(r io.Reader) *cleaner {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(512)
	if label := declared(head); label != "" {
		if enc, name := charset.Lookup(label); enc != nil && name != "utf-8" {
			in = bufio.NewReaderSize(enc.NewDecoder().Reader(in), 64<<10)
		}
	}
	return &cleaner{in: in}
}

func declared(head []byte) string {
	_, after, found := bytes.Cut(head, []byte("<?xml"))
	if !found {
		return ""
	}
	decl, _, _ := bytes.Cut(after, []byte("?>"))
	_, after, found = bytes.Cut(decl, []byte("encoding="))
	if !found || len(after) < 2 {
		return ""
	}
	label, _, _ := bytes.Cut(after[1:], after[:1])
	return string(label)
}

// ReadByte implements io.ByteReader, which the decoder uses directly.
func (c *cleaner) ReadByte() (byte, error) {
	for c.at == c.n {
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	if c.budget--; c.budget < 0 {
		return 0, errTooLong
	}
	b := c.rest[c.at]
	c.at++
	return b, nil
}

// fill reads one rune into rest, or nothing when it is one to drop.
func (c *cleaner) fill() error {
	r, size, err := c.in.ReadRune()
	if err != nil {
		return err
	}
	switch {
	case r == utf8.RuneError && size == 1, !legal(r):
		return nil
	case r == '&' && c.dropReference():
		return nil
	}
	c.at, c.n = 0, utf8.EncodeRune(c.rest[:], r)
	return nil
}

// dropReference discards a numeric reference to a rune that XML forbids ("&#0;"), after its ampersand.
func (c *cleaner) dropReference() bool {
	if p, err := c.in.Peek(1); err != nil || p[0] != '#' {
		return false
	}
	p, _ := c.in.Peek(12)
	ref, _, found := bytes.Cut(p, []byte(";"))
	if !found {
		return false
	}
	digits, base := string(ref[1:]), 10
	if len(digits) > 0 && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n <= unicode.MaxRune && legal(rune(n)) {
		return false
	}
	c.in.Discard(len(ref) + 1)
	return true
}

// Read is there for the decoder's signature only.
func (c *cleaner) Read(p []byte) (int, error) {
	for i := range p {
		b, err := c.ReadByte()
		if err != nil {
			return i, err
		}
		p[i] = b
	}
	return len(p), nil
}

// legal is the production Char of XML 1.0 §2.2. The byte order mark is dropped as well.
func legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD && r != 0xFEFF ||
		r >= 0x10000 && r <= 0x10FFFF
}
