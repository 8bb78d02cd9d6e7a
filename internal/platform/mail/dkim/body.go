package dkim

import (
	"bytes"
	"io"
)

// relaxBody writes the relaxed form of a body (RFC 6376, 3.4.4): runs of spaces are one, those before a line end none, and empty
// lines at the end do not count. Most lines are so already: what need not be changed is written as it stands, many lines at once.
func relaxBody(w io.Writer, body []byte) {
	empty := 0 // lines not written yet
	for len(body) > 0 {
		if n := plainLines(body); n > 0 {
			writeEmpty(w, empty)
			empty = 0
			_, _ = w.Write(body[:n])
			body = body[n:]
			continue
		}
		line := body
		if i := bytes.IndexByte(body, '\n'); i >= 0 {
			line = body[:i+1]
		}
		body = body[len(line):]
		line = relaxLine(bytes.TrimRight(line, "\r\n"))
		if len(line) == 0 {
			empty++
			continue
		}
		writeEmpty(w, empty)
		empty = 0
		_, _ = w.Write(line)
		_, _ = w.Write([]byte("\r\n"))
	}
}

// IsRelaxed reports whether text, whole lines of a body, is its own relaxed form but for empty lines at its end. What is true of each of
// some texts is true of the body that they make.
func IsRelaxed(text []byte) bool {
	for len(text) > 0 {
		n := plainLines(text)
		if text = text[n:]; n == 0 {
			if !bytes.HasPrefix(text, []byte("\r\n")) {
				return false
			}
			text = text[len("\r\n"):]
		}
	}
	return true
}

// relaxedBody is what relaxBody writes of a body that IsRelaxed.
func relaxedBody(body []byte) []byte {
	text := bytes.TrimRight(body, "\r\n")
	if len(text) == 0 {
		return nil
	}
	return body[:len(text)+len("\r\n")]
}

func writeEmpty(w io.Writer, lines int) {
	for range lines {
		_, _ = w.Write([]byte("\r\n"))
	}
}

// plainLines returns the length of the lines at the start of body that are their own relaxed form and not empty.
func plainLines(body []byte) int {
	whole := 0 // up to the end of the last line that was looked at
	start := 0
	for i, c := range body {
		switch c {
		case '\n':
			if i < start+2 || body[i-1] != '\r' || isBlank(body[i-2]) {
				return whole
			}
			whole, start = i+1, i+1
		case ' ', '\t':
			if c == '\t' || i > start && isBlank(body[i-1]) {
				return whole
			}
		case '\r':
			if i+1 == len(body) || body[i+1] != '\n' {
				return whole
			}
		}
	}
	return whole
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// relaxLine returns a line, without its end, with single spaces and none at its end.
func relaxLine(line []byte) []byte {
	out := make([]byte, 0, len(line))
	for _, c := range bytes.TrimRight(line, " \t") {
		if isBlank(c) {
			if n := len(out); n > 0 && out[n-1] == ' ' {
				continue
			}
			c = ' '
		}
		out = append(out, c)
	}
	return out
}
