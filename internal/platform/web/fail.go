package web

import (
	"context"
	"encoding/json"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
)

// StatusOf returns the HTTP status that the router answers err with.
func StatusOf(err error) int { return statusOf(faultOf(err)) }

// faultOf returns what the reader is told of err: surprises are internal.
func faultOf(err error) *fault.Error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	if limit, long := isTooLong(err); long {
		return fault.TooLarge(limit)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fault.Unavailable("timeout", err)
	}
	return &fault.Error{Kind: fault.KindInternal, Code: "internal"}
}

// statusOf gives each error its HTTP status.
func statusOf(err *fault.Error) int {
	switch err.Code {
	case "method_not_allowed":
		return http.StatusMethodNotAllowed
	case "not_text":
		return http.StatusBadRequest
	case "too_slow":
		return http.StatusRequestTimeout
	}
	switch err.Kind {
	case fault.KindInvalid:
		return http.StatusUnprocessableEntity
	case fault.KindUnauthenticated:
		return http.StatusUnauthorized
	case fault.KindForbidden:
		return http.StatusForbidden
	case fault.KindNotFound:
		return http.StatusNotFound
	case fault.KindGone:
		return http.StatusGone
	case fault.KindConflict:
		return http.StatusConflict
	case fault.KindTooMany:
		return http.StatusTooManyRequests
	case fault.KindTooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.KindUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// fail renders err once: as a redirect to the sign-in page, as problem+json, or as a page. Surprises go to the
// log with the reference that the reader sees.
func (ro *Router) fail(w *response, r *Request, err error) {
	f := faultOf(err)
	ro.logFailure(r, f, err)
	if w.status != 0 {
		return // too late to tell the reader anything
	}
	if !r.overdrew {
		if over := ro.charge(r); over != nil { // a page that says no is a page too
			f = faultOf(over)
		}
	}
	if r.lang == "" {
		r.chooseLang()
	}
	if k := keeperOf(w); k != nil && isOutage(f) {
		k.MarkOutage()
	}
	status := statusOf(f)
	head := w.Header()
	head.Del("Content-Length")
	head.Del("Content-Encoding")
	if gone := f.Kind == fault.KindGone || f.Kind == fault.KindNotFound; head.Get("Cache-Control") == "" || !gone {
		head["Cache-Control"] = noStore
		if gone {
			head["Cache-Control"] = noCache
		}
	}
	head["X-Robots-Tag"] = noindex
	switch f.Kind {
	case fault.KindTooMany:
		if len(f.Args) > 0 {
			if n, isInt := f.Args[0].(int); isInt {
				head.Set("Retry-After", strconv.Itoa(n))
			}
		}
	case fault.KindUnavailable:
		head.Set("Retry-After", "30")
	case fault.KindUnauthenticated:
		if r.access == Token {
			head.Set("WWW-Authenticate", `Bearer realm="causerie"`)
		} else if (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.workSide() && !wantsJSON(r) {
			_ = r.Redirect(w, "", "/app/sign-in?next="+url.QueryEscape(r.URL.RequestURI())) // never fails
			return
		}
	}
	if wantsJSON(r) {
		ro.failJSON(w, r, f, status)
		return
	}
	if r.overdrew {
		d := errorPage{Status: status}
		d.Heading, d.Text = ro.explain(r.lang, f, status)
		bareError(w, d, r.lang)
		return
	}
	ro.failPage(w, r, f, status)
}

func (ro *Router) logFailure(r *Request, f *fault.Error, err error) {
	level := slog.LevelDebug
	switch {
	case f.Kind == fault.KindInternal && errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		// the reader left; nothing is wrong
	case f.Kind == fault.KindInternal:
		level = slog.LevelError
	case f.Kind == fault.KindUnavailable:
		level = slog.LevelWarn
	case f.Kind == fault.KindForbidden && r.Actor().SignedIn():
		level = slog.LevelInfo
	}
	line := []any{"reference", r.ref, "method", r.Method, "path", r.URL.Path, "account", r.id.Actor.Account, "error", err}
	if do := Remedy(f.Code); do != "" {
		line = append(line, "do", do)
	}
	ro.o.Log.Log(r.Context(), level, "request failed", line...)
}

// Remedy tells the operator, in the log, what to do about something that does not answer; "" when that is not known.
func Remedy(code string) string {
	switch code {
	case "disk_full":
		return "free some room where the database is: nothing is lost, pages already seen stay up"
	case "database_unavailable":
		return "start the database again, or read its log: pages already seen stay up"
	case "database_busy":
		return "another program holds the database for long, a backup or a command: wait for it, or end it"
	}
	return ""
}

// wantsJSON reports whether a program asks, rather than a person.
func wantsJSON(r *Request) bool {
	if isProgram(r.URL.Path) || r.access == Token {
		return true
	}
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "json") && !strings.Contains(accept, "text/html")
}

// Problem is RFC 9457, section 3, with our members code, reference and errors: what programs are told of a failure.
type Problem struct {
	Type      string        `json:"type"`
	Title     string        `json:"title"`
	Status    int           `json:"status"`
	Detail    string        `json:"detail,omitempty"`
	Code      string        `json:"code" doc:"Stable: post.not_found, house.incomplete, invalid"`
	Reference string        `json:"reference,omitempty" doc:"Of what went wrong unexpectedly; the log has it"`
	Errors    []ProblemItem `json:"errors,omitempty"`
}

// ProblemItem is what is wrong with one property.
type ProblemItem struct {
	Field  string `json:"field" doc:"The property, or the parameter; empty for the whole"`
	Code   string `json:"code" doc:"Stable: required, unknown, too_long, taken"`
	Detail string `json:"detail,omitempty"`
}

func (ro *Router) failJSON(w http.ResponseWriter, r *Request, f *fault.Error, status int) {
	p := Problem{Type: "about:blank", Title: ro.o.Catalog.T(r.lang, "error."+strconv.Itoa(status)+".title"), Status: status, Code: f.Code}
	if f.Kind == fault.KindInternal {
		p.Reference = r.ref
	}
	for _, one := range f.Problems {
		p.Errors = append(p.Errors, ProblemItem{one.Field, one.Code, ro.programText(r.lang, one.Args,
			"problem."+one.Field+"."+one.Code, "problem."+one.Code)})
	}
	p.Detail = ro.programText(r.lang, f.Args, "fault."+f.Code)
	if p.Detail == "" && f.Kind == fault.KindInvalid && len(p.Errors) > 0 {
		p.Detail = p.Errors[0].Detail
	}
	if p.Detail == "" {
		if p.Detail = ro.programText(r.lang, nil, "error."+strconv.Itoa(status)); p.Detail == "" {
			p.Detail = ro.o.Catalog.T(r.lang, "error."+strconv.Itoa(status)+".text")
		}
	}
	b, err := json.Marshal(p)
	if err != nil { // texts always marshal
		b = []byte(`{"status":500}`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	_, _ = w.Write(b) // nobody is left to tell
}

// programText returns the first text there is of keys: that for programs, under "api.", before that for people; "" when
// nobody wrote one.
func (ro *Router) programText(l i18n.Lang, args []any, keys ...string) string {
	for _, prefix := range []string{"api.", ""} {
		for _, key := range keys {
			if ro.o.Catalog.Has(l, prefix+key) {
				return ro.o.Catalog.T(l, prefix+key, args...)
			}
		}
	}
	return ""
}

// explain returns the title and the sentence for f in l: fault.<code> when somebody wrote it, else what the
// status means.
func (ro *Router) explain(l i18n.Lang, f *fault.Error, status int) (title, text string) {
	c := ro.o.Catalog
	generic := "error." + strconv.Itoa(status)
	title = c.T(l, generic+".title")
	switch {
	case c.Has(l, "fault."+f.Code):
		text = c.T(l, "fault."+f.Code, f.Args...)
	case f.Kind == fault.KindInvalid && len(f.Problems) > 0:
		text = ProblemText(c, l, f.Problems[0])
	default:
		text = c.T(l, generic+".text")
	}
	return title, text
}

// ProblemText returns the sentence for one problem: problem.<field>.<code> when somebody wrote it, else
// problem.<code>.
func ProblemText(c *i18n.Catalog, l i18n.Lang, p fault.Problem) string {
	if key := "problem." + p.Field + "." + p.Code; p.Field != "" && c.Has(l, key) {
		return c.T(l, key, p.Args...)
	}
	return c.T(l, "problem."+p.Code, p.Args...)
}

// errorPage is the page of a refusal.
type errorPage struct {
	Page
	Status    int
	Heading   string
	Text      string
	Problems  []string // the other sentences of a form that no page shows again
	Reference string   // "" unless the reader should quote it
	Back      string   // where to go from here
	From      string   // the page whose form was refused, "" for none
	Framed    bool     // on the sheet of a public page
	SignIn    bool
	Kept      []string // what the reader had written, to be copied
}

// keptFrom is how many characters make a text that would be missed.
const keptFrom = 12

// written returns what a person had written into a form that could not be taken, so that nothing typed is lost; never what
// may be secret.
func written(r *Request, status int) (texts []string) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.form == nil && !mayRead(r, status) {
		return nil
	}
	f, err := r.Form()
	if err != nil {
		return nil
	}
	for name, values := range f.Values() {
		if strings.Contains(name, "password") || strings.Contains(name, "secret") || strings.Contains(name, "token") || strings.Contains(name, "relay") {
			continue
		}
		for _, v := range values {
			if utf8.RuneCountInString(v) >= keptFrom && strings.ContainsAny(v, " \n") {
				texts = append(texts, v)
			}
		}
	}
	slices.SortFunc(texts, func(a, b string) int { return len(b) - len(a) })
	return texts[:min(len(texts), 5)]
}

// mayRead reports whether the form of a request that failed before anybody read it is worth reading: when its sender may send it and
// something else went wrong. A stranger's is not: it may be as large as one likes, and never come. Where a session has ended meanwhile,
// what was typed is small, and there.
func mayRead(r *Request, status int) bool {
	switch status {
	case http.StatusConflict, http.StatusInternalServerError, http.StatusServiceUnavailable:
		return r.admitted
	case http.StatusUnauthorized:
		if SessionToken(r.Request) != "" && r.ContentLength > 0 && r.ContentLength <= anyonesMaxBody {
			r.body = anyonesMaxBody
			return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
		}
	}
	return false
}

func (ro *Router) failPage(w *response, r *Request, f *fault.Error, status int) {
	d := errorPage{Status: status, Back: "/", Kept: written(r, status)}
	d.Heading, d.Text = ro.explain(r.lang, f, status)
	d.Title = d.Heading
	d.Robots = "noindex"
	if r.workSide() {
		d.Back = "/app/"
	}
	if f.Kind == fault.KindInternal {
		d.Reference = r.ref
	}
	d.SignIn = f.Kind == fault.KindUnauthenticated
	if f.Kind == fault.KindInvalid && len(f.Problems) > 1 {
		for _, p := range f.Problems[1:] {
			d.Problems = append(d.Problems, ProblemText(ro.o.Catalog, r.lang, p))
		}
	}
	if r.Method == http.MethodPost {
		d.From = cameFrom(r)
	}
	layout, chrome := ro.around(r, status)
	d.Chrome, d.Framed = chrome, layout == "public"
	if k := ro.o.Kit; k != nil && k.errors[layout] != nil {
		err := k.errors[layout].Render(w, r, status, d)
		if err == nil || w.status != 0 {
			return
		}
		ro.o.Log.ErrorContext(r.Context(), "error page not rendered", "reference", r.ref, "error", err)
	}
	bareError(w, d, r.lang)
}

// around returns the layout of a refusal, and what stands around it: that of the pages among which the reader is, so that they go on
// from there. Where that cannot be made, and where something does not answer, it stands alone.
func (ro *Router) around(r *Request, status int) (layout string, chrome any) {
	if ro.o.Kit == nil || status >= http.StatusInternalServerError {
		return "plain", nil
	}
	layout = "public"
	if r.workSide() {
		if layout = "work"; !r.Actor().SignedIn() {
			return "plain", nil
		}
	}
	if make := ro.o.Kit.o.Chrome[layout]; make != nil && ro.o.Kit.errors[layout] != nil {
		if c, err := make(r); err == nil && c != nil {
			return layout, c
		}
	}
	return "plain", nil
}

// cameFrom returns the page of ours from which a form was sent, as a path; "" when the browser does not tell.
func cameFrom(r *Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		return ""
	}
	return u.EscapedPath()
}

var bareTemplate = template.Must(template.New("error").Parse(`<!doctype html>
<html lang="{{.Lang}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{{.Heading}}</title>
<h1>{{.Heading}}</h1><p>{{.Text}}</p>{{with .Reference}}<p><code>{{.}}</code></p>{{end}}
`))

// bareError writes the page that needs nothing: no layout, no styles.
func bareError(w http.ResponseWriter, d errorPage, l i18n.Lang) {
	d.Lang = l
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(d.Status)
	_ = bareTemplate.Execute(w, d) // nobody is left to tell
}
