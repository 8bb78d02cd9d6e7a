// Package mandateweb is where one follows mandates: the list by stage with its sums in a sentence, and the page of one
// mandate with what led to it, each piece of evidence labelled for what it is.
//
// What is typed and cannot be taken is shown again with its sentence. Amounts are read as people write them in French and
// in English ("12 400,50", "12,400.50").
package mandateweb

import (
	"embed"

	"causerie/internal/core/contact"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
	"causerie/internal/view/attribution"
)

//go:embed *.tmpl *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "mandateweb", Side: web.Work, Files: files}

// Handler answers for these pages.
type Handler struct {
	mandates *mandate.Service
	contacts *contact.Service
	journeys *attribution.View
	voices   *voice.Service

	boardView *web.View[boardPage]
	newView   *web.View[newPage]
	showView  *web.View[mandatePage]
}

// New returns the pages.
func New(k *web.Kit, m *mandate.Service, c *contact.Service, j *attribution.View, v *voice.Service) *Handler {
	return &Handler{mandates: m, contacts: c, journeys: j, voices: v,
		boardView: web.NewView[boardPage](k, Bundle, "board.tmpl", "work"),
		newView:   web.NewView[newPage](k, Bundle, "new.tmpl", "work"),
		showView:  web.NewView[mandatePage](k, Bundle, "mandate.tmpl", "work"),
	}
}

// Routes returns the addresses of these pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /app/mandates", Access: web.Authors, Handle: h.board},
		{Pattern: "POST /app/mandates", Access: web.Authors, Once: true, Handle: h.open},
		{Pattern: "GET /app/mandates/new", Access: web.Authors, Handle: h.blank},
		{Pattern: "GET /app/mandates/from-message/{id}", Access: web.Authors, Handle: h.fromMessage},
		{Pattern: "GET /app/mandates/{id}", Access: web.Authors, Handle: h.show},
		{Pattern: "POST /app/mandates/{id}", Access: web.Authors, Handle: h.save},
		{Pattern: "POST /app/mandates/{id}/move", Access: web.Authors, Handle: h.move},
		{Pattern: "POST /app/mandates/{id}/delete", Access: web.Authors, Handle: h.remove},
		{Pattern: "POST /app/mandates/{id}/restore", Access: web.Authors, Handle: h.restore},
	}
}

// path is the page of a mandate.
func path(id fact.MandateID) string { return "/app/mandates/" + id.String() }

// pathID reads the mandate of an address.
func pathID(r *web.Request) (fact.MandateID, error) {
	id, err := fact.Parse[fact.MandateID](r.PathValue("id"))
	if err != nil {
		return 0, fault.NotFound("mandate")
	}
	return id, nil
}
