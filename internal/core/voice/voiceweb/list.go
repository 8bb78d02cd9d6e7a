package voiceweb

import (
	"cmp"
	"net/http"

	"causerie/internal/assets"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/web"
)

type listPage struct {
	web.Page
	Voices []voiceLine
	Owner  bool   // may make one more
	Kind   string // what the form of a new voice shows
	Lang   string
}

type voiceLine struct {
	Voice   voice.Voice
	Face    assets.Face
	Address string // absolute
	Main    bool
	Mine    bool // this person may change it
	First   bool // in the order of menus
	Last    bool
}

func faceOf(v voice.Voice) assets.Face {
	f := assets.FaceOf(v.ID.String(), v.Name)
	if !v.Portrait.IsZero() {
		f.Img = media.Path(v.Portrait, media.Square)
	}
	return f
}

func (h *Handler) showList(w http.ResponseWriter, r *web.Request) error {
	return h.showListWith(w, r, http.StatusOK, nil)
}

func (h *Handler) showListWith(w http.ResponseWriter, r *web.Request, status int, f *web.Form) error {
	places, err := h.places.Get(r.Context())
	if err != nil {
		return err
	}
	p := listPage{
		Page: web.Page{Title: r.T("voice.list"), Nav: "settings", Form: f}, Owner: r.Actor().On(0) >= actor.Owner,
		Kind: cmp.Or(f.Text("kind"), voice.Personal), Lang: cmp.Or(f.Text("lang"), string(r.Lang())),
	}
	all := places.Voices()
	for i, v := range all {
		p.Voices = append(p.Voices, voiceLine{Voice: v, Face: faceOf(v), Address: places.URL(v.ID, "/"), Main: places.Home(v.ID).Main(),
			Mine: r.Actor().On(int64(v.ID)) >= actor.Editor, First: i == 0, Last: i == len(all)-1})
	}
	return h.list.Render(w, r, status, p)
}

func (h *Handler) create(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v, err := h.voices.Create(r.Context(), r.Actor(), voice.NewVoice{
		Name: f.Text("name"), Slug: f.Text("slug"), Kind: f.Text("kind"), Lang: f.Text("lang"), Role: f.Text("role"),
	})
	if err == nil {
		return r.Redirect(w, "voice.created", path+"/"+v.ID.String())
	}
	if !f.AddProblems(err) {
		return err
	}
	if f.Text("name") == "" { // the address is made from the name: one missing word, one sentence
		f.Problems = keep(f.Problems, func(field string) bool { return field != "slug" })
	}
	return h.showListWith(w, r, http.StatusUnprocessableEntity, f)
}
