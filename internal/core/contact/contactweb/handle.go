package contactweb

import (
	"net/http"

	"causerie/internal/assets"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// handlePage is one address of somebody, to be corrected or removed.
type handlePage struct {
	web.Page
	C       contact.Contact
	H       contact.Handle
	Path    string
	Type    string // of the field
	Another *row   // who has the address that was typed: perhaps the same person
}

// inputTypes are the keyboards of a telephone for each channel.
var inputTypes = map[string]string{contact.Email: "email", contact.Phone: "tel", contact.Web: "url"}

// pathHandle reads the person and the address of theirs that a request names.
func (h *Handler) pathHandle(r *web.Request) (c contact.Contact, one contact.Handle, err error) {
	id, err := pathID(r)
	if err != nil {
		return c, one, err
	}
	handle, err := fact.Parse[fact.HandleID](r.PathValue("handle"))
	if err != nil {
		return c, one, fault.NotFound("handle")
	}
	if c, err = h.contacts.Get(r.Context(), r.Actor(), id); err != nil {
		return c, one, err
	}
	for _, one := range c.Handles {
		if one.ID == handle {
			return c, one, nil
		}
	}
	return c, one, fault.NotFound("handle")
}

func (h *Handler) handle(w http.ResponseWriter, r *web.Request) error {
	c, one, err := h.pathHandle(r)
	if err != nil {
		return err
	}
	return h.handleAgain(w, r, c, one, web.NewForm(map[string]string{one.Channel: one.Value}))
}

// handleAgain shows the address with what was typed. When somebody else has it, it offers to merge the two.
func (h *Handler) handleAgain(w http.ResponseWriter, r *web.Request, c contact.Contact, one contact.Handle, f *web.Form) error {
	status := http.StatusOK
	d := handlePage{C: c, H: one, Path: path(c.ID), Type: inputTypes[one.Channel]}
	if f.Problems.Any() {
		status = http.StatusUnprocessableEntity
		other, found, err := h.contacts.Holder(r.Context(), r.Actor(), contact.NewHandle{Channel: one.Channel, Value: f.Text(one.Channel)})
		if err != nil {
			return err
		}
		if found && other.ID != c.ID {
			d.Another = &row{other, assets.FaceOf(other.ID.String(), other.Label()), path(other.ID)}
		}
	}
	d.Title, d.Nav, d.Form = r.T("contact.handle_title", c.Label()), "contacts", f
	return h.handleView.Render(w, r, status, d)
}

func (h *Handler) changeHandle(w http.ResponseWriter, r *web.Request) error {
	c, one, err := h.pathHandle(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	f.Require(one.Channel)
	if !f.Problems.Any() {
		if _, err = h.contacts.ChangeHandle(r.Context(), r.Actor(), c.ID, one.ID, f.Text(one.Channel)); err == nil {
			return r.Redirect(w, "contact.saved", path(c.ID))
		}
		if !f.AddProblems(err) {
			return err
		}
	}
	return h.handleAgain(w, r, c, one, f)
}

func (h *Handler) removeHandle(w http.ResponseWriter, r *web.Request) error {
	c, one, err := h.pathHandle(r)
	if err != nil {
		return err
	}
	if err := h.contacts.RemoveHandle(r.Context(), r.Actor(), c.ID, one.ID); err != nil {
		return err
	}
	return r.Redirect(w, "contact.handle_removed", path(c.ID))
}
