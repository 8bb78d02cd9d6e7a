package htmlmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// Plugins let a theme make blocks of fields (Advanced Custom Fields, Carbon Fields, Meta Box, Lazy Blocks, Genesis Custom Blocks): the HTML
// is made when a page is shown, and the export has the fields only, as the JSON of the block's comment:
// <!-- wp:acf/testimonial {"data":{"quote":"Du beau travail.","_quote":"field_1","image":12}} /-->.
var reFieldBlock = regexp.MustCompile(`<!-- wp:((?:acf|carbon-fields|meta-box|lazyblock|genesis-custom-blocks|block-lab)/[a-z0-9_-]+) (\{[^\n]*?\}) /?-->`)

// What one block of fields may ask of us: how many are read, and how deep they stand in each other.
const (
	maxFields     = 1000
	maxFieldDepth = 8
)

// fieldBlocks writes as HTML what blocks of fields have to read, to see or to follow. One that has nothing stays, and is noted like every
// block that is not there.
func (c *conversion) fieldBlocks(src string) string {
	return reFieldBlock.ReplaceAllStringFunc(src, func(whole string) string {
		m := reFieldBlock.FindStringSubmatch(whole)
		var block struct{ Data json.RawMessage }
		if json.Unmarshal([]byte(m[2]), &block) != nil {
			return whole
		}
		all := block.Data
		if len(all) == 0 {
			all = json.RawMessage(m[2])
		}
		f := fields{conversion: c}
		f.each("", all, 0)
		if f.Len() == 0 {
			return whole
		}
		c.note(NoteShortcode, m[1])
		return f.String()
	})
}

// fields is the HTML of a block of fields as far as it is written.
type fields struct {
	*conversion
	strings.Builder
	count int
}

// aside are settings that blocks have beside their fields.
var aside = set("id name mode align className anchor lock style backgroundColor textColor blockId blockUniqueClass color colour layout")

var (
	reIdentifier = regexp.MustCompile(`^[a-z0-9_-]*$`)
	reDigits     = regexp.MustCompile(`^[0-9]{1,18}$`)
)

// each reads the values of an object or a list in their order. Names that begin with _ say which field it is.
func (f *fields) each(key string, raw json.RawMessage, depth int) {
	raw = bytes.TrimSpace(raw)
	if f.count++; f.count > maxFields || depth > maxFieldDepth || len(raw) == 0 {
		return
	}
	switch raw[0] {
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) == nil {
			for _, v := range list {
				f.each(key, v, depth+1)
			}
		}
	case '{':
		var to struct{ Title, Alt, URL string } // a link, a file or a picture
		switch err := json.Unmarshal(raw, &to); {
		case err == nil && isAddress(to.URL) && isPicture(to.URL):
			f.picture(to.URL, to.Alt, "")
		case err == nil && isAddress(to.URL):
			f.link(to.URL, to.Title)
		default:
			f.object(raw, depth)
		}
	case '"':
		var v string
		if json.Unmarshal(raw, &v) != nil {
			return
		}
		if inner, err := url.PathUnescape(v); err == nil && strings.HasPrefix(v, "%") && json.Valid([]byte(inner)) { // Lazy Blocks' lists and pictures
			f.each(key, json.RawMessage(inner), depth+1)
			return
		}
		f.value(key, strings.TrimSpace(v))
	case 't', 'f', 'n': // a switch, or nothing
	default:
		f.value(key, string(raw))
	}
}

func (f *fields) object(raw json.RawMessage, depth int) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return
	}
	type field struct {
		key   string
		value json.RawMessage
	}
	var all []field
	counts := map[string]bool{} // names whose value is how many rows of fields follow: rows: 2, rows_0_title, rows_1_title
	for d.More() && len(all) < maxFields {
		t, err := d.Token()
		key, ok := t.(string)
		var v json.RawMessage
		if err != nil || !ok || d.Decode(&v) != nil {
			break
		}
		if strings.HasPrefix(key, "_") || aside[key] {
			continue
		}
		all = append(all, field{key, v})
		for at := strings.Index(key, "_0_"); at >= 0; {
			counts[key[:at]] = true
			next := strings.Index(key[at+1:], "_0_")
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	for _, one := range all {
		if !counts[one.key] {
			f.each(one.key, one.value, depth+1)
		}
	}
}

// value brings one value out: words, a picture or a file by its number, an address. A switch or the name of a setting is none.
func (f *fields) value(key, v string) {
	switch {
	case reDigits.MatchString(v):
		f.number(key, v)
	case isAddress(v) && isPicture(v):
		f.picture(v, "", "")
	case isAddress(v) && !strings.ContainsAny(v, " \n"):
		f.link(v, "")
	case human(v) == "" || reIdentifier.MatchString(v):
	case strings.ContainsRune(v, '<'):
		fmt.Fprintf(f, "<div>%s</div>\n\n", v)
	default:
		for paragraph := range strings.SplitSeq(strings.ReplaceAll(v, "\r\n", "\n"), "\n\n") {
			fmt.Fprintf(f, "<p>%s</p>\n\n", strings.ReplaceAll(html.EscapeString(strings.TrimSpace(paragraph)), "\n", "<br>"))
		}
	}
}

// number brings out what a number names in the library, or the number itself where it can be one that readers saw.
func (f *fields) number(key, v string) {
	if v == "0" || v == "1" { // a switch
		return
	}
	id, err := strconv.ParseInt(v, 10, 64)
	if err == nil && f.Attachment != nil {
		if at, said, caption, ok := f.Attachment(id); ok && isPicture(at) {
			f.picture(at, said, caption)
			return
		} else if ok {
			f.link(at, firstOf(caption, said))
			return
		}
	}
	if !strings.HasSuffix(key, "id") {
		fmt.Fprintf(f, "<p>%s</p>\n\n", v)
	}
}

func (f *fields) picture(at, alt, caption string) {
	fmt.Fprintf(f, "<figure><img src=\"%s\" alt=\"%s\"><figcaption>%s</figcaption></figure>\n\n", html.EscapeString(at), html.EscapeString(alt), html.EscapeString(caption))
}

func (f *fields) link(at, said string) {
	fmt.Fprintf(f, "<p><a href=\"%s\">%s</a></p>\n\n", html.EscapeString(at), html.EscapeString(firstOf(said, at)))
}
