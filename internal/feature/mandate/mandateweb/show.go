package mandateweb

import (
	"net/http"
	"slices"

	"causerie/internal/assets"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/attribution"
)

// mandatePage is one mandate.
type mandatePage struct {
	web.Page
	M          mandate.Mandate
	Path       string
	Amount     string
	Client     *contact.Contact
	Face       assets.Face
	Steps      []step
	Choices    []string // the stages that it may enter now by the small form
	Next       string   // the one that is proposed: never backwards
	Late       bool     // its next act is overdue
	Journey    attribution.Journey
	Moves      []mandate.Move // in order, as what led to it is told
	Currencies []string
	Edit       *web.Form // title, amount...
	Move       *web.Form // stage, reason, day
}

type step struct {
	Stage         string
	Done, Current bool
}

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error { return h.again(w, r, nil, nil) }

// again shows the mandate of the address, with a form that could not be taken if there is one.
func (h *Handler) again(w http.ResponseWriter, r *web.Request, edit, move *web.Form) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	d := mandatePage{Path: path(id), Edit: edit, Move: move}
	d.M, err = h.mandates.Get(r.Context(), r.Actor(), id)
	if fault.Is(err, fault.KindGone) && edit == nil && move == nil {
		return r.Redirect(w, "", "/app/mandates?gone="+id.String()) // where it may be brought back
	}
	if err != nil {
		return err
	}
	if d.Journey, err = h.journeys.Journey(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	if d.Moves, err = h.mandates.Moves(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	if d.Client, err = h.client(r, d.M.Contact); err != nil {
		return err
	}
	if d.Client != nil {
		d.Face = assets.FaceOf(d.Client.ID.String(), d.Client.Label())
	}
	d.fill(r)
	status := http.StatusOK
	if edit != nil || move != nil {
		status = http.StatusUnprocessableEntity
	}
	return h.showView.Render(w, r, status, d)
}

func (h *Handler) client(r *web.Request, id fact.ContactID) (*contact.Contact, error) {
	if id.IsZero() {
		return nil, nil
	}
	c, err := h.contacts.Get(r.Context(), r.Actor(), id)
	if fault.Is(err, fault.KindNotFound) {
		return nil, nil
	}
	return &c, err
}

// fill makes what the page shows of M, and the forms that were not sent.
func (d *mandatePage) fill(r *web.Request) {
	if cents, known := d.M.Amount(); known {
		d.Amount = i18n.Money(r.Lang(), cents, d.M.Currency)
	}
	at := slices.Index(mandate.Steps(), d.M.Stage)
	for i, s := range mandate.Steps() {
		d.Steps = append(d.Steps, step{Stage: s, Done: i < at, Current: i == at})
	}
	for _, s := range mandate.Stages() {
		if s != d.M.Stage && s != mandate.Won && s != mandate.Lost && s != mandate.Postponed {
			d.Choices = append(d.Choices, s)
		}
	}
	d.Next = mandate.Next(d.M.Stage)
	d.Late = !d.M.NextOn.IsZero() && d.M.NextOn.Before(clock.DayOf(r.Now(), r.Zone()))
	d.Currencies = currencies(d.M.Currency)
	if d.Edit == nil {
		d.Edit = web.NewForm(map[string]string{"title": d.M.Title, "amount": typed(r.Lang(), d.M.AmountCents), "currency": d.M.Currency,
			"next_act": d.M.NextAct, "next_on": d.M.NextOn.String(), "declared": d.M.Declared, "note": d.M.Note})
	}
	if d.Move == nil {
		d.Move = web.NewForm(map[string]string{"lost_reason": d.M.LostReason, "postponed_until": d.M.PostponedUntil.String()})
	}
	d.Title, d.Nav = d.M.Title, "mandates"
}

func (h *Handler) save(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	title, currency, act, declared, note := f.Text("title"), f.Text("currency"), f.Text("next_act"), f.Text("declared"), f.Text("note")
	amount, on := readAmount(f), f.Day("next_on")
	p := mandate.Patch{Title: &title, AmountCents: amount, NoAmount: amount == nil, NextAct: &act, NextOn: &on, Declared: &declared, Note: &note}
	if currency != "" {
		p.Currency = &currency
	}
	if f.Err() == nil {
		if _, err = h.mandates.Change(r.Context(), r.Actor(), id, p); err == nil {
			return r.Redirect(w, "mandate.saved", path(id))
		}
		if !take(f, err) {
			return err
		}
	}
	return h.again(w, r, f, nil)
}

func (h *Handler) move(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	stage, reason, until := f.Text("stage"), f.Text("lost_reason"), f.Day("postponed_until")
	if f.Err() == nil {
		_, err = h.mandates.Change(r.Context(), r.Actor(), id, mandate.Patch{Stage: &stage, LostReason: &reason, PostponedUntil: &until})
		if err == nil {
			return r.Redirect(w, said(stage), path(id))
		}
		if !take(f, err) {
			return err
		}
	}
	return h.again(w, r, nil, f)
}

// said is what the page tells after a move.
func said(stage string) string {
	switch stage {
	case mandate.Won, mandate.Lost, mandate.Postponed:
		return "mandate.moved_" + stage
	}
	return "mandate.moved"
}
