package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// problem is RFC 9457, section 3, with our members code, reference and errors.
type problem struct {
	Type      string        `json:"type"`
	Title     string        `json:"title"`
	Status    int           `json:"status"`
	Detail    string        `json:"detail,omitempty"`
	Code      string        `json:"code" doc:"Stable: post.not_found, house.incomplete, invalid"`
	Reference string        `json:"reference,omitempty" doc:"Of what went wrong unexpectedly; the log has it"`
	Errors    []problemItem `json:"errors,omitempty"`

	wait int // seconds after which to try again
}

type problemItem struct {
	Field  string `json:"field" doc:"The property, or the parameter; empty for the whole"`
	Code   string `json:"code" doc:"Stable: required, unknown, too_long, taken"`
	Detail string `json:"detail,omitempty"`
}

// Error, GetStatus and ContentType are what huma asks of an error that it shall write as it is.
func (p *problem) Error() string               { return p.Code }
func (p *problem) GetStatus() int              { return p.Status }
func (p *problem) ContentType(_ string) string { return "application/problem+json" }

// GetHeaders tells when to come back.
func (p *problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.wait > 0 {
		h.Set("Retry-After", strconv.Itoa(p.wait))
	}
	return h
}

var statuses = map[fault.Kind]int{
	fault.KindInternal:        http.StatusInternalServerError,
	fault.KindInvalid:         http.StatusUnprocessableEntity,
	fault.KindUnauthenticated: http.StatusUnauthorized,
	fault.KindForbidden:       http.StatusForbidden,
	fault.KindNotFound:        http.StatusNotFound,
	fault.KindGone:            http.StatusNotFound, // 410 is for the addresses of posts; here the code says "gone"
	fault.KindConflict:        http.StatusConflict,
	fault.KindTooMany:         http.StatusTooManyRequests,
	fault.KindTooLarge:        http.StatusRequestEntityTooLarge,
	fault.KindUnavailable:     http.StatusServiceUnavailable,
}

// problem turns err into what the caller is told, and logs what nobody expected.
func (a *api) problem(c *call, err error) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok && errors.Is(err, context.DeadlineExceeded) {
		f, ok = fault.Unavailable("timeout", err), true
	}
	if !ok {
		f = &fault.Error{Kind: fault.KindInternal, Code: "internal"}
	}
	a.logFailure(c, f, err)
	p := &problem{Type: "about:blank", Status: statuses[f.Kind], Code: f.Code}
	switch {
	case f.Code == "method_not_allowed":
		p.Status = http.StatusMethodNotAllowed
	case f.Kind == fault.KindInternal:
		p.Reference = c.ref
	case f.Kind == fault.KindUnavailable:
		p.wait = 30
	case f.Kind == fault.KindTooMany && len(f.Args) > 0:
		p.wait, _ = f.Args[0].(int)
	}
	a.word(p, f, c.language())
	return p
}

func (a *api) logFailure(c *call, f *fault.Error, err error) {
	level := slog.LevelDebug
	switch {
	case f.Kind == fault.KindInternal && errors.Is(err, context.Canceled):
		// the caller left; nothing is wrong
	case f.Kind == fault.KindInternal:
		level = slog.LevelError
	case f.Kind == fault.KindUnavailable:
		level = slog.LevelWarn
	}
	line := []any{"reference", c.ref, "account", c.by.Account, "error", err}
	if do := web.Remedy(f.Code); do != "" {
		line = append(line, "do", do)
	}
	a.Log.Log(c.ctx, level, "api request failed", line...)
}

// word gives a problem its sentences: those that were written for programs, else those of the pages.
func (a *api) word(p *problem, f *fault.Error, l i18n.Lang) {
	p.Title = http.StatusText(p.Status)
	for _, one := range f.Problems {
		p.Errors = append(p.Errors, problemItem{Field: one.Field, Code: one.Code, Detail: a.problemText(l, one)})
	}
	for _, key := range []string{"api.fault." + f.Code, "fault." + f.Code} {
		if a.Catalog.Has(l, key) {
			p.Detail = a.Catalog.T(l, key, f.Args...)
			return
		}
	}
	if f.Kind == fault.KindInvalid && len(p.Errors) > 0 {
		p.Detail = p.Errors[0].Detail
	} else if key := "api.error." + strconv.Itoa(p.Status); a.Catalog.Has(l, key) {
		p.Detail = a.Catalog.T(l, key)
	}
}

func (a *api) problemText(l i18n.Lang, one fault.Problem) string {
	for _, key := range []string{"api.problem." + one.Field + "." + one.Code, "api.problem." + one.Code} {
		if a.Catalog.Has(l, key) {
			return a.Catalog.T(l, key, one.Args...)
		}
	}
	if a.Catalog.Has(l, "problem."+one.Field+"."+one.Code) || a.Catalog.Has(l, "problem."+one.Code) {
		return web.ProblemText(a.Catalog, l, one)
	}
	return ""
}

// fail writes err as the answer, over whatever was begun.
func (a *api) fail(c *call, out *recorder, r *http.Request, err error) {
	p := a.problem(c, err)
	allow := out.header.Get("Allow")
	*out = recorder{header: p.GetHeaders()}
	if allow != "" {
		out.header.Set("Allow", allow)
	}
	out.header.Set("Content-Type", p.ContentType(""))
	switch p.Status {
	case http.StatusUnauthorized:
		out.header.Set("WWW-Authenticate", `Bearer realm="causerie"`)
	case http.StatusRequestEntityTooLarge:
		out.header.Set("Connection", "close")
	}
	out.WriteHeader(p.Status)
	if b, err := json.Marshal(p); err == nil { // texts always marshal
		out.Write(b)
	}
}
