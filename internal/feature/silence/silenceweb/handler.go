// Package silenceweb is where an owner sees who said nothing for three years, what becomes of them, and decides; and the page on which
// somebody answers whether they wish to stay in touch. Opening that one changes nothing.
package silenceweb

import (
	"embed"
	"net/http"

	"causerie/internal/assets"
	"causerie/internal/fact"
	"causerie/internal/feature/silence"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

//go:embed silence.tmpl *.json
var work embed.FS

//go:embed stay.tmpl
var public embed.FS

// Bundle is the owner's page, and the texts of both.
var Bundle = web.Bundle{Name: "silenceweb", Side: web.Work, Files: work}

// StayBundle is the page of who was asked.
var StayBundle = web.Bundle{Name: "silencestay", Side: web.Public, Files: public}

// Path is the address of the owner's page.
const Path = "/app/settings/silence"

// Handler answers for these pages.
type Handler struct {
	silences *silence.Service
	page     func(web.Handler) web.Handler
	list     *web.View[listPage]
	stay     *web.View[stayPage]
}

// New returns the pages. page makes a handler answer for a page of the house, on its own host.
func New(k *web.Kit, s *silence.Service, page func(web.Handler) web.Handler) *Handler {
	return &Handler{silences: s, page: page, list: web.NewView[listPage](k, Bundle, "silence.tmpl", "work"),
		stay: web.NewView[stayPage](k, StayBundle, "stay.tmpl", "public")}
}

// Routes returns the addresses of these pages. The rate confirm must be known to the router.
func (h *Handler) Routes() []web.Route {
	const small = 4 << 10
	return []web.Route{
		{Pattern: "GET " + Path, Access: web.Owners, Handle: h.show},
		{Pattern: "POST " + Path, Access: web.Owners, Handle: h.turn},
		{Pattern: "POST " + Path + "/{id}/keep", Access: web.Owners, Handle: h.keep},
		{Pattern: "GET /stay", Access: web.Anyone, Rate: "confirm", Handle: h.page(h.ask)},
		{Pattern: "POST /stay", Access: web.Anyone, Rate: "confirm", MaxBody: small, Handle: h.answer},
	}
}

// listPage is who said nothing for long, and what the house does about it.
type listPage struct {
	web.Page
	silence.Outlook
	Rows    []row
	Reasons []string
	Older   string
}

// row is somebody on the list.
type row struct {
	silence.Silence
	Face assets.Face
	Path string
}

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error {
	p, err := h.silences.List(r.Context(), r.Actor(), r.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	d := listPage{Page: web.Page{Title: r.T("silence.title"), Nav: "settings"}, Outlook: p.Outlook, Reasons: silence.Reasons()}
	for _, one := range p.People {
		id := one.Contact.String()
		d.Rows = append(d.Rows, row{one, assets.FaceOf(id, one.Name), "/app/contacts/" + id})
	}
	if p.Next != "" {
		d.Older = Path + "?before=" + p.Next
	}
	return h.list.Render(w, r, http.StatusOK, d)
}

func (h *Handler) turn(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	on := f.Text("erases") == "1"
	if err := h.silences.Turn(r.Context(), r.Actor(), on); err != nil {
		return err
	}
	if on {
		return r.Redirect(w, "silence.turned_on", Path)
	}
	return r.Redirect(w, "silence.turned_off", Path)
}

func (h *Handler) keep(w http.ResponseWriter, r *web.Request) error {
	id, err := fact.Parse[fact.ContactID](r.PathValue("id"))
	if err != nil {
		return fault.NotFound("contact")
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	reason := f.Text("reason")
	if err := h.silences.Keep(r.Context(), r.Actor(), id, reason); err != nil {
		return err
	}
	if reason == "" {
		return r.Redirect(w, "silence.released", Path)
	}
	return r.Redirect(w, "silence.keeps", Path)
}

// stayPage asks somebody whether they wish to stay in touch, or says what became of it.
type stayPage struct {
	web.Page
	Q     silence.Question
	Token string
}

// version names the sentence of the button; a change of its meaning takes another.
const version = "2026-11"

func (h *Handler) ask(w http.ResponseWriter, r *web.Request) error {
	token := r.URL.Query().Get("t")
	q, err := h.silences.Asked(r.Context(), token)
	if err != nil {
		return err
	}
	return h.say(w, r, q, token)
}

func (h *Handler) say(w http.ResponseWriter, r *web.Request, q silence.Question, token string) error {
	if l, ok := i18n.Parse(q.Lang); ok {
		r.SetLang(l)
	}
	w.Header().Set("Cache-Control", "no-store")
	return h.stay.Render(w, r, http.StatusOK, stayPage{Page: web.Page{Title: r.T("silence.stay_title"), Robots: "noindex"}, Q: q, Token: token})
}

// answer takes their yes, or their no, and shows what became of it.
func (h *Handler) answer(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	token := f.Raw("t")
	q, err := h.silences.Asked(r.Context(), token)
	if err != nil {
		return err
	}
	if l, ok := i18n.Parse(q.Lang); ok {
		r.SetLang(l)
	}
	switch f.Text("answer") {
	case "yes":
		err = h.silences.Stay(r.Context(), token, r.T("silence.stay_wording", q.House), version, "/stay")
	case "no":
		err = h.silences.Forget(r.Context(), token)
	default:
		f.Problem("answer", "required")
		err = f.Err()
	}
	if err != nil {
		return err
	}
	if q, err = h.silences.Asked(r.Context(), token); err != nil {
		return err
	}
	return h.say(w, r, q, token)
}
