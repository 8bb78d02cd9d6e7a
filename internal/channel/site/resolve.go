package site

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"causerie/internal/channel/site/feed"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// resolve answers at every public address that is no fixed route.
func (h *Handler) resolve(w http.ResponseWriter, r *web.Request) error {
	return h.serve(w, r, func(tx *db.Tx, f *frame) (answer, error) { return h.find(tx, r, f) })
}

// readable reports whether a path can be an address at all: text, without what no database keeps.
func readable(path string) bool {
	return len(path) <= 1000 && utf8.ValidString(path) && !strings.ContainsRune(path, 0)
}

// find tells what stands at the address of r. Where nothing does, an address of the program before may lead on.
func (h *Handler) find(tx *db.Tx, r *web.Request, f *frame) (answer, error) {
	if !readable(r.URL.Path) {
		return nil, fault.NotFound("page")
	}
	if oldFronts[r.URL.Path] && r.URL.RawQuery != "" { // the front, or a thing that WordPress names by a query
		if to, found, err := h.old(tx, f, byQuery(r.URL.Query())); err != nil || found {
			return to, err
		}
	}
	write, err := h.at(tx, r, f)
	if fault.Is(err, fault.KindNotFound) {
		if to, found, oldErr := h.old(tx, f, byPath(r.URL.Path)); oldErr != nil || found {
			return to, oldErr
		}
	}
	return write, err
}

// at tells what stands at an address that is ours: the page of the first voice, of those whose address it may be, that has
// one there, or where it is now.
func (h *Handler) at(tx *db.Tx, r *web.Request, f *frame) (answer, error) {
	s := f.places.At(r.Host, r.URL.Path)
	named, err := parse(s.Rest)
	if err != nil || named.comments {
		return nil, fault.NotFound("page")
	}
	voices := s.Voices
	if named.feed != feed.None {
		voices = s.Feeds
	}
	var missing error = fault.NotFound("page")
	for _, id := range voices { // one, nearly always
		if heir := f.places.Heir(id); heir != id { // it was removed: its posts are where they are, all else is its heir's
			if to, err := h.inherited(tx, f, id, named); err != nil || to != nil {
				return to, err
			}
			id = heir
		}
		v, _ := f.places.Voice(id)
		if err := h.setVoice(tx, r, f, v); err != nil {
			return nil, err
		}
		a := named
		write, err := h.page(tx, r, f, &a)
		if fault.Is(err, fault.KindNotFound) {
			if isLetterMissing(err) {
				missing = err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if link := f.linkTo(a); link != r.URL.Path {
			return moved(withQuery(link, r.URL.RawQuery)), nil
		}
		return write, nil
	}
	return nil, missing
}

// inherited finds the post that stood under that name in a voice that was removed, and leads to where it is now. It is nil when
// there was none.
func (h *Handler) inherited(tx *db.Tx, f *frame, gone fact.VoiceID, a address) (answer, error) {
	if a.kind != word {
		return nil, nil
	}
	found, err := f.read.Resolve(tx, gone, a.name)
	switch {
	case fault.Is(err, fault.KindNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case found.Gone:
		return nil, fault.Gone("post")
	}
	p := found.Post
	if v, known := f.places.Voice(p.Voice); known && a.feed != feed.None {
		return moved(f.feedLink(v, post.Path(p)+"/"+a.feed.File())), nil
	}
	return moved(f.postLink(p)), nil
}

// linkTo leads to what a names under the voice of the frame.
func (f *frame) linkTo(a address) string {
	if a.feed != feed.None {
		return f.feedLink(f.voice, a.path())
	}
	return f.link(f.voice, a.path())
}

// page finds the page, or the feed, that a names, and corrects a where the thing has another name now.
func (h *Handler) page(tx *db.Tx, r *web.Request, f *frame, a *address) (answer, error) {
	switch a.kind {
	case word:
		found, err := f.read.Resolve(tx, f.voice.ID, a.name)
		switch {
		case err != nil:
			return nil, err
		case found.Gone:
			return nil, fault.Gone("post")
		case found.Moved != "":
			a.name = found.Moved
		}
		return h.post(tx, r, f, *a, found.Post)
	case note:
		id, err := fact.Parse[fact.PostID](a.name)
		if err != nil {
			return nil, fault.NotFound("post")
		}
		p, err := f.read.ByID(tx, id)
		if err != nil {
			return nil, err
		}
		if p.Slug != "" || p.Voice != f.voice.ID {
			if to := f.postLink(p); a.feed == feed.None && to != "" {
				return moved(to), nil
			}
			return nil, fault.NotFound("post")
		}
		a.name = id.String()
		return h.post(tx, r, f, *a, p)
	}
	if a.kind == letter {
		return h.letter(tx, r, f, *a)
	}
	if a.kind == front {
		return h.front(tx, r, f, *a)
	}
	return h.listed(tx, r, f, *a)
}

func withQuery(link, query string) string {
	if query == "" {
		return link
	}
	return link + "?" + query
}
