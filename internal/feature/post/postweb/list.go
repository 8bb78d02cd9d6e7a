package postweb

import (
	"net/http"
	"net/url"

	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/web"
)

// listPage is every post that one may see at work, filtered by its address.
type listPage struct {
	web.Page
	Posts    []listRow
	Filters  []listFilter // by state
	Kinds    []listFilter
	Voices   []listFilter // "" and each voice; none when there is only one
	Query    string
	Status   string
	Kind     string
	Voice    string
	Filtered bool
	Older    string
	Held     bool     // all that leaves is held
	Deleted  *listRow // the post that was just deleted, to bring back
}

type listRow struct {
	post.Post
	Name      string // "" when it has not a word yet
	VoiceName string // "" when the house has one voice
	Path      string
}

type listFilter struct {
	Key     string // of its label; "" when Name is given
	Name    string
	URL     string // of a state
	Value   string // of a kind or a voice
	Current bool
}

// states are the filters by state, as in the address.
var states = []string{"", post.Draft, post.Scheduled, post.Published, post.Unpublished, "deleted"}

func (h *Handler) list(w http.ResponseWriter, r *web.Request) error {
	q := r.URL.Query()
	d := listPage{Query: q.Get("q"), Status: q.Get("status"), Kind: q.Get("kind"), Voice: q.Get("voice")}
	voices, err := h.writable(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	f := post.Filter{Kind: d.Kind, Status: d.Status, Query: d.Query, Cursor: q.Get("cursor"), Limit: 40}
	if d.Status == "deleted" {
		f.Status, f.Deleted, f.Query, d.Query = "", true, "", ""
	}
	names := map[fact.VoiceID]string{}
	for _, v := range voices {
		if v.Slug == d.Voice {
			f.Voice = v.ID
		}
		if len(voices) > 1 {
			names[v.ID] = v.Name
		}
	}
	if f.Voice.IsZero() {
		d.Voice = ""
	}
	posts, next, err := h.posts.List(r.Context(), r.Actor(), f)
	if err != nil {
		return err
	}
	for _, p := range posts {
		d.Posts = append(d.Posts, rowOf(p, names))
	}
	if d.Held, err = h.posts.Held(r.Context()); err != nil {
		return err
	}
	d.filters(voices)
	d.Filtered = d.Status != "" || d.Kind != "" || d.Voice != "" || d.Query != ""
	if next != "" {
		d.Older = d.address("cursor", next)
	}
	d.Deleted = h.justDeleted(r, q.Get("gone"))
	d.Title, d.Nav = r.T("post.list"), "write"
	return h.listView.Render(w, r, http.StatusOK, d)
}

func rowOf(p post.Post, voices map[fact.VoiceID]string) listRow {
	return listRow{Post: p, Name: p.Label(), VoiceName: voices[p.Voice], Path: "/app/posts/" + p.ID.String()}
}

// justDeleted returns the post that the page before deleted, if it still is and may come back.
func (h *Handler) justDeleted(r *web.Request, id string) *listRow {
	gone, err := fact.Parse[fact.PostID](id)
	if err != nil {
		return nil // an address that somebody made up
	}
	p, err := h.posts.Get(r.Context(), r.Actor(), gone)
	if err != nil || p.DeletedAt.IsZero() {
		return nil // gone for good, or not theirs: there is nothing to undo
	}
	row := rowOf(p, nil)
	return &row
}

// address is that of the list as it is filtered now, with one thing changed.
func (d listPage) address(name, value string) string {
	q := url.Values{}
	for k, v := range map[string]string{"status": d.Status, "kind": d.Kind, "voice": d.Voice, "q": d.Query, name: value} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if len(q) == 0 {
		return "/app/posts"
	}
	return "/app/posts?" + q.Encode()
}

func (d *listPage) filters(voices []voice.Voice) {
	for _, s := range states {
		d.Filters = append(d.Filters, listFilter{Key: "post.filter_" + orAll(s), URL: d.address("status", s), Current: d.Status == s})
	}
	for _, k := range append([]string{""}, post.KindNames(nil)...) {
		d.Kinds = append(d.Kinds, listFilter{Key: "post.kinds_" + orAll(k), Value: k, Current: d.Kind == k})
	}
	if len(voices) < 2 {
		return
	}
	d.Voices = append(d.Voices, listFilter{Key: "post.voices_all", Current: d.Voice == ""})
	for _, v := range voices {
		d.Voices = append(d.Voices, listFilter{Name: v.Name, Value: v.Slug, Current: d.Voice == v.Slug})
	}
}

func orAll(s string) string {
	if s == "" {
		return "all"
	}
	return s
}
