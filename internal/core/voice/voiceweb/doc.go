// Package voiceweb is where the names one speaks under are set out: who they are, at which address, in which language,
// with which face and colour.
//
// An editor of a voice changes how it presents itself; its address and its kind are an owner's, since they move links
// and decide what strangers may read. So are its homes: who is at the root of the site, who has a host of its own, and
// which of the addresses that it left may be forgotten; the page says before each of them what it does to links. An owner also orders
// the voices, and gives one up on a page that counts what hangs on it (remove.go). The colours offered are read easily on every ground of the site; any other is
// taken too, its tones computed by package assets.
package voiceweb

import (
	"context"
	"embed"
	"io"

	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/web"
)

//go:embed *.tmpl *.css *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "voiceweb", Side: web.Work, Files: files}

// Pictures takes portraits in. core/media fills it.
type Pictures interface {
	Upload(ctx context.Context, by actor.Actor, name string, r io.Reader, alt string) (media.Media, error)
}

// Handler answers for the voices.
type Handler struct {
	voices   *voice.Service
	pictures Pictures
	places   *place.Service

	list *web.View[listPage]
	one  *web.View[voicePage]
	gone *web.View[removePage]
	also []Also
}

// Also is a page of another capability about a voice: a line of its settings leads there.
type Also struct {
	Suffix      string // behind the address of the voice's settings
	Label, Help string // keys
}

// Also adds pages about a voice that strangers hear.
func (h *Handler) Also(all ...Also) *Handler {
	h.also = append(h.also, all...)
	return h
}

// New returns the handler; its templates are parsed here.
func New(k *web.Kit, voices *voice.Service, pictures Pictures, places *place.Service) *Handler {
	return &Handler{
		voices: voices, pictures: pictures, places: places,
		list: web.NewView[listPage](k, Bundle, "voices.tmpl", "work"),
		one:  web.NewView[voicePage](k, Bundle, "voice.tmpl", "work"),
		gone: web.NewView[removePage](k, Bundle, "remove.tmpl", "work"),
	}
}

const path = "/app/settings/voices"

// Routes returns the addresses under /app/settings/voices.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + path, Access: web.Editors, Handle: h.showList},
		{Pattern: "POST " + path, Access: web.Owners, Once: true, Handle: h.create},
		{Pattern: "GET " + path + "/{id}", Access: web.Editors, Handle: h.showVoice},
		{Pattern: "POST " + path + "/{id}", Access: web.Editors, MaxBody: media.MaxBytes + 1<<20, Handle: h.change},
		{Pattern: "POST " + path + "/{id}/shift", Access: web.Owners, Handle: h.shift},
		{Pattern: "GET " + path + "/{id}/remove", Access: web.Owners, Handle: h.showRemove},
		{Pattern: "POST " + path + "/{id}/remove", Access: web.Owners, Handle: h.remove},
		{Pattern: "POST " + path + "/{id}/main", Access: web.Owners, Handle: h.makeMain},
		{Pattern: "POST " + path + "/{id}/host", Access: web.Owners, Handle: h.addHost},
		{Pattern: "POST " + path + "/{id}/host/leave", Access: web.Owners, Handle: h.leaveHost},
		{Pattern: "POST " + path + "/{id}/homes/free", Access: web.Owners, Handle: h.freeHome},
	}
}
