package subscriptionweb

import (
	"net/http"

	"causerie/internal/fact"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/web"
)

// choicesPage is what one receives, and how one changes it, pauses or leaves.
type choicesPage struct {
	web.Page
	Token   string
	House   string
	C       subscription.Choices
	Choices []choice
	Rhythms []string
	Saved   bool
	Today   clock.Day
	Voice   string // the one that a link to leave is about; its ID in VoiceID
	VoiceID string
	Left    bool // nothing is followed any more, or not that voice
}

func (h *Handler) choicesPage(r *web.Request, token string) (d choicesPage, err error) {
	d.Token = token
	if d.C, err = h.o.Subscriptions.ChoicesOf(r.Context(), token); err != nil {
		return d, err
	}
	speak(r, d.C.Lang)
	hs, err := h.o.House.Get(r.Context())
	if err != nil {
		return d, err
	}
	offered, err := h.o.Subscriptions.Offered(r.Context())
	if err != nil {
		return d, err
	}
	d.House, d.Choices, d.Rhythms, d.Today = hs.Name, offer(offered, d.C.Has), subscription.Rhythms(), hs.Today(r.Now())
	d.Title, d.Robots = r.T("subscribe.choices_title"), "noindex"
	d.Left = len(d.C.Follows) == 0
	if id, err := fact.Parse[fact.VoiceID](r.URL.Query().Get("v")); err == nil {
		if name := subscription.NameOf(offered, subscription.Follow{Voice: id}); name != "" {
			d.Voice, d.VoiceID, d.Left = name, id.String(), !d.follows(id)
		}
	}
	return d, nil
}

func (d choicesPage) follows(v fact.VoiceID) bool {
	for _, f := range d.C.Follows {
		if f.Voice == v {
			return true
		}
	}
	return false
}

func (h *Handler) showChoices(w http.ResponseWriter, r *web.Request) error {
	d, err := h.choicesPage(r, r.URL.Query().Get("t"))
	if err != nil {
		return err
	}
	d.Saved = r.URL.Query().Has("saved")
	private(w)
	return h.choices.Render(w, r, http.StatusOK, d)
}

func (h *Handler) choose(w http.ResponseWriter, r *web.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	token := form.Raw("t")
	d, err := h.choicesPage(r, token)
	if err != nil {
		return err
	}
	offered, err := h.o.Subscriptions.Offered(r.Context())
	if err != nil {
		return err
	}
	in := subscription.Chosen{Wish: subscription.Wish{Follows: follows(form.All("follow")), Rhythm: form.Text("rhythm"), Lang: form.Text("lang")},
		PausedUntil: form.Day("paused_until"), Version: wordingVersion, Page: r.Absolute("/subscribe/choices")}
	if in.Wording, err = h.wording(r, offered, in.Wish); err != nil {
		return err
	}
	if err = form.Err(); err == nil {
		err = h.o.Subscriptions.Choose(r.Context(), token, in)
	}
	if err == nil {
		http.Redirect(w, r.Request, "/subscribe/choices?t="+escape(token)+"&saved", http.StatusSeeOther)
		return nil
	}
	if !form.AddProblems(err) {
		return err
	}
	private(w)
	d.Form, d.Choices = form, offer(offered, in.Has)
	return h.choices.Render(w, r, http.StatusUnprocessableEntity, d)
}

// askLeave shows the button that leaves: programs that look through mail open links.
func (h *Handler) askLeave(w http.ResponseWriter, r *web.Request) error {
	d, err := h.choicesPage(r, r.URL.Query().Get("t"))
	if err != nil {
		return err
	}
	private(w)
	return h.leaves.Render(w, r, http.StatusOK, d)
}

// leave is what the button sends, and what a mail program sends by itself (RFC 8058): without a cookie, and answered without a
// redirection. It works at once.
func (h *Handler) leave(w http.ResponseWriter, r *web.Request) error {
	token := r.URL.Query().Get("t")
	var voice fact.VoiceID
	if v := r.URL.Query().Get("v"); v != "" {
		id, err := fact.Parse[fact.VoiceID](v)
		if err == nil {
			voice = id
		}
	}
	if err := h.o.Subscriptions.Leave(r.Context(), token, voice); err != nil {
		return err
	}
	return h.askLeave(w, r)
}
