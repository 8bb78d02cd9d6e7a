// Package web is how the program meets a browser: routes that say who may enter, forms that are bounded and
// cleaned, pages that are typed and written whole or not at all, and streams that end.
//
// A capability mounts Routes on the Router. Each names its Access; the Router looks up who asks (Options.Identify),
// refuses, limits, protects, and hands the handler a Request that knows the actor, the language, the clock and
// the zone. A handler returns an error instead of writing one: the Router turns faults into a page in the
// reader's language or into application/problem+json (RFC 9457), and any other error into one line of the log
// with a reference that the reader can quote.
//
// A Kit gathers what browsers get: layouts and base styles, and one Bundle of templates, styles, scripts and texts
// for each folder of pages. A View is one page, bound to the type of its data and parsed for every language when
// the program starts, so that a wrong template stops the start and not a reader. No text is in Go: keys are in the
// catalogs of internal/platform/i18n.
//
// A folder of pages looks like this:
//
//	//go:embed *.tmpl *.css *.json
//	var files embed.FS
//
//	var Bundle = web.Bundle{Name: "dossierweb", Side: web.Work, Files: files}
//
//	type boardPage struct {
//		web.Page
//		Dossier dossier.Dossier
//	}
//
//	func New(k *web.Kit, d *dossier.Service) *Handler {
//		return &Handler{dossiers: d, board: web.NewView[boardPage](k, Bundle, "board.tmpl", "work")}
//	}
//
//	func (h *Handler) Routes() []web.Route {
//		return []web.Route{
//			{Pattern: "GET /app/dossiers/{id}", Access: web.Authors, Handle: h.show},
//			{Pattern: "POST /app/dossiers/{id}/entries", Access: web.Authors, Handle: h.record},
//		}
//	}
//
//	func (h *Handler) record(w http.ResponseWriter, r *web.Request) error {
//		f, err := r.Form()
//		if err != nil {
//			return err
//		}
//		f.Require("text")
//		if f.Err() == nil {
//			_, err = h.dossiers.Record(r.Context(), r.Actor(), readEntry(f))
//			if err == nil {
//				return r.Redirect(w, "dossier.recorded", r.URL.Path)
//			}
//			if !f.AddProblems(err) { // not something that the person can mend in the form
//				return err
//			}
//		}
//		return h.showAgain(w, r, f) // 422, with what was typed and a sentence beside each problem
//	}
//
// What it protects: forms against other sites (http.CrossOriginProtection, so that a cached page carries a form
// without a token; bearer routes ignore cookies instead), pages against injected script (a strict
// Content-Security-Policy without inline anything), the program against floods and floods of bytes (rates by
// client network, of what strangers have rendered too (Visitors), limits on bodies, fields and files), the reader's address against forged X-Forwarded-For (only
// named proxies are believed).
//
// Who is refused is not read: nothing of a body is looked at before its sender is known to be let in, and only those who may upload
// may send much. A Server waits for nobody for long (Bounds): a body that does not come, a reader that takes nothing and, when there
// is no room for more, whoever is only waited for, give way. A GET is answered without its body.
//
// A form that makes something carries {{once}}, and its route says Once: pressed twice, it is one (once.go).
//
// A route may stream (Route.Stream, Request.Stream): it has no timeout, each of its writes has, and it ends with the server,
// whose Stop gives other requests their time to finish.
//
// Package pagecache stands before the router and answers strangers from memory. Handlers say what it may keep (Cacheable)
// and what that depends on (Request.DependsOn).
package web
