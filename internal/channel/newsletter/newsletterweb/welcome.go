package newsletterweb

import (
	"net/http"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// WelcomeSuffix is where the welcome of a voice stands, behind the address of its settings.
const WelcomeSuffix = "/welcome"

const welcomePattern = "/app/settings/voices/{id}" + WelcomeSuffix

// welcomePage is what a voice says to who begins to follow it, and how that looks.
type welcomePage struct {
	web.Page
	Voice     voice.Voice
	Path      string
	Back      string
	FirstName string // the merge field, as the language of the voice spells it
	Silent    bool
}

func voiceID(r *web.Request) (fact.VoiceID, error) {
	id, err := fact.Parse[fact.VoiceID](r.PathValue("id"))
	if err != nil {
		return 0, fault.NotFound("voice")
	}
	return id, nil
}

func (h *Handler) welcome(w http.ResponseWriter, r *web.Request) error {
	id, err := voiceID(r)
	if err != nil {
		return err
	}
	v, has, err := h.o.Letters.Welcome(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	return h.showWelcome(w, r, http.StatusOK, welcomePage{Voice: v, Silent: has.Silent}, web.NewForm(map[string]string{"body": has.Body}))
}

func (h *Handler) showWelcome(w http.ResponseWriter, r *web.Request, status int, d welcomePage, f *web.Form) error {
	d.Back = "/app/settings/voices/" + d.Voice.ID.String()
	d.Path, d.Form, d.Nav, d.Title = d.Back+WelcomeSuffix, f, "settings", r.T("letter.welcome")
	d.FirstName = "{prénom}"
	if d.Voice.Lang == string(i18n.En) {
		d.FirstName = "{first_name}"
	}
	web.ShowFrames(w)
	return h.welcomes.Render(w, r, status, d)
}

func (h *Handler) setWelcome(w http.ResponseWriter, r *web.Request) error {
	id, err := voiceID(r)
	if err != nil {
		return err
	}
	v, _, err := h.o.Letters.Welcome(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	in := newsletter.Welcome{Voice: id, Silent: !f.Bool("sends"), Body: f.Raw("body")}
	err = h.o.Letters.SetWelcome(r.Context(), r.Actor(), in)
	if err != nil && f.AddProblems(err) {
		return h.showWelcome(w, r, http.StatusUnprocessableEntity, welcomePage{Voice: v, Silent: in.Silent}, f)
	}
	if err != nil {
		return err
	}
	return r.Redirect(w, "letter.said_welcome", "/app/settings/voices/"+id.String()+WelcomeSuffix)
}

// welcomeMail answers with the HTML of the letter of welcome and nothing around it.
func (h *Handler) welcomeMail(w http.ResponseWriter, r *web.Request) error {
	id, err := voiceID(r)
	if err != nil {
		return err
	}
	shown, err := h.o.Letters.PreviewWelcome(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	return web.Document(w, r, shown.HTML)
}
