package wordpress

import (
	"slices"
	"strconv"
	"strings"

	"causerie/internal/protocol/htmlmd"
	"causerie/internal/protocol/wxr"
)

// Plugins that translate with a post for each language (Polylang, WPML) keep together which of them say the same. So each of these posts
// ends with links to the others here.

// version is one post of several that say the same.
type version struct {
	id    int64
	lang  string // two letters, "" when the export does not say
	title string
	path  string // under which the old site had it, which leads to it here
	shown bool   // it was public
}

// groupOf names what an item is a version of: the group of Polylang, or of WPML's own exporter, or the post that it doubles; "" when it
// stands alone.
func groupOf(it wxr.Item) string {
	for _, ref := range it.Terms {
		if ref.Domain == "post_translations" {
			return "polylang " + ref.Nicename
		}
	}
	if group := strings.TrimSpace(it.MetaFirst("_wpml_import_translation_group")); group != "" {
		return "wpml " + group
	}
	if of, err := strconv.ParseInt(strings.TrimSpace(it.MetaFirst("_icl_lang_duplicate_of")), 10, 64); err == nil && of > 0 {
		return "double " + strconv.FormatInt(of, 10)
	}
	return ""
}

// langOf returns the two letters of the language that an item is said to be in.
func langOf(it wxr.Item) string {
	lang := it.MetaFirst("_wpml_import_language_code")
	for _, ref := range it.Terms {
		if ref.Domain == "language" {
			lang = ref.Nicename
		}
	}
	if lang = strings.ToLower(strings.TrimSpace(lang)); len(lang) > 2 {
		lang = lang[:2]
	}
	return lang
}

// keepVersion notes that an item may have others beside it.
func (s *site) keepVersion(it wxr.Item) {
	v := version{id: it.ID, lang: langOf(it), title: label(it), path: pathOf(it.Link), shown: it.Status == "publish" && it.Password == ""}
	if strings.Trim(v.path, "/") == "" {
		v.path = "/?p=" + strconv.FormatInt(it.ID, 10)
	}
	if group := groupOf(it); group != "" {
		s.versions[group] = append(s.versions[group], v)
	}
	s.originals["double "+strconv.FormatInt(it.ID, 10)] = v
}

// joinOriginals adds to each group of doubles the post that they double.
func (s *site) joinOriginals() {
	for group, all := range s.versions {
		if of, ok := s.originals[group]; ok && !slices.ContainsFunc(all, func(v version) bool { return v.id == of.id }) {
			s.versions[group] = append(all, of)
		}
	}
	for group, all := range s.versions {
		slices.SortFunc(all, func(a, b version) int { return strings.Compare(a.lang, b.lang) })
		for _, v := range all {
			if len(all) > 1 {
				s.groups[v.id] = group
			}
		}
	}
	s.originals = nil
}

// ownNames are languages as those who speak them call them.
var ownNames = map[string]string{"fr": "Français", "en": "English", "de": "Deutsch", "es": "Español", "it": "Italiano", "pt": "Português", "nl": "Nederlands", "br": "Brezhoneg", "oc": "Occitan",
	"ca": "Català", "eu": "Euskara", "co": "Corsu", "pl": "Polski", "ro": "Română", "ar": "العربية", "zh": "中文", "ja": "日本語", "ru": "Русский", "el": "Ελληνικά", "tr": "Türkçe", "sv": "Svenska"}

// otherVersions returns the lines that lead from an item to its versions, "" when it has none that anybody may read.
func (im *importer) otherVersions(it wxr.Item, name string) string {
	group := im.site.groups[it.ID]
	if group == "" {
		return ""
	}
	var lines, langs []string
	for _, v := range im.site.versions[group] {
		if v.lang != "" && !slices.Contains(langs, v.lang) {
			langs = append(langs, v.lang)
		}
		if v.id == it.ID || !v.shown {
			continue
		}
		line := "[" + inText.Replace(v.title) + "](" + htmlmd.Destination(v.path) + ")"
		if own := ownNames[v.lang]; own != "" {
			line = own + ": " + line
		}
		lines = append(lines, line)
	}
	im.report.Add("versions", strings.Join(langs, ", "), name)
	return strings.Join(lines, "  \n")
}
