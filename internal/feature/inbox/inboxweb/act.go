package inboxweb

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// answer sends what was typed, which can be taken back for a moment; what is wrong with it is said beside the box, which keeps it.
func (h *Handler) answer(w http.ResponseWriter, r *web.Request) error {
	id, f, err := typed(r)
	if err != nil {
		return err
	}
	if err := h.o.Inbox.Send(r.Context(), r.Actor(), id, f.Text("body")); err != nil {
		if !f.AddProblems(err) {
			return err
		}
		return h.showWith(w, r, http.StatusUnprocessableEntity, f)
	}
	return h.stay(w, r, "inbox.done.sent", id.String(), "#leaving")
}

// unsend takes an answer back, into the box, or says that it is too late.
func (h *Handler) unsend(w http.ResponseWriter, r *web.Request) error {
	id, f, err := typed(r)
	if err != nil {
		return err
	}
	said := "inbox.done.unsent"
	if err := h.o.Inbox.UndoSend(r.Context(), r.Actor(), id); fault.Is(err, fault.KindConflict) {
		said = "inbox.done.gone_out"
	} else if err != nil {
		return err
	}
	return r.Redirect(w, said, "/app/inbox/"+id.String()+choice{State: f.Text("state")}.query()+"#answer")
}

// keep keeps what is being typed, and tells the script of the page when.
func (h *Handler) keep(w http.ResponseWriter, r *web.Request) error {
	id, f, err := typed(r)
	if err != nil {
		return err
	}
	if err := h.o.Inbox.KeepDraft(r.Context(), r.Actor(), id, f.Text("body")); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]string{"saved": i18n.Time(r.Lang(), r.Now(), r.Zone())})
}

// typed returns the message of an address, and the form.
func typed(r *web.Request) (fact.MessageID, *web.Form, error) {
	id, err := fact.Parse[fact.MessageID](r.PathValue("id"))
	if err != nil {
		return id, nil, fault.NotFound("message")
	}
	f, err := r.Form()
	return id, f, err
}

// action does one thing with a message and shows it again, as it is now.
func (h *Handler) action(said string, do func(context.Context, actor.Actor, fact.MessageID) error) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		id, err := fact.Parse[fact.MessageID](r.PathValue("id"))
		if err != nil {
			return fault.NotFound("message")
		}
		if err := do(r.Context(), r.Actor(), id); err != nil {
			return err
		}
		return h.stay(w, r, said, id.String(), "")
	}
}

// approve lets a message in, and says where it now is.
func (h *Handler) approve(w http.ResponseWriter, r *web.Request) error {
	id, err := fact.Parse[fact.MessageID](r.PathValue("id"))
	if err != nil {
		return fault.NotFound("message")
	}
	if err := h.o.Inbox.Approve(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	m, err := h.o.Inbox.Get(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	said := "inbox.done.approve"
	if m.Private() {
		said = "inbox.done.not_spam"
	}
	return h.stay(w, r, said, id.String(), "")
}

// stay leads back to the conversation of what was dealt with, within the list that one goes through, and has it offer the next.
func (h *Handler) stay(w http.ResponseWriter, r *web.Request, said, id, fragment string) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	q := url.Values{"done": {"1"}}
	if state := f.Text("state"); state != "" {
		q.Set("state", state)
	}
	return r.Redirect(w, said, "/app/inbox/"+id+"?"+q.Encode()+fragment)
}

// next returns the address of what to look at once m is dealt with: when one goes through those that are held, the next of them, else
// what has waited longest; "" when nothing waits.
func (h *Handler) next(r *web.Request, state string, m inbox.Message) (string, error) {
	if state == inbox.Held {
		held, _, err := h.o.Inbox.List(r.Context(), r.Actor(), inbox.Filter{State: inbox.Held, Limit: 2})
		if err != nil {
			return "", err
		}
		for _, other := range held {
			if other.ID != m.ID {
				return "/app/inbox/" + other.ID.String() + "?state=held", nil
			}
		}
	}
	id, err := h.o.Inbox.Next(r.Context(), r.Actor(), m.Conversation)
	if err != nil || id.IsZero() {
		return "", err
	}
	return "/app/inbox/" + id.String(), nil
}
