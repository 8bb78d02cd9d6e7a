package api

import (
	"net/http"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
	"causerie/internal/view/disclosure"
)

type handleBody struct {
	Channel opt[string] `json:"channel,omitempty" doc:"email, phone, web, fediverse; it cannot change"`
	Value   opt[string] `json:"value,omitempty"`
}

type handleInput struct {
	ID     string `path:"id"`
	Handle string `path:"handle"`
}

func (in *handleInput) ids() (c fact.ContactID, h fact.HandleID, err error) {
	if c, err = parse[fact.ContactID]("contact", in.ID); err == nil {
		h, err = parse[fact.HandleID]("handle", in.Handle)
	}
	return c, h, err
}

func (a *API) handleRoutes(r *register) {
	write(r, http.MethodPost, "/contacts/{id}/handles", "addHandle", http.StatusCreated, a.addHandle)
	write(r, http.MethodPatch, "/contacts/{id}/handles/{handle}", "changeHandle", http.StatusOK, a.changeHandle)
	act(r, http.MethodDelete, "/contacts/{id}/handles/{handle}", "removeHandle", http.StatusNoContent, func(c *call, in *handleInput) (none, error) {
		id, h, err := in.ids()
		if err != nil {
			return none{}, err
		}
		return none{}, a.Contacts.RemoveHandle(c.ctx, c.by, id, h)
	})
}

func (a *API) addHandle(c *call, in *oneInput, b *handleBody) (handleJSON, error) {
	id, err := parse[fact.ContactID]("contact", in.ID)
	if err != nil {
		return handleJSON{}, err
	}
	h, err := a.Contacts.AddHandle(c.ctx, c.by, id, contact.NewHandle{Channel: b.Channel.V, Value: b.Value.V})
	return showHandle(h), atValue(err, b.Channel.V)
}

func (a *API) changeHandle(c *call, in *handleInput, b *handleBody) (handleJSON, error) {
	id, h, err := in.ids()
	if err != nil {
		return handleJSON{}, err
	}
	if b.Channel.Set {
		return handleJSON{}, fault.Invalid("channel", "fixed")
	}
	now, err := a.Contacts.ChangeHandle(c.ctx, c.by, id, h, b.Value.V)
	return showHandle(now), atValue(err, now.Channel)
}

// atValue says of the property value what the service says of the field that bears the name of the channel.
func atValue(err error, channel string) error {
	if channel == "channel" {
		return err
	}
	return renamed(err, channel, "value")
}

func showHandle(h contact.Handle) handleJSON {
	return handleJSON{ID: h.ID.String(), Channel: h.Channel, Value: h.Value, VerifiedAt: instant(h.VerifiedAt)}
}

// exportRoute registers what the house holds about somebody. The answer is described as the others are, and written as it is read.
func (a *API) exportRoute(r *register) {
	const path = "/contacts/{id}/export"
	read(r, path, "exportContact", func(*call, *oneInput) (disclosure.Document, error) { return disclosure.Document{}, nil })
	for i := range a.routes {
		if a.routes[i].Pattern == http.MethodGet+" /api/v1"+path {
			a.routes[i].Handle = a.export
		}
	}
}

func (a *API) export(w http.ResponseWriter, r *web.Request) error {
	id, err := parse[fact.ContactID]("contact", r.PathValue("id"))
	if err != nil {
		return err
	}
	c, err := a.Disclosure.Of(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	return c.WriteJSON(r.Context(), w)
}
