package contactweb

import (
	"net/http"

	"causerie/internal/core/contact"
	"causerie/internal/core/suppression"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// Suppressions has the pages say which addresses take no more mail, and lift that. Call it while the program is wired.
func (h *Handler) Suppressions(s *suppression.Service) *Handler {
	h.suppressions = s
	return h
}

// suppressed returns which addresses of somebody take no more mail.
func (h *Handler) suppressed(r *web.Request, c contact.Contact) (map[string]suppression.Suppression, error) {
	if h.suppressions == nil {
		return nil, nil
	}
	var emails []string
	for _, one := range c.Handles {
		if one.Channel == contact.Email {
			emails = append(emails, one.Value)
		}
	}
	return h.suppressions.Of(r.Context(), r.Actor(), emails...)
}

// lift lets mail go to an address again.
func (h *Handler) lift(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	handle, err := fact.Parse[fact.HandleID](r.PathValue("handle"))
	if err != nil {
		return fault.NotFound("handle")
	}
	c, err := h.contacts.Get(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	for _, one := range c.Handles {
		if one.ID == handle && one.Channel == contact.Email && h.suppressions != nil {
			if err := h.suppressions.Lift(r.Context(), r.Actor(), one.Value); err != nil {
				return err
			}
			return r.Redirect(w, "contact.lifted", path(c.ID))
		}
	}
	return fault.NotFound("handle")
}
