package mediaweb

import (
	"mime/multipart"
	"net/http"
	"net/url"

	"causerie/internal/core/media"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
	"causerie/internal/view/library"
)

// listPage is every file that one works with, filtered by its address.
type listPage struct {
	web.Page
	Files    []tile
	Filters  []filter
	Query    string
	Kind     string
	Only     string // "unused", "mute"
	Filtered bool
	Older    string
	Accept   string
	Refused  []refusal // of what was just sent
}

// refusal is a file that was not taken, and why.
type refusal struct{ Name, Why string }

type tile struct {
	library.File
	Path string
	Src  string // of a picture
}

type filter struct {
	Key     string
	URL     string
	Current bool
}

// accept is what the chooser of files of a telephone offers; the server looks at the bytes.
const accept = "image/*,application/pdf,audio/*,.docx,.xlsx,.pptx,.odt,.ods,.odp,.zip,.epub"

func (h *Handler) list(w http.ResponseWriter, r *web.Request) error {
	return h.showList(w, r, http.StatusOK, listPage{})
}

func (h *Handler) showList(w http.ResponseWriter, r *web.Request, status int, d listPage) error {
	q := r.URL.Query()
	d.Query, d.Kind, d.Only, d.Accept = q.Get("q"), q.Get("kind"), q.Get("only"), accept
	by := media.Filter{Kind: d.Kind, Query: d.Query, Unused: d.Only == "unused", Mute: d.Only == "mute", Cursor: q.Get("cursor")}
	found, next, err := h.shelf.List(r.Context(), r.Actor(), by)
	if err != nil {
		return err
	}
	for _, m := range found {
		t := tile{File: m, Path: pathOf(m.ID)}
		if m.IsPicture() {
			t.Src = m.Path(media.Small)
		}
		d.Files = append(d.Files, t)
	}
	d.filters()
	d.Filtered = d.Kind != "" || d.Only != "" || d.Query != ""
	if next != "" {
		d.Older = d.address(d.Kind, d.Only, next)
	}
	d.Title, d.Nav = r.T("media.title"), "write"
	return h.listView.Render(w, r, status, d)
}

func (d *listPage) filters() {
	at := func(key, kind, only string) {
		d.Filters = append(d.Filters, filter{Key: key, URL: d.address(kind, only, ""), Current: d.Kind == kind && d.Only == only})
	}
	at("media.filter_all", "", "")
	for _, kind := range media.Kinds() {
		at("media.filter_"+kind, kind, "")
	}
	at("media.filter_mute", "", "mute")
	at("media.filter_unused", "", "unused")
}

// address is that of the list, chosen otherwise.
func (d *listPage) address(kind, only, cursor string) string {
	q := url.Values{}
	for k, v := range map[string]string{"kind": kind, "only": only, "q": d.Query, "cursor": cursor} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if len(q) == 0 {
		return Path
	}
	return Path + "?" + q.Encode()
}

// add takes one file or several. Those that are taken stay when another is refused, which is named.
func (h *Handler) add(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var last media.Media
	var d listPage
	taken := 0
	for _, head := range f.Files("file") {
		if head.Size == 0 && head.Filename == "" {
			continue
		}
		m, err := h.take(r, head)
		if fault.Is(err, fault.KindTooLarge) {
			err = fault.Invalid("file", "too_large", media.MaxBytes>>20)
		}
		if problems := fault.ProblemsOf(err); len(problems) > 0 {
			d.Refused = append(d.Refused, refusal{head.Filename, web.ProblemText(h.catalog, r.Lang(), problems[0])})
			continue
		}
		if err != nil {
			return err
		}
		last = m
		taken++
	}
	if taken == 0 && len(d.Refused) == 0 {
		f.Problem("file", "required")
		d.Form = f
	}
	switch {
	case d.Form != nil || len(d.Refused) > 0:
		return h.showList(w, r, http.StatusUnprocessableEntity, d)
	case last.Stilled:
		return r.Redirect(w, "post.stilled", pathOf(last.ID))
	case taken == 1:
		return r.Redirect(w, "media.added", pathOf(last.ID))
	}
	return r.Redirect(w, "media.added_many", Path)
}

func (h *Handler) take(r *web.Request, head *multipart.FileHeader) (media.Media, error) {
	file, err := head.Open()
	if err != nil {
		return media.Media{}, err
	}
	defer file.Close()
	return h.media.Upload(r.Context(), r.Actor(), head.Filename, file, "")
}
