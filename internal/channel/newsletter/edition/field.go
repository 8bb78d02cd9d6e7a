package edition

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"causerie/internal/platform/mail"
	"causerie/internal/platform/text"
)

// field is what a merge field stands for.
type field string

const (
	firstName   field = "first_name"
	fullName    field = "name"
	company     field = "company"
	unsubscribe field = "unsubscribe"
	preferences field = "preferences"
	because     field = "because" // why one gets it
	origin      field = "origin"  // where the address comes from, in the first letter that says so
)

// spellings are the ways to write a merge field, folded and without what stands between words.
var spellings = map[string]field{
	"prenom": firstName, "firstname": firstName,
	"nom": fullName, "nomcomplet": fullName, "name": fullName, "fullname": fullName,
	"societe": company, "entreprise": company, "company": company, "organisation": company, "organization": company,
}

// offered are those that a person is told of.
var offered = map[bool][]string{true: {"prénom", "nom", "société"}, false: {"first_name", "name", "company"}}

// reField finds {prénom}, and {prénom|ami}: what stands behind the bar goes where nothing is known.
var reField = regexp.MustCompile(`\{[\s\x{a0}\x{202f}]*(\p{L}[\p{L}\p{M}\s\x{a0}_'’-]{0,38}?)[\s\x{a0}\x{202f}]*(?:\|([^{}|\n]{0,80}))?\}`)

// fieldOf returns the field that a word names, "" for none.
func fieldOf(word string) field {
	return spellings[strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '\'' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text.Fold(word))]
}

// Problem is a merge field that cannot be filled, as it was written, with the one that may be meant. Code is "field_unknown", or
// "field_alone" for one that no sentence stands without: {société} needs what goes in its place, {société|votre entreprise}.
type Problem struct{ Code, Field, Suggestion string }

// Problems returns what is wrong with the merge fields of a line, in the order in which they stand. Lang is that of the letter.
func Problems(lang, line string) (all []Problem) {
	for _, m := range reField.FindAllStringSubmatch(line, -1) {
		switch f := fieldOf(m[1]); {
		case f == "":
			all = append(all, Problem{"field_unknown", m[0], "{" + nearest(lang, m[1]) + "}"})
		case f == company && strings.TrimSpace(m[2]) == "":
			all = append(all, Problem{"field_alone", m[0], "{" + m[1] + "|…}"})
		}
	}
	return all
}

// BodyProblems is Problems of a text that was rendered. What stands in code is no field.
func BodyProblems(lang string, body text.HTML) (all []Problem) {
	for n := range parse(body).Descendants() {
		if isProse(n) {
			all = append(all, Problems(lang, n.Data)...)
		}
	}
	return all
}

// nearest returns the field whose spelling is the most like word.
func nearest(lang, word string) string {
	word = text.Fold(word)
	return slices.MinFunc(offered[lang != "en"], func(a, b string) int {
		return cmp.Compare(distance(word, text.Fold(a)), distance(word, text.Fold(b)))
	})
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Slot is a place in an edition where each reader has something else.
type Slot struct {
	Word          mail.Slot
	field         field
	before, after string // around a value
	other         string // where there is none
}

// Person is one reader.
type Person struct {
	Name, Company string
	Unsubscribe   string // absolute addresses
	Preferences   string
	Unasked       bool   // they did not ask for it: it comes on the ground of their function, of what they bought...
	Origin        string // where their address comes from, when this letter has to say so; "" mostly
}

// maxValue is how long what somebody is called may be in a letter, in characters.
const maxValue = 60

// maxOrigin is how long the words on where an address comes from may be, in characters.
const maxOrigin = 300

// Value returns what fills the slot for p: plain text of one line, which the writer of the mail escapes.
func (s Slot) Value(p Person) string {
	var v string
	switch s.field {
	case unsubscribe:
		return p.Unsubscribe
	case preferences:
		return p.Preferences
	case because:
		if p.Unasked {
			return s.before
		}
		return s.other
	case origin:
		v = strings.TrimRight(text.Clip(text.OneLine(p.Origin), maxOrigin), ". ")
	case firstName:
		v = called(p.Name)
	case fullName:
		v = said(p.Name)
	case company:
		v = said(p.Company)
	}
	if v == "" {
		return s.other
	}
	return s.before + v + s.after
}

// Values fills the slots of e for p.
func (e Edition) Values(p Person) []string {
	values := make([]string, len(e.Slots))
	for i, s := range e.Slots {
		values[i] = s.Value(p)
	}
	return values
}

// Body encodes both parts once for all readers; Values fills its slots. The error is a *mail.InvalidError.
func (e Edition) Body() (*mail.Body, error) {
	words := make([]mail.Slot, len(e.Slots))
	for i, s := range e.Slots {
		words[i] = s.Word
	}
	return mail.Prepare(e.Text, e.HTML, words...)
}

// For returns the edition as p gets it: for a preview, and for a mail to one.
func (e Edition) For(p Person) (subject, markup, plain string) {
	in, typed := make([]string, 0, 2*len(e.Slots)), make([]string, 0, 2*len(e.Slots))
	for i, v := range e.Values(p) {
		w := string(e.Slots[i].Word)
		in, typed = append(in, w, html.EscapeString(v)), append(typed, w, v)
	}
	inText := strings.NewReplacer(typed...)
	return inText.Replace(e.Subject), strings.NewReplacer(in...).Replace(e.HTML), inText.Replace(e.Text)
}

// said is a name as a letter says it, "" for what is none: an address, and the advertisement that somebody typed into a form for a
// name.
func said(name string) string {
	name = text.Name(name)
	if strings.ContainsAny(name, "@/<>{}") || strings.Contains(strings.ToLower(name), "www.") || !strings.ContainsFunc(name, unicode.IsLetter) {
		return ""
	}
	return text.Clip(name, maxValue)
}

// titles stand before a name and are none.
var titles = []string{"m", "mr", "mme", "mlle", "mrs", "ms", "miss", "dr", "pr", "prof", "me", "monsieur", "madame"}

// called is the first name in a name. A family name in capitals may stand first, as the French write it.
func called(name string) string {
	words := strings.Fields(said(name))
	for len(words) > 0 && slices.Contains(titles, strings.TrimSuffix(text.Fold(words[0]), ".")) {
		if words = words[1:]; len(words) == 1 {
			return "" // Madame Le Bihan is not called Bihan
		}
	}
	for _, w := range words {
		if utf8.RuneCountInString(w) == 1 || strings.HasSuffix(w, ".") || len(words) > 1 && w == strings.ToUpper(w) {
			continue
		}
		return w
	}
	return ""
}

// slots are those of one edition.
type slots struct {
	seed [sha256.Size]byte
	all  []Slot
	hold map[Slot]mail.Slot // by what they are, without their word
	used int
}

// seeded makes slots whose words depend on all that the letter says, so that nobody can have written one into it.
func seeded(said ...string) *slots {
	return &slots{seed: sha256.Sum256([]byte(strings.Join(said, "\x00"))), hold: map[Slot]mail.Slot{}}
}

// word returns the word of a slot, the same for the same slot.
func (s *slots) word(slot Slot) string {
	s.used++
	if w, ok := s.hold[slot]; ok {
		return string(w)
	}
	sum := sha256.Sum256(slices.Concat(s.seed[:], []byte(string(slot.field)+"\x00"+slot.before+"\x00"+slot.after+"\x00"+slot.other)))
	w := mail.Slot("slot" + hex.EncodeToString(sum[:8]))
	s.hold[slot] = w
	slot.Word = w
	s.all = append(s.all, slot)
	return string(w)
}

// merge puts slots in the places of the merge fields of a line. What is unknown stays as it is.
func (s *slots) merge(line string) string {
	var b strings.Builder
	done := 0
	for _, m := range reField.FindAllStringSubmatchIndex(line, -1) {
		f := fieldOf(line[m[2]:m[3]])
		if f == "" || m[0] < done {
			continue
		}
		slot, from, to := Slot{field: f}, m[0], m[1]
		if m[4] >= 0 {
			slot.other = strings.TrimSpace(line[m[4]:m[5]])
		} else {
			from, to = slot.without(line, done, from, to)
		}
		b.WriteString(line[done:from])
		b.WriteString(s.word(slot))
		done = to
	}
	b.WriteString(line[done:])
	return b.String()
}

// without takes into the slot what goes when there is no value, so that the line reads well: the space before it, or what follows
// it at the beginning of a line. It returns from where to where in the line the slot reaches.
func (s *Slot) without(line string, done, from, to int) (int, int) {
	before, size := utf8.DecodeLastRuneInString(line[done:from])
	if size > 0 && unicode.IsSpace(before) {
		s.before = line[from-size : from]
		return from - size, to
	}
	if from > 0 {
		return from, to
	}
	rest := line[to:]
	tail := rest[:len(rest)-len(strings.TrimLeft(rest, ", \u00a0\u202f"))]
	if tail == "" {
		return from, to
	}
	next, n := utf8.DecodeRuneInString(rest[len(tail):])
	if n == 0 || !unicode.IsLetter(next) {
		return from, to
	}
	s.after = tail + string(next)
	s.other = string(unicode.ToUpper(next))
	return from, to + len(tail) + n
}
