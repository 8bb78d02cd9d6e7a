package i18n

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
)

// Catalog holds the texts of the whole program in every language.
type Catalog struct {
	source map[Lang]map[string]any // what the files say, to notice two texts for one key
	texts  [3]map[string]message   // typeset, by Lang.index; fr-CA already falls back to fr-FR
	terms  terms
	term   func() string // which of them is spoken; nil is the first

	mu      sync.Mutex
	missing map[string]bool
}

// New returns a catalog without texts.
func New() *Catalog {
	c := &Catalog{source: map[Lang]map[string]any{}, terms: terms{}, missing: map[string]bool{}}
	for i, l := range Langs() {
		c.texts[i] = map[string]message{}
		c.source[l] = map[string]any{}
	}
	return c
}

// files names the catalogs at the root of a folder, in the order in which they are read.
var files = []struct {
	name string
	lang Lang
}{{"fr.json", FrFR}, {"fr-CA.json", FrCA}, {"en.json", En}}

// Add merges fr.json, fr-CA.json, en.json and terms.json from the root of fsys; each may be absent. A file is one flat
// object whose values are a text, or an object with the plural forms "one", "many" and "other". A key that is
// already there with another text is an error, with the same text it is not.
func (c *Catalog) Add(fsys fs.FS) error {
	for _, f := range files {
		b, err := fs.ReadFile(fsys, f.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("i18n: %w", err)
		}
		var texts map[string]any
		if err := json.Unmarshal(b, &texts); err != nil {
			return fmt.Errorf("i18n: %s: %w", f.name, err)
		}
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			if err := c.add(f.lang, key, texts[key]); err != nil {
				return fmt.Errorf("i18n: %s: %w", f.name, err)
			}
		}
	}
	return c.addTerms(fsys)
}

func (c *Catalog) add(l Lang, key string, text any) error {
	if old, ok := c.source[l][key]; ok {
		if !reflect.DeepEqual(old, text) {
			return fmt.Errorf("%q has two texts: %q and %q", key, old, text)
		}
		return nil
	}
	m, err := read(l, text)
	if err != nil {
		return fmt.Errorf("%q: %w", key, err)
	}
	c.source[l][key] = text
	c.texts[l.index()][key] = m
	if l == FrFR {
		if _, own := c.source[FrCA][key]; !own {
			if m, err = read(FrCA, text); err != nil {
				return fmt.Errorf("%q: %w", key, err)
			}
			c.texts[FrCA.index()][key] = m
		}
	}
	return nil
}

// read makes the message of one value of a file, typeset for l.
func read(l Lang, text any) (message, error) {
	m := message{forms: map[plural.Form]form{}}
	switch v := text.(type) {
	case string:
		m.forms[plural.Other] = compile(typeset(l, v))
		return m, nil
	case map[string]any:
		m.plural = true
		for name, t := range v {
			s, isText := t.(string)
			cat, known := categories[name]
			if !isText || !known {
				return m, fmt.Errorf("a plural has the texts one, many and other, not %q", name)
			}
			m.forms[cat] = compile(typeset(l, s))
		}
		if _, ok := m.forms[plural.Other]; !ok {
			return m, errors.New("a plural needs the text other")
		}
		return m, nil
	}
	return m, fmt.Errorf("is a %T, not a text", text)
}

// Has reports whether there is a text for key in l.
func (c *Catalog) Has(l Lang, key string) bool {
	_, ok := c.texts[l.index()][key]
	return ok
}

// Fixed reports whether key has one text in l that takes no argument, so that it may be shown when the key
// itself came from outside.
func (c *Catalog) Fixed(l Lang, key string) bool {
	m, ok := c.texts[l.index()][key]
	return ok && !m.plural && len(m.arguments()) == 0
}

// T returns the text of key in l with the arguments in the places of {0}, {1}... A plural is chosen by the first
// argument. Integers and floats are written as l writes numbers (pass a year as a string), texts and values with
// a String method as they are; dates must be formatted by the caller. A key that nobody wrote is returned as it
// is and remembered, see Missing.
func (c *Catalog) T(l Lang, key string, args ...any) string {
	return c.render(l, key, args, func(_ part, _ any, s string) string { return s })
}

// THTML is T for a text that holds tags (a, b, strong, em, br, code). Arguments are escaped, those of type
// template.HTML excepted; one that stands as an address must be a path or an http, https, mailto or tel address.
func (c *Catalog) THTML(l Lang, key string, args ...any) template.HTML {
	if !c.Has(l, key) {
		return template.HTML(template.HTMLEscapeString(c.T(l, key, args...)))
	}
	return template.HTML(c.render(l, key, args, func(p part, a any, s string) string {
		if _, trusted := a.(template.HTML); trusted && !p.href {
			return s
		}
		if p.href && !safeAddress(s) {
			return "#"
		}
		return template.HTMLEscapeString(s)
	}))
}

func safeAddress(s string) bool {
	scheme, _, found := strings.Cut(s, ":")
	if !found || strings.ContainsAny(scheme, "/?#") {
		return true
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto", "tel":
		return true
	}
	return false
}

func (c *Catalog) render(l Lang, key string, args []any, set func(part, any, string) string) string {
	m, ok := c.texts[l.index()][key]
	if !ok {
		c.miss(key)
		return key
	}
	f := m.choose(l, args)
	if len(f.parts) == 1 && f.parts[0].arg < 0 && f.parts[0].word == "" {
		return f.parts[0].literal
	}
	var b strings.Builder
	for _, p := range f.parts {
		b.WriteString(p.literal)
		if p.word != "" {
			b.WriteString(c.word(l, p.word))
		}
		if p.arg < 0 {
			continue
		}
		if p.arg >= len(args) {
			c.miss(fmt.Sprintf("%s {%d}: no argument", key, p.arg))
			continue
		}
		s, ok := argument(l, args[p.arg])
		if !ok {
			c.miss(fmt.Sprintf("%s {%d}: a %T", key, p.arg, args[p.arg]))
			continue
		}
		b.WriteString(set(p, args[p.arg], s))
	}
	return b.String()
}

// maxMissing bounds what is remembered, since a key may be made from what came in.
const maxMissing = 1000

func (c *Catalog) miss(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.missing) < maxMissing {
		c.missing[what] = true
	}
}

// Missing returns, sorted, the keys that T was asked for and nobody wrote, and the arguments that it could not
// write. A test fails on it.
func (c *Catalog) Missing() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.missing))
}
