package consentweb

import (
	"net/http"
	"slices"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// others are the grounds that the form of all has: that of the function has a form of its own, with its conditions.
var others = slices.DeleteFunc(consent.Bases(), func(b string) bool { return b == consent.Function })

// fillFunction says which of the four conditions hold; all are the rows of the person, the last first.
func (d *sheet) fillFunction(r *web.Request, all []consent.Consent) {
	rows := slices.Clone(all)
	slices.Reverse(rows)
	var found bool
	d.Four, d.Last, found = consent.OfFunction(rows, d.C.Role, r.Now(), r.Zone())
	d.Lacks = found && slices.ContainsFunc(d.Four, func(c consent.Condition) bool { return !c.Met })
	for _, row := range rows {
		if row.Basis == consent.Function {
			d.FunctionFor[row.Purpose] = true
		}
	}
	if !found {
		d.FunctionFor[consent.Letter] = true
	}
	if d.Function != nil {
		d.FunctionFor = map[string]bool{}
		for _, p := range d.Function.All("function_purpose") {
			d.FunctionFor[p] = true
		}
	}
}

// function adds that one writes to somebody because of what they do in their firm: their function goes to their card, the rest to the evidence.
func (h *Handler) function(w http.ResponseWriter, r *web.Request) error {
	c, f, err := h.filled(r)
	if err != nil {
		return err
	}
	e := consent.Evidence{Basis: consent.Function, Jurisdiction: f.Text("function_jurisdiction"), Source: f.Text("function_source"), Theme: f.Text("theme"), Lang: c.Lang, Informed: toldOn(r, f)}
	var all []consent.Evidence
	for _, purpose := range f.All("function_purpose") {
		e.Purpose = purpose
		all = append(all, e)
	}
	f.Require("role", "theme", "function_source")
	if len(all) == 0 {
		f.Problem("function_purpose", "required")
	}
	if f.Problems.Any() {
		return h.again(w, r, c.ID, forms{function: f})
	}
	if role := f.Text("role"); role != c.Role {
		_, err = h.contacts.Change(r.Context(), r.Actor(), c.ID, contact.Patch{Role: &role})
	}
	if err == nil {
		err = h.consents.RecordEach(r.Context(), r.Actor(), c.ID, all)
	}
	if err == nil {
		return r.Redirect(w, "consent.recorded", "/app/contacts/"+c.ID.String()+"/consents")
	}
	problems := fault.ProblemsOf(err)
	if len(problems) == 0 {
		return err
	}
	own := map[string]string{"source": "function_source", "purpose": "function_purpose", "jurisdiction": "function_jurisdiction"}
	for _, p := range problems { // its fields have names of their own on a page that has three forms
		if name, is := own[p.Field]; is {
			p.Field = name
		}
		f.Problem(p.Field, p.Code, p.Args...)
	}
	return h.again(w, r, c.ID, forms{function: f})
}

// toldOn reads the day on which somebody was told. Today is now; no day is that nobody told them.
func toldOn(r *web.Request, f *web.Form) time.Time {
	at := instantOf(r, f, "informed_at")
	if at.IsZero() && !f.Day("informed_at").IsZero() {
		return r.Now()
	}
	return at
}
