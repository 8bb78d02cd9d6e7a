package newsletterweb

import (
	"net/http"
	"net/url"

	"causerie/internal/channel/newsletter"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/web"
)

// listPage is the letters, the last made first.
type listPage struct {
	web.Page
	Lines     []line
	Followers []follower
	Older     string
	First     bool // the first page
}

// line is one letter of the list.
type line struct {
	newsletter.Letter
	Path, VoiceName string
}

// follower is how many follow a voice.
type follower struct {
	Name         string
	Each, Digest int
}

func (h *Handler) list(w http.ResponseWriter, r *web.Request) error {
	cursor := r.URL.Query().Get("after")
	all, next, err := h.o.Letters.List(r.Context(), r.Actor(), cursor, 20)
	if err != nil {
		return err
	}
	mine, names, err := h.mine(r)
	if err != nil {
		return err
	}
	d := listPage{First: cursor == ""}
	for _, l := range all {
		l.Title = titleOf(r, l)
		d.Lines = append(d.Lines, line{l, path(l.ID), names[l.Voice]})
	}
	following, err := h.o.Letters.Following(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	for _, v := range mine {
		n := following[v.ID]
		d.Followers = append(d.Followers, follower{v.Name, n[subscription.Each], n[subscription.Weekly] + n[subscription.Monthly]})
	}
	if next != "" {
		d.Older = "/app/letters?after=" + url.QueryEscape(next)
	}
	d.Title, d.Nav = r.T("letter.list"), "letters"
	return h.lists.Render(w, r, http.StatusOK, d)
}
