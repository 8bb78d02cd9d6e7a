package site

import (
	"embed"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"causerie/internal/assets"
	"causerie/internal/channel/site/feed"
	"causerie/internal/core/account"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/live"
	"causerie/internal/platform/web"
)

//go:embed *.tmpl *.css *.json
var files embed.FS

// Bundle is the folder of the public pages.
var Bundle = web.Bundle{Name: "site", Side: web.Public, Files: files}

// Options are what the site reads from. All but Alternates and Letters are required.
type Options struct {
	Kit    *web.Kit
	DB     *db.DB
	House  *house.Service
	Places *place.Service
	Media  *media.Service
	Talk   Talk
	Bus    *bus.Bus
	Live   *live.Hub
	// Accounts knows who of the house reads, and so who comments.
	Accounts *account.Service
	// Alternates are the other forms of a post's page, for programs that ask for them at its address.
	Alternates []Alternate
	// Letters finds what was written as a letter, by the word of its address; letter.not_found when there is none, or it did not begin to leave.
	Letters func(tx *db.Tx, word string) (Letter, error)
}

// Handler answers for the public site.
type Handler struct {
	o         Options
	fronts    *web.View[frontPage]
	articles  *web.View[articlePage]
	notes     *web.View[articlePage]
	letters   *web.View[letterPage]
	lists     *web.View[listPage]
	searches  *web.View[searchPage]
	contacts  *web.View[contactPage]
	notices   *web.View[legalPage]
	privacies *web.View[legalPage]
	confirms  *web.View[confirmPage]
	stops     *web.View[unsubscribePage]
	disowns   *web.View[disownPage]
	closed    *web.View[web.Page]
	around    around
	shared    shared
	changes   []string   // the kinds of facts that change what the public sees
	dates     feed.Dates // of feeds
}

// New returns the site. The kit must know Bundle.
func New(o Options) *Handler {
	for _, a := range o.Alternates {
		if !strings.Contains(a.Type, "json") {
			panic(fmt.Sprintf("site: the page cache would answer %s with HTML: it lets only those pass who ask for JSON", a.Type))
		}
	}
	h := &Handler{
		o:         o,
		fronts:    web.NewView[frontPage](o.Kit, Bundle, "front.tmpl", "public"),
		articles:  web.NewView[articlePage](o.Kit, Bundle, "article.tmpl", "public"),
		notes:     web.NewView[articlePage](o.Kit, Bundle, "note.tmpl", "public"),
		letters:   web.NewView[letterPage](o.Kit, Bundle, "letter.tmpl", "public"),
		lists:     web.NewView[listPage](o.Kit, Bundle, "list.tmpl", "public"),
		searches:  web.NewView[searchPage](o.Kit, Bundle, "search.tmpl", "public"),
		contacts:  web.NewView[contactPage](o.Kit, Bundle, "contact.tmpl", "public"),
		notices:   web.NewView[legalPage](o.Kit, Bundle, "mentions.tmpl", "public"),
		privacies: web.NewView[legalPage](o.Kit, Bundle, "privacy.tmpl", "public"),
		confirms:  web.NewView[confirmPage](o.Kit, Bundle, "confirm.tmpl", "public"),
		stops:     web.NewView[unsubscribePage](o.Kit, Bundle, "unsubscribe.tmpl", "public"),
		disowns:   web.NewView[disownPage](o.Kit, Bundle, "disown.tmpl", "public"),
		closed:    web.NewView[web.Page](o.Kit, Bundle, "closed.tmpl", "plain"),
		around:    around{seen: map[fact.VoiceID]string{}},
	}
	h.listen()
	o.Live.Handle(h.shared.forget)
	o.Live.HandleLoss(h.shared.doubt)
	return h
}

// answer writes what a page found, after its snapshot of the database is closed.
type answer func(w http.ResponseWriter, r *web.Request) error

// base is what every public page has.
type base struct {
	web.Page
	Meta    meta
	Preview bool // the house is not public yet
	Owner   bool // who reads may change that
}

// base begins a page at link, which is a path on the host of the page or an absolute address.
func (f *frame) base(r *web.Request, link, title string, feeds []assets.Feed) base {
	b := base{Preview: f.preview, Owner: r.Actor().On(0) >= actor.Owner}
	b.Chrome = f.chrome(r, link, feeds)
	b.Title = title
	b.Canonical = f.absolute(link)
	if f.preview {
		b.Robots = "noindex"
	}
	b.Meta = meta{Site: f.voice.Name, Type: "website", Locale: locale(r.Lang())}
	return b
}

// serve reads with find in one snapshot and writes what it found.
func (h *Handler) serve(w http.ResponseWriter, r *web.Request, find func(tx *db.Tx, f *frame) (answer, error)) error {
	var write answer
	turn := h.shared.now()
	err := h.o.DB.Read(r.Context(), func(tx *db.Tx) error {
		f, err := h.newFrame(tx, r, turn)
		if err != nil {
			return err
		}
		write, err = find(tx, f)
		return err
	})
	switch {
	case errors.Is(err, errClosed):
		return h.renderClosed(w, r)
	case errors.Is(err, errNoHouse):
		if r.URL.Path == "/" {
			return r.Redirect(w, "", "/setup")
		}
		return fault.NotFound("page")
	case isLetterMissing(err):
		return err // it may be there in a moment, and no topic says so
	case fault.Is(err, fault.KindGone), fault.Is(err, fault.KindNotFound):
		r.DependsOn(topicPosts)
		web.Cacheable(w)
		return err
	case err != nil:
		return err
	}
	return write(w, r)
}

// renderClosed tells a stranger that the house is not open yet.
func (h *Handler) renderClosed(w http.ResponseWriter, r *web.Request) error {
	w.Header().Set("X-Robots-Tag", "noindex")
	w.Header().Set("Retry-After", "86400")
	w.Header().Set("Cache-Control", "no-store")
	return h.closed.Render(w, r, http.StatusServiceUnavailable, web.Page{Title: r.T("site.closed_title"), Robots: "noindex"})
}

// HousePage makes a handler answer for a page of the house that another package shows: on the house's own host, and to strangers only
// once the house is public.
func (h *Handler) HousePage(next web.Handler) web.Handler {
	return h.atHouse(func(w http.ResponseWriter, r *web.Request) error {
		return h.serve(w, r, func(*db.Tx, *frame) (answer, error) { return answer(next), nil })
	})
}

// moved sends readers, and the links of others, to where a thing is for good.
func moved(link string) answer {
	return func(w http.ResponseWriter, r *web.Request) error {
		r.DependsOn(topicPosts)
		web.Cacheable(w)
		w.Header().Set("Location", link)
		w.WriteHeader(http.StatusMovedPermanently)
		return nil
	}
}

// atHouse sends who asks for a page of the house on the host of a voice to the house's own host.
func (h *Handler) atHouse(next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		places := h.o.Places.Last()
		if places.Host(r.Host) == "" {
			return next(w, r)
		}
		return moved(withQuery(places.House(r.URL.Path), r.URL.RawQuery))(w, r)
	}
}
