package api

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// statusDraft is what the API calls a post that is being written.
const statusDraft = "draft"

// kindName is the name of a kind of posts. The document lists those that are registered.
type kindName string

// Schema describes a kind by the names there are.
func (kindName) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: "string"}
	for _, name := range post.KindNames(nil) {
		s.Enum = append(s.Enum, name)
	}
	return s
}

// postJSON is a post as the API shows it. The texts are those of post.Input; what stands here is what the API calls
// otherwise, or adds.
type postJSON struct {
	ID string `json:"id"`
	post.Input
	Voice       string     `json:"voice" doc:"slug"`
	VoiceID     string     `json:"voice_id"`
	Kind        kindName   `json:"kind"`
	Slug        *string    `json:"slug"`
	Status      string     `json:"status" enum:"idea,planned,draft,review,ready,scheduled,published,unpublished"`
	PublishAt   *time.Time `json:"publish_at" doc:"when it goes out by itself"`
	Held        bool       `json:"held" doc:"it does not go out at publish_at: all that leaves is held"`
	PublishedAt *time.Time `json:"published_at"`
	Section     *string    `json:"section" doc:"slug"`
	Cover       *string    `json:"cover" doc:"id of a file"`
	Author      string     `json:"author" doc:"as signed; empty is the voice itself"`
	Words       int        `json:"words"`
	URL         *string    `json:"url" doc:"while readers may see it"`
	CreatedAt   *time.Time `json:"created_at"`
	UpdatedAt   *time.Time `json:"updated_at"`
}

type postsInput struct {
	ListInput
	Voice  string   `query:"voice" doc:"slug or id"`
	Kind   kindName `query:"kind"`
	Status string   `query:"status"`
	Q      string   `query:"q" doc:"words; the best matches first, on one page"`
}

func (a *API) postRoutes(r *register) {
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

func (a *API) listPosts(c *call, in *postsInput) (page[postJSON], error) {
	n, err := in.size()
	if err != nil {
		return page[postJSON]{}, err
	}
	f := post.Filter{Kind: words(string(in.Kind)), Status: words(in.Status), Query: words(in.Q), Made: true, Cursor: words(in.Cursor), Limit: n}
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
func (a *API) getPost(c *call, id fact.PostID) (postJSON, error) {
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

func (a *API) showPosts(c *call, posts []post.Post) (shown []postJSON, err error) {
	err = a.DB.Read(c.ctx, func(tx *db.Tx) error {
		k, err := a.voicesIn(tx)
		if err != nil {
			return err
		}
		held, err := a.Posts.HeldIn(tx)
		if err != nil {
			return err
		}
		shown = make([]postJSON, 0, len(posts))
		for _, p := range posts {
			one := a.showPost(k, p)
			one.Held = p.Waits(held)
			shown = append(shown, one)
		}
		return nil
	})
	return shown, err
}

func (a *API) showPost(k voices, p post.Post) postJSON {
	v := k.byID[p.Voice]
	out := postJSON{
		ID: p.ID.String(), Input: p.Input, Voice: v.Slug, VoiceID: p.Voice.String(), Kind: kindName(p.Kind), Slug: orNull(p.Slug), Status: p.Status,
		PublishAt: instant(p.PublishAt), PublishedAt: instant(p.PublishedAt), Section: orNull(p.SectionSlug()), Cover: orNull(p.Cover.String()),
		Author: p.AuthorName, Words: p.Words, URL: a.postURL(k, v, p), CreatedAt: instant(p.CreatedAt), UpdatedAt: instant(p.UpdatedAt),
	}
	if out.Tags == nil {
		out.Tags = []string{}
	}
	if p.Status == post.Writing {
		out.Status = statusDraft
	}
	return out
}

// postURL returns the address of what readers may see, once the house is public.
func (a *API) postURL(k voices, v voice.Voice, p post.Post) *string {
	path := post.Path(p)
	if !p.Out() || path == "" {
		return nil
	}
	return a.at(k, v, path)
}
