package newsletterweb

import (
	"context"
	"net/http"
	"net/url"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// most is how many people a search for a pair of eyes finds.
const most = 8

// PreviewOptions are what a Preview needs, all of them.
type PreviewOptions struct {
	Kit      *web.Kit
	Letters  *newsletter.Service
	Contacts *contact.Service
	Email    func(ctx context.Context, by actor.Actor) (string, error) // of who is signed in, "" for nobody
}

// Preview shows a letter as it would arrive: on a telephone and on a desk, as plain text, with the eyes of somebody, and in one's own
// mailbox.
type Preview struct {
	o    PreviewOptions
	view *web.View[previewPage]
}

// NewPreview returns the pages. The kit must know Bundle.
func NewPreview(o PreviewOptions) *Preview {
	return &Preview{o: o, view: web.NewView[previewPage](o.Kit, Bundle, "preview.tmpl", "work")}
}

// Routes returns the addresses of these pages.
func (h *Preview) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /app/letters/{letter}/preview", Access: web.Authors, Handle: h.show},
		{Pattern: "GET /app/letters/{letter}/preview/mail", Access: web.Authors, Handle: h.mail},
		{Pattern: "POST /app/letters/{letter}/test", Access: web.Authors, Once: true, Handle: h.test},
	}
}

// previewPage is a letter as one person gets it.
type previewPage struct {
	web.Page
	Path  string // of the letter
	Shown newsletter.Shown
	As    string // the id of whose eyes, "" for nobody in particular
	Who   contact.Contact
	Query string // who was looked for
	Found []contact.Contact
	Plain bool // the text part
	Email string
}

// Address is that of the preview with the eyes of somebody, in a form.
func (d previewPage) Address(as string, plain bool) string {
	q := url.Values{}
	if as != "" {
		q.Set("as", as)
	}
	if plain {
		q.Set("form", "text")
	}
	if len(q) == 0 {
		return d.Path + "/preview"
	}
	return d.Path + "/preview?" + q.Encode()
}

// Frame is the address of the mail alone.
func (d previewPage) Frame() string {
	if d.As == "" {
		return d.Path + "/preview/mail"
	}
	return d.Path + "/preview/mail?as=" + d.As
}

func (h *Preview) show(w http.ResponseWriter, r *web.Request) error {
	id, as, err := named(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	d := previewPage{Path: "/app/letters/" + id.String(), Query: q.Get("who"), Plain: q.Get("form") == "text"}
	if d.Shown, err = h.o.Letters.Preview(r.Context(), r.Actor(), id, as); err != nil {
		return err
	}
	if !as.IsZero() {
		if d.Who, err = h.o.Contacts.Get(r.Context(), r.Actor(), as); err != nil {
			return err
		}
		d.As = d.Who.ID.String()
	}
	if d.Query != "" {
		if d.Found, _, err = h.o.Contacts.List(r.Context(), r.Actor(), contact.Filter{Query: d.Query, Limit: most}); err != nil {
			return err
		}
	}
	if d.Email, err = h.o.Email(r.Context(), r.Actor()); err != nil {
		return err
	}
	d.Page = web.Page{Title: r.T("letter.preview.title"), Nav: "letters"}
	web.ShowFrames(w)
	return h.view.Render(w, r, http.StatusOK, d)
}

// mail answers with the HTML of the letter and nothing around it.
func (h *Preview) mail(w http.ResponseWriter, r *web.Request) error {
	id, as, err := named(r)
	if err != nil {
		return err
	}
	shown, err := h.o.Letters.Preview(r.Context(), r.Actor(), id, as)
	if err != nil {
		return err
	}
	return web.Document(w, r, shown.HTML)
}

// test has the letter mailed to who is signed in, and to nobody else.
func (h *Preview) test(w http.ResponseWriter, r *web.Request) error {
	id, _, err := named(r)
	if err != nil {
		return err
	}
	to, err := h.o.Email(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	if err := h.o.Letters.Test(r.Context(), r.Actor(), id, to); err != nil {
		return err
	}
	return r.Redirect(w, "letter.test.sent", "/app/letters/"+id.String()+"/preview")
}

// named reads which letter, and with whose eyes.
func named(r *web.Request) (id fact.LetterID, as fact.ContactID, err error) {
	if id, err = fact.Parse[fact.LetterID](r.PathValue("letter")); err != nil {
		return id, as, fault.NotFound("letter")
	}
	if s := r.URL.Query().Get("as"); s != "" {
		if as, err = fact.Parse[fact.ContactID](s); err != nil {
			return id, as, fault.NotFound("contact")
		}
	}
	return id, as, nil
}
