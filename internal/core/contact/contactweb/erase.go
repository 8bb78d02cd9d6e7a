package contactweb

import (
	"net/http"

	"causerie/internal/core/contact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// erasePage says what goes and what stays when somebody is forgotten, before it is done.
type erasePage struct {
	web.Page
	C    contact.Contact
	Path string
}

// mayErase reports whether who asks may forget people: an editor of the whole house.
func mayErase(r *web.Request) bool { return r.Actor().On(0) >= actor.Editor }

func (h *Handler) eraseAsk(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if !mayErase(r) {
		return fault.Forbidden()
	}
	d := erasePage{}
	if d.C, err = h.contacts.Get(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	d.Path, d.Title, d.Nav = path(d.C.ID), r.T("contact.erase_title", d.C.Label()), "contacts"
	return h.eraseView.Render(w, r, http.StatusOK, d)
}

func (h *Handler) erase(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.contacts.Erase(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	return r.Redirect(w, "contact.erased", "/app/contacts")
}
