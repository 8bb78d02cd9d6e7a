package site

import (
	"context"
	"errors"

	"causerie/internal/assets"
	"causerie/internal/channel/feed"
	"causerie/internal/core/voice"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

var (
	errNoHouse = errors.New("site: no house yet")
	errClosed  = errors.New("site: the house is not public")
)

// frame is the house as one reader meets it, and the voice whose page they asked for.
type frame struct {
	*standing
	read    *post.Reader
	preview bool // the house is not public; who reads is of the house
	voice   voice.Voice
	surround
	portrait string // address of the square picture of voice, "" for none
}

// enter reads the house, and refuses strangers while it is closed. The frame is that of the main voice; see speak.
func (h *Handler) enter(tx *db.Tx, r *web.Request) (*frame, error) {
	s, err := h.standing(tx)
	if err != nil {
		return nil, err
	}
	public := s.house.Public
	if !public && !r.Actor().SignedIn() {
		return nil, errClosed
	}
	f := &frame{standing: s, preview: !public, read: post.PublicReader()}
	if f.preview {
		f.read = post.PreviewReader()
	}
	v, ok := f.byID[f.house.MainVoice]
	if !ok {
		return nil, fault.NotFound("page") // a house whose main voice is internal has no front
	}
	f.voice = v
	return f, nil
}

// speak makes the frame that of v, and the answer speak its language.
func (h *Handler) speak(tx *db.Tx, r *web.Request, f *frame, v voice.Voice) (err error) {
	f.voice = v
	f.say(r, v.Lang)
	f.portrait = f.picture()
	f.surround, err = f.surroundOf(tx, f.read, v.ID)
	return err
}

// say makes the answer speak a language, if it is one of ours.
func (f *frame) say(r *web.Request, lang string) {
	if l, ok := i18n.Parse(lang); ok {
		r.SetLang(l)
	}
}

// root is the front of a voice.
func (f *frame) root(v voice.Voice) string {
	if v.ID == f.house.MainVoice {
		return "/"
	}
	return "/" + v.Slug + "/"
}

// isVoice reports whether slug is that of a public voice.
func (f *frame) isVoice(slug string) bool {
	_, ok := f.bySlug(slug)
	return ok
}

func (f *frame) bySlug(slug string) (voice.Voice, bool) {
	for _, v := range f.voices {
		if v.Slug == slug {
			return v, true
		}
	}
	return voice.Voice{}, false
}

// path is the address of a post, whatever its voice.
func (f *frame) path(p post.Public) string {
	v := f.byID[p.Voice]
	return post.Path(v, v.ID == f.house.MainVoice, p)
}

type frameKey struct{}

// around says what stands around the page about to be rendered; Chrome finds it there.
func (f *frame) around(r *web.Request, c assets.PublicChrome) {
	r.Request = r.Request.WithContext(context.WithValue(r.Context(), frameKey{}, c))
}

// Chrome is what stands around a public page: the Chrome of the layout "public" for web.KitOptions. It is nil for a page
// that is not of this package.
func Chrome(r *web.Request) (any, error) { return r.Context().Value(frameKey{}), nil }

// chrome builds what stands around a page of f. here is the path of the page, in the navigation or not.
func (f *frame) chrome(r *web.Request, here string, feeds []assets.Feed) assets.PublicChrome {
	root := f.root(f.voice)
	c := assets.PublicChrome{
		VoiceName: f.voice.Name, VoiceURL: root, HouseName: f.house.Name, HouseURL: "/",
		Feeds: feeds, RelMe: f.voice.Links, SearchURL: "/search",
	}
	if f.voice.Accent != voice.DefaultAccent {
		c.AccentCSS = accentPath(f.voice.Accent)
	}
	link := func(path, label string) {
		c.Nav = append(c.Nav, assets.Link{URL: path, Label: label, Current: path == here})
	}
	for _, s := range f.sections {
		link(root+"section/"+s.Slug+"/", s.Name)
	}
	if f.hasNotes {
		link(root+"n/", r.T("site.notes"))
	}
	for _, p := range f.pages {
		link(f.path(p), p.Title)
	}
	foot := func(path, label string) {
		c.Foot = append(c.Foot, assets.Link{URL: path, Label: label, Current: path == here})
	}
	for _, v := range f.voices {
		switch {
		case v.ID == f.voice.ID:
		case v.Name == f.house.Name:
			c.HouseURL = f.root(v) // the house speaks for itself: its name at the top leads there
		case v.Lang != f.voice.Lang:
			c.LangLinks = append(c.LangLinks, assets.LangLink{Lang: v.Lang, URL: f.root(v), Label: v.Name})
		default:
			foot(f.root(v), v.Name)
		}
	}
	foot("/contact", r.T("site.contact"))
	foot("/legal/mentions", r.T("site.legal"))
	foot("/legal/privacy", r.T("site.privacy"))
	foot(root+feed.RSS.File(), r.T("site.feed"))
	return c
}

// feedsOf announces the three feeds of the list at path.
func feedsOf(path, title string) []assets.Feed {
	if path[len(path)-1] != '/' {
		path += "/"
	}
	return []assets.Feed{
		{URL: path + feed.RSS.File(), Title: title, Type: "application/rss+xml"},
		{URL: path + feed.Atom.File(), Title: title, Type: "application/atom+xml"},
		{URL: path + feed.JSON.File(), Title: title, Type: "application/feed+json"},
	}
}
