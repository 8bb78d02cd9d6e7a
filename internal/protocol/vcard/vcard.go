// Package vcard reads and writes the cards of address books: vCard 3.0 (RFC 2426) and 4.0 (RFC 6350), and 2.1 as telephones and Outlook
// still write it. github.com/emersion/go-vcard parses them; here they are parted, bounded, freed of their pictures, and what 2.1 says otherwise
// (parameters without names, quoted-printable) is put as it expects.
package vcard

import (
	"bufio"
	"errors"
	"io"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"

	govcard "github.com/emersion/go-vcard"
	"golang.org/x/text/encoding/htmlindex"

	"causerie/internal/protocol/charset"
)

// MaxCard is how many bytes a card may have without its pictures.
const MaxCard = 128 << 10

// Own begins the names of properties of our own: of fields that a house has.
const Own = "X-CAUSERIE-"

// maxOwn is how many of them are read of one card.
const maxOwn = 100

// Card is somebody.
type Card struct {
	Line    int    // of the file, from 1: where it begins
	Name    string // as it is shown
	Company string
	Role    string
	Town    string // of the first address that has one
	Note    string
	Lang    string // as it is written
	Emails  []string
	Phones  []string
	Pages   []string
	Own     map[string]string // the properties X-CAUSERIE-..., by what follows, in small letters
	Bad     bool              // no card could be made of it: it does not end, or is larger than MaxCard
}

// Reader reads cards.
type Reader struct {
	in   *bufio.Reader
	line int
}

// NewReader returns a reader of what r holds, in any encoding.
func NewReader(r io.Reader) *Reader { return &Reader{in: bufio.NewReaderSize(charset.UTF8(r), 64<<10)} }

// Is reports whether a file that begins so is one of cards.
func Is(head []byte) bool {
	b := make([]byte, min(len(head), 64))
	_, _ = io.ReadFull(charset.UTF8(strings.NewReader(string(head))), b)
	s := strings.ToUpper(strings.TrimLeft(strings.TrimRight(string(b), "\x00"), " \t\r\n"))
	return strings.HasPrefix(s, "BEGIN:VCARD")
}

// Next returns the next card, io.EOF behind the last.
func (r *Reader) Next() (Card, error) {
	var b strings.Builder
	begun, size := 0, 0
	for {
		line, err := r.logical()
		if err != nil {
			if begun > 0 && errors.Is(err, io.EOF) {
				return Card{Line: begun, Bad: true}, nil
			}
			return Card{}, err
		}
		word := strings.ToUpper(strings.TrimSpace(line))
		switch {
		case word == "BEGIN:VCARD":
			b.Reset() // what came before did not end: it is in this card's place
			begun, size = r.line, 0
			continue
		case begun == 0:
			continue
		case word == "END:VCARD":
			if size > MaxCard {
				return Card{Line: begun, Bad: true}, nil
			}
			return parse(b.String(), begun), nil
		}
		if line = modern(line); line == "" {
			continue
		}
		if size += len(line); size <= MaxCard {
			b.WriteString(line)
			b.WriteString("\r\n")
		}
	}
}

// logical returns the next line with those that are folded into it. Of one that is too long the rest is left out.
func (r *Reader) logical() (string, error) {
	line, err := r.physical()
	if err != nil {
		return "", err
	}
	soft := strings.Contains(strings.ToUpper(line), "QUOTED-PRINTABLE")
	var b strings.Builder
	b.WriteString(line)
	for {
		next, err := r.in.Peek(1)
		switch {
		case err == nil && (next[0] == ' ' || next[0] == '\t') && !soft:
			if line, err = r.physical(); err == nil && b.Len() < MaxCard {
				b.WriteString(line[1:])
			}
		case err == nil && soft && strings.HasSuffix(line, "="):
			if line, err = r.physical(); err == nil && b.Len() < MaxCard {
				s := b.String()
				b.Reset()
				b.WriteString(s[:len(s)-1] + strings.TrimLeft(line, " \t"))
			}
		default:
			return b.String(), nil
		}
		if err != nil {
			return b.String(), nil
		}
	}
}

// physical returns one line of the file, its first 64 KB.
func (r *Reader) physical() (string, error) {
	line, err := r.in.ReadSlice('\n')
	s := strings.ToValidUTF8(strings.TrimRight(string(line), "\r\n"), "\uFFFD")
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = r.in.ReadSlice('\n')
	}
	if errors.Is(err, io.EOF) && len(line) > 0 {
		err = nil
	}
	r.line++
	return s, err
}

// modern returns a line as versions 3 and 4 write it, "" for one that nobody needs: pictures, keys.
func modern(line string) string {
	head, value, ok := strings.Cut(line, ":")
	if !ok {
		return ""
	}
	parts := strings.Split(head, ";")
	name := parts[0]
	if _, after, grouped := strings.Cut(name, "."); grouped {
		name = after
	}
	switch strings.ToUpper(name) {
	case "FN", "N", "EMAIL", "TEL", "ORG", "TITLE", "ROLE", "NOTE", "URL", "LANG", "VERSION", "ADR":
	default:
		if !strings.HasPrefix(strings.ToUpper(name), Own) {
			return ""
		}
	}
	if strings.Contains(head, `"`) { // a colon may stand in it; only versions 3 and 4 quote
		return line
	}
	printable, from := false, ""
	kept := []string{name}
	for _, p := range parts[1:] {
		key, v, named := strings.Cut(p, "=")
		if !named {
			key, v = "TYPE", p
		}
		switch {
		case strings.EqualFold(v, "QUOTED-PRINTABLE"):
			printable = true
		case strings.EqualFold(key, "CHARSET"):
			from = v
		case strings.EqualFold(key, "TYPE") || strings.EqualFold(key, "PREF"):
			kept = append(kept, key+"="+v)
		}
	}
	if printable {
		b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(value)))
		if err != nil {
			return ""
		}
		value = decoded(b, from)
		value = strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(value)
	}
	return strings.Join(kept, ";") + ":" + value
}

func decoded(b []byte, from string) string {
	if e, err := htmlindex.Get(from); err == nil && !utf8.Valid(b) {
		if out, err := e.NewDecoder().Bytes(b); err == nil {
			return string(out)
		}
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

// parse makes a Card of the lines between BEGIN and END.
func parse(lines string, at int) Card {
	c := Card{Line: at}
	v, err := govcard.NewDecoder(strings.NewReader("BEGIN:VCARD\r\n" + lines + "END:VCARD\r\n")).Decode()
	if err != nil {
		c.Bad = true
		return c
	}
	first := func(key string) string { return unescaped(v.Value(key)) }
	c.Name, c.Role, c.Note, c.Lang = first(govcard.FieldFormattedName), first(govcard.FieldTitle), first(govcard.FieldNote), first(govcard.FieldLanguage)
	if n := v.Value(govcard.FieldName); c.Name == "" && n != "" {
		p := append(components(n), "", "", "", "", "")
		c.Name = strings.Join(strings.Fields(strings.Join([]string{p[3], p[1], p[2], p[0], p[4]}, " ")), " ")
	}
	if c.Role == "" {
		c.Role = first(govcard.FieldRole)
	}
	if org := components(v.Value(govcard.FieldOrganization)); len(org) > 0 {
		c.Company = org[0]
	}
	for _, adr := range v[govcard.FieldAddress] {
		if p := components(adr.Value); c.Town == "" && len(p) > 3 {
			c.Town = p[3]
		}
	}
	for key, all := range v {
		if after, own := strings.CutPrefix(key, Own); own && after != "" && len(all) > 0 && len(c.Own) < maxOwn {
			if c.Own == nil {
				c.Own = map[string]string{}
			}
			c.Own[strings.ToLower(after)] = unescaped(all[0].Value)
		}
	}
	c.Emails = preferred(v[govcard.FieldEmail], "mailto:")
	c.Phones = preferred(v[govcard.FieldTelephone], "tel:")
	c.Pages = preferred(v[govcard.FieldURL], "")
	return c
}

// components parts a structured value at the semicolons that are not escaped.
func components(s string) (all []string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == ';':
			all = append(all, strings.TrimSpace(b.String()))
			b.Reset()
		default:
			b.WriteByte(s[i])
		}
	}
	if b.Len() > 0 || len(all) > 0 {
		all = append(all, strings.TrimSpace(b.String()))
	}
	return all
}

// unescaped takes away the backslashes that older programs put before a semicolon or a colon.
func unescaped(s string) string {
	return strings.TrimSpace(strings.NewReplacer(`\;`, ";", `\:`, ":").Replace(s))
}

// preferred returns the values of a property, the preferred one first, without the scheme of their address.
func preferred(fields []*govcard.Field, scheme string) (all []string) {
	for _, f := range fields {
		s := unescaped(f.Value)
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			s = s[len(scheme):]
		}
		if s == "" {
			continue
		}
		if f.Params.Get(govcard.ParamPreferred) != "" || f.Params.HasType("pref") {
			all = append([]string{s}, all...)
		} else {
			all = append(all, s)
		}
	}
	return all
}
