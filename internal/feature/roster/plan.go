package roster

import (
	"slices"
	"strings"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// row is a Person, read: what is done with them, but for who is known.
type row struct {
	Person
	handles []contact.Handle
	entry   *consent.Entry // nil for none; its contact is known later
	values  []contact.Value
	lost    []string // values that are no handles, as they were written
}

// plan reads what can be read without the house.
func (im *importer) plan(p Person) (row, *Refusal) {
	r := row{Person: p}
	refuse := func(field, code string, args ...any) (row, *Refusal) {
		return r, &Refusal{Line: p.Line, Field: field, Code: code, Args: args, Row: p.Row}
	}
	if p.Bad {
		return refuse("row", "malformed")
	}
	r.Name = text.Name(p.Name)
	var wrong *fault.Problem
	for _, given := range []struct {
		channel string
		values  []string
	}{{contact.Email, p.Emails}, {contact.Web, p.Pages}, {contact.Phone, p.Phones}} {
		for _, v := range given.values {
			if v = strings.TrimSpace(v); v == "" {
				continue
			}
			if given.channel == contact.Web && !strings.Contains(v, "://") {
				v = "https://" + v
			}
			h, err := im.read(contact.NewHandle{Channel: given.channel, Value: v})
			if err != nil {
				if problems := fault.ProblemsOf(err); wrong == nil && len(problems) > 0 {
					wrong = &problems[0]
				}
				r.lost = append(r.lost, v)
				continue
			}
			same := slices.ContainsFunc(r.handles, func(o contact.Handle) bool { return o.Channel == h.Channel && o.Key == h.Key })
			if !same && len(r.handles) < contact.MaxHandles {
				r.handles = append(r.handles, h)
			}
		}
	}
	switch {
	case wrong != nil && len(r.handles) == 0 && (r.Name == "" || len(p.Emails) > 0):
		return refuse(wrong.Field, wrong.Code, wrong.Args...)
	case len(r.handles) == 0 && r.Name == "" && strings.TrimSpace(p.Company) == "":
		return refuse("row", "nobody")
	case r.Name == "" && len(r.handles) == 0:
		r.Name = text.Name(p.Company) // a firm
	}
	im.values(&r)
	if len(r.lost) > 0 { // as they were written, so that nothing is lost
		r.Note = strings.TrimSpace(r.Note + "\n" + strings.Join(r.lost, "\n"))
	}
	return im.evidence(r)
}

// evidence says what may be written to the ledger about a row.
func (im *importer) evidence(r row) (row, *Refusal) {
	e := im.Options.Consent
	own := r.Person.Consent
	for _, f := range []struct {
		to   *string
		from string
	}{{&e.Basis, own.Basis}, {&e.Jurisdiction, own.Jurisdiction}, {&e.Wording, own.Wording}, {&e.Source, own.Source}, {&e.Purpose, own.Purpose}, {&e.Theme, own.Theme}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	if !own.At.IsZero() {
		e.At, e.Asked = own.At, own.Asked
	}
	switch {
	case r.State == Left || r.State == Unreached:
		e = consent.Evidence{Channel: e.Channel, Purpose: e.Purpose, Basis: consent.Withdrawal, Jurisdiction: e.Jurisdiction, At: r.StateAt,
			Source: text.Clip(e.Source+" : "+r.State, consent.MaxSource)}
	case r.State == Unproved || e.Basis == "":
		return r, nil
	}
	if !slices.ContainsFunc(r.handles, func(h contact.Handle) bool { return h.Channel == contact.Email }) && e.Channel != contact.Phone {
		return r, nil // there is nothing to write to
	}
	undated := e.At.IsZero()
	checked, err := e.Checked(im.country, im.now)
	if problems := fault.ProblemsOf(err); len(problems) > 0 {
		p := problems[0]
		return r, &Refusal{Line: r.Line, Field: p.Field, Code: p.Code, Args: p.Args, Row: r.Row}
	}
	r.entry = &consent.Entry{Evidence: checked, Undated: undated}
	return r, nil
}
