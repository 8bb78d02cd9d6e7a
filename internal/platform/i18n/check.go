package i18n

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var tags = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)`)

// Check returns what is wrong with the catalogs, in a stable order: a key that one language lacks, an empty
// text, a missing plural form, placeholders that differ, a tag that THTML does not promise, an override of a key
// that French of France does not have.
func (c *Catalog) Check() []error {
	var errs []error
	fr, en := c.source[FrFR], c.source[En]
	for _, key := range slices.Sorted(maps.Keys(fr)) {
		if _, ok := en[key]; !ok {
			errs = append(errs, fmt.Errorf("i18n: %q is not in en.json", key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if _, ok := fr[key]; !ok {
			errs = append(errs, fmt.Errorf("i18n: %q is not in fr.json", key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.source[FrCA])) {
		if _, ok := fr[key]; !ok {
			errs = append(errs, fmt.Errorf("i18n: %q of fr-CA.json is not in fr.json", key))
		}
	}
	for _, l := range Langs() {
		for _, key := range slices.Sorted(maps.Keys(c.source[l])) {
			m := c.texts[l.index()][key]
			errs = append(errs, checkMessage(l, key, m)...)
			ref, ok := c.texts[FrFR.index()][key]
			if l != FrFR && ok && !slices.Equal(ref.arguments(), m.arguments()) {
				errs = append(errs, fmt.Errorf("i18n: %q takes %v in fr-FR and %v in %s", key, ref.arguments(), m.arguments(), l))
			}
		}
	}
	return append(errs, c.checkTerms()...)
}

func checkMessage(l Lang, key string, m message) []error {
	var errs []error
	if m.plural {
		for _, cat := range needed(l) {
			if _, ok := m.forms[cat]; !ok {
				errs = append(errs, fmt.Errorf("i18n: %q lacks the form %s in %s", key, categoryName(cat), l))
			}
		}
	}
	for cat, f := range m.forms {
		if strings.TrimSpace(f.raw) == "" {
			errs = append(errs, fmt.Errorf("i18n: %q (%s) is empty in %s", key, categoryName(cat), l))
		}
		open := map[string]int{}
		for _, t := range tags.FindAllStringSubmatch(f.raw, -1) {
			switch t[2] {
			case "a", "b", "strong", "em", "code":
				if t[1] == "" {
					open[t[2]]++
				} else {
					open[t[2]]--
				}
			case "br":
			default:
				errs = append(errs, fmt.Errorf("i18n: %q has the tag <%s> in %s", key, t[2], l))
			}
		}
		for tag, n := range open {
			if n != 0 {
				errs = append(errs, fmt.Errorf("i18n: %q opens and closes <%s> unequally in %s", key, tag, l))
			}
		}
	}
	return errs
}
