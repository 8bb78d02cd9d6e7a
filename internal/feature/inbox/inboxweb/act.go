package inboxweb

import (
	"context"
	"net/http"
	"net/url"

	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// answer sends what was typed; what is wrong with it is said beside the box, which keeps it.
func (h *Handler) answer(w http.ResponseWriter, r *web.Request) error {
	id, err := fact.Parse[fact.MessageID](r.PathValue("id"))
	if err != nil {
		return fault.NotFound("message")
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	answer, err := h.o.Inbox.Answer(r.Context(), r.Actor(), id, f.Text("body"))
	if err != nil {
		if !f.AddProblems(err) {
			return err
		}
		return h.showWith(w, r, http.StatusUnprocessableEntity, f)
	}
	said := "inbox.done.answered"
	if answer.Post.IsZero() {
		said = "inbox.done.mailed"
	}
	return h.stay(w, r, said, id.String(), "#m"+answer.ID.String())
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
