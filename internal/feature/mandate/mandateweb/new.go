package mandateweb

import (
	"net/http"
	"slices"
	"strings"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// newPage is the form of a new mandate.
type newPage struct {
	web.Page
	Clients    []client
	Currencies []string
	Voices     []option // those in which one writes, when there are several
	Whole      bool     // it may be of none: one writes in every voice
	Fixed      *client  // opened from the page of somebody
	Message    string   // the request that it is made of
	Nobody     bool     // whom one looked for is not known
}

type client struct {
	ID, Name string
}

// option is a voice.
type option struct {
	ID, Name string
}

// recent is how many contacts the form offers: the last ones, or those whom one looks for.
const recent = 40

// blank shows the form, for the person that the address names if it names one.
func (h *Handler) blank(w http.ResponseWriter, r *web.Request) error {
	currency, err := h.mandates.Currency(r.Context())
	if err != nil {
		return err
	}
	return h.newAgain(w, r, web.NewForm(map[string]string{"contact": r.URL.Query().Get("contact"), "currency": currency}))
}

func (h *Handler) newAgain(w http.ResponseWriter, r *web.Request, f *web.Form) error {
	d := newPage{Currencies: currencies(f.Text("currency"))}
	d.Message = f.Text("message")
	chosen, _ := fact.Parse[fact.ContactID](f.Text("contact")) // none, or no id: nobody is chosen
	if !chosen.IsZero() && !f.Has("who") {                     // who could choose may choose again
		c, err := h.contacts.Get(r.Context(), r.Actor(), chosen)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return err
		}
		if err == nil {
			d.Fixed = &client{ID: c.ID.String(), Name: c.Label()}
		}
	}
	if d.Fixed == nil {
		list, err := h.offered(r, f.Text("who"))
		if err != nil {
			return err
		}
		d.Nobody = len(list) == 0 && f.Text("who") != ""
		for _, c := range list {
			d.Clients = append(d.Clients, client{c.ID.String(), c.Label()})
		}
	}
	var err error
	if d.Voices, err = h.writable(r); err != nil {
		return err
	}
	d.Whole = r.Actor().On(0) >= actor.Author
	status := http.StatusOK
	if f.Problems.Any() {
		status = http.StatusUnprocessableEntity
	}
	d.Title, d.Nav, d.Form = r.T("mandate.new_title"), "mandates", f
	return h.newView.Render(w, r, status, d)
}

// offered returns the people whom somebody looks for, or those of the last exchanges.
func (h *Handler) offered(r *web.Request, who string) ([]contact.Contact, error) {
	list, _, err := h.contacts.List(r.Context(), r.Actor(), contact.Filter{Query: who, Limit: recent})
	return list, err
}

// writable returns the voices in which one writes, by name, when there are several.
func (h *Handler) writable(r *web.Request) ([]option, error) {
	names, err := h.voices.Names(r.Context())
	var all []option
	for id, name := range names {
		if r.Actor().On(int64(id)) >= actor.Author {
			all = append(all, option{id.String(), name})
		}
	}
	if len(all) < 2 {
		return nil, err
	}
	slices.SortFunc(all, func(a, b option) int { return strings.Compare(a.Name, b.Name) })
	return all, err
}

func (h *Handler) open(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if f.Text("do") == "find" { // somebody else than the last people: nothing is made, and nothing typed is lost
		return h.newAgain(w, r, f)
	}
	in := mandate.Input{Message: fact.MessageID(web.FormID[struct{}](f, "message")), Title: f.Text("title"), AmountCents: readAmount(f), Currency: f.Text("currency"), NextAct: f.Text("next_act"),
		NextOn: f.Day("next_on"), Declared: f.Text("declared"), Contact: fact.ContactID(web.FormID[struct{}](f, "contact")),
		Voice: fact.VoiceID(web.FormID[struct{}](f, "voice"))}
	if f.Err() == nil {
		m, err := h.mandates.Open(r.Context(), r.Actor(), in)
		if err == nil {
			return r.Redirect(w, "mandate.opened", path(m.ID))
		}
		if !take(f, err) {
			return err
		}
	}
	return h.newAgain(w, r, f)
}

// fromMessage shows the form of a mandate made of a request, with what the request says, or the mandate that was made of it before.
func (h *Handler) fromMessage(w http.ResponseWriter, r *web.Request) error {
	id, err := fact.Parse[fact.MessageID](r.PathValue("id"))
	if err != nil {
		return fault.NotFound("message")
	}
	m, found, asked, err := h.mandates.OfRequest(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	if found {
		return r.Redirect(w, "", path(m.ID))
	}
	currency, err := h.mandates.Currency(r.Context())
	if err != nil {
		return err
	}
	return h.newAgain(w, r, web.NewForm(map[string]string{"message": asked.ID.String(), "contact": asked.Contact.String(), "voice": asked.Voice.String(),
		"title": mandate.Proposed(asked), "declared": asked.How, "currency": currency}))
}

// take keeps the problems of the service in the form, under the names of its fields.
func take(f *web.Form, err error) bool {
	ok := f.AddProblems(err)
	for i := range f.Problems {
		if f.Problems[i].Field == "amount_cents" {
			f.Problems[i].Field = "amount"
		}
	}
	return ok
}
