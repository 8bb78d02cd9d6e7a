// Package charset reads text whose encoding nobody declared as UTF-8: that of address books and spreadsheets.
//
// What is read, in this order: UTF-8 with its mark; UTF-16 of either order, with its mark or told by its zeros; else each line for itself,
// as UTF-8 where it is that and as Windows-1252 where it is not. So a file of Excel for France is read like one of Google, and one that two
// programs wrote in turn keeps its accents. NUL is left out: no text has any.
package charset

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const chunk = 64 << 10 // of a line that does not end

// UTF8 returns what r holds, as UTF-8.
func UTF8(r io.Reader) io.Reader {
	in := bufio.NewReaderSize(r, chunk)
	head, _ := in.Peek(512)
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		_, _ = in.Discard(3)
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), looksUTF16(head, 1):
		return &lines{in: bufio.NewReaderSize(wide(in, unicode.LittleEndian), chunk)}
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}), looksUTF16(head, 0):
		return &lines{in: bufio.NewReaderSize(wide(in, unicode.BigEndian), chunk)}
	}
	return &lines{in: in}
}

func wide(r io.Reader, order unicode.Endianness) io.Reader {
	return transform.NewReader(r, unicode.UTF16(order, unicode.UseBOM).NewDecoder())
}

// looksUTF16 reports whether most of every second byte is zero, as of Latin text, and hardly any of the others.
func looksUTF16(head []byte, zeros int) bool {
	var at [2]int
	for i, b := range head {
		if b == 0 {
			at[i%2]++
		}
	}
	half := len(head) / 2
	return half >= 4 && at[zeros] > half*2/3 && at[1-zeros] < half/10
}

// lines turns each line into UTF-8.
type lines struct {
	in   *bufio.Reader
	left []byte // read and not yet given
	cut  []byte // the beginning of a character whose line was longer than a chunk
	err  error
}

// Read gives what is left of a line, or the next one.
func (l *lines) Read(p []byte) (int, error) {
	for len(l.left) == 0 {
		if l.err != nil {
			return 0, l.err
		}
		line, err := l.in.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !long {
			l.err = err
		}
		line = append(l.cut, line...)
		l.cut = nil
		if long {
			for n := 1; n < utf8.UTFMax && n < len(line); n++ {
				if tail := line[len(line)-n:]; utf8.RuneStart(tail[0]) {
					if !utf8.FullRune(tail) {
						l.cut, line = bytes.Clone(tail), line[:len(line)-n]
					}
					break
				}
			}
		}
		line = bytes.ReplaceAll(line, []byte{0}, nil)
		if !utf8.Valid(line) {
			line, _ = charmap.Windows1252.NewDecoder().Bytes(line)
		}
		l.left = bytes.Clone(line)
	}
	n := copy(p, l.left)
	l.left = l.left[n:]
	return n, nil
}
