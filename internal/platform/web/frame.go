package web

import (
	"net/http"
	"strings"
)

// inert is the policy of what is shown in a frame: no script runs in it, no form leaves it, nothing of another site is loaded, and its own
// styles count.
const inert = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"

// ShowFrames lets the page that w answers with show documents of the house itself in frames (Document).
func ShowFrames(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "default-src 'none'", "default-src 'none'; frame-src 'self'", 1))
}

// Document answers with HTML that is no page of ours, a mail, for a frame of one of our pages. Whatever it holds, it does nothing.
func Document(w http.ResponseWriter, r *Request, markup string) error {
	w.Header().Set("Content-Security-Policy", inert)
	w.Header().Set("X-Frame-Options", "SAMEORIGIN")
	return send(w, r, http.StatusOK, "text/html; charset=utf-8", []byte(markup))
}

// Framed lets the page that w answers with, one of ours, be shown in a frame of the house's own pages. No form leaves it.
func Framed(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", strings.NewReplacer("frame-ancestors 'none'", "frame-ancestors 'self'", "form-action 'self'", "form-action 'none'").
		Replace(h.Get("Content-Security-Policy")))
	h.Set("X-Frame-Options", "SAMEORIGIN")
}
