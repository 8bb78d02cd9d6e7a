package mandateweb

import (
	"net/http"

	"causerie/internal/fact"
	"causerie/internal/platform/web"
)

// gone is a mandate that was just deleted.
type gone struct{ Title, Path string }

func (h *Handler) remove(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.mandates.Delete(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	return r.Redirect(w, "", "/app/mandates?gone="+id.String())
}

func (h *Handler) restore(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if _, err := h.mandates.Restore(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	return r.Redirect(w, "mandate.restored", path(id))
}

// justDeleted returns the mandate that the page before deleted, if it still is and may come back.
func (h *Handler) justDeleted(r *web.Request) *gone {
	id, err := fact.Parse[fact.MandateID](r.URL.Query().Get("gone"))
	if err != nil {
		return nil // an address that somebody made up
	}
	m, err := h.mandates.Deleted(r.Context(), r.Actor(), id)
	if err != nil {
		return nil // gone for good, or not theirs: there is nothing to undo
	}
	return &gone{m.Title, path(m.ID)}
}
