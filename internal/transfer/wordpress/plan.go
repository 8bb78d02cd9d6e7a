package wordpress

import (
	"cmp"
	"context"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"causerie/internal/feature/post"
	"causerie/internal/platform/text"
	"causerie/internal/protocol/htmlmd"
	"causerie/internal/protocol/wxr"
	"causerie/internal/transfer"
)

// planned is an item as it will be written. Its post is nil when an earlier run brought it.
type planned struct {
	item     wxr.Item
	external string
	post     *post.Import
	known    int64 // id of the post that an earlier run made
	label    string
	comments []comment // new ones, those that are answered first
}

// plan makes a post of an item, and notes what it could not carry over.
func (im *importer) plan(ctx context.Context, it wxr.Item) (*post.Import, error) {
	name := label(it)
	md, err := im.convert(it)
	if err != nil {
		im.report.Add("too_long", "", name)
		return nil, nil
	}
	if len(md.Markdown) > text.MaxSource {
		im.report.Add("too_long", "", name)
		return nil, nil
	}
	for _, n := range md.Notes {
		im.report.AddN(n.Kind, n.Name, name, n.Count)
	}
	if builder := unread(it); builder != "" && strings.TrimSpace(md.Markdown) == "" {
		im.report.Add("builder", builder, name)
	}
	p := &post.Import{AuthorName: im.site.author(it), OldPaths: im.site.oldPaths(it), UpdatedAt: it.Modified, GUID: im.guid(it), Beside: im.site.beside[it.ID]}
	p.Voice, p.Kind, p.Title, p.Slug = im.Voice, post.Article, plain(it.Title), slug(it)
	if it.Type == "page" {
		p.Kind = post.Page
	}
	p.Lang, p.Body = im.lang(it), md.Markdown
	if others := im.otherVersions(it, name); others != "" {
		p.Body = strings.TrimLeft(strings.TrimRight(p.Body, "\n")+"\n\n"+others+"\n", "\n")
	}
	p.Summary = cmp.Or(summary(it.Excerpt), plain(it.MetaFirst("_yoast_wpseo_metadesc")))
	if it.CommentStatus == "closed" {
		p.Comments = "closed"
	}
	im.titled(p, it, md.Images, name)
	im.date(p, it)
	im.status(p, it, name)
	im.undated(p, it, name)
	if slices.ContainsFunc(md.Notes, func(n htmlmd.Note) bool { return n.Kind == htmlmd.NoteMembers }) && p.Status != post.Review {
		p.Status = post.Writing
	}
	im.terms(p, it, name)
	im.traits(p, it, name)
	return p, im.show(ctx, p, it, md, name)
}

// titled gives what has no title its first words, or those of its address, or the name of its picture, or its day: a list without them has
// nothing to press.
func (im *importer) titled(p *post.Import, it wxr.Item, images []string, name string) {
	if p.Title != "" {
		return
	}
	p.Title = cmp.Or(text.Opening(p.Body, 60), strings.ReplaceAll(slug(it), "-", " "))
	if p.Title == "" && len(images) > 0 {
		if a := im.site.find(images[0]); a != nil {
			p.Title = cmp.Or(a.alt, a.title)
		}
		p.Title = cmp.Or(p.Title, strings.TrimSuffix(nameOf(images[0]), path.Ext(nameOf(images[0]))))
	}
	if at, _ := it.Published(); p.Title == "" && !at.IsZero() {
		p.Title = at.Format(time.DateOnly)
	}
	p.Title = cmp.Or(p.Title, name)
	im.report.Add("untitled", "", cmp.Or(p.Title, name))
}

// guid returns the name of an item in the feeds of the old site; the second one of that name in a file gets ours.
func (im *importer) guid(it wxr.Item) string {
	if it.Type != "post" || it.GUID == "" || !im.seen.first("guid", it.GUID) {
		return ""
	}
	return it.GUID
}

// slug returns the slug that the address of an item had. It is percent-encoded where it is not ASCII.
func slug(it wxr.Item) string {
	if decoded, err := url.PathUnescape(it.Slug); err == nil {
		return decoded
	}
	return it.Slug
}

func (im *importer) status(p *post.Import, it wxr.Item, name string) {
	switch it.Status {
	case "publish":
		p.Status = post.Published
	case "future":
		p.Status = post.Scheduled
		if !p.PublishedAt.After(im.now) {
			p.Status = post.Ready
			im.report.Add("missed", "", name)
		}
	case "pending":
		p.Status = post.Review
	case "draft":
		p.Status = post.Writing
	case "private":
		p.Status = post.Writing
		im.report.Add("private", "", name)
	default:
		p.Status = post.Writing
		im.report.Add("status", it.Status, name)
	}
	if it.Password != "" {
		p.Status = post.Writing
		im.report.Add("password", "", name)
	}
	if p.CreatedAt.After(im.now) {
		p.CreatedAt = im.now
	}
}

// undecided are WordPress's default categories: nobody chose them.
var undecided = []string{"uncategorized", "non-classe", "non-classifiee"}

// mainCategory returns the nicename of the category that the author of an item put first, in one of the plugins that let them; "" when
// nobody did.
func (s *site) mainCategory(it wxr.Item) string {
	for _, key := range []string{"_yoast_wpseo_primary_category", "rank_math_primary_category", "_seopress_robots_primary_cat", "_primary_category"} {
		id, err := strconv.ParseInt(strings.TrimSpace(it.MetaFirst(key)), 10, 64)
		name := s.byNumber[id]
		if err == nil && slices.ContainsFunc(it.Terms, func(t wxr.TermRef) bool { return t.Domain == "category" && t.Nicename == name }) {
			return name
		}
	}
	return ""
}

// terms gives p its section and tags.
func (im *importer) terms(p *post.Import, it wxr.Item, name string) {
	tag := func(t string) {
		if t = strings.TrimSpace(t); t != "" && !slices.ContainsFunc(p.Tags, func(have string) bool { return strings.EqualFold(have, t) }) {
			p.Tags = append(p.Tags, t)
		}
	}
	main := im.site.mainCategory(it)
	leads := func(term string, above bool, paths ...string) {
		p.Places = append(p.Places, post.OldPlaces{Term: term, Paths: paths, Above: above})
	}
	for _, ref := range it.Terms {
		switch ref.Domain {
		case "category":
			switch {
			case slices.Contains(undecided, ref.Nicename):
				im.report.Add("no_category", ref.Name, "")
			case ref.Nicename == main || p.Section == "" && main == "":
				p.Section = plain(im.spoken(im.site.path(ref)))
				leads(p.Section, false, im.site.listed(ref.Nicename)...)
				for _, parent := range im.site.above(ref.Nicename) {
					leads(p.Section, true, im.site.listed(parent)...)
				}
			default:
				name := plain(im.spoken(cmp.Or(ref.Name, ref.Nicename)))
				tag(name)
				leads(name, true, im.site.listed(ref.Nicename)...)
			}
		case "post_tag":
			name := plain(im.spoken(cmp.Or(ref.Name, ref.Nicename)))
			tag(name)
			leads(name, false, append(im.site.under("post_tag", ref.Nicename, nil), "/tag/"+unescaped(ref.Nicename)+"/")...)
		case "author", "language", "post_translations", "term_language", "term_translations": // see versions
		default:
			im.report.Add("taxonomy", ref.Domain, name)
		}
	}
	if len(p.Tags) > post.MaxTags {
		im.report.Add("tags", "", name)
		p.Tags = p.Tags[:post.MaxTags]
	}
}

// traits notes what an item is beside its words, and keeps the address of a recording.
func (im *importer) traits(p *post.Import, it wxr.Item, name string) {
	if it.Sticky {
		im.report.Add("sticky", "", name)
	}
	if it.Type == "page" && it.Parent != 0 {
		im.report.Add("subpage", "", name)
	}
	for key := range it.Meta {
		if key == "enclosure" {
			for _, value := range it.Meta[key] {
				address, _, _ := strings.Cut(strings.TrimSpace(value), "\n")
				address = strings.TrimSpace(address)
				if !strings.HasPrefix(address, "http") || strings.ContainsAny(address, " <>") {
					continue
				}
				im.report.Add("enclosure", "", address)
				if !strings.Contains(p.Body, address) {
					p.Body = strings.TrimRight(p.Body, "\n") + "\n\n<" + address + ">\n"
				}
			}
			continue
		}
		if !strings.HasPrefix(key, "_") && key != "footnotes" && builders[key] == "" {
			im.report.Add("meta", key, "")
		}
	}
}

// count adds what is planned to the report.
func (im *importer) count(p *post.Import) {
	if p.Kind == post.Page {
		im.report.Pages++
	} else {
		im.report.Posts++
	}
	transfer.Count(&im.report.Statuses, p.Status, 1)
	if p.Section != "" && im.seen.first("section", post.TermSlug(p.Section)) {
		im.report.Sections++
	}
	for _, t := range p.Tags {
		if im.seen.first("tag", post.TermSlug(t)) {
			im.report.Tags++
		}
	}
}
