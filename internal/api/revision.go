package api

import (
	"net/http"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/post"
)

// revisionJSON is what a post said after a save.
type revisionJSON struct {
	ID        string     `json:"id"`
	At        *time.Time `json:"at"`
	Author    string     `json:"author" doc:"the name of who saved it; empty when nobody knows, or the program"`
	Title     string     `json:"title"`
	Words     int        `json:"words"`
	Published bool       `json:"published" doc:"others read it; it is kept as long as the post"`
	Aside     bool       `json:"aside" doc:"the post never said it: it was typed beside what was saved, and kept when both were joined or it was given up"`
}

// wholeRevisionJSON is a revision with all that was written.
type wholeRevisionJSON struct {
	revisionJSON
	Summary      string `json:"summary"`
	Question     string `json:"question"`
	Body         string `json:"body" doc:"Markdown"`
	Lang         string `json:"lang"`
	CoverAlt     string `json:"cover_alt"`
	CoverCaption string `json:"cover_caption"`
}

type revisionsInput struct {
	ListInput
	ID string `path:"id"`
}

type revisionInput struct {
	ID       string `path:"id"`
	Revision string `path:"revision" doc:"id of the revision"`
}

// ids reads both.
func (in *revisionInput) ids() (p fact.PostID, r fact.RevisionID, err error) {
	if p, err = parse[fact.PostID]("post", in.ID); err == nil {
		r, err = parse[fact.RevisionID]("revision", in.Revision)
	}
	return p, r, err
}

func (a *API) revisionRoutes(r *register) {
	read(r, "/posts/{id}/revisions", "listRevisions", a.listRevisions)
	read(r, "/posts/{id}/revisions/{revision}", "getRevision", a.getRevision)
	act(r, http.MethodPost, "/posts/{id}/revisions/{revision}/restore", "restoreRevision", http.StatusOK, a.restoreRevision)
}

func (a *API) listRevisions(c *call, in *revisionsInput) (page[revisionJSON], error) {
	n, err := in.size()
	if err != nil {
		return page[revisionJSON]{}, err
	}
	id, err := parse[fact.PostID]("post", in.ID)
	if err != nil {
		return page[revisionJSON]{}, err
	}
	all, next, err := a.Posts.Revisions(c.ctx, c.by, id, words(in.Cursor), n)
	return newPage(all, next, showRevision), err
}

func showRevision(r post.Revision) revisionJSON {
	return revisionJSON{
		ID: r.ID.String(), At: instant(r.At), Author: r.Author, Title: r.Title, Words: r.Words, Published: r.Published, Aside: r.Aside,
	}
}

func (a *API) getRevision(c *call, in *revisionInput) (wholeRevisionJSON, error) {
	id, rid, err := in.ids()
	if err != nil {
		return wholeRevisionJSON{}, err
	}
	r, _, err := a.Posts.Revision(c.ctx, c.by, id, rid)
	if err != nil {
		return wholeRevisionJSON{}, err
	}
	return wholeRevisionJSON{
		revisionJSON: showRevision(r), Summary: r.Texts["summary"], Question: r.Texts["question"], Body: r.Texts["body"], Lang: r.Texts["lang"],
		CoverAlt: r.Texts["cover_alt"], CoverCaption: r.Texts["cover_caption"],
	}, nil
}

// restoreRevision brings the words of a revision back and answers with the post. It is undone by restoring the one before.
func (a *API) restoreRevision(c *call, in *revisionInput) (postJSON, error) {
	id, rid, err := in.ids()
	if err != nil {
		return postJSON{}, err
	}
	if _, err := a.Posts.RestoreRevision(c.ctx, c.by, id, rid); err != nil {
		return postJSON{}, err
	}
	return a.getPost(c, id)
}
