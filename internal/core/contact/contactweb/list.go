package contactweb

import (
	"net/http"
	"net/url"

	"causerie/internal/assets"
	"causerie/internal/core/contact"
	"causerie/internal/platform/web"
)

// listPage is everybody, or those whom a search found.
type listPage struct {
	web.Page
	People []row
	Query  string
	Order  string
	Orders []order
	Older  string
	Import bool // they may bring a list in
}

type row struct {
	contact.Contact
	Face assets.Face
	Path string
}

type order struct {
	Key, URL string
	Current  bool
}

func (h *Handler) list(w http.ResponseWriter, r *web.Request) error {
	q := r.URL.Query()
	d := listPage{Query: q.Get("q"), Order: contact.Recent}
	if q.Get("order") == contact.ByName {
		d.Order = contact.ByName
	}
	found, next, err := h.contacts.List(r.Context(), r.Actor(), contact.Filter{Query: d.Query, Order: d.Order, Cursor: q.Get("cursor"), Limit: 40})
	if err != nil {
		return err
	}
	for _, c := range found {
		d.People = append(d.People, row{c, assets.FaceOf(c.ID.String(), c.Label()), path(c.ID)})
	}
	for _, o := range []string{contact.Recent, contact.ByName} {
		d.Orders = append(d.Orders, order{Key: "contact.order_" + o, URL: address("", o, ""), Current: o == d.Order && d.Query == ""})
	}
	if next != "" {
		d.Older = address(d.Query, d.Order, next)
	}
	d.Import = mayErase(r) // editors of the whole house
	d.Title, d.Nav = r.T("contact.list"), "contacts"
	return h.listView.Render(w, r, http.StatusOK, d)
}

// address is that of a list.
func address(query, order, cursor string) string {
	q := url.Values{}
	if order == contact.ByName {
		q.Set("order", order)
	}
	if query != "" {
		q.Set("q", query)
	}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	if len(q) == 0 {
		return "/app/contacts"
	}
	return "/app/contacts?" + q.Encode()
}

// newPage is the form of somebody to write down.
type newPage struct {
	web.Page
	Langs []string
	Own   []ownRow
}

func (h *Handler) blank(w http.ResponseWriter, r *web.Request) error {
	return h.newAgain(w, r, web.NewForm(map[string]string{"lang": string(r.Lang())}))
}

func (h *Handler) newAgain(w http.ResponseWriter, r *web.Request, f *web.Form) error {
	status := http.StatusOK
	if f.Problems.Any() {
		status = http.StatusUnprocessableEntity
	}
	fields, err := h.contacts.Fields(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	d := newPage{Langs: langs(), Own: ownRows(fields, contact.Contact{}, r.Lang())}
	d.Title, d.Nav, d.Form = r.T("contact.new_title"), "contacts", f
	return h.newView.Render(w, r, status, d)
}

func (h *Handler) create(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	fields, err := h.contacts.Fields(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	c, err := h.contacts.Create(r.Context(), r.Actor(), contact.NewContact{Name: f.Text("name"), Email: f.Text("email"), Phone: f.Text("phone"),
		Company: f.Text("company"), Role: f.Text("role"), Place: f.Text("place"), Fields: ownOf(f, fields), Lang: f.Text("lang"), Note: f.Text("note")})
	if err == nil {
		return r.Redirect(w, "contact.created", path(c.ID))
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.newAgain(w, r, f)
}
