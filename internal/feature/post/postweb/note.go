package postweb

import (
	"encoding/json"
	"html/template"
	"io"
	"net/http"
	"slices"

	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fetch"
	"causerie/internal/platform/web"
)

// notePage is where writing begins: a note at once, or a longer text.
type notePage struct {
	web.Page
	Voices []voice.Voice
	Voice  string // the id of the voice that is chosen
	Longer []post.Kind
	Held   bool // all that leaves is held
}

// readPage is a post that is read here: deleted, somebody else's, or one's own that has just been published.
type readPage struct {
	web.Page
	Post    post.Post
	Name    string
	Preview template.HTML
	Path    string
	Held    bool   // all that leaves is held
	Out     bool   // its writer has just published it
	Leaving bool   // it is out in some seconds
	Was, At string // where it stood before, when Leaving
	Letter  letterPart
	Public  string // where readers find it; "" while they do not, and unless Out
	Voice   string // who says it; "" unless Out
	Open    bool   // strangers find it there, so that its address may be passed on
}

func (h *Handler) begin(w http.ResponseWriter, r *web.Request) error {
	return h.showNote(w, r, http.StatusOK, nil)
}

func (h *Handler) showNote(w http.ResponseWriter, r *web.Request, status int, f *web.Form) error {
	voices, err := h.writable(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	if len(voices) == 0 {
		return fault.Forbidden()
	}
	main, err := h.voices.Main(r.Context())
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return err
	}
	d := notePage{Voices: voices, Voice: f.Text("voice"), Longer: longer()}
	for _, v := range voices {
		if d.Voice == "" && v.ID == main.ID {
			d.Voice = v.ID.String()
		}
	}
	if d.Held, err = h.posts.Held(r.Context()); err != nil {
		return err
	}
	d.Title, d.Nav, d.Form = r.T("post.write"), "write", f
	return h.noteView.Render(w, r, status, d)
}

// longer lists the kinds that begin with an empty page and a title.
func longer() []post.Kind {
	return slices.DeleteFunc(post.Kinds(), func(k post.Kind) bool { return !k.Titled })
}

// write begins what was asked: a note that goes out or is kept, or an empty post of a longer kind.
func (h *Handler) write(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := fact.VoiceID(web.FormID[struct{}](f, "voice"))
	if k, known := post.KindNamed(f.Text("do")); known && k.Titled {
		return h.blank(w, r, f, v, k.Name)
	}
	body := f.Text("body")
	in := post.Patch{Body: &body}
	if err := h.takePicture(r, f, &in); err != nil && !f.AddProblems(err) {
		return err
	}
	if f.Text("do") == "publish" && *in.Body == "" {
		f.Require("body")
	}
	if f.Problems.Any() {
		return h.showNote(w, r, http.StatusUnprocessableEntity, f)
	}
	p, err := h.posts.CreateOnce(r.Context(), r.Actor(), post.Input{Voice: v, Kind: post.Note, Body: *in.Body})
	if err != nil {
		if f.AddProblems(err) {
			return h.showNote(w, r, http.StatusUnprocessableEntity, f)
		}
		return err
	}
	if f.Text("do") != "publish" {
		return r.Redirect(w, "post.said_saved", here(p))
	}
	now, err := h.posts.PublishSoon(r.Context(), r.Actor(), p.ID) // it is out, or leaves, when it was sent from another tab
	if err != nil {
		return err
	}
	return r.Redirect(w, saidPublished(r, now), afterwards(r, p, now))
}

// blank opens an empty post. What was typed as a note goes with it.
func (h *Handler) blank(w http.ResponseWriter, r *web.Request, f *web.Form, v fact.VoiceID, kind string) error {
	if f.Text("body") == "" {
		p, err := h.posts.Blank(r.Context(), r.Actor(), v, kind)
		if err != nil {
			return err
		}
		return r.Redirect(w, "", here(p))
	}
	p, err := h.posts.Create(r.Context(), r.Actor(), post.Input{Voice: v, Kind: kind, Body: f.Text("body")})
	if err != nil {
		return err
	}
	return r.Redirect(w, "", here(p))
}

// readOnly shows a post that was deleted, with the way back, or one that somebody else wrote.
func (h *Handler) readOnly(w http.ResponseWriter, r *web.Request, p post.Post) error {
	bare := p
	bare.Title = "" // it is the title of the page
	d := readPage{Post: p, Name: p.Label(), Path: here(p), Preview: previewOf(r, bare)}
	held, err := h.posts.Held(r.Context())
	if err != nil {
		return err
	}
	d.Held, d.Nav, d.Title = held, "write", d.Name
	if d.Title == "" {
		d.Title = r.T("post.untitled")
	}
	return h.readView.Render(w, r, http.StatusOK, d)
}

// published shows its writer a post as readers have it, with the address to pass on; while it leaves, with the way back.
func (h *Handler) published(w http.ResponseWriter, r *web.Request, p post.Post) error {
	v, err := h.voices.Get(r.Context(), p.Voice)
	if err != nil {
		return err
	}
	hs, err := h.house.Get(r.Context())
	if err != nil {
		return err
	}
	places, err := h.places.Get(r.Context())
	if err != nil {
		return err
	}
	bare := p
	bare.Title = "" // it is the title of the page
	d := readPage{Post: p, Name: p.Label(), Path: here(p), Preview: previewOf(r, bare), Out: true, Voice: v.Name, Open: hs.Public}
	q := r.URL.Query()
	d.Leaving, d.Was, d.At = !p.Out(), q.Get("was"), q.Get("at")
	if publicPath(places, v, p) != "" {
		d.Public = places.URL(v.ID, post.Path(p))
	}
	if d.Letter, err = h.letterOf(r, p, v, web.NewForm(nil)); err != nil {
		return err
	}
	d.Tell = func(key string) string { return tell(r, key, p, false, hs.Public || v.Kind == voice.Internal) }
	d.Nav, d.Title = "write", d.Name
	return h.readView.Render(w, r, http.StatusOK, d)
}

// uploaded is what the script of the writing page is told of a file.
type uploaded struct {
	ID       string `json:"id"`
	Src      string `json:"src"`
	Alt      string `json:"alt"`
	Markdown string `json:"markdown"`
	Note     string `json:"note,omitempty"` // what is to be known of it, in a sentence
}

// upload takes a file for the text or the cover, and tells what to write for it.
func (h *Handler) upload(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	file, name, err := h.sent(r, f)
	if err != nil {
		return err
	}
	defer file.Close()
	m, err := h.media.Upload(r.Context(), r.Actor(), name, file, f.Text("alt"))
	if err != nil {
		return err
	}
	out := uploaded{ID: m.ID.String(), Src: media.Path(m.ID, media.Small), Alt: m.Alt, Markdown: media.Markdown(m)}
	if m.Stilled {
		out.Note = r.T("post.stilled")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	return json.NewEncoder(w).Encode(out)
}

// sent is the file that came, or the one at the address that came instead: the picture of a text that was pasted.
func (h *Handler) sent(r *web.Request, f *web.Form) (io.ReadCloser, string, error) {
	address := f.Text("url")
	if address == "" || h.fetch == nil {
		file, head, err := f.File("file")
		if err != nil {
			return nil, "", err
		}
		return file, head.Filename, nil
	}
	if err := r.Actor().RequireAnywhere(actor.Author); err != nil { // before anything is fetched
		return nil, "", err
	}
	file, name, err := media.Fetch(r.Context(), h.fetch, address)
	return io.NopCloser(file), name, err
}

// Fetching has pictures of pasted texts brought here.
func (h *Handler) Fetching(c *fetch.Client) *Handler {
	h.fetch = c
	return h
}
