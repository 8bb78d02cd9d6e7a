package subscriptionweb

import (
	"mime"
	"net/http"
	"net/url"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
	"causerie/internal/view/disclosure"
)

// exportTime is how long a copy may take to be read by a slow line.
const exportTime = 5 * time.Minute

// ownPage is what is held about its reader.
type ownPage struct {
	web.Page
	Token    string
	House    string
	C        *disclosure.Copy
	Contact  contact.Contact
	Messages int
	Saved    bool
}

func escape(s string) string { return url.QueryEscape(s) }

// askOwn has the link mailed that shows what is held.
func (h *Handler) askOwn(w http.ResponseWriter, r *web.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	token := form.Raw("t")
	c, err := h.o.Subscriptions.ChoicesOf(r.Context(), token)
	if err != nil {
		return err
	}
	speak(r, c.Lang)
	if err := h.o.Subscriptions.AskOwn(r.Context(), token); err != nil {
		return err
	}
	private(w)
	return h.says.Render(w, r, http.StatusOK, sayPage{Page: web.Page{Title: r.T("subscribe.own_sent_title"), Robots: "noindex"},
		Head: r.T("subscribe.own_sent_title"), Text: r.T("subscribe.own_sent_text"), Link: "/subscribe/choices?t=" + escape(token),
		LinkText: r.T("subscribe.back_to_choices")})
}

func (h *Handler) ownPage(r *web.Request, token string) (d ownPage, err error) {
	d.Token = token
	if d.Contact, err = h.o.Subscriptions.OwnerOf(r.Context(), token); err != nil {
		return d, err
	}
	speak(r, d.Contact.Lang)
	if d.C, err = h.o.Copies.Of(r.Context(), actor.System(), d.Contact.ID); err != nil {
		return d, err
	}
	hs, err := h.o.House.Get(r.Context())
	if err != nil {
		return d, err
	}
	err = d.C.Messages(r.Context(), func(disclosure.Message) error {
		d.Messages++
		return nil
	})
	d.House, d.Title, d.Robots = hs.Name, r.T("subscribe.own_title"), "noindex"
	return d, err
}

func (h *Handler) own(w http.ResponseWriter, r *web.Request) error {
	d, err := h.ownPage(r, r.URL.Query().Get("t"))
	if err != nil {
		return err
	}
	d.Saved = r.URL.Query().Has("saved")
	private(w)
	return h.owns.Render(w, r, http.StatusOK, d)
}

// ownFile answers with all that is held, for programs (JSON) or for a spreadsheet (CSV), as it is read.
func (h *Handler) ownFile(w http.ResponseWriter, r *web.Request) error {
	person, err := h.o.Subscriptions.OwnerOf(r.Context(), r.URL.Query().Get("t"))
	if err != nil {
		return err
	}
	speak(r, person.Lang)
	c, err := h.o.Copies.Of(r.Context(), actor.System(), person.ID)
	if err != nil {
		return err
	}
	file := r.PathValue("file")
	write := c.WriteJSON
	kind := "application/json"
	switch file {
	case "copy.json":
	case "copy.csv":
		kind = "text/csv; charset=utf-8"
		write = c.WriteCSV
	default:
		return fault.NotFound("page")
	}
	private(w)
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file}))
	return write(r.Context(), w)
}

func (h *Handler) correct(w http.ResponseWriter, r *web.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	token := form.Raw("t")
	name, lang := form.Text("name"), form.Text("lang")
	err = h.o.Subscriptions.Correct(r.Context(), token, contact.Patch{Name: &name, Lang: &lang})
	switch {
	case err == nil:
		http.Redirect(w, r.Request, "/subscribe/own?t="+escape(token)+"&saved", http.StatusSeeOther)
		return nil
	case form.AddProblems(err):
		d, err := h.ownPage(r, token)
		if err != nil {
			return err
		}
		private(w)
		d.Form = form
		return h.owns.Render(w, r, http.StatusUnprocessableEntity, d)
	}
	return err
}

func (h *Handler) erase(w http.ResponseWriter, r *web.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	person, err := h.o.Subscriptions.OwnerOf(r.Context(), form.Raw("t"))
	if err != nil {
		return err
	}
	speak(r, person.Lang)
	if err := h.o.Subscriptions.EraseOwn(r.Context(), form.Raw("t")); err != nil {
		return err
	}
	private(w)
	return h.says.Render(w, r, http.StatusOK, sayPage{Page: web.Page{Title: r.T("subscribe.erased_title"), Robots: "noindex"},
		Head: r.T("subscribe.erased_title"), Text: r.T("subscribe.erased_text")})
}
