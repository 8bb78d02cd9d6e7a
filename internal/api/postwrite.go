package api

import (
	"cmp"
	"slices"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// postBody is what may be said of a post. The texts are those of post.Patch; what stands here is what the API calls otherwise.
type postBody struct {
	post.Patch
	Voice     opt[string]    `json:"voice,omitempty" doc:"slug or id; the main voice when absent"`
	Kind      opt[kindName]  `json:"kind,omitempty" doc:"article when absent"`
	Status    opt[string]    `json:"status,omitempty" doc:"idea, planned, draft, review, ready, scheduled (with publish_at), published, unpublished"`
	PublishAt opt[time.Time] `json:"publish_at,omitempty" doc:"counted to the whole minute after it"`
	Cover     opt[string]    `json:"cover,omitempty" doc:"id of a file"`
}

// change reads the properties of b but those that move it from state to state.
func (b *postBody) change() (post.Patch, error) {
	var bad fault.Problems
	in := b.Patch
	in.Cover = parseField[fact.MediaID]("cover", b.Cover, &bad)
	if b.Kind.Set {
		kind := string(b.Kind.V)
		in.Kind = &kind
	}
	return in, bad.Err()
}

// goal returns the state that b asks for, "" for none: a time to go out at asks for scheduled.
func (b *postBody) goal() (string, error) {
	goal := b.Status.V
	switch {
	case !b.Status.Set && b.PublishAt.given():
		goal = post.Scheduled
	case b.Status.Set && goal == statusDraft:
		goal = post.Writing
	case b.Status.Set && !post.IsDraft(goal) && !slices.Contains([]string{post.Scheduled, post.Published, post.Unpublished}, goal):
		return "", fault.Invalid("status", "unknown")
	}
	if b.PublishAt.given() && goal != post.Scheduled {
		return "", fault.Invalid("publish_at", "not_scheduled")
	}
	return goal, nil
}

// createPost makes the post and lets it out in one transaction: what is refused leaves nothing.
func (a *API) createPost(c *call, _ *none, b *postBody) (postJSON, error) {
	in, err := b.change()
	if err != nil {
		return postJSON{}, err
	}
	goal, err := b.goal()
	if err == nil && goal == post.Unpublished {
		err = fault.Invalid("status", "unknown")
	}
	if err != nil {
		return postJSON{}, err
	}
	first, err := a.draft(c, b, in)
	if err != nil {
		return postJSON{}, err
	}
	id, err := create(c, func(tx *db.Tx) (fact.PostID, error) {
		p, err := a.Posts.CreateIn(tx, c.by, first)
		if err == nil && goal != "" {
			_, err = a.Posts.SetStatusIn(tx, c.by, p.ID, goal, b.PublishAt.V)
		}
		return p.ID, err
	})
	if err != nil {
		return postJSON{}, renamed(err, "schedule", "publish_at")
	}
	return a.getPost(c, id)
}

// draft is what the post begins with, rendered.
func (a *API) draft(c *call, b *postBody, in post.Patch) (post.Input, error) {
	err := a.DB.Read(c.ctx, func(tx *db.Tx) error {
		v, err := a.Voices.MainIn(tx)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return err
		}
		if b.Voice.given() || v.ID.IsZero() {
			if v, err = a.voiceIn(tx, c.by, "voice", b.Voice.V); err != nil {
				return err
			}
		}
		in.Voice = &v.ID
		in.Section, err = sectionOf(tx, v.ID, in.Section)
		return err
	})
	if err != nil {
		return post.Input{}, err
	}
	return a.Posts.Prepare(c.ctx, c.by, in.Input())
}

// sectionOf takes the id of a section of the voice for its slug; anything else is a slug or a name.
func sectionOf(tx *db.Tx, v fact.VoiceID, named *string) (*string, error) {
	id, err := fact.Parse[fact.SectionID](value(named))
	if err != nil {
		return named, nil
	}
	all, err := post.AllSections(tx, v)
	for _, s := range all {
		if s.ID == id {
			return &s.Slug, nil
		}
	}
	return named, err
}

// changePost saves what changes and brings the post to the state that is asked for, all of it or nothing.
func (a *API) changePost(c *call, in *oneInput, b *postBody) (postJSON, error) {
	id, err := parse[fact.PostID]("post", in.ID)
	if err != nil {
		return postJSON{}, err
	}
	patch, err := b.change()
	if err != nil {
		return postJSON{}, err
	}
	goal, err := b.goal()
	if err != nil {
		return postJSON{}, err
	}
	if patch, err = a.Posts.PrepareChange(c.ctx, c.by, id, patch); err != nil {
		return postJSON{}, err
	}
	err = a.DB.Write(c.ctx, func(tx *db.Tx) error { return a.changePostIn(tx, c, id, b, patch, goal) })
	if err != nil {
		return postJSON{}, renamed(err, "schedule", "publish_at")
	}
	return a.getPost(c, id)
}

func (a *API) changePostIn(tx *db.Tx, c *call, id fact.PostID, b *postBody, patch post.Patch, goal string) error {
	p, err := a.Posts.GetIn(tx, c.by, id)
	if err == nil && !p.DeletedAt.IsZero() {
		err = fault.Gone("post")
	}
	if err != nil {
		return err
	}
	empty := patch == (post.Patch{}) && !b.Voice.Set
	if b.Voice.Set {
		v, err := a.voiceIn(tx, c.by, "voice", b.Voice.V)
		if err != nil {
			return err
		}
		patch.Voice = &v.ID
	}
	if patch.Section, err = sectionOf(tx, cmp.Or(value(patch.Voice), p.Voice), patch.Section); err != nil {
		return err
	}
	if !empty {
		if p, err = a.Posts.SaveIn(tx, c.by, id, patch, 0); err != nil {
			return err
		}
	}
	switch {
	case goal != "":
		_, err = a.Posts.SetStatusIn(tx, c.by, id, goal, b.PublishAt.V)
	case b.PublishAt.Null && p.Status == post.Scheduled: // null takes a schedule back
		_, err = a.Posts.UnpublishIn(tx, c.by, id)
	}
	return err
}
