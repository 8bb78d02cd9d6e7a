package postweb

import (
	"html/template"
	"net/http"
	"strconv"

	"causerie/internal/feature/post"
	"causerie/internal/platform/web"
)

// mergePage is what somebody typed over an older version, joined with what was saved since.
type mergePage struct {
	web.Page
	Post      post.Post
	Path      string // of the post
	Who       string // who saved since; "" for oneself, or nobody knows
	Latest    post.Revision
	Conflicts int
	Parts     []mergePart
	At        int64 // when what is merged was typed, in milliseconds
}

// mergePart is one piece of one field: settled, or to be chosen.
type mergePart struct {
	Field        string // the key of its name; "" when the part before is of the same field
	Choice       string // the name of the choice, "" for what is settled
	Several      bool   // both can be kept
	Text         template.HTML
	Mine, Theirs template.HTML
}

// maxRendered is how many pieces are shown as they look; what comes then is shown as it is written.
const maxRendered = 60

// both keeps what was typed over a version that is not the last one, and joins it with what was saved since. Where the two do not meet,
// and nobody reads it yet, that is saved at once (quiet); else the page shows both, and somebody chooses.
func (h *Handler) both(w http.ResponseWriter, r *web.Request, f *web.Form, quiet bool) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	if err := h.posts.KeepDraft(r.Context(), r.Actor(), p.ID, f.Int("version"), typed(f)); err != nil {
		return err
	}
	m, found, err := h.posts.Merge(r.Context(), r.Actor(), p.ID)
	if err != nil {
		return err
	}
	if !found {
		return r.Redirect(w, "", here(p))
	}
	if quiet && m.Conflicts() == 0 && (post.IsDraft(p.Status) || p.Status == post.Unpublished) {
		_, err := h.posts.SaveMerge(r.Context(), r.Actor(), m, nil)
		if err == nil {
			return r.Redirect(w, "post.said_merged", here(p))
		}
		if again := web.NewForm(nil); !again.AddProblems(err) && !changedElsewhere(err) {
			return err
		}
	}
	return h.showMerge(w, r, http.StatusConflict, m, nil)
}

// merging shows what is to be joined. Where there is nothing, one goes on writing.
func (h *Handler) merging(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	m, found, err := h.posts.Merge(r.Context(), r.Actor(), p.ID)
	if err != nil {
		return err
	}
	if !found || m.Draft.Version == m.Post.Version {
		return r.Redirect(w, "", here(p))
	}
	return h.showMerge(w, r, http.StatusOK, m, nil)
}

// merge saves what was chosen. When either side changed meanwhile, the page shows it anew.
func (h *Handler) merge(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	m, found, err := h.posts.Merge(r.Context(), r.Actor(), p.ID)
	if err != nil {
		return err
	}
	if !found {
		return r.Redirect(w, "", here(p))
	}
	choices := map[string]string{}
	for _, field := range m.Fields {
		for n := range field.Pieces {
			if name := post.Choice(field.Name, n); f.Has(name) {
				choices[name] = f.Text(name)
			}
		}
	}
	if f.Int("version") != m.Post.Version || f.Text("at") != strconv.FormatInt(m.Draft.At.UnixMilli(), 10) {
		return h.showMerge(w, r, http.StatusConflict, m, f)
	}
	now, err := h.posts.SaveMerge(r.Context(), r.Actor(), m, choices)
	switch {
	case changedElsewhere(err):
		return r.Redirect(w, "", here(p)+"/merge")
	case err != nil && f.AddProblems(err):
		return h.showMerge(w, r, http.StatusUnprocessableEntity, m, f)
	case err != nil:
		return err
	}
	said := "post.said_merged"
	if now.Out() {
		said = "post.said_merged_out"
	}
	return r.Redirect(w, said, here(p))
}

func (h *Handler) showMerge(w http.ResponseWriter, r *web.Request, status int, m post.Merge, f *web.Form) error {
	if f == nil {
		f = web.NewForm(nil)
	}
	d := mergePage{Post: m.Post, Path: here(m.Post), Latest: m.Latest, Conflicts: m.Conflicts(), At: m.Draft.At.UnixMilli()}
	if int64(m.Latest.Account) != r.Actor().Account {
		d.Who = m.Latest.Author
	}
	rendered := 0
	shown := func(field, s string) (template.HTML, error) {
		if rendered++; field != "body" || rendered > maxRendered {
			return template.HTML("<p>" + template.HTMLEscapeString(s) + "</p>"), nil
		}
		none := ""
		p, err := h.posts.Preview(r.Context(), r.Actor(), m.Post.ID, post.Patch{Body: &s, Title: &none, Summary: &none})
		return template.HTML(p.HTML), err // from text.Render
	}
	for _, field := range m.Fields {
		if !worthShowing(field) {
			continue
		}
		name, n := "post.merge_"+field.Name, 0
		for _, piece := range field.Pieces {
			part, err := mergePart{Field: name}, error(nil)
			if name = ""; piece.Conflict {
				part.Choice, part.Several = post.Choice(field.Name, n), field.Name == "body"
				n++
				if part.Mine, err = shown(field.Name, piece.Mine); err == nil {
					part.Theirs, err = shown(field.Name, piece.Theirs)
				}
			} else {
				part.Text, err = shown(field.Name, piece.Text)
			}
			if err != nil {
				return err
			}
			d.Parts = append(d.Parts, part)
		}
	}
	d.Title, d.Nav, d.Form = r.T("post.merge"), "write", f
	return h.mergeView.Render(w, r, status, d)
}

// worthShowing leaves out what people do not read.
func worthShowing(f post.MergedField) bool {
	switch f.Name {
	case "title", "summary", "question", "body", "cover_alt", "cover_caption", "section", "tags":
		return len(f.Pieces) > 0
	}
	return false
}

// Chosen is what is marked of a choice: what was chosen before, else both where that can be, else one's own.
func (d mergePage) Chosen(part mergePart) string {
	switch {
	case d.Form.Has(part.Choice):
		return d.Form.Text(part.Choice)
	case part.Several:
		return post.ChooseBoth
	}
	return post.ChooseMine
}
