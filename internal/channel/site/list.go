package site

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"causerie/internal/assets"
	"causerie/internal/channel/site/feed"
	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
)

// perPage is how many posts a page lists.
const perPage = 20

// entry is a post in a list.
type entry struct {
	URL, Title, Text string
	Lang             string // when it is not the page's
	Note             bool
	HTML             text.HTML // of a note
	At               time.Time
	Minutes          int
	Count            int // answers
	Cover            *cover
	Section          *link
}

// listPage is the posts of a section, a tag, a month, a year, or all notes.
type listPage struct {
	base
	Kick          string
	Heading       string
	Lede, FeedURL string
	Entries       []entry
	Notes         bool // shown whole
	Newer, Older  string
}

// frontPage is the front of a voice.
type frontPage struct {
	base
	Face         assets.Face
	Voice        string
	Role         string
	Bio          string
	Lead         *entry
	Entries      []entry
	Thread       []entry // the last notes
	NotesURL     string
	Newer, Older string
	Follow       []link
	Empty        bool
}

// list reads one page of q and the answers that each post has.
func (h *Handler) list(tx *db.Tx, r *web.Request, f *frame, q post.Query) ([]entry, string, error) {
	q.Limit, q.Before, q.Zone = perPage, r.URL.Query().Get("page"), r.Zone()
	posts, next, err := f.read.List(tx, q)
	if fault.Is(err, fault.KindInvalid) {
		return nil, "", fault.NotFound("page")
	}
	if err != nil {
		return nil, "", err
	}
	r.DependsOn(topicVoice(q.Voice))
	entries, err := h.entries(tx, r, f, posts)
	return entries, next, err
}

func (h *Handler) entries(tx *db.Tx, r *web.Request, f *frame, posts []post.Public) ([]entry, error) {
	ids := make([]fact.PostID, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
		r.DependsOn(topicPost(p.ID), topicTalk(p.ID))
	}
	counts, err := h.o.Talk.CountsByPostIn(tx, ids)
	if err != nil {
		return nil, err
	}
	entries := make([]entry, len(posts))
	for i, p := range posts {
		e := entry{URL: f.postLink(p), Title: p.Label(), At: p.PublishedAt, Minutes: text.Minutes(p.Words), Count: counts[p.ID], Note: !p.Traits().Titled}
		if e.Note {
			e.HTML = p.HTML
		} else {
			e.Text = p.Deck(180)
			e.Cover = pictureOf(p)
		}
		if p.Lang != string(r.Lang()) {
			e.Lang = p.Lang
		}
		if p.Section != nil {
			e.Section = &link{f.places.Link(f.host, p.Voice, "/section/"+p.Section.Slug+"/"), p.Section.Name}
		}
		entries[i] = e
	}
	return entries, nil
}

// turned returns the addresses of the newer and the older page of the list at path.
func turned(r *web.Request, path, next string) (newer, older string) {
	if next != "" {
		older = path + "?page=" + url.QueryEscape(next)
	}
	if r.URL.Query().Get("page") != "" {
		newer = path // cursors lead forward only; the newest page is one step away
	}
	return newer, older
}

// pages tells machines and readers where the list goes on.
func (b *base) pages(r *web.Request, f *frame, newer, older string) {
	if newer != "" {
		b.Meta.Prev = f.absolute(newer)
		b.Canonical = f.absolute(r.URL.Path + "?page=" + url.QueryEscape(r.URL.Query().Get("page")))
	}
	if older != "" {
		b.Meta.Next = f.absolute(older)
	}
}

// listed finds the page of a section, a tag, a span of time or all notes, or its feed.
func (h *Handler) listed(tx *db.Tx, r *web.Request, f *frame, a address) (answer, error) {
	q := post.Query{Voice: f.voice.ID}
	d := listPage{}
	switch a.kind {
	case notes:
		q.Kinds, d.Notes, d.Heading = post.KindNames(post.IsShort), true, r.T("site.notes")
		d.Kick = f.voice.Name
	case section:
		s, err := f.read.SectionBySlug(tx, f.voice.ID, a.name)
		if err != nil {
			return nil, err
		}
		q.Section, d.Heading = s.ID, s.Name
	case tag:
		t, err := f.read.TagBySlug(tx, a.name)
		if err != nil {
			return nil, err
		}
		q.Tag, d.Heading, d.Kick = t.ID, t.Name, r.T("site.tag")
	case year:
		q.Year = a.year
		d.Heading, d.Kick = r.T("site.year", yearText(a.year)), r.T("site.archive")
	case month:
		q.Year, q.Month = a.year, a.month
		d.Heading, d.Kick = capital(i18n.MonthText(r.Lang(), a.year, a.month)), r.T("site.archive")
	}
	entries, next, err := h.list(tx, r, f, q)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, fault.NotFound("page") // a section or tag that only drafts have is nobody's business, its feed neither
	}
	if a.feed != feed.None {
		return h.listFeed(tx, r, f, a, q, d.Heading)
	}
	at := f.link(f.voice, a.path())
	if a.kind == section {
		for i := range entries {
			entries[i].Section = nil // the page says it
		}
	}
	kick, heading, whole := d.Kick, d.Heading, d.Notes
	d = listPage{base: f.base(r, at, heading, f.feeds(a.path(), f.voice.Name+" · "+heading)), Kick: kick, Heading: heading, Notes: whole, Entries: entries}
	d.Newer, d.Older = turned(r, at, next)
	d.pages(r, f, d.Newer, d.Older)
	d.Meta.Lang = string(r.Lang())
	d.Meta.Description = r.T("site.list_of", heading, f.voice.Name)
	if a.kind == section || a.kind == tag {
		d.Lede, d.FeedURL = d.Meta.Description, f.feedLink(f.voice, a.path()+feed.RSS.File())
	}
	d.Meta.Data = crumbs(r, f, link{at, heading})
	return func(w http.ResponseWriter, r *web.Request) error {
		web.Cacheable(w)
		return h.lists.Render(w, r, http.StatusOK, d)
	}, nil
}

// front finds the front of a voice, or its feed.
func (h *Handler) front(tx *db.Tx, r *web.Request, f *frame, a address) (answer, error) {
	if a.feed != feed.None {
		return h.listFeed(tx, r, f, a, post.Query{Voice: f.voice.ID}, "")
	}
	root := f.root(f.voice)
	entries, next, err := h.list(tx, r, f, post.Query{Voice: f.voice.ID, Kinds: post.KindNames(post.IsLong)})
	if err != nil {
		return nil, err
	}
	if r.URL.Query().Get("page") == "" {
		if entries, err = h.pinnedFirst(tx, r, f, entries); err != nil {
			return nil, err
		}
	}
	var thread []entry
	if r.URL.Query().Get("page") == "" && f.hasNotes {
		last, _, err := f.read.List(tx, post.Query{Voice: f.voice.ID, Kinds: post.KindNames(post.IsShort), Limit: 5})
		if err != nil {
			return nil, err
		}
		if thread, err = h.entries(tx, r, f, last); err != nil {
			return nil, err
		}
	}
	d := frontPage{base: f.base(r, root, f.voice.Name, f.feeds("/", f.voice.Name)), Voice: f.voice.Name, Thread: thread, NotesURL: f.link(f.voice, "/n/")}
	d.Role = afterName(text.Typeset(f.voice.Lang, f.voice.Role), ". ")
	d.Bio = text.Typeset(f.voice.Lang, text.Opening(f.voice.Bio, 400))
	d.Face = assets.FaceOf(f.voice.ID.String(), f.voice.Name)
	d.Face.Img, d.Face.Size = f.portrait, "big"
	d.Newer, d.Older = turned(r, root, next)
	d.pages(r, f, d.Newer, d.Older)
	d.Entries = entries
	if d.Newer == "" && len(entries) > 0 {
		d.Lead, d.Entries = &entries[0], entries[1:]
	}
	d.Empty = len(entries) == 0 && len(thread) == 0
	d.Follow = follow(f)
	d.Meta.Description, d.Meta.Lang, d.Meta.Type = text.Excerpt(d.Bio, 200), string(r.Lang()), "profile"
	if f.portrait != "" {
		d.Meta.Image = f.absolute(f.portrait)
	}
	d.Meta.Data = frontData(r, f)
	return func(w http.ResponseWriter, r *web.Request) error {
		web.Cacheable(w)
		return h.fronts.Render(w, r, http.StatusOK, d)
	}, nil
}

// pinnedFirst puts what is pinned before the others; it stands only there.
func (h *Handler) pinnedFirst(tx *db.Tx, r *web.Request, f *frame, entries []entry) ([]entry, error) {
	posts, err := f.read.Pinned(tx, f.voice.ID)
	if err != nil || len(posts) == 0 {
		return entries, err
	}
	pinned, err := h.entries(tx, r, f, posts)
	if err != nil {
		return nil, err
	}
	pinned = slices.DeleteFunc(pinned, func(e entry) bool { return e.Note })
	rest := slices.DeleteFunc(entries, func(e entry) bool {
		return slices.ContainsFunc(pinned, func(p entry) bool { return p.URL == e.URL })
	})
	return append(pinned, rest...), nil
}

// follow lists where one can follow the voice.
func follow(f *frame) []link {
	links := []link{{f.feedLink(f.voice, "/"+feed.RSS.File()), "site.feed"}}
	for _, l := range f.voice.Links {
		if u, err := url.Parse(l); err == nil && u.Host != "" {
			links = append(links, link{l, u.Host + u.Path})
		}
	}
	return links
}

// picture is the address of the picture that stands for a voice, "" when it has none.
func (f *frame) picture() string {
	if f.voice.Portrait.IsZero() {
		return ""
	}
	return media.Path(f.voice.Portrait, media.Square)
}
