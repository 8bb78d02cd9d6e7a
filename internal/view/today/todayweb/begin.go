package todayweb

import (
	"context"
	"net/http"
	"slices"

	"causerie/internal/feature/begin"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/web"
)

// Steps puts what is left of the first hour away. feature/begin fills it.
type Steps interface {
	PutAway(ctx context.Context, by actor.Actor, step string, away bool) error
}

// todo is a step of the first hour, and whether it is done.
type todo struct {
	Step, URL, Title string
	Done             bool
}

// begin lists the steps of the first hour while one of them is neither done nor put away. Who is no owner can only write.
func (d *todayPage) begin(r *web.Request) {
	b, owns := d.Today.Begin, r.Actor().On(0) >= actor.Owner
	for _, step := range begin.Steps() {
		t := todo{Step: step, URL: placeOf(step, b.Draft.IsZero(), b.Draft.String(), b.Main.String()), Done: b.Is(step)}
		if step == begin.Write && b.DraftTitle != "" {
			t.Title = r.T("today.begin_draft", b.DraftTitle)
		}
		switch {
		case step != begin.Write && !owns:
		case !t.Done && slices.Contains(b.Away, step):
			d.Away = append(d.Away, t)
		case t.Done:
			d.Behind = append(d.Behind, t)
		default:
			d.Begin = append(d.Begin, t)
		}
	}
	if len(d.Begin) == 0 {
		d.Away, d.Behind = nil, nil
	}
}

// placeOf is where a step is done.
func placeOf(step string, empty bool, draft, voice string) string {
	switch step {
	case begin.Write:
		if empty {
			return "/app/write?kind=article"
		}
		return "/app/posts/" + draft
	case begin.Look:
		return "/app/settings/voices/" + voice + "#look"
	case begin.Identity, begin.Open:
		return "/app/settings/identity"
	case begin.Mail:
		return "/app/settings/relays"
	}
	return "/app/settings/people"
}

// putAway takes a step off the list, or puts it back.
func (h *Handler) putAway(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if err := h.steps.PutAway(r.Context(), r.Actor(), r.PathValue("step"), f.Text("back") == ""); err != nil {
		return err
	}
	return r.Redirect(w, "", "/app/#begin")
}
