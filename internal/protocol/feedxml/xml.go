package feedxml

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"
)

// legal returns s without invalid UTF-8 and without the runes that XML 1.0 §2.2 forbids.
func legal(s string) string {
	if isLegal(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if allowed(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(s, ""))
}

// isLegal tells by their bytes the texts, almost all, in which everything is allowed: what is not is a control character
// or one of the runes that begin with 0xEF, among which are some that are.
func isLegal(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 && c != '\n' && c != '\t' || c == 0xEF {
			return false
		}
	}
	return utf8.ValidString(s)
}

// allowed is the production Char of XML 1.0 §2.2, without the carriage return: parsers turn it into a line feed anyhow.
func allowed(r rune) bool {
	return r == '\t' || r == '\n' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// document writes XML. The first error of the writer below is kept by bufio and returned by end.
type document struct {
	w     *bufio.Writer
	depth int
}

func newDocument(w io.Writer) *document {
	d := &document{w: bufio.NewWriterSize(w, 16<<10)}
	d.w.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	return d
}

func (d *document) end() error { return d.w.Flush() }

// open begins an element that has children; attrs are names and values in turn, and one without value is left out.
func (d *document) open(name string, attrs ...string) {
	d.tag(name, attrs)
	d.w.WriteString(">\n")
	d.depth++
}

func (d *document) close(name string) {
	d.depth--
	d.indent()
	d.w.WriteString("</" + name + ">\n")
}

// text writes an element with text, even an empty one.
func (d *document) text(name, text string, attrs ...string) {
	d.tag(name, attrs)
	d.w.WriteByte('>')
	escaper.WriteString(d.w, legal(text))
	d.w.WriteString("</" + name + ">\n")
}

// maybe writes an element with text unless the text is blank.
func (d *document) maybe(name, text string, attrs ...string) {
	if strings.TrimSpace(legal(text)) != "" {
		d.text(name, text, attrs...)
	}
}

// empty writes an element without content, unless its first attribute has no value.
func (d *document) empty(name string, attrs ...string) {
	if len(attrs) > 1 && attrs[1] == "" {
		return
	}
	d.tag(name, attrs)
	d.w.WriteString("/>\n")
}

func (d *document) tag(name string, attrs []string) {
	d.indent()
	d.w.WriteString("<" + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] == "" {
			continue
		}
		d.w.WriteString(" " + attrs[i] + `="`)
		escaper.WriteString(d.w, strings.Join(strings.Fields(legal(attrs[i+1])), " "))
		d.w.WriteByte('"')
	}
}

func (d *document) indent() {
	for range d.depth {
		d.w.WriteByte(' ')
	}
}
