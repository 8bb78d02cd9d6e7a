package i18n

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A term is a word for which each house may have another: what one trade calls a job is an order in the next. A text
// is written once, with the words of the first term, and holds in braces those that change with it:
//
//	"{Un mandat} {gagné}."
//
// terms.json says for every other term what becomes of them, by language, so that gender, elision and article follow:
//
//	{"fr": {"order": {"un mandat": "une commande", "gagné": "gagnée"}}}
//
// A word that a term leaves out stays as it is written. A capital in the text is one in what stands there.
type terms map[Lang]map[string]map[string]string

// braced finds the words in braces. Placeholders are digits, and no word of ours.
var braced = regexp.MustCompile(`\{(\p{L}[\p{L} ’]*)\}`)

// termLangs are the languages of terms.json: the two French share theirs.
var termLangs = map[string][]Lang{"fr": {FrFR, FrCA}, "en": {En}}

// addTerms reads terms.json at the root of fsys, if there is one.
func (c *Catalog) addTerms(fsys fs.FS) error {
	b, err := fs.ReadFile(fsys, "terms.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var all map[string]map[string]map[string]string
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	if err != nil {
		return fmt.Errorf("i18n: terms.json: %w", err)
	}
	for name, words := range all {
		langs, ok := termLangs[name]
		if !ok {
			return fmt.Errorf("i18n: terms.json: %q is not a language of ours", name)
		}
		for _, l := range langs {
			if c.terms[l] != nil {
				return fmt.Errorf("i18n: terms.json: two tell of %s", l)
			}
			c.terms[l] = words
		}
	}
	return nil
}

// Terms lists the terms besides the first, with which the texts are written.
func (c *Catalog) Terms() []string { return slices.Sorted(maps.Keys(c.terms[FrFR])) }

// Speak has the texts say the term that choose returns at each moment; one that nobody knows is the first.
func (c *Catalog) Speak(choose func() string) { c.term = choose }

// word returns what stands for w, written in braces, in the term of now.
func (c *Catalog) word(l Lang, w string) string {
	if c.term == nil {
		return w
	}
	words := c.terms[l][c.term()]
	if other, ok := words[w]; ok {
		return other
	}
	if other, ok := words[lowerFirst(w)]; ok {
		return upperFirst(other)
	}
	return w
}

// checkTerms returns the words in braces that no term changes, and the changes that no text asks for. Texts without terms
// say the first.
func (c *Catalog) checkTerms() (errs []error) {
	for _, l := range []Lang{FrFR, En} {
		if c.terms[l] == nil {
			continue
		}
		known, used := map[string]bool{}, map[string]bool{}
		for _, words := range c.terms[l] {
			for w := range words {
				known[w] = true
			}
		}
		for _, key := range slices.Sorted(maps.Keys(c.texts[l.index()])) {
			for _, f := range c.texts[l.index()][key].forms {
				for _, p := range f.parts {
					switch {
					case p.word == "":
					case known[p.word]:
						used[p.word] = true
					case known[lowerFirst(p.word)]:
						used[lowerFirst(p.word)] = true
					default:
						errs = append(errs, fmt.Errorf("i18n: %q holds {%s} in %s, which no term changes", key, p.word, l))
					}
				}
			}
		}
		for _, w := range slices.Sorted(maps.Keys(known)) {
			if !used[w] {
				errs = append(errs, fmt.Errorf("i18n: terms.json changes %q in %s, which no text holds", w, l))
			}
		}
	}
	return errs
}

func lowerFirst(s string) string { return first(s, unicode.ToLower) }
func upperFirst(s string) string { return first(s, unicode.ToUpper) }

func first(s string, to func(rune) rune) string {
	r, n := utf8.DecodeRuneInString(s)
	var b strings.Builder
	b.WriteRune(to(r))
	b.WriteString(s[n:])
	return b.String()
}
