package newsletterweb

import (
	"net/http"

	"causerie/internal/channel/newsletter"
	"causerie/internal/platform/web"
	"causerie/internal/view/aftermath"
)

// afterPage lists one thing that followed a letter.
type afterPage struct {
	web.Page
	L     newsletter.Letter
	Path  string // of the letter
	Kind  string
	Lines []aftermath.Line
}

// Leads is the address of what a line tells of, "" for nowhere.
func (d afterPage) Leads(l aftermath.Line) string {
	switch {
	case !l.Message.IsZero():
		return "/app/inbox/" + l.Message.String()
	case !l.Mandate.IsZero():
		return "/app/mandates/" + l.Mandate.String()
	case !l.Contact.IsZero():
		return "/app/contacts/" + l.Contact.String()
	}
	return ""
}

func (h *Handler) after(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	d := afterPage{Path: path(id), Kind: r.PathValue("what")}
	if d.L, d.Lines, err = h.o.Aftermath.List(r.Context(), r.Actor(), id, d.Kind); err != nil {
		return err
	}
	d.L.Title = titleOf(r, d.L)
	d.Title, d.Nav = r.T("letter.followed."+d.Kind), "letters"
	return h.afters.Render(w, r, http.StatusOK, d)
}
