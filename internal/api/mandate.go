package api

import (
	"net/http"
	"time"

	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

type mandateJSON struct {
	ID             string     `json:"id"`
	Title          string     `json:"title"`
	Contact        *string    `json:"contact" doc:"id"`
	Message        *string    `json:"message" doc:"id of the request that it came from"`
	Voice          *string    `json:"voice" doc:"slug of the voice that was asked"`
	Stage          string     `json:"stage" enum:"interest,request,talk,proposal,won,lost,postponed"`
	AmountCents    *int64     `json:"amount_cents"`
	Currency       string     `json:"currency" doc:"ISO 4217"`
	NextAct        string     `json:"next_act"`
	NextOn         *string    `json:"next_on" format:"date"`
	LostReason     string     `json:"lost_reason"`
	PostponedUntil *string    `json:"postponed_until" format:"date"`
	Declared       string     `json:"declared" doc:"what the client said brought them"`
	Note           string     `json:"note"`
	OpenedAt       *time.Time `json:"opened_at"`
	ClosedAt       *time.Time `json:"closed_at"`
	UpdatedAt      *time.Time `json:"updated_at"`
}

type mandateBody struct {
	Title          opt[string]    `json:"title,omitempty" doc:"the first words of the message when absent"`
	Contact        opt[string]    `json:"contact,omitempty" doc:"id; the message's when absent"`
	Message        opt[string]    `json:"message,omitempty" doc:"id of the request that it comes from; it cannot change"`
	Voice          opt[string]    `json:"voice,omitempty" doc:"slug or id; the message's when absent"`
	Stage          opt[string]    `json:"stage,omitempty" doc:"interest, request, talk, proposal, won, lost (with lost_reason), postponed (with postponed_until)"`
	AmountCents    opt[int64]     `json:"amount_cents,omitempty"`
	Currency       opt[string]    `json:"currency,omitempty" doc:"ISO 4217; the house's when absent"`
	NextAct        opt[string]    `json:"next_act,omitempty"`
	NextOn         opt[clock.Day] `json:"next_on,omitempty"`
	LostReason     opt[string]    `json:"lost_reason,omitempty"`
	PostponedUntil opt[clock.Day] `json:"postponed_until,omitempty"`
	Declared       opt[string]    `json:"declared,omitempty" doc:"what the client said brought them; the message's how when absent"`
	Note           opt[string]    `json:"note,omitempty"`
}

type mandatesInput struct {
	ListInput
	Stage   string `query:"stage" doc:"a stage, or open for those that may still be won"`
	Contact string `query:"contact" doc:"id"`
}

func (a *API) mandateRoutes(r *register) {
	read(r, "/mandates", "listMandates", a.listMandates)
	write(r, http.MethodPost, "/mandates", "openMandate", http.StatusCreated, a.openMandate)
	read(r, "/mandates/{id}", "getMandate", func(c *call, in *oneInput) (mandateJSON, error) {
		id, err := parse[fact.MandateID]("mandate", in.ID)
		if err != nil {
			return mandateJSON{}, err
		}
		return a.getMandate(c, id)
	})
	act(r, http.MethodDelete, "/mandates/{id}", "deleteMandate", http.StatusNoContent, func(c *call, in *oneInput) (none, error) {
		id, err := parse[fact.MandateID]("mandate", in.ID)
		if err != nil {
			return none{}, err
		}
		return none{}, a.Mandates.Delete(c.ctx, c.by, id)
	})
	act(r, http.MethodPost, "/mandates/{id}/restore", "restoreMandate", http.StatusOK, func(c *call, in *oneInput) (mandateJSON, error) {
		id, err := parse[fact.MandateID]("mandate", in.ID)
		if err != nil {
			return mandateJSON{}, err
		}
		if _, err := a.Mandates.Restore(c.ctx, c.by, id); err != nil {
			return mandateJSON{}, err
		}
		return a.getMandate(c, id)
	})
	write(r, http.MethodPatch, "/mandates/{id}", "changeMandate", http.StatusOK, a.changeMandate)
}

func (a *API) listMandates(c *call, in *mandatesInput) (page[mandateJSON], error) {
	n, err := in.size()
	if err != nil {
		return page[mandateJSON]{}, err
	}
	f := mandate.Filter{Stage: in.Stage, Made: true, Cursor: in.Cursor, Limit: n}
	if f.Contact, err = parseParam[fact.ContactID]("contact", in.Contact); err != nil {
		return page[mandateJSON]{}, err
	}
	found, next, err := a.Mandates.List(c.ctx, c.by, f)
	if err != nil {
		return page[mandateJSON]{}, err
	}
	k, err := a.knownVoices(c)
	return newPage(found, next, func(m mandate.Mandate) mandateJSON { return showMandate(k, m) }), err
}

func (a *API) getMandate(c *call, id fact.MandateID) (mandateJSON, error) {
	m, err := a.Mandates.Get(c.ctx, c.by, id)
	if err != nil {
		return mandateJSON{}, err
	}
	k, err := a.knownVoices(c)
	return showMandate(k, m), err
}

// voiceIn returns the voice that b names, nil when it names none.
func (b *mandateBody) voiceIn(a *API, tx *db.Tx, by actor.Actor) (*fact.VoiceID, error) {
	if !b.Voice.Set {
		return nil, nil
	}
	v, err := voice.Voice{}, error(nil)
	if b.Voice.V != "" {
		v, err = a.voiceIn(tx, by, "voice", b.Voice.V)
	}
	return &v.ID, err
}

func (a *API) openMandate(c *call, _ *none, b *mandateBody) (mandateJSON, error) {
	var bad fault.Problems
	in := mandate.Input{
		Title: b.Title.V, Contact: value(parseField[fact.ContactID]("contact", b.Contact, &bad)),
		Message: value(parseField[fact.MessageID]("message", b.Message, &bad)), Stage: b.Stage.V, Currency: b.Currency.V,
		NextAct: b.NextAct.V, NextOn: b.NextOn.V, LostReason: b.LostReason.V, PostponedUntil: b.PostponedUntil.V,
		Declared: b.Declared.V, Note: b.Note.V,
	}
	if b.AmountCents.given() {
		in.AmountCents = &b.AmountCents.V
	}
	if err := bad.Err(); err != nil {
		return mandateJSON{}, err
	}
	id, err := create(c, func(tx *db.Tx) (fact.MandateID, error) {
		v, err := b.voiceIn(a, tx, c.by)
		if err != nil {
			return 0, err
		}
		in := in // OpenIn may fill it, and this may run twice
		in.Voice = value(v)
		open := a.Mandates.OpenOnceIn
		if c.once != nil { // its key says which one it is
			open = a.Mandates.OpenIn
		}
		m, err := open(tx, c.by, in)
		return m.ID, err
	})
	if err != nil {
		return mandateJSON{}, err
	}
	return a.getMandate(c, id)
}

func (a *API) changeMandate(c *call, in *oneInput, b *mandateBody) (mandateJSON, error) {
	id, err := parse[fact.MandateID]("mandate", in.ID)
	if err != nil {
		return mandateJSON{}, err
	}
	var bad fault.Problems
	p := mandate.Patch{
		Title: b.Title.ptr(), Contact: parseField[fact.ContactID]("contact", b.Contact, &bad), Stage: b.Stage.ptr(), NoAmount: b.AmountCents.Null,
		Currency: b.Currency.ptr(), NextAct: b.NextAct.ptr(), NextOn: b.NextOn.ptr(), LostReason: b.LostReason.ptr(),
		PostponedUntil: b.PostponedUntil.ptr(), Declared: b.Declared.ptr(), Note: b.Note.ptr(),
	}
	if b.AmountCents.given() {
		p.AmountCents = &b.AmountCents.V
	}
	if b.Message.Set {
		bad.Add("message", "fixed")
	}
	if err := bad.Err(); err != nil {
		return mandateJSON{}, err
	}
	err = a.DB.Write(c.ctx, func(tx *db.Tx) error {
		if p.Voice, err = b.voiceIn(a, tx, c.by); err != nil {
			return err
		}
		_, err = a.Mandates.ChangeIn(tx, c.by, id, p)
		return err
	})
	if err != nil {
		return mandateJSON{}, err
	}
	return a.getMandate(c, id)
}

func showMandate(k voices, m mandate.Mandate) mandateJSON {
	return mandateJSON{
		ID: m.ID.String(), Title: m.Title, Contact: orNull(m.Contact.String()), Message: orNull(m.Message.String()), Voice: k.slug(m.Voice),
		Stage: m.Stage, AmountCents: m.AmountCents, Currency: m.Currency, NextAct: m.NextAct, NextOn: orNull(m.NextOn.String()),
		LostReason: m.LostReason, PostponedUntil: orNull(m.PostponedUntil.String()), Declared: m.Declared, Note: m.Note,
		OpenedAt: instant(m.OpenedAt), ClosedAt: instant(m.ClosedAt), UpdatedAt: instant(m.UpdatedAt),
	}
}
