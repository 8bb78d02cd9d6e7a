// Package inboxweb is where one reads what people say and answers it: the list, the conversation, the person, side by side
// on a desk, one after the other on a phone. One answer box; closing is one action; what was dealt with makes room for
// what has waited longest.
package inboxweb

import (
	"context"
	"embed"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/web"
	"causerie/internal/view/desk"
)

//go:embed *.tmpl *.json *.css
var files embed.FS

// Bundle is the templates and texts of these pages.
var Bundle = web.Bundle{Name: "inboxweb", Side: web.Work, Files: files}

// Options are what a Handler needs, all of them.
type Options struct {
	Kit      *web.Kit
	Inbox    *inbox.Service
	Contacts *contact.Service
	Desk     *desk.View
}

// Handler answers the addresses under /app/inbox and /app/messages, and the settings of comments.
type Handler struct {
	o      Options
	box    *web.View[boxPage]
	policy *web.View[policyPage]
}

// New returns the pages.
func New(o Options) *Handler {
	return &Handler{o: o,
		box:    web.NewView[boxPage](o.Kit, Bundle, "box.tmpl", "work"),
		policy: web.NewView[policyPage](o.Kit, Bundle, "policy.tmpl", "work"),
	}
}

// Routes returns the addresses.
func (h *Handler) Routes() []web.Route {
	at := func(pattern string, handle web.Handler) web.Route {
		return web.Route{Pattern: pattern, Access: web.Authors, Handle: handle}
	}
	action := func(what string, do func(context.Context, actor.Actor, fact.MessageID) error) web.Route {
		return at("POST /app/messages/{id}/"+what, h.action("inbox.done."+what, do))
	}
	return []web.Route{
		{Pattern: "GET " + PolicyPath, Access: web.Owners, Handle: h.showPolicy},
		{Pattern: "POST " + PolicyPath, Access: web.Owners, Handle: h.changePolicy},
		at("GET /app/inbox", h.list),
		at("GET /app/inbox/{id}", h.show),
		at("POST /app/messages/{id}/answer", h.answer),
		at("POST /app/messages/{id}/draft", h.keep),
		at("POST /app/messages/{id}/unsend", h.unsend),
		at("POST /app/messages/{id}/approve", h.approve),
		action("spam", h.o.Inbox.Spam),
		action("remove", h.o.Inbox.Remove),
		action("close", h.o.Inbox.Close),
		action("reopen", h.o.Inbox.Reopen),
	}
}
