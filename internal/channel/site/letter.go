package site

import (
	"errors"
	"net/http"
	"time"

	"causerie/internal/assets"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
)

// Letter is what was written as a letter, as its page on the web shows it: to nobody in particular.
type Letter struct {
	Voice fact.VoiceID
	Title string
	At    time.Time        // when it began to leave
	HTML  func() text.HTML // sets it, which is slow for a transaction
}

// letterPage is a letter on the web. Nothing leads there but its mail, and no machine is asked to keep it.
type letterPage struct {
	base
	Letter   Letter
	Text     text.HTML
	Face     assets.Face
	Role     string
	VoiceURL string
	Forward  string // a mail to somebody else, begun
	Closing  closing
}

// letter finds the page of a letter.
func (h *Handler) letter(tx *db.Tx, r *web.Request, f *frame, a address) (answer, error) {
	if h.o.Letters == nil {
		return nil, fault.NotFound("letter")
	}
	l, err := h.o.Letters(tx, a.name)
	if err != nil {
		return nil, err
	}
	if l.Voice != f.voice.ID {
		if v, known := f.places.Voice(f.places.Heir(l.Voice)); known && v.Public() && v.ID != f.voice.ID {
			return moved(f.link(v, a.path())), nil
		}
	}
	link := f.link(f.voice, a.path())
	d := letterPage{base: f.base(r, link, l.Title, nil), Letter: l, Role: afterName(text.Typeset(f.voice.Lang, f.voice.Role), " · "),
		VoiceURL: f.root(f.voice), Closing: f.closing()}
	d.Face = assets.FaceOf(f.voice.ID.String(), f.voice.Name)
	d.Face.Img, d.Robots = f.portrait, "noindex"
	d.Forward = "mailto:?subject=" + escape(l.Title) + "&body=" + escape(r.T("site.letter_forward_body", f.voice.Name)+"\n\n"+f.absolute(link))
	return func(w http.ResponseWriter, r *web.Request) error {
		w.Header().Set("X-Robots-Tag", "noindex")
		web.Cacheable(w)
		d.Text = l.HTML()
		return h.letters.Render(w, r, http.StatusOK, d)
	}, nil
}

// isLetterMissing reports whether err says that no letter has the word of an address, or that it did not begin to leave.
func isLetterMissing(err error) bool {
	f, ok := errors.AsType[*fault.Error](err)
	return ok && f.Code == "letter.not_found"
}
