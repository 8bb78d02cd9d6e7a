package mail

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"mime/quotedprintable"
	"strings"

	"causerie/internal/platform/mail/dkim"
)

// Slot is a place in a Body where each message says something else: a greeting, a link to leave by. It is a word that occurs
// nowhere else, of letters and digits, so that a template leaves it as it is, in an address too. NewSlot makes one; it may be kept
// with the text that it stands in.
type Slot string

// NewSlot returns a word that nobody can have written.
func NewSlot() Slot { return Slot("slot" + rand.Text()) }

// maxFilled bounds what fills one slot, in bytes.
const maxFilled = 2000

// Body is the text and the HTML of a message to many, encoded once for all of them. It may be used by several goroutines.
type Body struct {
	parts    []bodyPart // the text, then the HTML if there is one
	slots    []Slot
	boundary string // "" for the text alone
	size     int    // of what is encoded, in bytes
	relaxed  bool   // dkim.IsRelaxed of every piece
}

// bodyPart is one part, in pieces that begin a line of their own in quoted-printable.
type bodyPart struct {
	isHTML bool
	text   string // as it was given
	pieces []piece
}

// piece is what is encoded already, and the slot that follows: the index of a Slot, or -1 after the last.
type piece struct {
	encoded []byte
	slot    int
}

// Prepare encodes a text and its HTML, which may be empty, with the slots that occur in them: in both, in one, more than once. In
// HTML a slot stands between tags or in a quoted attribute. The error is an *InvalidError.
func Prepare(text, html string, slots ...Slot) (*Body, error) {
	switch {
	case text == "":
		return nil, &InvalidError{"text", "is empty"}
	case len(text)+len(html) > maxBody:
		return nil, &InvalidError{"text", "is longer than 10 MB"}
	}
	for _, s := range slots {
		if len(s) < 8 || !isToken(string(s), "") {
			return nil, &InvalidError{"slot", fmt.Sprintf("%.40q is no word of eight letters", s)}
		}
	}
	b := &Body{slots: slots, parts: []bodyPart{{text: text, pieces: cut(text, slots)}}}
	if html != "" {
		b.parts = append(b.parts, bodyPart{isHTML: true, text: html, pieces: cut(html, slots)})
		b.boundary = boundary(text, html)
	}
	b.relaxed = true
	for _, p := range b.parts {
		for _, piece := range p.pieces {
			b.size += len(piece.encoded)
			b.relaxed = b.relaxed && dkim.IsRelaxed(piece.encoded)
		}
	}
	return b, nil
}

// boundary depends on what it must not occur in, so nobody can write a text that contains it; and "=_" cannot occur in
// quoted-printable at all, nor in what fills a slot.
func boundary(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return "=_" + hex.EncodeToString(sum[:16])
}

// cut encodes what stands between the slots. A piece that does not end with a line ends with a soft break, and what fills a slot
// ends with one too, so that every piece begins a line and no line grows too long (RFC 2045, 6.7 (5)).
func cut(text string, slots []Slot) (pieces []piece) {
	text = lines(text)
	for {
		at, which := len(text), -1
		for i, s := range slots {
			if found := strings.Index(text, string(s)); found >= 0 && found < at {
				at, which = found, i
			}
		}
		var b bytes.Buffer
		encode(&b, text[:at])
		if which < 0 {
			return append(pieces, piece{b.Bytes(), -1})
		}
		softBreak(&b)
		pieces = append(pieces, piece{b.Bytes(), which})
		text = text[at+len(slots[which]):]
	}
}

// softBreak begins a line that is none to the reader, unless one was just begun.
func softBreak(b *bytes.Buffer) {
	if b.Len() > 0 && !bytes.HasSuffix(b.Bytes(), []byte("\n")) {
		b.WriteString("=\r\n")
	}
}

// encode writes text as quoted-printable.
func encode(b *bytes.Buffer, text string) {
	w := quotedprintable.NewWriter(b) // a bytes.Buffer never fails
	_, _ = w.Write([]byte(text))
	_ = w.Close()
}

// lines returns a text whose lines end in "\n", the last one too, without what is no text.
func lines(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if strings.ContainsAny(text, "\r\x00\u0085\u2028\u2029") {
		text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(text)
	}
	return strings.TrimRight(text, "\n") + "\n"
}

// write writes the fields of the content and the content, with values in the slots. It reports whether the content is dkim.IsRelaxed, as
// far as that is known.
func (b *Body) write(to *bytes.Buffer, values []string) (relaxed bool, err error) {
	if len(values) != len(b.slots) {
		return false, &InvalidError{"slot", fmt.Sprintf("%d values for %d slots", len(values), len(b.slots))}
	}
	to.Grow(b.size + 1024)
	filled := make([][2][]byte, len(values)) // in text, in HTML
	relaxed = b.relaxed
	for i, v := range values {
		if len(v) > maxFilled {
			return false, &InvalidError{"slot", "what fills it is too long"}
		}
		v = filling(v)
		var text, hypertext bytes.Buffer
		encode(&text, v)
		softBreak(&text)
		if b.boundary != "" {
			encode(&hypertext, html.EscapeString(v))
			softBreak(&hypertext)
		}
		filled[i] = [2][]byte{text.Bytes(), hypertext.Bytes()}
		relaxed = relaxed && dkim.IsRelaxed(text.Bytes()) && dkim.IsRelaxed(hypertext.Bytes())
	}
	if b.boundary == "" {
		b.parts[0].write(to, filled)
		return relaxed, nil
	}
	fmt.Fprintf(to, "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n", b.boundary)
	for i, p := range b.parts {
		if i > 0 {
			to.WriteString("\r\n")
		}
		fmt.Fprintf(to, "--%s\r\n", b.boundary)
		p.write(to, filled)
	}
	fmt.Fprintf(to, "\r\n--%s--\r\n", b.boundary)
	return relaxed, nil
}

// filling is what a slot says: one line. A space at its ends stays, since "Bonjour" may be followed by " Paul" or by nothing.
func filling(value string) string {
	line := clean(value, maxFilled)
	if line != "" && value[0] == ' ' {
		line = " " + line
	}
	if line != "" && value[len(value)-1] == ' ' {
		line += " "
	}
	return line
}

func (p bodyPart) write(to *bytes.Buffer, filled [][2][]byte) {
	kind, form := "text/plain", 0
	if p.isHTML {
		kind, form = "text/html", 1
	}
	fmt.Fprintf(to, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", kind)
	for _, piece := range p.pieces {
		to.Write(piece.encoded)
		if piece.slot >= 0 {
			to.Write(filled[piece.slot][form])
		}
	}
}

// Texts returns the text and the HTML, "" for none, with values in the slots: what the reader sees.
func (b *Body) Texts(values []string) (text, hypertext string) {
	for _, p := range b.parts {
		filled := p.text
		for i, s := range b.slots {
			v := filling(values[i])
			if p.isHTML {
				v = html.EscapeString(v)
			}
			filled = strings.ReplaceAll(filled, string(s), v)
		}
		if p.isHTML {
			hypertext = filled
		} else {
			text = filled
		}
	}
	return text, hypertext
}
