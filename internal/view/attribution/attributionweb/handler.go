// Package attributionweb is the page that says, in plain sentences with counts, what mandates owe to the writing.
//
// Below attribution.Enough won mandates it shows no percentage: on so few, one would say nothing. Whatever is not observed is
// marked as what it is.
package attributionweb

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"

	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/attribution"
)

//go:embed *.tmpl *.json
var files embed.FS

// Bundle is the folder of this page.
var Bundle = web.Bundle{Name: "attributionweb", Side: web.Work, Files: files}

// Handler answers for this page.
type Handler struct {
	view  *attribution.View
	pages *web.View[page]
}

// New returns the page.
func New(k *web.Kit, v *attribution.View) *Handler {
	return &Handler{view: v, pages: web.NewView[page](k, Bundle, "attribution.tmpl", "work")}
}

// Routes returns its address.
func (h *Handler) Routes() []web.Route {
	return []web.Route{{Pattern: "GET /app/attribution", Access: web.Authors, Handle: h.show}}
}

// page is what the report says.
type page struct {
	web.Page
	Report attribution.Report
	Say    template.HTML   // how many mandates, how many won, for how much
	Of     []template.HTML // of the won ones: declared, observed, only subscribed, presumed, unknown
	Share  string          // "" below Enough
	TooFew bool
	Cases  []row
	Older  string
}

type row struct {
	attribution.Case
	Path, Amount string
}

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error {
	report, err := h.view.Page(r.Context(), r.Actor(), attribution.Query{Cursor: r.URL.Query().Get("cursor"), Limit: 40})
	if err != nil {
		return err
	}
	d := page{Report: report}
	for _, c := range report.Cases {
		x := row{Case: c, Path: "/app/mandates/" + c.ID.String()}
		if c.AmountCents != nil {
			x.Amount = i18n.Money(r.Lang(), *c.AmountCents, c.Currency)
		}
		d.Cases = append(d.Cases, x)
	}
	if report.Next != "" {
		d.Older = "/app/attribution?" + url.Values{"cursor": {report.Next}}.Encode()
	}
	d.speak(r)
	d.Title, d.Nav = r.T("attribution.title"), "mandates"
	return h.pages.Render(w, r, http.StatusOK, d)
}

// speak writes the sentences.
func (d *page) speak(r *web.Request) {
	all, won := d.Report.All, d.Report.Won
	if all.Count == 0 {
		return
	}
	d.Say = r.TH("attribution.followed", all.Count) + " "
	money := r.Amounts(won.Amounts)
	switch {
	case won.Count == 0:
		d.Say += r.TH("attribution.won_none")
		return
	case money == "":
		d.Say += r.TH("attribution.won", won.Count)
	default:
		d.Say += r.TH("attribution.won_for", won.Count, money)
	}
	for _, s := range []struct {
		key string
		n   int
	}{{"attribution.won_declared", won.Declared}, {"attribution.won_observed", won.Observed}, {"attribution.won_subscribed", won.Subscribed}, {"attribution.won_presumed", won.Presumed},
		{"attribution.won_unknown", won.Count - won.Observed - won.Presumed}} {
		if s.n > 0 {
			d.Of = append(d.Of, r.TH(s.key, s.n))
		}
	}
	percent, enough := d.Report.Share()
	if d.TooFew = !enough; enough {
		d.Share = r.T("attribution.share", won.Count, percent)
	}
}
