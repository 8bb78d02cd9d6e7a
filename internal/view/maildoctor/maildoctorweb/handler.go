// Package maildoctorweb is the page that says whether the mail of a house arrives, and what to publish so that it does.
package maildoctorweb

import (
	"embed"
	"net/http"
	"strings"

	"causerie/internal/core/mailer"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
	"causerie/internal/view/maildoctor"
)

//go:embed *.tmpl *.json
var files embed.FS

// Bundle is the folder of this page.
var Bundle = web.Bundle{Name: "maildoctorweb", Side: web.Work, Files: files}

// Path is the address of the page.
const Path = "/app/settings/mail"

// Handler answers for the page.
type Handler struct {
	doctor *maildoctor.Doctor
	keys   *mailer.Keys
	view   *web.View[page]
}

// New returns the page.
func New(k *web.Kit, d *maildoctor.Doctor, keys *mailer.Keys) *Handler {
	return &Handler{doctor: d, keys: keys, view: web.NewView[page](k, Bundle, "maildoctor.tmpl", "work")}
}

// Routes returns its addresses.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + Path, Access: web.Owners, Handle: h.show},
		{Pattern: "POST " + Path + "/look", Access: web.Owners, Handle: h.look},
		{Pattern: "POST " + Path + "/keys", Access: web.Owners, Handle: web.InPerson(h.makeKeys)},
	}
}

// page is the last report, in words.
type page struct {
	web.Page
	Report maildoctor.Report
	Looked bool
	Wrongs int
	Groups []group
}

// group is what was found about one domain or relay.
type group struct {
	About    string
	Findings []finding
}

type finding struct {
	maildoctor.Finding
	Says string
	Keys bool // a button makes the keys of the domain
}

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error {
	report, err := h.doctor.Last(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	p := page{Page: web.Page{Title: r.T("maildoctor.title"), Nav: "settings"}, Report: report, Looked: !report.At.IsZero(), Wrongs: report.Wrongs()}
	for _, f := range report.Findings {
		if n := len(p.Groups); n == 0 || p.Groups[n-1].About != f.About {
			p.Groups = append(p.Groups, group{About: f.About})
		}
		g := &p.Groups[len(p.Groups)-1]
		g.Findings = append(g.Findings, finding{f, maildoctor.Says(r.T, f), f.What == "dkim" && f.Verdict == "no_keys"})
	}
	return h.view.Render(w, r, http.StatusOK, p)
}

func (h *Handler) look(w http.ResponseWriter, r *web.Request) error {
	if _, err := h.doctor.Look(r.Context(), r.Actor()); err != nil {
		return err
	}
	return r.Redirect(w, "maildoctor.looked", Path)
}

// makeKeys makes the signing keys of a domain that the house writes from, and looks again.
func (h *Handler) makeKeys(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	domain := strings.ToLower(f.Text("domain"))
	domains, err := h.doctor.Domains(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	for _, d := range domains {
		if d != domain {
			continue
		}
		if err := h.keys.Make(r.Context(), r.Actor(), domain); err != nil {
			return err
		}
		if _, err := h.doctor.Look(r.Context(), r.Actor()); err != nil {
			return err
		}
		return r.Redirect(w, "maildoctor.keys_made", Path)
	}
	return fault.NotFound("domain")
}
