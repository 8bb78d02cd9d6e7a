package postweb

import (
	"errors"
	"net/http"
	"net/url"

	"causerie/internal/feature/post"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// afterwards is where one goes after publishing: to the post as readers have it, or will in some seconds, with the way back to where it
// stood before; or to the page of what waits.
func afterwards(r *web.Request, was, now post.Post) string {
	switch {
	case now.Leaving(r.Now()):
		return here(now) + "?" + url.Values{"out": {"1"}, "was": {was.Status}, "at": {was.Schedule}}.Encode()
	case now.Out():
		return here(now) + "?out=1"
	}
	return here(now)
}

// saidPublished is what is said after publishing: that it is out, or that it waits since all is held. Of what leaves in some seconds the
// page speaks itself.
func saidPublished(r *web.Request, p post.Post) string {
	switch {
	case p.Leaving(r.Now()):
		return ""
	case p.Out():
		return saidOut
	}
	return "post.said_held"
}

// undo takes back what was published some seconds ago, when it has not left.
func (h *Handler) undo(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	at, _ := f.Local("at")
	_, err = h.posts.UndoPublish(r.Context(), r.Actor(), p.ID, f.Text("was"), at)
	if gone, ok := errors.AsType[*fault.Error](err); ok && gone.Code == "post.gone_out" {
		return r.Redirect(w, "post.said_gone_out", here(p))
	}
	if err != nil {
		return err
	}
	return r.Redirect(w, "post.said_taken_back", here(p))
}
