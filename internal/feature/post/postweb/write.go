package postweb

import (
	"context"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
)

// writePage is a post being written.
type writePage struct {
	web.Page
	Post     post.Post // as saved
	Voices   []voice.Voice
	Voice    voice.Voice
	Sections []post.Section
	Known    []post.UsedTag // what is proposed as a tag, the most used first
	Kinds    []string
	Langs    []i18n.Lang
	Cover    string // address of the cover, "" for none
	CoverAt  string // the id behind it
	Public   string // where readers find it, "" while they do not
	Before   string // what stands before its slug
	At       string // its own address here
	Preview  template.HTML
	Held     bool   // all that leaves is held
	Tomorrow string // what the schedule proposes
	Letter   letterPart
	Editor   editorPart
	Unfold   string    // the fold to which a link leads
	Kept     time.Time // when what is shown was typed and not saved; zero when it is as saved
}

// Fold returns the properties that a fold of the page asks for, each in a field of its own.
func (d writePage) Fold(name string) (fields []post.Property) {
	for _, one := range post.Properties() {
		if one.Fold == name {
			fields = append(fields, one)
		}
	}
	return fields
}

// Usual names the tags most used, to be read under the field; "" when there are none.
func (d writePage) Usual() string {
	var names []string
	for _, t := range d.Known[:min(len(d.Known), 12)] {
		names = append(names, t.Name)
	}
	return strings.Join(names, ", ")
}

// known returns the tags that are proposed in a voice: those which a field parted by commas can hold.
func (h *Handler) known(ctx context.Context, by actor.Actor, v fact.VoiceID) ([]post.UsedTag, error) {
	used, err := h.posts.UsedTags(ctx, by, v)
	return slices.DeleteFunc(used, func(t post.UsedTag) bool {
		return !slices.Equal(post.TagsOf(t.Name), []string{t.Name}) || strings.HasPrefix(t.Name, "#")
	}), err
}

// Open reports whether a fold must be open: something is wrong in a field of it, or a link leads there.
func (d writePage) Open(name string) bool {
	if d.Unfold == name {
		return true
	}
	return slices.ContainsFunc(d.Fold(name), func(one post.Property) bool {
		return slices.ContainsFunc(d.Form.Problems, func(p fault.Problem) bool { return p.Field == one.Name })
	})
}

func (h *Handler) edit(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	if !p.DeletedAt.IsZero() || !p.MayChange(r.Actor()) {
		return h.readOnly(w, r, p)
	}
	if r.URL.Query().Has("out") && (p.Out() || p.Leaving(r.Now())) {
		return h.published(w, r, p)
	}
	d := writePage{Post: p}
	kept, found, err := h.posts.DraftOf(r.Context(), r.Actor(), p.ID)
	if err != nil {
		return err
	}
	values := valuesOf(p)
	if found && kept.Version != p.Version {
		return r.Redirect(w, "", here(p)+"/merge")
	}
	if found {
		values, d.Kept = with(values, kept.Fields), kept.At
	}
	return h.show(w, r, http.StatusOK, d, web.NewForm(values))
}

// show renders the writing page with what f holds. d has the post as saved, and what is to be said about it.
func (h *Handler) show(w http.ResponseWriter, r *web.Request, status int, d writePage, f *web.Form) error {
	ctx, p := r.Context(), d.Post
	all, err := h.writable(ctx, r.Actor())
	if err != nil {
		return err
	}
	d.Voices = all
	for _, v := range all {
		if v.ID == p.Voice {
			d.Voice = v
		}
	}
	if d.Sections, err = h.posts.Sections(ctx, r.Actor(), p.Voice); err != nil {
		return err
	}
	if d.Known, err = h.known(ctx, r.Actor(), p.Voice); err != nil {
		return err
	}
	hs, err := h.house.Get(ctx)
	if err != nil {
		return err
	}
	shown, err := h.posts.Preview(ctx, r.Actor(), p.ID, patchOf(web.NewForm(typed(f))))
	if err != nil {
		return err
	}
	d.Preview = previewOf(r, shown)
	if id, err := fact.Parse[fact.MediaID](f.Text("cover")); err == nil {
		d.Cover, d.CoverAt = media.Path(id, media.Small), id.String()
	}
	places, err := h.places.Get(ctx)
	if err != nil {
		return err
	}
	d.Public, d.Before = publicPath(places, d.Voice, p), places.Link("", p.Voice, "/")
	d.At = "/app/posts/" + p.ID.String()
	d.Kinds, d.Langs = post.KindNames(nil), i18n.Langs()
	d.Tomorrow = clock.Local{Day: clock.DayOf(r.Now(), hs.Location()).Add(1), Hour: 8}.String()
	if d.Held, err = h.posts.Held(ctx); err != nil {
		return err
	}
	if d.Letter, err = h.letterOf(r, p, d.Voice, f); err != nil {
		return err
	}
	if d.Editor, err = h.editorOf(r); err != nil {
		return err
	}
	d.Tell = func(key string) string { return tell(r, key, p, d.Held, hs.Public || d.Voice.Kind == voice.Internal) }
	d.Unfold = r.URL.Query().Get("fold")
	d.Nav, d.Form = "write", f
	if d.Title = p.Label(); d.Title == "" {
		d.Title = r.T("post.new_" + p.Kind)
	}
	return h.writeView.Render(w, r, status, d)
}

// saidScheduled is what the page is told after a post was scheduled: the words need its day.
const saidScheduled = "post.said_scheduled"

// saidOut is what the page is told after a post was published.
const saidOut = "post.said_published"

// tell says for when p is scheduled, and that the public does not see yet what was published before the site is online.
func tell(r *web.Request, key string, p post.Post, held, open bool) string {
	switch at := i18n.When(r.Lang(), p.PublishAt, r.Now(), r.Zone()); {
	case key == saidOut && !open:
		return r.T("post.said_published_closed")
	case key != saidScheduled || p.Status != post.Scheduled:
		return ""
	case p.Waits(held):
		return r.T("post.said_scheduled_held", at)
	default:
		return r.T("post.said_scheduled_for", at)
	}
}

// previewOf is the text as readers will see it, for the pane beside. What they will not see is said before.
func previewOf(r *web.Request, p post.Post) template.HTML {
	var b []byte
	if p.Elsewhere > 0 {
		b = append(b, `<p class="help">`+template.HTMLEscapeString(r.T("post.elsewhere", p.Elsewhere))+`</p>`...)
	}
	if p.Title != "" {
		b = append(b, `<h2 class="title">`+template.HTMLEscapeString(text.Typeset(p.Lang, p.Title))+`</h2>`...)
	}
	if p.Summary != "" {
		b = append(b, `<p class="dek">`+template.HTMLEscapeString(text.Typeset(p.Lang, p.Summary))+`</p>`...)
	}
	return template.HTML(append(b, p.HTML...)) // p.HTML comes from text.Render, the rest is escaped
}

// preview answers with the text as it is typed now, rendered, and saves nothing.
func (h *Handler) preview(w http.ResponseWriter, r *web.Request) error {
	id, err := fact.Parse[fact.PostID](r.PathValue("id"))
	if err != nil {
		return fault.NotFound("post")
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	p, err := h.posts.Preview(r.Context(), r.Actor(), id, patchOf(f))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write([]byte(previewOf(r, p)))
	return err
}

// saved is what the script of the page is told after an autosave.
type saved struct {
	Saved  string            `json:"saved"`
	Fields map[string]string `json:"fields,omitempty"`
}

// autosave keeps what is typed: in the post while it is a draft, beside it when it is out or changed elsewhere, so that
// nothing reaches the public and nothing is lost.
func (h *Handler) autosave(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	version, answer := f.Int("version"), saved{Saved: i18n.Time(r.Lang(), r.Now(), r.Zone())}
	quiet := post.IsDraft(p.Status) || p.Status == post.Unpublished
	if quiet && p.Version == version {
		now, err := h.posts.Save(r.Context(), r.Actor(), p.ID, words(patchOf(f)), version)
		switch {
		case err == nil:
			p, version = now, now.Version
			answer.Fields = map[string]string{"version": strconv.Itoa(now.Version)}
		case !changedElsewhere(err) && !fault.Is(err, fault.KindInvalid):
			return err
		}
	}
	if !same(p, f) {
		if err := h.posts.KeepDraft(r.Context(), r.Actor(), p.ID, version, typed(f)); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(answer)
}
