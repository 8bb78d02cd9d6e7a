package wordpress

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/protocol/wxr"
)

// site is what items refer to.
type site struct {
	address    string // of the home page, without its last slash
	host       string
	hosts      map[string]bool        // where the site is and was, without www.
	dated      []dated                // posts that have a date
	sorted     bool                   // dated is, by number
	links      map[string]*attachment // pages of files, by address
	byNumber   map[int64]string       // nicenames of categories by their ids
	lang       string                 // fr-FR, fr-CA, en, or "" when it is none of ours
	names      map[string]string      // login -> name
	emails     map[string]bool        // of those who wrote for the site, folded
	categories map[string]wxr.Term    // by nicename
	library    map[int64]*attachment
	byAddress  map[string]*attachment // by host and path
	attached   map[int64][]int64      // post -> pictures, in order
	beside     map[int64][]string     // post -> addresses of the pages around its files
	shared     map[int64]*sharedBlock // by id
	sharedSize int
	posts      int // and pages, of any status

	itemPaths, ownLinks map[string]bool      // addresses of what is in the export, and to which its texts and menus lead, without slashes around
	termsOf             map[string]int       // taxonomies that have a term, by its name in addresses
	bases               bases                // once all was looked at
	versions            map[string][]version // of posts that say the same, by group
	groups              map[int64]string     // of a post
	originals           map[string]version   // posts, by the group of those that double them
}

// attachment is one file of the library.
type attachment struct {
	url, title, alt, caption string
	id                       int64
	page                     string // of the file, "" for none
	used                     bool
}

// survey is the first reading. An export that breaks off is good up to there.
func (im *importer) survey(files []Export) error {
	im.site = site{names: map[string]string{}, emails: map[string]bool{}, categories: map[string]wxr.Term{}, byNumber: map[int64]string{},
		library: map[int64]*attachment{}, byAddress: map[string]*attachment{}, links: map[string]*attachment{}, hosts: map[string]bool{},
		attached: map[int64][]int64{}, beside: map[int64][]string{}, shared: map[int64]*sharedBlock{},
		itemPaths: map[string]bool{}, ownLinks: map[string]bool{}, termsOf: map[string]int{}, versions: map[string][]version{}, groups: map[int64]string{}, originals: map[string]version{}}
	var others []string
	for _, file := range files {
		err := each([]Export{file}, im.site.look, im.refusal)
		switch {
		case codeOf(err) == "import.not_wordpress":
			im.report.Add("not_export", "", file.Name)
			others = append(others, file.Name)
		case err != nil:
			return err
		}
	}
	if len(others) == len(files) {
		return fault.Conflict("import.not_wordpress", strings.Join(others, ", "))
	}
	im.site.bases = im.site.shownBases()
	for taxonomy, base := range map[string]string{"category": im.CategoryBase, "post_tag": im.TagBase} {
		if base = trimmedPath(base); base != "" && !slices.Contains(im.site.bases[taxonomy], base) {
			im.site.bases[taxonomy] = slices.Insert(im.site.bases[taxonomy], 0, base)
		}
	}
	im.site.joinOriginals()
	return nil
}

// look keeps of a record what others refer to.
func (s *site) look(rec wxr.Record) error {
	switch rec := rec.(type) {
	case wxr.Site:
		address := strings.TrimRight(cmp.Or(strings.TrimSpace(rec.BaseBlogURL), strings.TrimSpace(rec.Link), strings.TrimSpace(rec.BaseSiteURL), "?"), "/")
		if s.address != "" { // the next file of the same export
			if addressKey(address) != addressKey(s.address) {
				return fault.Conflict("import.several_sites", s.address, address)
			}
			return nil
		}
		s.address = address
		s.host = hostOf(s.address)
		s.own(s.address)
		s.own(rec.BaseSiteURL)
		if l, ok := i18n.Parse(rec.Language); ok {
			s.lang = string(l)
		}
	case wxr.Author:
		s.names[rec.Login] = cmp.Or(strings.TrimSpace(rec.DisplayName), strings.TrimSpace(rec.FirstName+" "+rec.LastName), rec.Login)
		if rec.Email != "" {
			s.emails[strings.ToLower(strings.TrimSpace(rec.Email))] = true
		}
	case wxr.Term:
		if rec.Taxonomy == "category" && rec.Nicename != "" {
			s.categories[rec.Nicename] = rec
			s.byNumber[rec.ID] = rec.Nicename
		}
		if bit := bitOf[rec.Taxonomy]; bit != 0 && rec.Nicename != "" {
			s.termsOf[unescaped(rec.Nicename)] |= bit
		}
	case wxr.Item:
		s.lookAt(rec)
	}
	return nil
}

func (s *site) lookAt(it wxr.Item) {
	s.lookForLinks(it)
	switch it.Type {
	case "attachment":
		if it.AttachmentURL != "" {
			s.keep(it)
		}
	case "wp_block":
		s.keepBlock(it)
	case "post", "page":
		s.posts++
		if at, _ := it.Published(); it.Status == "publish" && clock.Within(at) && !at.IsZero() {
			s.dated = append(s.dated, dated{it.ID, at})
		}
		s.keepVersion(it)
	}
	if strings.HasSuffix(it.GUID, "?p="+strconv.FormatInt(it.ID, 10)) || it.Type == "attachment" { // not one that came from elsewhere
		s.own(it.GUID)
	}
}

// maxHosts bounds where one site may have been.
const maxHosts = 20

// own notes the host of an address of the site itself. A guid keeps the one that the site had when it was written.
func (s *site) own(address string) {
	if h := bareHost(hostOf(strings.TrimSpace(address))); h != "" && len(s.hosts) < maxHosts {
		s.hosts[h] = true
	}
}

func (s *site) keep(it wxr.Item) {
	address := it.AttachmentURL
	if base, err := url.Parse(s.address + "/"); err == nil { // a plugin may have taken the host off
		if u, err := base.Parse(address); err == nil {
			address = u.String()
		}
	}
	a := &attachment{id: it.ID, url: address, title: plain(it.Title), alt: plain(it.MetaFirst("_wp_attachment_image_alt")),
		caption: cmp.Or(plain(it.Excerpt), plain(it.Content))}
	s.own(a.url)
	s.library[it.ID] = a
	s.byAddress[addressKey(a.url)] = a
	if isPage(it.Link) {
		s.links[addressKey(it.Link)] = a
		a.page = pathOf(it.Link)
	}
	if it.Parent != 0 {
		s.beside[it.Parent] = append(s.beside[it.Parent], "/?attachment_id="+strconv.FormatInt(it.ID, 10))
		if a.page != "" {
			s.beside[it.Parent] = append(s.beside[it.Parent], a.page)
		}
	}
	if it.Parent != 0 && isPicture(a.url) {
		s.attached[it.Parent] = append(s.attached[it.Parent], it.ID)
	}
}

// listed returns the addresses of the list of a category: wherever it stands in their tree, its own name is the last one.
func (s *site) listed(nicename string) []string {
	paths := []string{"/category/" + unescaped(nicename) + "/"}
	if id := s.categories[nicename].ID; id != 0 {
		paths = append(paths, "/?cat="+strconv.FormatInt(id, 10))
	}
	return append(paths, s.under("category", nicename, s.above(nicename))...)
}

// above returns the categories around one, the nearest first: their lists have its posts too.
func (s *site) above(nicename string) (all []string) {
	for range 10 {
		nicename = s.categories[nicename].Parent
		if _, known := s.categories[nicename]; !known {
			break
		}
		all = append(all, nicename)
	}
	return all
}

// path returns the name of a category with its parents': « Parent / Enfant ».
func (s *site) path(ref wxr.TermRef) string {
	name := ref.Name
	at, known := s.categories[ref.Nicename]
	if !known {
		return name
	}
	name = cmp.Or(name, at.Name)
	for range 10 { // deeper, or in a circle, is nobody's order of things
		parent, ok := s.categories[at.Parent]
		if at.Parent == "" || !ok {
			break
		}
		longer := parent.Name + " / " + name
		if len([]rune(longer)) > 80 { // of a section's name
			break
		}
		name, at = longer, parent
	}
	return name
}

// author returns who signs an item: the authors of Co-Authors Plus, else its creator.
func (s *site) author(it wxr.Item) string {
	var several []string
	for _, ref := range it.Terms {
		if ref.Domain == "author" {
			several = append(several, cmp.Or(ref.Name, s.names[ref.Nicename], ref.Nicename))
		}
	}
	if len(several) > 0 {
		return strings.Join(several, ", ")
	}
	return cmp.Or(s.names[it.Creator], it.Creator)
}
