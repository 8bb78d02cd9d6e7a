package contactweb

import (
	"net/http"

	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// noteCall puts a call or a visit into the thread.
func (h *Handler) noteCall(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	if _, err := h.contacts.NoteCall(r.Context(), r.Actor(), id, f.Text("kind"), f.Text("words")); err != nil {
		if f.AddProblems(err) {
			return h.again(w, r, nil, f)
		}
		return err
	}
	return r.Redirect(w, "contact.call_noted", path(id))
}

// removeCall takes one out that was noted by mistake.
func (h *Handler) removeCall(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	call, err := fact.Parse[fact.CallID](r.PathValue("call"))
	if err != nil {
		return fault.NotFound("call")
	}
	if err := h.contacts.RemoveCall(r.Context(), r.Actor(), id, call); err != nil {
		return err
	}
	return r.Redirect(w, "contact.call_removed", path(id))
}
