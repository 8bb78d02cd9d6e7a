package voiceweb

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"causerie/internal/assets"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

type voicePage struct {
	web.Page
	Voice    voice.Voice
	Face     assets.Face
	Address  string // absolute
	Feed     string // absolute; "" for an internal voice
	Homes    homesPart
	Owner    bool // may change address and kind
	Kind     string
	Lang     string
	Links    string // one a line
	Receipts bool   // the tick is set
	Portrait string // the picture kept or just sent; "" for none
	Logo     string
	Swatches []Swatch
	Accent   string // the swatch that is ticked, "other" for none of them
	Hex      string // what stands in the field of another colour
	Also     []Also
}

// Swatch is a colour that is offered, and the key of its name.
type Swatch struct{ Hex, Name string }

// Swatches are the colours offered: each is read at 4.5:1 on the grounds of the site.
func Swatches() []Swatch {
	return []Swatch{
		{"#8a2f2a", "voice.accent.brick"}, {"#7a4a12", "voice.accent.bronze"}, {"#4f5a1e", "voice.accent.moss"}, {"#2f5d3a", "voice.accent.pine"},
		{"#1f5f66", "voice.accent.lagoon"}, {"#24507f", "voice.accent.sea"}, {"#4b3f8f", "voice.accent.violet"}, {"#83325f", "voice.accent.plum"},
	}
}

const otherAccent = "other"

func idOf(r *web.Request) (fact.VoiceID, error) {
	id, err := fact.Parse[fact.VoiceID](r.PathValue("id"))
	if err != nil {
		return 0, fault.NotFound("voice")
	}
	return id, nil
}

// mine returns the voice of the path, for an editor of it.
func (h *Handler) mine(r *web.Request) (voice.Voice, error) {
	id, err := idOf(r)
	if err != nil {
		return voice.Voice{}, err
	}
	if err := r.Actor().Require(actor.Editor, int64(id)); err != nil {
		return voice.Voice{}, err
	}
	return h.voices.Get(r.Context(), id)
}

func (h *Handler) showVoice(w http.ResponseWriter, r *web.Request) error {
	v, err := h.mine(r)
	if err != nil {
		return err
	}
	return h.form(w, r, http.StatusOK, v, nil)
}

func (h *Handler) form(w http.ResponseWriter, r *web.Request, status int, v voice.Voice, f *web.Form) error {
	p, err := h.page(r, v, f)
	if err != nil {
		return err
	}
	return h.one.Render(w, r, status, p)
}

func (h *Handler) page(r *web.Request, v voice.Voice, f *web.Form) (voicePage, error) {
	places, err := h.places.Get(r.Context())
	if err != nil {
		return voicePage{}, err
	}
	homes, err := h.voices.Homes(r.Context())
	if err != nil {
		return voicePage{}, err
	}
	p := voicePage{
		Page: web.Page{Title: v.Name, Nav: "settings", Form: f}, Voice: v, Address: places.URL(v.ID, "/"), Homes: homesOf(places, homes, v),
		Owner: r.Actor().On(0) >= actor.Owner, Kind: cmp.Or(f.Text("kind"), v.Kind), Lang: cmp.Or(f.Text("lang"), v.Lang),
		Links: strings.Join(v.Links, "\n"), Receipts: v.Receipts, Swatches: Swatches(), Accent: v.Accent, Also: h.also,
	}
	if v.Public() {
		p.Feed = places.FeedURL(v.ID, "/feed.xml")
	}
	p.Portrait, p.Logo = v.Portrait.String(), v.Logo.String()
	p.Face = faceOf(v)
	p.Face.Size = "big"
	if f != nil {
		p.Accent = f.Text("accent")
		p.Hex = f.Text("accent_hex")
		p.Receipts = f.Bool("receipts")
	}
	if !slices.ContainsFunc(p.Swatches, func(s Swatch) bool { return s.Hex == p.Accent }) {
		p.Hex = cmp.Or(p.Hex, v.Accent)
		p.Accent = otherAccent
	}
	return p, nil
}

// change keeps a portrait before it looks at the rest, and remembers it in the form: a picture chosen on a telephone
// is not asked for twice because a word was missing elsewhere.
func (h *Handler) change(w http.ResponseWriter, r *web.Request) error {
	v, err := h.mine(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	portrait, err := h.picture(r, v, f, "portrait", v.Portrait)
	if err != nil {
		return err
	}
	logo, err := h.picture(r, v, f, "logo", v.Logo)
	if err != nil {
		return err
	}
	if f.Err() == nil {
		_, err = h.voices.Change(r.Context(), r.Actor(), v.ID, patchOf(f, r.Actor(), portrait, logo))
		if err == nil {
			return r.Redirect(w, "voice.saved", path+"/"+v.ID.String())
		}
		if !f.AddProblems(err) {
			return err
		}
	}
	v.Portrait, v.Logo = portrait, logo
	return h.form(w, r, http.StatusUnprocessableEntity, v, f)
}

// picture returns the picture that the voice is to have in a field: the one sent now, else the one that the form remembers, else
// none.
func (h *Handler) picture(r *web.Request, v voice.Voice, f *web.Form, field string, now fact.MediaID) (fact.MediaID, error) {
	file, head, err := f.File(field)
	if err != nil {
		if !fault.Is(err, fault.KindInvalid) {
			return 0, err
		}
		switch id, err := fact.Parse[fact.MediaID](f.Text(field + "_id")); {
		case f.Bool(field + "_remove"):
			return 0, nil
		case err == nil:
			return id, nil
		case f.Has(field + "_id"):
			return 0, nil
		}
		return now, nil
	}
	defer file.Close()
	m, err := h.pictures.Upload(r.Context(), r.Actor(), head.Filename, file, cmp.Or(f.Text(field+"_alt"), v.Name))
	switch {
	case fault.Is(err, fault.KindInvalid):
		for _, p := range fault.ProblemsOf(err) {
			at := field
			if p.Field == "alt" {
				at = field + "_alt"
			}
			f.Problem(at, p.Code, p.Args...)
		}
		return now, nil
	case err != nil:
		return 0, err
	case !m.IsPicture():
		f.Problem(field, "type")
		return now, nil
	}
	return m.ID, nil
}

func patchOf(f *web.Form, by actor.Actor, portrait, logo fact.MediaID) voice.Patch {
	accent := sent(f, "accent")
	if accent != nil && *accent == otherAccent {
		accent = sent(f, "accent_hex")
	}
	p := voice.Patch{Name: sent(f, "name"), Lang: sent(f, "lang"), Role: sent(f, "role"), Bio: sent(f, "bio"), Ask: sent(f, "ask"), Email: sent(f, "email"),
		Accent: accent, Portrait: &portrait, Logo: &logo, Receipt: sent(f, "receipt")}
	if f.Has("receipt") {
		receipts := f.Bool("receipts")
		p.Receipts = &receipts
	}
	if by.On(0) >= actor.Owner {
		p.Slug, p.Kind = sent(f, "slug"), sent(f, "kind")
	}
	if f.Has("links") {
		links := strings.Fields(f.Text("links"))
		p.Links = &links
	}
	return p
}

// sent returns the text of a field, nil when the form does not have it.
func sent(f *web.Form, name string) *string {
	if !f.Has(name) {
		return nil
	}
	s := f.Text(name)
	return &s
}

// keep returns the problems whose field is wanted.
func keep(all fault.Problems, wanted func(field string) bool) fault.Problems {
	return slices.DeleteFunc(slices.Clone(all), func(p fault.Problem) bool { return !wanted(p.Field) })
}
