package mediaweb

import (
	"net/http"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/library"
)

// filePage is one file, with what shows it.
type filePage struct {
	web.Page
	F        library.File
	Path     string
	Src      string // of a picture, or the file itself
	Markdown string // what stands in a text for it
	Size     string
	Shown    []showing
	Formers  []former
	Spots    []spot
	Turns    []string
	Accept   string
}

type showing struct {
	library.Showing
	URL string
}

// former is what stood under the address before.
type former struct {
	media.Media
	Src string // "" of what is no picture
}

// spot is one of nine places where to look in a picture.
type spot struct {
	Value   string
	Current bool
}

func (h *Handler) file(w http.ResponseWriter, r *web.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	return h.showFile(w, r, http.StatusOK, id, nil)
}

// showFile shows a file; f holds what was typed and refused, nil for nothing.
func (h *Handler) showFile(w http.ResponseWriter, r *web.Request, status int, id fact.MediaID, f *web.Form) error {
	m, err := h.shelf.File(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	before, err := h.media.Formers(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	d := filePage{F: m, Path: pathOf(id), Src: media.Src(m.Media), Markdown: media.Markdown(m.Media), Size: Size(h.catalog, r.Lang(), m.Bytes), Turns: []string{"0", "90", "180", "270"}, Accept: accept}
	for _, s := range m.Shown {
		d.Shown = append(d.Shown, showing{s, workPath(s)})
	}
	for _, one := range before {
		old := former{Media: one}
		if one.IsPicture() {
			old.Src = one.Path(media.Small)
		}
		d.Formers = append(d.Formers, old)
	}
	for _, name := range media.Spots() {
		d.Spots = append(d.Spots, spot{name, m.Focus.Said && m.Focus.Spot() == name})
	}
	d.Title, d.Nav, d.Form = m.Name, "write", f
	return h.fileView.Render(w, r, status, d)
}

// workPath is where one works on what shows a file.
func workPath(s library.Showing) string {
	switch s.Kind {
	case library.Post:
		return "/app/posts/" + fact.PostID(s.ID).String()
	case library.Letter:
		return "/app/letters/" + fact.LetterID(s.ID).String()
	case library.Welcome:
		return "/app/settings/voices/" + fact.VoiceID(s.ID).String() + "/welcome"
	}
	return "/app/settings/voices/" + fact.VoiceID(s.ID).String()
}

// Size writes a number of bytes as people read it.
func Size(c *i18n.Catalog, l i18n.Lang, bytes int64) string {
	if bytes < 1_000_000 {
		return c.T(l, "media.kilobytes", max(bytes/1000, 1))
	}
	return c.T(l, "media.megabytes", bytes/1_000_000, bytes/100_000%10)
}

// describe keeps what is said of a file, and where to look in it.
func (h *Handler) describe(w http.ResponseWriter, r *web.Request) error {
	id, f, err := h.asked(r)
	if err != nil {
		return err
	}
	err = h.media.Describe(r.Context(), r.Actor(), id, f.Text("alt"), f.Text("caption"))
	if err == nil && f.Has("focus") {
		err = h.media.SetFocus(r.Context(), r.Actor(), id, media.FocusAt(f.Text("focus")))
	}
	return h.done(w, r, id, f, err, "media.saved")
}

func (h *Handler) replace(w http.ResponseWriter, r *web.Request) error {
	id, f, err := h.asked(r)
	if err != nil {
		return err
	}
	file, head, err := f.File("file")
	if err == nil {
		defer file.Close()
		_, err = h.media.Replace(r.Context(), r.Actor(), id, head.Filename, file)
	}
	return h.done(w, r, id, f, err, "media.replaced")
}

func (h *Handler) restore(w http.ResponseWriter, r *web.Request) error {
	id, f, err := h.asked(r)
	if err != nil {
		return err
	}
	old, err := fact.Parse[fact.MediaID](f.Text("former"))
	if err != nil {
		return fault.NotFound("media")
	}
	_, err = h.media.Restore(r.Context(), r.Actor(), id, old)
	return h.done(w, r, id, f, err, "media.restored")
}

// remove deletes a file; one that something shows, only when it was said twice.
func (h *Handler) remove(w http.ResponseWriter, r *web.Request) error {
	id, f, err := h.asked(r)
	if err != nil {
		return err
	}
	m, err := h.shelf.File(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	switch {
	case m.Used() && !f.Bool("sure"):
		err = fault.Invalid("sure", "required")
	case m.Used():
		err = h.media.Remove(r.Context(), r.Actor(), id)
	default:
		err = h.media.Delete(r.Context(), r.Actor(), id)
	}
	if err == nil {
		return r.Redirect(w, "media.deleted", Path)
	}
	return h.done(w, r, id, f, err, "")
}

// asked reads which file a form is about, and what it says.
func (h *Handler) asked(r *web.Request) (fact.MediaID, *web.Form, error) {
	id, err := idOf(r)
	if err != nil {
		return 0, nil, err
	}
	f, err := r.Form()
	return id, f, err
}

// done leads back to a file, or shows it with what is wrong.
func (h *Handler) done(w http.ResponseWriter, r *web.Request, id fact.MediaID, f *web.Form, err error, said string) error {
	if err == nil {
		return r.Redirect(w, said, pathOf(id))
	}
	if !f.Problems.Any() && !f.AddProblems(err) {
		return err
	}
	return h.showFile(w, r, http.StatusUnprocessableEntity, id, f)
}
