package wordpress

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"causerie/internal/platform/i18n"
	"causerie/internal/protocol/wxr"
)

// Plugins that translate (qTranslate, WPGlobus) keep all languages of a post in one text, between marks: [:fr]Bonjour[:en]Hello[:],
// <!--:fr-->Bonjour<!--:--><!--:en-->Hello<!--:-->, {:fr}Bonjour{:}{:en}Hello{:}.
var reLanguage = regexp.MustCompile(`\[:([a-z]{2})?\]|<!--:([a-z]{2})?-->|\{:([a-z]{2})?\}`)

// inLanguages parts a text: by language what was said in it, with what stands outside of all of them. There are none in a text without
// marks.
func inLanguages(s string) (langs []string, said map[string]string) {
	marks := reLanguage.FindAllStringSubmatchIndex(s, -1)
	for _, m := range marks {
		if lang := markOf(s, m); lang != "" && !slices.Contains(langs, lang) {
			langs = append(langs, lang)
		}
	}
	if len(langs) == 0 {
		return nil, nil
	}
	parts := map[string]*strings.Builder{}
	for _, lang := range langs {
		parts[lang] = &strings.Builder{}
	}
	write := func(lang, piece string) {
		for _, of := range langs {
			if lang == "" || lang == of {
				parts[of].WriteString(piece)
			}
		}
	}
	lang, at := "", 0
	for _, m := range marks {
		write(lang, s[at:m[0]])
		lang, at = markOf(s, m), m[1]
	}
	write(lang, s[at:])
	said = map[string]string{}
	for of, b := range parts {
		said[of] = b.String()
	}
	return langs, said
}

// markOf is the language that a mark begins, "" when it ends one.
func markOf(s string, m []int) string {
	for i := 2; i < len(m); i += 2 {
		if m[i] >= 0 {
			return s[m[i]:m[i+1]]
		}
	}
	return ""
}

// maxLanguages bounds what one post may become.
const maxLanguages = 12

// parted returns an item as it is, or one for each language in which it says something. The language of the site comes first and keeps
// its address and what was answered; the others are posts of their own.
func (im *importer) parted(it wxr.Item) []wxr.Item {
	langs, contents := inLanguages(it.Content)
	titleLangs, titles := inLanguages(it.Title)
	for _, lang := range titleLangs {
		if !slices.Contains(langs, lang) {
			langs = append(langs, lang)
		}
	}
	if len(langs) == 0 || len(langs) > maxLanguages {
		return []wxr.Item{it}
	}
	if i := slices.Index(langs, im.siteLanguage()); i > 0 {
		langs = slices.Insert(slices.Delete(slices.Clone(langs), i, i+1), 0, im.siteLanguage())
	}
	_, excerpts := inLanguages(it.Excerpt)
	in := func(said map[string]string, whole, lang string) string {
		if said == nil {
			return whole
		}
		return strings.TrimSpace(said[lang])
	}
	var all []wxr.Item
	for _, lang := range langs {
		one := it
		one.Title, one.Content, one.Excerpt = in(titles, it.Title, lang), in(contents, it.Content, lang), in(excerpts, it.Excerpt, lang)
		if len(all) > 0 && one.Content == "" {
			continue // nothing was translated but its name
		}
		one.Terms = append([]wxr.TermRef{{Domain: "language", Nicename: lang}}, it.Terms...)
		if len(all) > 0 {
			one.GUID = strconv.FormatInt(it.ID, 10) + "@" + lang
			one.Link, one.ID, one.Slug, one.Comments = prefixed(it.Link, lang), 0, "", nil
		}
		all = append(all, one)
	}
	if len(all) > 1 {
		im.report.Add("parted", strings.Join(langs, ", "), plain(all[0].Title))
	}
	return all
}

// siteLanguage is the two letters of the language of the site.
func (im *importer) siteLanguage() string { return strings.SplitN(im.site.lang, "-", 2)[0] }

// prefixed is where these plugins put another language: /en/2015/05/bonjour/.
func prefixed(link, lang string) string {
	scheme, rest, found := strings.Cut(link, "://")
	host, path, slash := strings.Cut(rest, "/")
	if !found || !slash || path == "" || strings.HasPrefix(path, "?") {
		return ""
	}
	return scheme + "://" + host + "/" + lang + "/" + path
}

// spoken returns a name in the language of the site, when it is there in several.
func (im *importer) spoken(s string) string {
	langs, said := inLanguages(s)
	if len(langs) == 0 {
		return s
	}
	if v := said[im.siteLanguage()]; v != "" {
		return v
	}
	return said[langs[0]]
}

// lang returns the language of an item: what Polylang or WPML say of it, else the site's; "" is the voice's.
func (im *importer) lang(it wxr.Item) string {
	for _, ref := range append(it.Terms[:len(it.Terms):len(it.Terms)], wxr.TermRef{Domain: "language", Nicename: it.MetaFirst("_wpml_import_language_code")}) {
		if ref.Domain != "language" {
			continue
		}
		for _, name := range []string{ref.Nicename, ref.Name} {
			if l, ok := i18n.Parse(name); ok {
				if at, ok := i18n.Parse(im.site.lang); ok && strings.HasPrefix(string(at), strings.ToLower(name)) { // fr of a site of Québec
					return string(at)
				}
				return string(l)
			}
		}
	}
	return im.site.lang
}
