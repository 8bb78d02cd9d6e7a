// Package contactweb is where one finds people and sees a relation as it went: what they wrote, what was answered, what it
// came to. Handles say whether their owner proved them; nothing here says what somebody read.
//
// An alias of a merged person leads to the person. What is typed and cannot be taken is shown again with its sentence.
package contactweb

import (
	"embed"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/suppression"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/disclosure"
	"causerie/internal/view/timeline"
)

//go:embed *.tmpl *.gohtml *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "contactweb", Side: web.Work, Files: files}

// Handler answers for these pages.
type Handler struct {
	contacts     *contact.Service
	timeline     *timeline.View
	copies       *disclosure.View
	consents     *consent.Service
	suppressions *suppression.Service // nil for none
	catalog      *i18n.Catalog

	listView   *web.View[listPage]
	newView    *web.View[newPage]
	personView *web.View[personPage]
	eraseView  *web.View[erasePage]
	handleView *web.View[handlePage]
	mergeView  *web.View[mergePage]
	partView   *web.View[partPage]
	pairsView  *web.View[pairsPage]
	fieldsView *web.View[fieldsPage]
	fieldView  *web.View[fieldPage]
}

// New returns the pages.
func New(k *web.Kit, c *contact.Service, t *timeline.View, d *disclosure.View, s *consent.Service) *Handler {
	return &Handler{contacts: c, timeline: t, copies: d, consents: s, catalog: k.Catalog(),
		listView:   web.NewView[listPage](k, Bundle, "list.tmpl", "work"),
		newView:    web.NewView[newPage](k, Bundle, "new.tmpl", "work"),
		personView: web.NewView[personPage](k, Bundle, "person.tmpl", "work"),
		eraseView:  web.NewView[erasePage](k, Bundle, "erase.tmpl", "work"),
		handleView: web.NewView[handlePage](k, Bundle, "handle.tmpl", "work"),
		mergeView:  web.NewView[mergePage](k, Bundle, "merge.tmpl", "work"),
		partView:   web.NewView[partPage](k, Bundle, "part.tmpl", "work"),
		pairsView:  web.NewView[pairsPage](k, Bundle, "pairs.tmpl", "work"),
		fieldsView: web.NewView[fieldsPage](k, Bundle, "fields.tmpl", "work"),
		fieldView:  web.NewView[fieldPage](k, Bundle, "field.tmpl", "work"),
	}
}

// Routes returns the addresses of these pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /app/contacts", Access: web.Authors, Handle: h.list},
		{Pattern: "POST /app/contacts", Access: web.Authors, Once: true, Handle: h.create},
		{Pattern: "GET /app/contacts/new", Access: web.Authors, Handle: h.blank},
		{Pattern: "GET /app/contacts/{id}", Access: web.Authors, Handle: h.person},
		{Pattern: "POST /app/contacts/{id}", Access: web.Authors, Handle: h.change},
		{Pattern: "POST /app/contacts/{id}/calls", Access: web.Authors, Once: true, Handle: h.noteCall},
		{Pattern: "POST /app/contacts/{id}/calls/{call}/remove", Access: web.Authors, Handle: h.removeCall},
		{Pattern: "GET /app/contacts/pairs", Access: web.Authors, Handle: h.pairs},
		{Pattern: "POST /app/contacts/pairs/dismiss", Access: web.Authors, Handle: h.dismiss},
		{Pattern: "GET /app/contacts/{id}/merge", Access: web.Authors, Handle: h.mergeAsk},
		{Pattern: "POST /app/contacts/{id}/merge", Access: web.Authors, Handle: h.merge},
		{Pattern: "GET /app/contacts/{id}/part", Access: web.Authors, Handle: h.partAsk},
		{Pattern: "POST /app/contacts/{id}/part", Access: web.Authors, Handle: h.part},
		{Pattern: "GET /app/contacts/{id}/erase", Access: web.Editors, Handle: h.eraseAsk},
		{Pattern: "POST /app/contacts/{id}/erase", Access: web.Editors, Handle: h.erase},
		{Pattern: "GET /app/contacts/{id}/export", Access: web.Editors, Timeout: exportTime, Handle: h.export},
		{Pattern: "GET /app/contacts/{id}/handles/{handle}", Access: web.Authors, Handle: h.handle},
		{Pattern: "POST /app/contacts/{id}/handles/{handle}", Access: web.Authors, Handle: h.changeHandle},
		{Pattern: "POST /app/contacts/{id}/handles/{handle}/remove", Access: web.Authors, Handle: h.removeHandle},
		{Pattern: "POST /app/contacts/{id}/handles/{handle}/lift", Access: web.Authors, Handle: h.lift},
		{Pattern: "GET " + FieldsPath, Access: web.Owners, Handle: h.fields},
		{Pattern: "POST " + FieldsPath, Access: web.Owners, Once: true, Handle: h.addField},
		{Pattern: "GET " + FieldsPath + "/new", Access: web.Owners, Handle: h.newField},
		{Pattern: "GET " + FieldsPath + "/{id}", Access: web.Owners, Handle: h.field},
		{Pattern: "POST " + FieldsPath + "/{id}", Access: web.Owners, Handle: h.changeField},
		{Pattern: "POST " + FieldsPath + "/{id}/archive", Access: web.Owners, Handle: h.archiveField},
		{Pattern: "POST " + FieldsPath + "/{id}/raise", Access: web.Owners, Handle: h.raiseField},
	}
}

// path is the page of somebody.
func path(id fact.ContactID) string { return "/app/contacts/" + id.String() }

// pathID reads the person of an address.
func pathID(r *web.Request) (fact.ContactID, error) {
	id, err := fact.Parse[fact.ContactID](r.PathValue("id"))
	if err != nil {
		return 0, fault.NotFound("contact")
	}
	return id, nil
}
