package site

import (
	"errors"
	"strings"

	"causerie/internal/assets"
	"causerie/internal/channel/site/feed"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
)

var (
	errNoHouse = errors.New("site: no house yet")
	errClosed  = errors.New("site: the house is not public")
)

// frame is the house as one reader meets it, and the voice whose page they asked for.
type frame struct {
	turn    int64 // of what is shared, before the snapshot
	house   house.House
	places  *place.Places
	host    string // of the page: "" is the house's own, else a voice's
	read    *post.Reader
	preview bool // the house is not public; who reads is of the house
	voice   voice.Voice
	surround
	portrait string // address of the square picture of voice, "" for none
}

// surround is what stands around the pages of one voice.
type surround struct {
	sections []post.Section
	pages    []post.Public
	hasNotes bool
	menu     []entryOfMenu
	wideLogo bool // too wide for an icon
}

// newFrame reads the house, and refuses strangers while it is closed. The frame is that of the main voice; see setVoice.
func (h *Handler) newFrame(tx *db.Tx, r *web.Request, turn int64) (*frame, error) {
	hs, places, err := h.houseIn(tx, turn)
	if fault.Is(err, fault.KindNotFound) {
		return nil, errNoHouse
	}
	if err != nil {
		return nil, err
	}
	if !hs.Public && !r.Actor().SignedIn() {
		return nil, errClosed
	}
	if !hs.Public {
		places = places.WithoutHosts()
	}
	f := &frame{turn: turn, house: hs, places: places, host: places.Host(r.Host), preview: !hs.Public, read: post.PublicReader()}
	if f.preview {
		f.read = post.PreviewReader()
	}
	v, ok := places.Main()
	if !ok || !v.Public() {
		return nil, fault.NotFound("page") // a house without a main voice has no front
	}
	f.voice = v
	return f, nil
}

// setVoice makes the frame that of v, and the answer speak its language.
func (h *Handler) setVoice(tx *db.Tx, r *web.Request, f *frame, v voice.Voice) (err error) {
	f.voice = v
	setLang(r, v.Lang)
	f.portrait = f.picture()
	r.DependsOn(topicAround(v.ID))
	f.surround, err = h.aroundIn(tx, f, v)
	return err
}

// setLang makes the answer speak a language, if it is one of ours.
func setLang(r *web.Request, lang string) {
	if l, ok := i18n.Parse(lang); ok {
		r.SetLang(l)
	}
}

// link leads from the page to what stands at rest under a voice: a path on the host of the page, else an absolute address.
func (f *frame) link(v voice.Voice, rest string) string { return f.places.Link(f.host, v.ID, rest) }

// feedLink leads to a feed that stands at rest under a voice.
func (f *frame) feedLink(v voice.Voice, rest string) string {
	return f.places.FeedLink(f.host, v.ID, rest)
}

// root is the front of a voice.
func (f *frame) root(v voice.Voice) string { return f.link(v, "/") }

// postLink leads to a post, whatever its voice.
func (f *frame) postLink(p post.Public) string {
	rest := post.Path(p)
	if rest == "" {
		return ""
	}
	return f.places.Link(f.host, p.Voice, rest)
}

// houseLink leads to a page of the house itself.
func (f *frame) houseLink(path string) string { return f.places.HouseLink(f.host, path) }

// spoken leads to a page of the house that is shown in the language of the voice from whose page one comes.
func (f *frame) spoken(path string) string {
	if main, ok := f.places.Main(); ok && main.Lang != f.voice.Lang {
		path += "?lang=" + f.voice.Lang
	}
	return f.houseLink(path)
}

// inLang makes a page of the house speak the language that its address asks for, and returns it; "" is that of the main voice.
func (f *frame) inLang(r *web.Request) string {
	l, ok := i18n.Parse(r.URL.Query().Get("lang"))
	if !ok || string(l) == f.voice.Lang {
		return ""
	}
	r.SetLang(l)
	return string(l)
}

// absolute returns the address to which a link of the page leads.
func (f *frame) absolute(link string) string { return f.places.Absolute(f.host, link) }

// chrome builds what stands around a page of f. here is the link to the page, in the navigation or not.
func (f *frame) chrome(r *web.Request, here string, feeds []assets.Feed) assets.PublicChrome {
	c := assets.PublicChrome{
		VoiceName: f.voice.Name, VoiceURL: f.root(f.voice), HouseName: f.house.Name, HouseURL: f.houseLink("/"),
		Feeds: feeds, RelMe: f.voice.Links, SearchURL: f.spoken("/search"),
	}
	c.Icon, c.TouchIcon, c.Monogram = iconOf(f.voice, f.wideLogo), touchIconOf(f.voice, f.wideLogo), monogram(f.voice)
	if !f.voice.Logo.IsZero() {
		c.Logo = media.Path(f.voice.Logo, media.Small)
	}
	if f.voice.Accent != voice.DefaultAccent {
		c.AccentCSS = accentPath(f.voice.Accent)
	}
	nav := func(link, label string) {
		c.Nav = append(c.Nav, assets.Link{URL: link, Label: label, Current: link == here})
	}
	contact := f.spoken("/contact")
	c.Contact = &assets.Link{URL: contact, Label: r.T("site.contact"), Current: contact == here}
	f.foot(&c)
	c.Subscribe = &assets.Subscribe{Follow: f.voice.ID.String(), Lang: string(r.Lang()), Agree: r.T("subscribe.agree", f.house.Name),
		More: f.houseLink("/subscribe?follow=" + f.voice.ID.String() + "&lang=" + string(r.Lang()))}
	for _, e := range f.menu {
		switch {
		case e.section != nil:
			nav(f.link(f.voice, "/section/"+e.section.Slug+"/"), e.section.Name)
		case e.page != nil:
			nav(f.postLink(*e.page), e.page.Title)
		default:
			nav(f.link(f.voice, "/n/"), r.T("site.notes"))
		}
	}
	foot := func(link, label string) {
		c.Foot = append(c.Foot, assets.Link{URL: link, Label: label, Current: link == here})
	}
	for _, v := range f.places.Voices() {
		switch {
		case v.ID == f.voice.ID || !v.Public():
		case v.Name == f.house.Name:
			c.HouseURL = f.root(v) // the house speaks for itself: its name at the top leads there
		case v.Lang != f.voice.Lang:
			c.LangLinks = append(c.LangLinks, assets.LangLink{Lang: v.Lang, URL: f.root(v), Label: v.Name})
		default:
			foot(f.root(v), v.Name)
		}
	}
	foot(contact, r.T("site.contact"))
	foot(f.houseLink("/legal/mentions"), r.T("site.legal"))
	foot(f.houseLink("/legal/privacy"), r.T("site.privacy"))
	foot(f.feedLink(f.voice, "/"+feed.RSS.File()), r.T("site.feed"))
	return c
}

// Around returns what stands around a page that is none of the site's own, a refusal or a page about a mail: the frame of the voice
// under whose address it is. It is nil where strangers see nothing.
func (h *Handler) Around(r *web.Request) (any, error) {
	var c any
	turn := h.shared.now()
	err := h.o.DB.Read(r.Context(), func(tx *db.Tx) error {
		f, err := h.newFrame(tx, r, turn)
		if err != nil {
			return err
		}
		for _, id := range f.places.At(r.Host, r.URL.Path).Voices {
			if v, _ := f.places.Voice(f.places.Heir(id)); v.Public() {
				f.voice = v
				break
			}
		}
		f.portrait = f.picture()
		r.DependsOn(topicAround(f.voice.ID))
		if f.surround, err = h.aroundIn(tx, f, f.voice); err != nil {
			return err
		}
		around := f.chrome(r, "", nil)
		around.Subscribe = nil // what is shown there is about something else
		c = around
		return nil
	})
	if errors.Is(err, errClosed) || errors.Is(err, errNoHouse) || fault.Is(err, fault.KindNotFound) {
		return nil, nil
	}
	return c, err
}

// foot says where the house is, when it is open and how it is called, as far as it told.
func (f *frame) foot(c *assets.PublicChrome) {
	who := f.house.Identity
	c.Address, c.Hours = lines(who.Address), lines(who.Hours)
	c.Phone, c.Digits = who.Phone, digits(who.Phone)
}

// lines returns what stands on the lines of s.
func lines(s string) (all []string) {
	for line := range strings.Lines(s) {
		if line = text.OneLine(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// feeds announces the three feeds of the list at rest under the voice.
func (f *frame) feeds(rest, title string) []assets.Feed {
	rest = strings.TrimSuffix(rest, "/") + "/"
	return []assets.Feed{
		{URL: f.feedLink(f.voice, rest+feed.RSS.File()), Title: title, Type: "application/rss+xml"},
		{URL: f.feedLink(f.voice, rest+feed.Atom.File()), Title: title, Type: "application/atom+xml"},
		{URL: f.feedLink(f.voice, rest+feed.JSON.File()), Title: title, Type: "application/feed+json"},
	}
}
