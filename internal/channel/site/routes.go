package site

import (
	"net/http"
	"strings"

	"causerie/internal/platform/web"
)

// Routes are the public addresses: the fixed ones, and last, least specific, those of voices and posts. The rates contact,
// comment, confirm and search must be known to the router.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /search", Access: web.Anyone, Rate: "search", Handle: h.atHouse(h.search)},
		{Pattern: "GET /contact", Access: web.Anyone, Handle: h.atHouse(h.contact)},
		{Pattern: "POST /contact", Access: web.Anyone, Rate: "contact", MaxBody: 64 << 10, Handle: h.ask},
		{Pattern: "GET /legal", Access: web.Anyone, Handle: h.atHouse(h.toLegal)},
		{Pattern: "GET /legal/{$}", Access: web.Anyone, Handle: h.atHouse(h.toLegal)},
		{Pattern: "GET /legal/mentions", Access: web.Anyone, Handle: h.atHouse(h.mentions)},
		{Pattern: "GET /legal/privacy", Access: web.Anyone, Handle: h.atHouse(h.privacy)},
		{Pattern: "GET /confirm", Access: web.Anyone, Rate: "confirm", Handle: h.atHouse(h.askConfirm)},
		{Pattern: "POST /confirm", Access: web.Anyone, Rate: "confirm", MaxBody: 8 << 10, Handle: h.confirm},
		{Pattern: "GET /unsubscribe", Access: web.Anyone, Rate: "confirm", Handle: h.atHouse(h.askUnsubscribe)},
		{Pattern: "POST /unsubscribe", Access: web.Anyone, Rate: "confirm", MaxBody: 8 << 10, Handle: h.unsubscribe},
		{Pattern: "GET /confirm/not-me", Access: web.Anyone, Rate: "confirm", Handle: h.atHouse(h.askDisown)},
		{Pattern: "POST /confirm/not-me", Access: web.Anyone, Rate: "confirm", MaxBody: 8 << 10, Handle: h.disown},
		{Pattern: "GET /sitemap.xml", Access: web.Anyone, Handle: h.sitemap},
		{Pattern: "GET /sitemap/{file}", Access: web.Anyone, Handle: h.sitemapPart},
		{Pattern: "GET /robots.txt", Access: web.Anyone, Handle: h.robots},
		{Pattern: "GET /media/{id}/{variant}", Access: web.Anyone, Shared: true, Handle: h.file},
		{Pattern: "GET /assets/accent/{file}", Access: web.Anyone, Shared: true, Handle: h.accent},
		{Pattern: "GET /assets/mark/{file}", Access: web.Anyone, Shared: true, Handle: h.mark},
		{Pattern: "GET /favicon.ico", Access: web.Anyone, Shared: true, Handle: h.icon(iconOf, "favicon.svg")},
		{Pattern: "GET /apple-touch-icon.png", Access: web.Anyone, Shared: true, Handle: h.icon(touchIconOf, "apple-touch-icon.png")},
		{Pattern: "GET /{path...}", Access: web.Anyone, Handle: h.resolve},
		{Pattern: "POST /{path...}", Access: web.Anyone, Rate: "comment", Handle: h.comment},
	}
}

// Parameters returns the parameters of an address that change what strangers see. Heeds says on which pages.
func Parameters() []string {
	return []string{"page", "q", "lang", "reply", "p", "page_id", "attachment_id", "cat", "tag", "category_name", "m", "s", "feed"}
}

// Heeds reports whether the page at path looks at a parameter: words are searched on one page, addresses of WordPress without a name
// are the front's, and what is fixed takes none.
func Heeds(path, parameter string) bool {
	switch parameter {
	case "q":
		return path == "/search"
	case "lang":
		return path == "/search" || path == "/contact"
	case "p", "page_id", "attachment_id", "cat", "tag", "category_name", "m", "s", "feed":
		return oldFronts[path]
	case "page":
		return path != "/contact" && !strings.HasPrefix(path, "/legal/")
	case "reply":
		return path != "/" && path != "/search" && path != "/contact" && !strings.HasPrefix(path, "/legal/") && !strings.HasSuffix(path, ".xml")
	}
	return false
}

func (h *Handler) toLegal(w http.ResponseWriter, r *web.Request) error {
	return moved("/legal/mentions")(w, r)
}
