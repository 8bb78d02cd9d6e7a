package postweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"

	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// TermsPath is the page of the settings where sections, tags and the menu of a voice are put in order.
const TermsPath = "/app/settings/sections"

// termsPage is that page, for one voice.
type termsPage struct {
	web.Page
	Voices   []voice.Voice // that who looks edits
	Voice    voice.Voice
	Entries  []menuLine
	Chosen   bool // somebody chose the menu
	Sections []post.Section
	Tags     []post.Tag // for who edits in every voice
}

// menuLine is what may stand in the menu, and where it does.
type menuLine struct {
	Of, Name, Kind string
	Place          string // "1" is the first; "" is nowhere
}

func (h *Handler) showTerms(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	id, _ := fact.Parse[fact.VoiceID](f.Text("voice"))
	return h.terms(w, r, http.StatusOK, id, nil)
}

// terms renders the page of a voice, or of the first that who looks edits.
func (h *Handler) terms(w http.ResponseWriter, r *web.Request, status int, id fact.VoiceID, f *web.Form) error {
	d := termsPage{Page: web.Page{Title: r.T("term.title"), Nav: "settings", Form: f}}
	all, err := h.voices.List(r.Context())
	if err != nil {
		return err
	}
	for _, v := range all {
		if r.Actor().On(int64(v.ID)) >= actor.Editor {
			d.Voices = append(d.Voices, v)
		}
	}
	at := slices.IndexFunc(d.Voices, func(v voice.Voice) bool { return v.ID == id })
	if len(d.Voices) == 0 {
		return fault.NotFound("voice")
	}
	d.Voice = d.Voices[max(at, 0)]
	a, err := h.posts.Arrangement(r.Context(), r.Actor(), d.Voice.ID)
	if err != nil {
		return err
	}
	d.Sections, d.Chosen = a.Sections, len(a.Menu) > 0
	d.lines(r, a)
	if r.Actor().On(0) >= actor.Editor {
		if d.Tags, err = h.posts.AllTags(r.Context()); err != nil {
			return err
		}
	}
	return h.termsView.Render(w, r, status, d)
}

// lines lists what may stand in the menu: first what does, in its order.
func (d *termsPage) lines(r *web.Request, a post.Arrangement) {
	add := func(of, name, kind string) {
		line := menuLine{Of: of, Name: name, Kind: r.T("term.kind_" + kind)}
		if i := slices.Index(a.Menu, of); i >= 0 {
			line.Place = strconv.Itoa(i + 1)
		}
		d.Entries = append(d.Entries, line)
	}
	for _, s := range a.Sections {
		add(post.MenuSection(s.ID), s.Name, "section")
	}
	add(post.MenuNotes, r.T("term.notes"), "notes")
	for _, p := range a.Pages {
		add(post.MenuPage(p.ID), p.Label(), "page")
	}
	slices.SortStableFunc(d.Entries, func(x, y menuLine) int { return cmp.Compare(rank(x.Place), rank(y.Place)) })
}

// rank is a place as a number; what has none stands last.
func rank(place string) int {
	if n, err := strconv.Atoi(place); err == nil && n > 0 {
		return n
	}
	return 1000
}

// setMenu takes the places that were typed: what has one stands in the menu, the lowest first.
func (h *Handler) setMenu(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v, err := fact.Parse[fact.VoiceID](f.Text("voice"))
	if err != nil {
		return fault.NotFound("voice")
	}
	var lines []menuLine
	for name, values := range f.Values() {
		if of, ok := cutPlace(name); ok && rank(values[0]) < 1000 && f.Text("auto") == "" {
			lines = append(lines, menuLine{Of: of, Place: values[0]})
		}
	}
	slices.SortFunc(lines, func(x, y menuLine) int {
		return cmp.Or(cmp.Compare(rank(x.Place), rank(y.Place)), cmp.Compare(x.Of, y.Of))
	})
	entries := []string{}
	for _, l := range lines {
		entries = append(entries, l.Of)
	}
	return h.arranged(w, r, f, v, "term.menu_saved", h.posts.SetMenu(r.Context(), r.Actor(), v, entries))
}

func cutPlace(name string) (of string, ok bool) {
	const prefix = "place_"
	if len(name) <= len(prefix) || name[:len(prefix)] != prefix {
		return "", false
	}
	return name[len(prefix):], true
}

// changeSection names a section otherwise, or gives it up.
func (h *Handler) changeSection(w http.ResponseWriter, r *web.Request) error {
	return change(h, w, r, h.posts.RemoveSection, func(ctx context.Context, by actor.Actor, id fact.SectionID, name string) error {
		_, err := h.posts.RenameSection(ctx, by, id, name)
		return err
	})
}

// changeTag does so with a tag.
func (h *Handler) changeTag(w http.ResponseWriter, r *web.Request) error {
	return change(h, w, r, h.posts.RemoveTag, h.posts.RenameTag)
}

func change[ID interface{ ~int64 }](h *Handler, w http.ResponseWriter, r *web.Request, remove func(ctx context.Context, by actor.Actor, id, into ID) error,
	rename func(ctx context.Context, by actor.Actor, id ID, name string) error) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	id, err := parseID(r.PathValue("id"))
	if err != nil {
		return fault.NotFound("page")
	}
	v, _ := fact.Parse[fact.VoiceID](f.Text("voice"))
	if f.Text("remove") == "" {
		return h.arranged(w, r, f, v, "term.renamed", rename(r.Context(), r.Actor(), ID(id), f.Text("name")))
	}
	into, err := parseID(f.Text("into"))
	if err != nil && f.Text("into") != "" {
		return fault.NotFound("page")
	}
	return h.arranged(w, r, f, v, "term.removed", remove(r.Context(), r.Actor(), ID(id), ID(into)))
}

// parseID reads an id, whatever it is of.
func parseID(s string) (int64, error) {
	id, err := fact.Parse[fact.PostID](s)
	return int64(id), err
}

// arranged leads back to the page of the voice, or shows there what was wrong.
func (h *Handler) arranged(w http.ResponseWriter, r *web.Request, f *web.Form, v fact.VoiceID, said string, err error) error {
	if err == nil {
		return r.Redirect(w, said, TermsPath+"?voice="+v.String())
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.terms(w, r, http.StatusUnprocessableEntity, v, f)
}
