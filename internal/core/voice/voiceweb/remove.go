package voiceweb

import (
	"net/http"

	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/web"
)

// removePage says, before a voice is given up, what hangs on it and what becomes of it.
type removePage struct {
	web.Page
	Voice    voice.Voice
	Main     bool // it cannot go as long as it is
	Held     []voice.Held
	Heirs    []voice.Voice
	Heir     string // the id of the one that is chosen
	Withdraw bool
	Posts    bool // there are some
}

// shift moves a voice up or down in the list.
func (h *Handler) shift(w http.ResponseWriter, r *web.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	step := 1
	if f.Text("to") == "up" {
		step = -1
	}
	if err := h.voices.Shift(r.Context(), r.Actor(), id, step); err != nil {
		return err
	}
	return r.Redirect(w, "voice.shifted", path)
}

func (h *Handler) showRemove(w http.ResponseWriter, r *web.Request) error {
	v, err := h.mine(r)
	if err != nil {
		return err
	}
	return h.removeForm(w, r, http.StatusOK, v, nil)
}

func (h *Handler) removeForm(w http.ResponseWriter, r *web.Request, status int, v voice.Voice, f *web.Form) error {
	places, err := h.places.Get(r.Context())
	if err != nil {
		return err
	}
	p := removePage{
		Page:  web.Page{Title: r.T("voice.remove.title", v.Name), Nav: "settings", Form: f},
		Voice: v, Main: places.Home(v.ID).Main(), Heirs: voice.Heirs(places.Voices(), v), Heir: f.Text("heir"), Withdraw: f.Text("posts") == "withdraw",
	}
	if p.Held, err = h.voices.Held(r.Context(), v.ID); err != nil {
		return err
	}
	for _, held := range p.Held {
		p.Posts = p.Posts || held.Name == "posts"
	}
	if main, ok := places.Main(); ok && p.Heir == "" && v.Public() {
		p.Heir = main.ID.String()
	}
	return h.gone.Render(w, r, status, p)
}

func (h *Handler) remove(w http.ResponseWriter, r *web.Request) error {
	v, err := h.mine(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	how := voice.Removal{Withdraw: f.Text("posts") == "withdraw"}
	if chosen := f.Text("heir"); chosen != "" {
		if how.Heir, err = fact.Parse[fact.VoiceID](chosen); err != nil {
			f.Problem("heir", "unknown")
			return h.removeForm(w, r, http.StatusUnprocessableEntity, v, f)
		}
	}
	err = h.voices.Remove(r.Context(), r.Actor(), v.ID, how)
	if err == nil {
		return r.Redirect(w, "voice.removed", path)
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.removeForm(w, r, http.StatusUnprocessableEntity, v, f)
}
