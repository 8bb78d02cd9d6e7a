package mail

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxLine    = 76   // characters of a header line: RFC 5322, 2.1.1 recommends 78 at most
	maxName    = 120  // characters of a display name
	maxSubject = 400  // characters of a subject
	maxValue   = 2000 // characters of any other header
)

func isControl(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError
}

// clean makes one line of s: control characters, line separators and broken UTF-8 become spaces, runs of spaces one
// space, and what exceeds max characters is cut. A no-break space is kept: French needs it.
func clean(s string, max int) string {
	var b strings.Builder
	n, space := 0, false
	for _, r := range s {
		if isControl(r) || r == ' ' {
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			n++
			space = false
		}
		if n >= max {
			break
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimRight(b.String(), " ")
}

// isPlain reports whether s can stand in a header as it is: printable ASCII that no reader takes for an encoded word.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return !strings.Contains(s, "=?")
}

// encodedWords writes s as RFC 2047 words of at most 64 characters, one a line, each with whole characters only.
// Only the few characters that a phrase allows (RFC 2047, 5 (3)) stand for themselves.
func encodedWords(s string) string {
	const (
		open, shut = "=?utf-8?q?", "?="
		room       = 64 - len(open) - len(shut)
	)
	var b strings.Builder
	b.WriteString(open)
	used := 0
	for _, r := range s {
		var char string
		switch {
		case r == ' ':
			char = "_"
		case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("!*+-/", r)):
			char = string(r)
		default:
			for _, octet := range []byte(string(r)) {
				char += fmt.Sprintf("=%02X", octet)
			}
		}
		if used+len(char) > room {
			b.WriteString(shut + "\r\n " + open)
			used = 0
		}
		b.WriteString(char)
		used += len(char)
	}
	b.WriteString(shut)
	return b.String()
}

// unstructured writes text as the value of the field name, encoded when it must be, folded, without the final break.
func unstructured(name, text string) string {
	words := strings.Split(text, " ")
	plain := isPlain(text)
	for _, w := range words {
		plain = plain && len(w) <= maxLine-len(name)-2
	}
	if !plain {
		return encodedWords(text)
	}
	return fold(name, words)
}

// fold joins words by spaces and begins a new line before one that does not fit. No line is ever blank, because no
// word is empty.
func fold(name string, words []string) string {
	var b strings.Builder
	used := len(name) + 2
	for i, w := range words {
		if i > 0 {
			if used+1+len(w) > maxLine {
				b.WriteString("\r\n")
				used = 0
			}
			b.WriteByte(' ')
			used++
		}
		b.WriteString(w)
		used += len(w)
	}
	return b.String()
}

// isToken reports whether s is made of letters, digits and the punctuation in also.
func isToken(s, also string) bool {
	for _, r := range s {
		if r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(also, r) {
			return false
		}
	}
	return s != ""
}
