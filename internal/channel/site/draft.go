package site

import (
	"net/http"
	"net/url"
	"strings"

	"causerie/internal/channel/site/feed"
	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// Draft answers with the page of a post as readers would have it now, for a frame of a page of the work side: whoever calls made sure that who
// asks may see it. Nobody keeps it, and no form leaves it.
func (h *Handler) Draft(w http.ResponseWriter, r *web.Request, p post.Public) error {
	return h.serve(w, r, func(tx *db.Tx, f *frame) (answer, error) {
		v, known := f.places.Voice(p.Voice)
		if !known || !v.Public() {
			return nil, fault.NotFound("post")
		}
		if err := h.setVoice(tx, r, f, v); err != nil {
			return nil, err
		}
		d, err := h.read(tx, r, f, p)
		if err != nil {
			return nil, err
		}
		d.Robots, d.Edit = "noindex", ""
		return func(w http.ResponseWriter, r *web.Request) error {
			web.Framed(w)
			view := h.articles
			if !p.Traits().Titled {
				view = h.notes
			}
			return view.Render(w, r, http.StatusOK, d)
		}, nil
	})
}

// Leads tells which of these links of a text lead somewhere, as far as this site knows: another site's always do.
func (h *Handler) Leads(r *web.Request, links []string) (map[string]bool, error) {
	leads := map[string]bool{}
	turn := h.shared.now()
	err := h.o.DB.Read(r.Context(), func(tx *db.Tx) error {
		f, err := h.newFrame(tx, r, turn)
		if err != nil {
			return err
		}
		for _, link := range links {
			ok, err := f.leads(tx, link)
			if err != nil {
				return err
			}
			leads[link] = ok
		}
		return nil
	})
	return leads, err
}

func (f *frame) leads(tx *db.Tx, link string) (bool, error) {
	u, err := url.Parse(link)
	if err != nil || !readable(u.Path) {
		return false, nil
	}
	home, err := url.Parse(f.places.House("/"))
	if err != nil || u.Host != "" && u.Host != home.Host || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
		return true, nil // elsewhere
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	switch first {
	case "app", "api":
		return false, nil // no reader comes in there
	case "media":
		found, err := media.ByIDs(tx, media.IDsIn(u.Path))
		return len(found) > 0, err
	case "contact", "legal", "search", "subscribe", "assets", "sitemap.xml", "":
		return true, nil
	}
	s := f.places.At(home.Host, u.Path)
	a, err := parse(s.Rest)
	if err != nil || a.comments {
		return false, nil
	}
	voices := s.Voices
	if a.feed != feed.None {
		voices = s.Feeds
	}
	for _, id := range voices {
		ok, err := f.has(tx, f.places.Heir(id), a)
		if ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// has tells whether a voice has what an address names.
func (f *frame) has(tx *db.Tx, v fact.VoiceID, a address) (bool, error) {
	var err error
	switch a.kind {
	case word:
		var found post.Resolution
		found, err = f.read.Resolve(tx, v, a.name)
		if err == nil {
			return !found.Gone, nil
		}
	case note:
		var id fact.PostID
		if id, err = fact.Parse[fact.PostID](a.name); err != nil {
			return false, nil
		}
		_, err = f.read.ByID(tx, id)
	case section:
		_, err = f.read.SectionBySlug(tx, v, a.name)
	case tag:
		_, err = f.read.TagBySlug(tx, a.name)
	}
	if fault.Is(err, fault.KindNotFound) || fault.Is(err, fault.KindGone) {
		return false, nil
	}
	return err == nil, err
}
