package wordpress

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"causerie/internal/protocol/wxr"
)

// An export does not say under which words its site had the lists of categories and tags: /category/bois/, or /rubrique/bois/, or
// /bois/ where a plugin took the word away. The links in its texts and menus show it; where they do not, the command is told.

// maxOwnLinks bounds how many different links of the site to itself are looked at.
const maxOwnLinks = 50_000

// bases are the words before the names of terms in the addresses of their lists, "" for none, by taxonomy.
type bases map[string][]string

var reHref = regexp.MustCompile(`(?i)\bhref\s*=\s*["']([^"'<>\s]{1,500})["']`)

// lookForLinks keeps the links of an item to pages of its own site.
func (s *site) lookForLinks(it wxr.Item) {
	if path := pathOf(it.Link); path != "" {
		s.itemPaths[trimmedPath(path)] = true
	}
	keep := func(address string) {
		u, err := url.Parse(strings.TrimSpace(address))
		if err != nil || u.RawQuery != "" || u.Host == "" && !strings.HasPrefix(u.Path, "/") || u.Host != "" && bareHost(u.Host) != bareHost(s.host) || isFile(address) || len(s.ownLinks) >= maxOwnLinks {
			return
		}
		s.ownLinks[trimmedPath(u.Path)] = true
	}
	if it.Type == "nav_menu_item" {
		keep(it.MetaFirst("_menu_item_url"))
	}
	for _, m := range reHref.FindAllStringSubmatch(it.Content, -1) {
		keep(m[1])
	}
	for _, ref := range it.Terms {
		if (ref.Domain == "category" || ref.Domain == "post_tag") && ref.Nicename != "" {
			s.termsOf[unescaped(ref.Nicename)] |= bitOf[ref.Domain]
		}
	}
}

// Which taxonomies have a term of a name.
const (
	hasCategory = 1 << iota
	hasTag
)

var bitOf = map[string]int{"category": hasCategory, "post_tag": hasTag}

func trimmedPath(path string) string { return strings.Trim(path, "/") }

// shownBases reads from the links which bases the site had. A link tells when its last word is the name of a category or of a tag, and of
// one only, and no post or page is at that address.
func (s *site) shownBases() bases {
	found := bases{}
	for path := range s.ownLinks {
		if s.itemPaths[path] {
			continue
		}
		segments := strings.Split(path, "/")
		last := len(segments) - 1
		if n := slices.Index(segments, "page"); n > 0 {
			last = n - 1
		} else if segments[last] == "feed" && last > 0 {
			last--
		}
		taxonomy := map[int]string{hasCategory: "category", hasTag: "post_tag"}[s.termsOf[segments[last]]]
		before := segments[:last]
		for len(before) > 0 && s.termsOf[before[len(before)-1]]&hasCategory != 0 && taxonomy == "category" { // its parents
			before = before[:len(before)-1]
		}
		base := strings.Join(before, "/")
		if taxonomy == "" || len(before) > 2 || strings.ContainsAny(base, "0123456789") || slices.Contains(found[taxonomy], base) || base == "author" {
			continue
		}
		found[taxonomy] = append(found[taxonomy], base)
	}
	return found
}

// maxBases bounds how many addresses one term may get.
const maxBases = 5

// under returns the addresses of the list of a term under the bases of its site, alone and below its parents.
func (s *site) under(taxonomy, nicename string, above []string) (paths []string) {
	name := unescaped(nicename)
	whole := name
	for _, parent := range above {
		whole = unescaped(parent) + "/" + whole
	}
	for _, base := range s.bases[taxonomy][:min(maxBases, len(s.bases[taxonomy]))] {
		if base != "" {
			base = "/" + base
		}
		paths = append(paths, base+"/"+name+"/")
		if whole != name {
			paths = append(paths, base+"/"+whole+"/")
		}
	}
	return paths
}
