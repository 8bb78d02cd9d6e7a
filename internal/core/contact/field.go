package contact

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
)

// The kinds of fields.
const (
	Text   = "text"
	Date   = "date"
	Number = "number"
	Choice = "choice" // one of what the field offers
)

// Kinds returns them, in the order in which people read them.
func Kinds() []string { return []string{Text, Date, Number, Choice} }

// Field is something that a house wants to know of people besides what every house does: a field of its own. Its kind never changes.
type Field struct {
	ID         fact.FieldID
	Name       string // one of a name, however it is written
	Kind       string // Text, Date, Number or Choice
	Choices    []string
	Position   int
	ArchivedAt time.Time // it is no longer asked or shown; what was known stays
}

// Archived reports whether the field is no longer asked or shown.
func (f Field) Archived() bool { return !f.ArchivedAt.IsZero() }

// Input is what a form calls the value of a field, and where the problems of it are.
func (f Field) Input() string { return inputOf(f.ID) }

func inputOf(id fact.FieldID) string { return "field_" + id.String() }

// Value is what is known of somebody in a field.
type Value struct {
	Field fact.FieldID
	Text  string // a day as YYYY-MM-DD, a number as 1234.5
	key   string
}

// The bounds of fields.
const (
	MaxFields     = 50 // of a house, archived ones counted
	MaxChoices    = 100
	MaxValue      = 500 // characters of a value
	MaxFieldName  = 60  // characters of its name
	maxChoice     = 120
	numberDigits  = 14 // before the point
	numberKeyZero = 1_000_000_000_000_000_000
)

// check returns f as it is kept, and what is wrong with it.
func (f Field) check() (Field, error) {
	var p fault.Problems
	if f.Name = text.OneLine(f.Name); f.Name == "" {
		p.Add("name", "required")
	} else if len([]rune(f.Name)) > MaxFieldName {
		p.Add("name", "too_long", MaxFieldName)
	}
	if !slices.Contains(Kinds(), f.Kind) {
		p.Add("kind", "unknown")
	}
	offered := f.Choices
	f.Choices = []string{}
	for _, c := range offered {
		c = text.OneLine(c)
		if c == "" || slices.ContainsFunc(f.Choices, func(o string) bool { return text.Fold(o) == text.Fold(c) }) {
			continue
		}
		if len([]rune(c)) > maxChoice {
			p.Add("choices", "too_long", maxChoice)
			break
		}
		f.Choices = append(f.Choices, c)
	}
	switch {
	case f.Kind != Choice:
		f.Choices = []string{}
	case len(f.Choices) == 0:
		p.Add("choices", "required")
	case len(f.Choices) > MaxChoices:
		p.Add("choices", "too_many", MaxChoices)
	}
	return f, p.Err()
}

// Read returns a value as it is kept, from what somebody wrote; "" is no value. A problem is at f.Input.
func (f Field) Read(written string) (Value, error) {
	v := Value{Field: f.ID, Text: text.OneLine(written)}
	if v.Text == "" {
		return v, nil
	}
	wrong := func(code string, args ...any) (Value, error) { return v, fault.Invalid(f.Input(), code, args...) }
	switch f.Kind {
	case Date:
		d, ok := readDate(v.Text)
		if !ok {
			return wrong("date")
		}
		if !d.Within() {
			return wrong("date_beyond")
		}
		v.Text = d.String()
	case Number:
		n, ok := readNumber(v.Text)
		if !ok {
			return wrong("decimal")
		}
		v.Text = n
	case Choice:
		i := slices.IndexFunc(f.Choices, func(c string) bool { return text.Fold(c) == text.Fold(v.Text) })
		if i < 0 {
			return wrong("unknown")
		}
		v.Text = f.Choices[i]
	default:
		if len([]rune(v.Text)) > MaxValue {
			return wrong("too_long", MaxValue)
		}
	}
	v.key = KeyOf(f.Kind, v.Text)
	return v, nil
}

// Shown returns a value as people read it: "1 234,5", "4 mars 2026".
func (f Field) Shown(value string, l i18n.Lang) string {
	switch f.Kind {
	case Date:
		if d, err := clock.ParseDay(value); err == nil && value != "" {
			return i18n.ShortDay(l, d)
		}
	case Number:
		return i18n.Figures(l, value)
	}
	return value
}

// KeyOf returns by what a value of a field of that kind is found, as it is kept: keys are in the order of the values.
func KeyOf(kind, value string) string {
	switch kind {
	case Date:
		return value
	case Number:
		whole, frac, _ := strings.Cut(strings.TrimPrefix(value, "-"), ".")
		n, err := strconv.ParseInt(whole+(frac + "0000")[:4], 10, 64)
		if err != nil {
			return ""
		}
		if strings.HasPrefix(value, "-") {
			n = -n
		}
		return fmt.Sprintf("%019d", numberKeyZero+n)
	}
	return text.Clip(text.Fold(value), MaxValue)
}

// readDate reads a day as programs and as people write it: 2026-03-04, 04/03/2026, 4.3.2026. The day comes before the month, unless it cannot.
func readDate(s string) (clock.Day, bool) {
	if d, err := clock.ParseDay(s); err == nil {
		return d, true
	}
	s, _, _ = strings.Cut(s, "T")
	if d, err := clock.ParseDay(s); err == nil { // 2026-03-04T00:00:00Z
		return d, true
	}
	p := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '.' || r == ' ' })
	if len(p) != 3 {
		return clock.Day{}, false
	}
	day, month, year := p[0], p[1], p[2]
	if len(day) == 4 {
		day, year = year, day
	} else if n, err := strconv.Atoi(month); err == nil && n > 12 {
		day, month = month, day
	}
	if len(day) > 2 || len(month) > 2 {
		return clock.Day{}, false
	}
	d, err := clock.ParseDay(year + "-" + ("0" + month)[len(month)-1:] + "-" + ("0" + day)[len(day)-1:])
	return d, err == nil
}

// readNumber reads 1 234,5 and 1,234.5 alike, as 1234.5: a comma alone is that of the French. A sign of currency or of per cent behind it is left out.
func readNumber(s string) (string, bool) {
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00A0', '\u202F', '\'', '’', '€', '$', '£', '%':
			return -1
		case '−':
			return '-'
		}
		return r
	}, s)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	if comma, point := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.'); comma > point {
		if strings.Count(s, ",") > 1 && point < 0 {
			s = strings.ReplaceAll(s, ",", "") // 1,234,567
		} else {
			s = strings.ReplaceAll(s[:comma], ".", "") + "." + s[comma+1:]
		}
	} else if comma >= 0 {
		s = strings.ReplaceAll(s, ",", "")
	}
	whole, frac, _ := strings.Cut(s, ".")
	digits := func(s string) bool { return strings.Trim(s, "0123456789") == "" }
	whole, frac = strings.TrimLeft(whole, "0"), strings.TrimRight(frac, "0")
	if s == "" || s == "." || !digits(whole) || !digits(frac) || len(whole) > numberDigits || len(frac) > 4 {
		return "", false
	}
	if whole == "" {
		whole = "0"
	}
	if frac != "" {
		whole += "." + frac
	}
	if whole == "0" {
		sign = ""
	}
	return sign + whole, true
}
