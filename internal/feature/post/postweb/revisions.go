package postweb

import (
	"html/template"
	"net/http"

	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/compare"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// revisionsPage is what a post said, save by save.
type revisionsPage struct {
	web.Page
	Post      post.Post
	Path      string // of the post
	Revisions []post.Revision
	First     bool   // the first of them is what the post says now
	Older     string // the address of the next page
}

// revisionPage is one of them, with what changed.
type revisionPage struct {
	web.Page
	Post     post.Post
	Path     string
	Revision post.Revision
	Now      bool          // it is what the post says now
	Before   bool          // there is one before it
	With     string        // "now" when it is compared with what the post says now, else "before"
	Text     template.HTML // what changed
	Shown    compare.Shown
}

// revisionsOf is the address of the revisions of p.
func revisionsOf(p post.Post) string { return here(p) + "/revisions" }

func (h *Handler) revisions(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	cursor := r.URL.Query().Get("cursor")
	all, next, err := h.posts.Revisions(r.Context(), r.Actor(), p.ID, cursor, 30)
	if err != nil {
		return err
	}
	d := revisionsPage{Post: p, Path: here(p), Revisions: all, First: cursor == ""}
	if next != "" {
		d.Older = revisionsOf(p) + "?cursor=" + next
	}
	d.Title, d.Nav = r.T("post.revisions"), "write"
	return h.revisionsView.Render(w, r, http.StatusOK, d)
}

func (h *Handler) revision(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	return h.showRevision(w, r, http.StatusOK, p, nil)
}

// showRevision shows the one that the address names; f says why it could not be brought back.
func (h *Handler) showRevision(w http.ResponseWriter, r *web.Request, status int, p post.Post, f *web.Form) error {
	ctx, by := r.Context(), r.Actor()
	rid, err := fact.Parse[fact.RevisionID](r.PathValue("revision"))
	if err != nil {
		return fault.NotFound("revision")
	}
	rev, before, err := h.posts.Revision(ctx, by, p.ID, rid)
	if err != nil {
		return err
	}
	newest, _, err := h.posts.Revisions(ctx, by, p.ID, "", 1)
	if err != nil {
		return err
	}
	d := revisionPage{Post: p, Path: here(p), Revision: rev, Before: before != nil, Now: len(newest) > 0 && newest[0].ID == rev.ID, With: "before"}
	is, err := h.posts.Preview(ctx, by, p.ID, rev.Patch())
	if err != nil {
		return err
	}
	from := post.Post{}
	switch {
	case r.URL.Query().Get("with") == "now" && !d.Now:
		d.With, from = "now", is
		is, err = h.posts.Preview(ctx, by, p.ID, post.Patch{})
	case before != nil:
		from, err = h.posts.Preview(ctx, by, p.ID, before.Patch())
	default:
		from = is // the first there is: nothing is new in it
	}
	if err != nil {
		return err
	}
	d.Shown = compare.HTML(string(written(from)), string(written(is)),
		compare.Labels{Added: r.T("post.diff_added"), Removed: r.T("post.diff_removed"), End: r.T("post.diff_end")})
	d.Text, d.Form = d.Shown.HTML, f
	d.Title, d.Nav = r.T("post.revision"), "write"
	return h.revisionView.Render(w, r, status, d)
}

// written is all that was written into p, as it looks.
func written(p post.Post) template.HTML {
	p.Elsewhere = 0 // that is said of what is written now
	text := previewOf(nil, p)
	if p.Question != "" {
		text += template.HTML("<p>" + template.HTMLEscapeString(p.Question) + "</p>")
	}
	return text
}

// bringBack has the post say again what it said. What cannot be, since the post is out, is said on the same page.
func (h *Handler) bringBack(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	rid, err := fact.Parse[fact.RevisionID](r.PathValue("revision"))
	if err != nil {
		return fault.NotFound("revision")
	}
	if _, err := h.posts.RestoreRevision(r.Context(), r.Actor(), p.ID, rid); err != nil {
		f := web.NewForm(nil)
		if f.AddProblems(err) {
			return h.showRevision(w, r, http.StatusUnprocessableEntity, p, f)
		}
		return err
	}
	said := "post.said_brought_back"
	if p.Out() {
		said = "post.said_brought_back_out"
	}
	return r.Redirect(w, said, here(p))
}
