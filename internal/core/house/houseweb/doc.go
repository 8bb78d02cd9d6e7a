// Package houseweb is where an owner settles the house: the list of settings, the house itself, its legal identity with
// the switch that opens it to the public.
//
// It protects the moment at which a house becomes public: that is a gesture of its own, never the side effect of a
// saved form, and it is refused while the law of the country still misses something, each missing line named beside
// its field with the reason why it is asked.
package houseweb

import (
	"embed"

	"causerie/internal/core/house"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/web"
)

//go:embed *.tmpl *.css *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "houseweb", Side: web.Work, Files: files}

// Place is one line of the list of settings.
type Place struct {
	Path  string
	Icon  string
	Label string     // key of its name
	Help  string     // key of the sentence under it
	Role  actor.Role // the least that somebody must be, anywhere, to see it
}

// places are the settings that every house has, in the order in which a new owner needs them.
var places = []Place{
	{Path: identityPath, Icon: "flag", Label: "house.places.identity", Help: "house.places.identity_help", Role: actor.Owner},
	{Path: housePath, Icon: "house", Label: "house.places.house", Help: "house.places.house_help", Role: actor.Owner},
	{Path: "/app/settings/voices", Icon: "megaphone", Label: "house.places.voices", Help: "house.places.voices_help", Role: actor.Editor},
	{Path: "/app/settings/people", Icon: "users", Label: "house.places.people", Help: "house.places.people_help", Role: actor.Owner},
	{Path: "/app/settings/account", Icon: "user", Label: "house.places.account", Help: "house.places.account_help"},
}

const (
	indexPath    = "/app/settings"
	housePath    = "/app/settings/house"
	identityPath = "/app/settings/identity"
)

// Handler answers for the settings of the house.
type Handler struct {
	houses *house.Service
	places []Place
	local  func() string

	index    *web.View[indexPage]
	house    *web.View[housePage]
	identity *web.View[identityPage]
}

// New returns the handler; its templates are parsed here. local returns the address of the house when no stranger comes there, ""
// when they do. more are the settings of other capabilities, listed after
// those of the house; their keys are in the catalogs of whoever gives them.
func New(k *web.Kit, houses *house.Service, local func() string, more ...Place) *Handler {
	return &Handler{
		houses: houses, places: append(append([]Place{}, places...), more...), local: local,
		index:    web.NewView[indexPage](k, Bundle, "index.tmpl", "work"),
		house:    web.NewView[housePage](k, Bundle, "house.tmpl", "work"),
		identity: web.NewView[identityPage](k, Bundle, "identity.tmpl", "work"),
	}
}

// Routes returns /app/settings and the pages of the house under it.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + indexPath, Access: web.SignedIn, Handle: h.showIndex},
		{Pattern: "GET " + housePath, Access: web.Owners, Handle: h.showHouse},
		{Pattern: "POST " + housePath, Access: web.Owners, Handle: h.changeHouse},
		{Pattern: "GET " + identityPath, Access: web.Owners, Handle: h.showIdentity},
		{Pattern: "POST " + identityPath, Access: web.Owners, Handle: h.changeIdentity},
		{Pattern: "POST " + identityPath + "/close", Access: web.Owners, Handle: h.close},
	}
}
