package site

import (
	"net/http"

	"causerie/internal/feature/inbox"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
)

// contactPage is the form by which somebody asks something of the house.
type contactPage struct {
	base
	Voice, Phone, Digits, Email string
	Asked                       string   // the language that the address asks for, when it is another than the voice's
	Receipt                     []string // what the voice says to who wrote, in paragraphs; none is what the program says
}

// contact shows the form and, to who comes from sending it, that it has come.
func (h *Handler) contact(w http.ResponseWriter, r *web.Request) error {
	return h.serve(w, r, func(tx *db.Tx, f *frame) (answer, error) {
		d, err := h.contactPage(tx, r, f)
		if err != nil {
			return nil, err
		}
		return func(w http.ResponseWriter, r *web.Request) error {
			web.Cacheable(w)
			return h.contacts.Render(w, r, http.StatusOK, d)
		}, nil
	})
}

func (h *Handler) contactPage(tx *db.Tx, r *web.Request, f *frame) (contactPage, error) {
	if err := h.setVoice(tx, r, f, f.voice); err != nil {
		return contactPage{}, err
	}
	asked := f.inLang(r)
	d := contactPage{Asked: asked, base: f.base(r, "/contact", r.T("site.contact_title"), nil), Voice: f.voice.Name}
	d.Phone, d.Digits, d.Email = f.house.Identity.Phone, digits(f.house.Identity.Phone), f.house.Identity.ContactEmail
	if v := f.voice; v.Receipt != "" && asked == "" {
		for _, p := range text.Paragraphs(v.Receipt) {
			d.Receipt = append(d.Receipt, text.Typeset(v.Lang, p))
		}
	}
	d.Meta.Description, d.Meta.Lang = r.T("site.contact_lede"), string(r.Lang())
	return d, nil
}

// ask takes in a request.
func (h *Handler) ask(w http.ResponseWriter, r *web.Request) error {
	return h.serve(w, r, func(tx *db.Tx, f *frame) (answer, error) {
		d, err := h.contactPage(tx, r, f)
		if err != nil {
			return nil, err
		}
		return func(w http.ResponseWriter, r *web.Request) error {
			form, err := r.Form()
			if err != nil {
				return err
			}
			_, err = h.o.Talk.Request(r.Context(), inbox.RequestInput{
				Name: form.Text("name"), Email: form.Text("email"), Body: form.Text("body"), How: form.Text("how"), Phone: form.Text("phone"),
				Lang: string(r.Lang()), Honeypot: form.Raw("website"), Receipt: r.Limit("receipt") == nil,
			})
			switch {
			case err == nil:
				return r.Redirect(w, saidSent, "/contact"+langQuery(d.Asked))
			case form.AddProblems(err):
				d.Form = form
				return h.contacts.Render(w, r, http.StatusUnprocessableEntity, d)
			}
			return err
		}, nil
	})
}

// langQuery is the part of an address that asks for a language, "" for none.
func langQuery(lang string) string {
	if lang == "" {
		return ""
	}
	return "?lang=" + lang
}
