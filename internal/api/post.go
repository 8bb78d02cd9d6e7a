package api

import (
	"net/http"
	"time"

	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// statusDraft is what the API calls a post that is being written.
const statusDraft = "draft"

type postJSON struct {
	ID           string     `json:"id"`
	Voice        string     `json:"voice" doc:"slug"`
	VoiceID      string     `json:"voice_id"`
	Kind         string     `json:"kind" enum:"article,note,page"`
	Title        string     `json:"title"`
	Slug         *string    `json:"slug"`
	Summary      string     `json:"summary"`
	Question     string     `json:"question" doc:"put to readers at the end"`
	Body         string     `json:"body" doc:"Markdown"`
	Lang         string     `json:"lang" enum:"fr-FR,fr-CA,en"`
	Status       string     `json:"status" enum:"idea,planned,draft,review,ready,scheduled,published,unpublished"`
	PublishAt    *time.Time `json:"publish_at" doc:"when it goes out by itself"`
	PublishedAt  *time.Time `json:"published_at"`
	Section      *string    `json:"section" doc:"slug"`
	Tags         []string   `json:"tags" nullable:"false"`
	Cover        *string    `json:"cover" doc:"id of a file"`
	CoverAlt     string     `json:"cover_alt"`
	CoverCaption string     `json:"cover_caption"`
	Comments     string     `json:"comments" doc:"open, closed, or empty: as the house says"`
	Author       string     `json:"author" doc:"as signed; empty is the voice itself"`
	Words        int        `json:"words"`
	URL          *string    `json:"url" doc:"while readers may see it"`
	CreatedAt    *time.Time `json:"created_at"`
	UpdatedAt    *time.Time `json:"updated_at"`
}

type postBody struct {
	Voice        opt[string]    `json:"voice,omitempty" doc:"slug or id; the main voice when absent"`
	Kind         opt[string]    `json:"kind,omitempty" doc:"article (when absent), note or page"`
	Title        opt[string]    `json:"title,omitempty"`
	Slug         opt[string]    `json:"slug,omitempty" doc:"made from the title when it first goes out"`
	Summary      opt[string]    `json:"summary,omitempty"`
	Question     opt[string]    `json:"question,omitempty"`
	Body         opt[string]    `json:"body,omitempty" doc:"Markdown"`
	Lang         opt[string]    `json:"lang,omitempty" doc:"the voice's when absent"`
	Status       opt[string]    `json:"status,omitempty" doc:"idea, planned, draft, review, ready, scheduled (with publish_at), published, unpublished"`
	PublishAt    opt[time.Time] `json:"publish_at,omitempty" doc:"counted to the whole minute after it"`
	Section      opt[string]    `json:"section,omitempty" doc:"slug or name; an unknown one is made"`
	Tags         opt[[]string]  `json:"tags,omitempty" doc:"unknown ones are made"`
	Cover        opt[string]    `json:"cover,omitempty" doc:"id of a file"`
	CoverAlt     opt[string]    `json:"cover_alt,omitempty"`
	CoverCaption opt[string]    `json:"cover_caption,omitempty"`
	Comments     opt[string]    `json:"comments,omitempty"`
}

type postsInput struct {
	ListInput
	Voice  string `query:"voice" doc:"slug or id"`
	Kind   string `query:"kind" enum:"article,note,page"`
	Status string `query:"status"`
	Q      string `query:"q" doc:"words; the best matches first, on one page"`
}

func (a *api) postRoutes(r *register) {
	read(r, "/posts", "listPosts", a.listPosts)
	write(r, http.MethodPost, "/posts", "createPost", http.StatusCreated, a.createPost)
	read(r, "/posts/{id}", "getPost", func(c *call, in *oneInput) (postJSON, error) {
		id, err := parse[fact.PostID]("post", in.ID)
		if err != nil {
			return postJSON{}, err
		}
		return a.getPost(c, id)
	})
	write(r, http.MethodPatch, "/posts/{id}", "changePost", http.StatusOK, a.changePost)
	act(r, http.MethodDelete, "/posts/{id}", "deletePost", http.StatusNoContent, func(c *call, in *oneInput) (none, error) {
		id, err := parse[fact.PostID]("post", in.ID)
		if err != nil {
			return none{}, err
		}
		return none{}, a.Posts.Delete(c.ctx, c.by, id)
	})
}

func (a *api) listPosts(c *call, in *postsInput) (page[postJSON], error) {
	n, err := in.size()
	if err != nil {
		return page[postJSON]{}, err
	}
	f := post.Filter{Kind: words(in.Kind), Status: words(in.Status), Query: words(in.Q), Cursor: words(in.Cursor), Limit: n}
	err = oneOf("status", f.Status, post.Idea, post.Planned, statusDraft, post.Review, post.Ready, post.Scheduled, post.Published, post.Unpublished)
	if err == nil {
		err = oneOf("kind", f.Kind, post.KindNames(nil)...)
	}
	if err != nil {
		return page[postJSON]{}, err
	}
	if f.Status == statusDraft {
		f.Status = post.Writing
	}
	if in.Voice != "" {
		v, err := a.voiceNamed(c, "voice", in.Voice)
		if err != nil {
			return page[postJSON]{}, err
		}
		f.Voice = v.ID
	}
	found, next, err := a.Posts.List(c.ctx, c.by, f)
	if err != nil {
		return page[postJSON]{}, err
	}
	shown, err := a.showPosts(c, found)
	return newPage(shown, next, func(p postJSON) postJSON { return p }), err
}

// getPost returns a post that was not deleted.
func (a *api) getPost(c *call, id fact.PostID) (postJSON, error) {
	p, err := a.Posts.Get(c.ctx, c.by, id)
	if err == nil && !p.DeletedAt.IsZero() {
		err = fault.Gone("post")
	}
	if err != nil {
		return postJSON{}, err
	}
	shown, err := a.showPosts(c, []post.Post{p})
	if err != nil {
		return postJSON{}, err
	}
	return shown[0], nil
}

func (a *api) showPosts(c *call, posts []post.Post) (shown []postJSON, err error) {
	err = a.DB.Read(c.ctx, func(tx *db.Tx) error {
		k, err := a.voicesIn(tx)
		if err != nil {
			return err
		}
		sections, err := sectionSlugs(tx, posts)
		shown = make([]postJSON, 0, len(posts))
		for _, p := range posts {
			shown = append(shown, a.showPost(k, sections, p))
		}
		return err
	})
	return shown, err
}

// sectionSlugs returns the slugs of the sections of posts, which stand in a handful of voices.
func sectionSlugs(tx *db.Tx, posts []post.Post) (map[fact.SectionID]string, error) {
	slugs, seen := map[fact.SectionID]string{}, map[fact.VoiceID]bool{}
	for _, p := range posts {
		if p.Section.IsZero() || seen[p.Voice] {
			continue
		}
		seen[p.Voice] = true
		all, err := post.AllSections(tx, p.Voice)
		if err != nil {
			return nil, err
		}
		for _, s := range all {
			slugs[s.ID] = s.Slug
		}
	}
	return slugs, nil
}

func (a *api) showPost(k voices, sections map[fact.SectionID]string, p post.Post) postJSON {
	v := k.byID[p.Voice]
	out := postJSON{
		ID: p.ID.String(), Voice: v.Slug, VoiceID: p.Voice.String(), Kind: p.Kind, Title: p.Title, Slug: orNull(p.Slug), Summary: p.Summary, Question: p.Question,
		Body: p.Body, Lang: p.Lang, Status: p.Status, PublishAt: instant(p.PublishAt), PublishedAt: instant(p.PublishedAt),
		Section: orNull(sections[p.Section]), Tags: make([]string, 0, len(p.Tags)), Cover: orNull(p.Cover.String()), CoverAlt: p.CoverAlt,
		CoverCaption: p.CoverCaption, Comments: p.Comments, Author: p.AuthorName, Words: p.Words, URL: a.postURL(k, v, p),
		CreatedAt: instant(p.CreatedAt), UpdatedAt: instant(p.UpdatedAt),
	}
	for _, t := range p.Tags {
		out.Tags = append(out.Tags, t.Name)
	}
	if p.Status == post.Writing {
		out.Status = statusDraft
	}
	return out
}

// postURL returns the address of what readers may see, once the house is public.
func (a *api) postURL(k voices, v voice.Voice, p post.Post) *string {
	path := post.Path(v, v.ID == k.main, p)
	if !p.Out() || !v.Public() || path == "" {
		return nil
	}
	return orNull(a.Absolute(path))
}
