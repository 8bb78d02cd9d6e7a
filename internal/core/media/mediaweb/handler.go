package mediaweb

import (
	"embed"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/library"
)

//go:embed *.tmpl *.css *.json
var files embed.FS

// Bundle is the templates, styles and texts of these pages.
var Bundle = web.Bundle{Name: "mediaweb", Side: web.Work, Files: files}

// Path is where the files stand.
const Path = "/app/media"

const (
	oneBody  = media.MaxBytes + 1<<20
	manyBody = 4*media.MaxBytes + 1<<20 // several at once
	takeTime = 2 * time.Minute          // pictures are opened one after the other
)

// Handler answers the addresses under /app/media but the upload of the writing page.
type Handler struct {
	media   *media.Service
	shelf   *library.View
	catalog *i18n.Catalog

	listView *web.View[listPage]
	fileView *web.View[filePage]
}

// New returns the pages of k over these services.
func New(k *web.Kit, files *media.Service, shelf *library.View) *Handler {
	return &Handler{media: files, shelf: shelf, catalog: k.Catalog(),
		listView: web.NewView[listPage](k, Bundle, "list.tmpl", "work"),
		fileView: web.NewView[filePage](k, Bundle, "file.tmpl", "work"),
	}
}

// Routes returns the addresses.
func (h *Handler) Routes() []web.Route {
	at := func(pattern string, max int64, handle web.Handler) web.Route {
		return web.Route{Pattern: pattern, Access: web.Authors, MaxBody: max, Timeout: takeTime, Handle: handle}
	}
	return []web.Route{
		at("GET "+Path, 0, h.list),
		at("POST "+Path+"/add", manyBody, h.add),
		at("GET "+Path+"/{id}", 0, h.file),
		at("POST "+Path+"/{id}", 0, h.describe),
		at("POST "+Path+"/{id}/replace", oneBody, h.replace),
		at("POST "+Path+"/{id}/restore", 0, h.restore),
		at("POST "+Path+"/{id}/edit", 0, h.alter),
		at("POST "+Path+"/{id}/delete", 0, h.remove),
	}
}

// idOf reads the file that the address names.
func idOf(r *web.Request) (fact.MediaID, error) {
	id, err := fact.Parse[fact.MediaID](r.PathValue("id"))
	if err != nil {
		return 0, fault.NotFound("media")
	}
	return id, nil
}

func pathOf(id fact.MediaID) string { return Path + "/" + id.String() }
