package api

import (
	"net/http"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

// callJSON is a call or a visit that somebody of the house noted.
type callJSON struct {
	ID      string     `json:"id"`
	Contact string     `json:"contact" doc:"id"`
	Kind    string     `json:"kind" enum:"call,visit"`
	Words   string     `json:"words"`
	At      *time.Time `json:"at"`
}

type callBody struct {
	Kind  opt[string] `json:"kind,omitempty" enum:"call,visit" doc:"call when absent"`
	Words opt[string] `json:"words,omitempty" doc:"what was said, in one line"`
}

type callsInput struct {
	ListInput
	ID string `path:"id"`
}

type callInput struct {
	ID   string `path:"id"`
	Call string `path:"call"`
}

func (a *API) callRoutes(r *register) {
	read(r, "/contacts/{id}/calls", "listCalls", func(c *call, in *callsInput) (page[callJSON], error) {
		id, err := parse[fact.ContactID]("contact", in.ID)
		if err != nil {
			return page[callJSON]{}, err
		}
		all, err := a.Contacts.Calls(c.ctx, c.by, id)
		if err != nil {
			return page[callJSON]{}, err
		}
		found, next, err := cut(all, in.ListInput, func(one contact.Call) string { return one.ID.String() })
		return newPage(found, next, showCall), err
	})
	write(r, http.MethodPost, "/contacts/{id}/calls", "noteCall", http.StatusCreated, a.noteCall)
	act(r, http.MethodDelete, "/contacts/{id}/calls/{call}", "removeCall", http.StatusNoContent, func(c *call, in *callInput) (none, error) {
		id, err := parse[fact.ContactID]("contact", in.ID)
		if err != nil {
			return none{}, err
		}
		one, err := parse[fact.CallID]("call", in.Call)
		if err != nil {
			return none{}, err
		}
		return none{}, a.Contacts.RemoveCall(c.ctx, c.by, id, one)
	})
}

func (a *API) noteCall(c *call, in *oneInput, b *callBody) (callJSON, error) {
	id, err := parse[fact.ContactID]("contact", in.ID)
	if err != nil {
		return callJSON{}, err
	}
	kind := b.Kind.V
	if kind == "" {
		kind = contact.Phoned
	}
	made, err := create(c, func(tx *db.Tx) (fact.CallID, error) {
		one, err := a.Contacts.NoteCallIn(tx, c.by, id, kind, b.Words.V)
		return one.ID, err
	})
	if err != nil {
		return callJSON{}, err
	}
	one, err := a.Contacts.Call(c.ctx, c.by, id, made)
	return showCall(one), err
}

func showCall(one contact.Call) callJSON {
	return callJSON{ID: one.ID.String(), Contact: one.Contact.String(), Kind: one.Kind, Words: one.Words, At: instant(one.At)}
}
