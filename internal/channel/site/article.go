package site

import (
	"net/http"
	"net/url"
	"strings"

	"causerie/internal/assets"
	"causerie/internal/channel/site/feed"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
)

// articlePage is an article, a standing page or a note with its conversation.
type articlePage struct {
	base
	Post         post.Public
	Text         text.HTML // of Post, with its notes in the margin too
	Face         assets.Face
	Author       string // who signs
	Role         string // with what parts it from the name
	VoiceURL     string
	Section      *link
	Tags         []link
	Cover        *cover
	Minutes      int
	Revised      bool // changed after the day it came out
	Standing     bool // a page that belongs to no day
	Alone        bool // one person speaks: "I", not "we"
	Share        []link
	Edit         string // where who reads may change it; "" for strangers
	Closing      closing
	Older, Newer *link
	Talk         talk
}

type link struct{ URL, Label string }

// closing is who speaks, what one can ask of them and where, after the text.
type closing struct {
	Face                 assets.Face
	Name, Role, Bio, Ask string
	URL, Contact         string
	Personal             bool
}

func (f *frame) closing() closing {
	v := f.voice
	c := closing{Face: assets.FaceOf(v.ID.String(), v.Name), Name: v.Name, Role: afterName(text.Typeset(v.Lang, v.Role), " · "),
		Bio: text.Typeset(v.Lang, text.Opening(v.Bio, 220)), Ask: text.Typeset(v.Lang, v.Ask), URL: f.root(v), Contact: f.spoken("/contact"), Personal: v.Kind == voice.Personal}
	c.Face.Img, c.Face.Size = f.portrait, "big"
	return c
}

// cover is the picture over an article.
type cover struct {
	Src, Srcset, Alt, Caption string
	Share                     string // what a card for a link shows of it
	Width, Height             int
	Spot                      string // where to look in it, as media.Focus.Spot says; "" while nobody said
	Tall                      bool   // a portrait, or nearly: it would fill the screen if it were as wide as a landscape
}

// post finds the page, or the feed, of one post.
func (h *Handler) post(tx *db.Tx, r *web.Request, f *frame, a address, p post.Public) (answer, error) {
	if a.feed != feed.None {
		return h.commentFeed(tx, r, f, a, p)
	}
	if other := h.asked(r); other != nil {
		write, err := other.Serve(tx, p)
		return h.vary(answer(write)), err
	}
	d, err := h.read(tx, r, f, p)
	if err != nil {
		return nil, err
	}
	return h.vary(h.show(d, http.StatusOK)), nil
}

// show writes a post's page.
func (h *Handler) show(d articlePage, status int) answer {
	return func(w http.ResponseWriter, r *web.Request) error {
		if status == http.StatusOK && !d.Talk.Astray { // such an address is made up, and there is no end of them
			web.Cacheable(w)
		}
		view := h.articles
		if !d.Post.Traits().Titled {
			view = h.notes
		}
		return view.Render(w, r, status, d)
	}
}

// read gathers everything that a post's page shows.
func (h *Handler) read(tx *db.Tx, r *web.Request, f *frame, p post.Public) (articlePage, error) {
	setLang(r, p.Lang)
	at, root := f.postLink(p), f.root(f.voice)
	d := articlePage{
		base: f.base(r, at, p.Label(), f.feeds("/", f.voice.Name)),
		Post: p, Text: text.InMargin(p.HTML), VoiceURL: root, Author: f.voice.Name, Role: afterName(text.Typeset(f.voice.Lang, f.voice.Role), " · "),
		Standing: !p.Traits().Listed, Alone: f.voice.Kind == voice.Personal, Minutes: text.Minutes(p.Words), Cover: coverOf(p),
	}
	d.Face = assets.FaceOf(f.voice.ID.String(), f.voice.Name)
	d.Face.Img = f.portrait
	if p.AuthorName != "" && p.AuthorName != f.voice.Name {
		d.Author, d.Role, d.Face = p.AuthorName, "", assets.FaceOf(p.AuthorName, p.AuthorName)
	}
	if p.Section != nil {
		d.Section = &link{f.link(f.voice, "/section/"+p.Section.Slug+"/"), p.Section.Name}
	}
	for _, t := range p.Tags {
		d.Tags = append(d.Tags, link{f.link(f.voice, "/tag/"+t.Slug+"/"), t.Name})
	}
	d.Closing = f.closing()
	if r.Actor().On(int64(p.Voice)) >= actor.Author {
		d.Edit = "/app/posts/" + p.ID.String()
	}
	d.Revised = revised(p, r)
	d.Share = shares(f.absolute(at), p.Label())
	older, newer, err := f.read.Neighbours(tx, p)
	if err != nil {
		return d, err
	}
	r.DependsOn(topicPost(p.ID), topicTalk(p.ID), topicBeside(p.ID))
	for _, n := range []*post.Public{older, newer} {
		if n != nil {
			r.DependsOn(topicPost(n.ID))
		}
	}
	if p.Traits().Listed {
		d.Older, d.Newer = f.titled(older), f.titled(newer)
	}
	if d.Talk, err = h.talk(tx, r, f, p); err != nil {
		return d, err
	}
	if r.Actor().SignedIn() {
		who, _, err := h.o.Accounts.ActiveIn(tx, fact.AccountID(r.Actor().Account))
		if err != nil {
			return d, err
		}
		d.Form = web.NewForm(map[string]string{"name": who.Name, "email": who.Email})
	}
	if p.Canonical != "" {
		d.base.Canonical = p.Canonical
	}
	if p.Robots != "" {
		d.Robots = p.Robots
	}
	d.Meta = d.meta(r, f)
	d.Meta.Data = articleData(r, f, &d)
	return d, nil
}

// titled is a link to a neighbour by its title, nil when it has none.
func (f *frame) titled(p *post.Public) *link {
	if p == nil || p.Title == "" {
		return nil
	}
	return &link{f.postLink(*p), p.Title}
}

// revised reports whether p changed after the day on which it came out.
func revised(p post.Public, r *web.Request) bool {
	return p.UpdatedAt.After(p.PublishedAt) && i18n.ShortDate(i18n.En, p.UpdatedAt, r.Zone()) != i18n.ShortDate(i18n.En, p.PublishedAt, r.Zone())
}

// coverOf is the picture over p on its own page.
func coverOf(p post.Public) *cover {
	if p.Cover == nil {
		return nil
	}
	c := pictureOf(p)
	if c != nil {
		c.Caption = p.CoverCaption
	}
	return c
}

// pictureOf is the picture that stands for p elsewhere: its cover, else the first one of its text.
func pictureOf(p post.Public) *cover {
	m, alt := p.Picture()
	if m == nil {
		return nil
	}
	return &cover{Src: media.Src(*m), Share: m.Path(media.Share), Srcset: media.Srcset(*m), Alt: alt, Width: m.Width, Height: m.Height, Spot: m.Focus.Spot(), Tall: 6*m.Height > 5*m.Width}
}

// shares are plain links: nothing of these services is loaded, and none learns who reads.
func shares(address, title string) []link {
	return []link{
		{"mailto:?subject=" + escape(title) + "&body=" + escape(address), "site.share_mail"},
		{"https://wa.me/?text=" + escape(title+" "+address), "WhatsApp"},
		{"https://www.linkedin.com/sharing/share-offsite/?url=" + escape(address), "LinkedIn"},
		{"https://share.joinmastodon.org/#text=" + escape(title+" "+address), "Mastodon"},
	}
}

// escape writes a text as part of a query that mail programs read too: RFC 6068 knows no plus sign for a space.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// meta tells machines what the page is.
func (d *articlePage) meta(r *web.Request, f *frame) meta {
	m := d.base.Meta
	p := d.Post
	m.Type, m.Description = "article", p.Share(200)
	m.Lang, m.Author, m.Published, m.Modified = p.Lang, d.Author, p.PublishedAt, p.UpdatedAt
	if d.Author == f.voice.Name {
		m.AuthorURL = f.absolute(d.VoiceURL)
	}
	if p.Section != nil {
		m.Section = p.Section.Name
	}
	for _, t := range p.Tags {
		m.Tags = append(m.Tags, t.Name)
	}
	if c := pictureOf(p); c != nil {
		m.Image, m.ImageAlt = f.absolute(c.Share), c.Alt
	} else if f.portrait != "" {
		m.Image = f.absolute(f.portrait)
	}
	return m
}
