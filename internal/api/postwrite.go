package api

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// patch reads the properties of b but those that move it from state to state.
func (b *postBody) patch() (post.Patch, error) {
	var bad fault.Problems
	p := post.Patch{
		Kind: b.Kind.ptr(), Title: b.Title.ptr(), Slug: b.Slug.ptr(), Summary: b.Summary.ptr(), Question: b.Question.ptr(), Body: b.Body.ptr(),
		Lang: b.Lang.ptr(), Section: b.Section.ptr(), Tags: b.Tags.ptr(), Cover: parseField[fact.MediaID]("cover", b.Cover, &bad),
		CoverAlt: b.CoverAlt.ptr(), CoverCaption: b.CoverCaption.ptr(), Comments: b.Comments.ptr(),
	}
	return p, bad.Err()
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

// createPost makes the draft in one step and lets it out in a second one, which may be done twice; what would be refused
// then is refused before.
func (a *api) createPost(c *call, _ *none, b *postBody) (postJSON, error) {
	in, err := b.patch()
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
	id, err := create(c, func(tx *db.Tx) (fact.PostID, error) {
		p, err := a.draftIn(tx, c, b, in)
		if err == nil && goal != "" {
			err = a.ready(tx, p, goal, b.PublishAt.V)
		}
		if err == nil && post.IsDraft(goal) && goal != p.Status {
			_, err = a.Posts.SaveIn(tx, c.by, p.ID, post.Patch{Status: &goal}, 0)
		}
		return p.ID, err
	})
	if err == nil && (goal == post.Published || goal == post.Scheduled) {
		if err = a.move(c, id, goal, b.PublishAt.V); err != nil && fault.KindOf(err) == fault.KindInvalid {
			_ = a.Posts.Delete(c.ctx, c.by, id) // the refusal is the answer; nothing stays behind it
		}
	}
	if err != nil {
		return postJSON{}, err
	}
	return a.getPost(c, id)
}

// draftIn makes the draft.
func (a *api) draftIn(tx *db.Tx, c *call, b *postBody, in post.Patch) (post.Post, error) {
	var v voice.Voice
	k, err := a.voicesIn(tx)
	if err != nil {
		return post.Post{}, err
	}
	if v = k.byID[k.main]; b.Voice.given() || v.ID.IsZero() {
		if v, err = a.voiceIn(tx, "voice", b.Voice.V); err != nil {
			return post.Post{}, err
		}
	}
	if in.Section, err = sectionOf(tx, v.ID, in.Section); err != nil {
		return post.Post{}, err
	}
	return a.Posts.CreateIn(tx, c.by, post.Input{
		Voice: v.ID, Kind: value(in.Kind), Title: value(in.Title), Slug: value(in.Slug), Summary: value(in.Summary), Question: value(in.Question),
		Body: value(in.Body), Lang: value(in.Lang), Section: value(in.Section), Tags: value(in.Tags), Cover: value(in.Cover),
		CoverAlt: value(in.CoverAlt), CoverCaption: value(in.CoverCaption), Comments: value(in.Comments),
	})
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

// changePost saves what changes, then moves the post to the state that is asked for.
func (a *api) changePost(c *call, in *oneInput, b *postBody) (postJSON, error) {
	id, err := parse[fact.PostID]("post", in.ID)
	if err != nil {
		return postJSON{}, err
	}
	patch, err := b.patch()
	if err != nil {
		return postJSON{}, err
	}
	goal, err := b.goal()
	if err != nil {
		return postJSON{}, err
	}
	empty := patch == (post.Patch{}) && !b.Voice.Set
	err = a.DB.Write(c.ctx, func(tx *db.Tx) error {
		p, err := a.Posts.GetIn(tx, c.by, id)
		if err == nil && !p.DeletedAt.IsZero() {
			err = fault.Gone("post")
		}
		if err != nil {
			return err
		}
		if b.Voice.Set {
			v, err := a.voiceIn(tx, "voice", b.Voice.V)
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
		return a.ready(tx, p, goal, b.PublishAt.V)
	})
	if err == nil {
		err = a.move(c, id, b.goalFrom(goal), b.PublishAt.V)
	}
	if err != nil {
		return postJSON{}, err
	}
	return a.getPost(c, id)
}

// goalFrom is the goal of a PATCH, where publish_at: null takes a schedule back.
func (b *postBody) goalFrom(goal string) string {
	if goal == "" && b.PublishAt.Null {
		return unscheduled
	}
	return goal
}

// unscheduled asks that a post does not go out by itself.
const unscheduled = "unscheduled"

// ready refuses what could not reach the goal, before anything is done. The rules are post's own (Publish, Schedule,
// Unpublish); they are asked here first so that a request is done whole or not at all.
func (a *api) ready(tx *db.Tx, p post.Post, goal string, at time.Time) error {
	var bad fault.Problems
	switch goal {
	case post.Scheduled, post.Published:
		if p.Kind != post.Note && p.Title == "" {
			bad.Add("title", "required")
		}
		if p.Kind == post.Note && strings.TrimSpace(p.Body) == "" {
			bad.Add("body", "required")
		}
		if !p.Cover.IsZero() && strings.TrimSpace(p.CoverAlt) == "" {
			bad.Add("cover_alt", "required")
		}
	case post.Unpublished:
		if post.IsDraft(p.Status) {
			return fault.Conflict("post.not_published")
		}
	}
	if goal == post.Scheduled {
		h, err := a.House.GetIn(tx)
		switch {
		case err != nil:
			return err
		case p.Status == post.Published:
			return fault.Conflict("post.already_published")
		case at.IsZero() && (p.Status != post.Scheduled):
			bad.Add("publish_at", "required")
		case !at.IsZero() && !wall(at, h.Location()).In(h.Location()).After(tx.Now()):
			bad.Add("publish_at", "in_past")
		}
	}
	return bad.Err()
}

// move brings a post to a state. Every step may be done twice.
func (a *api) move(c *call, id fact.PostID, goal string, at time.Time) error {
	switch {
	case goal == "":
		return nil
	case goal == post.Published:
		_, err := a.Posts.Publish(c.ctx, c.by, id)
		return err
	case goal == post.Unpublished:
		_, err := a.Posts.Unpublish(c.ctx, c.by, id)
		return err
	case goal == post.Scheduled:
		return a.schedule(c, id, at)
	}
	p, err := a.Posts.Get(c.ctx, c.by, id)
	if err != nil || p.Status == goal || (goal == unscheduled && p.Status != post.Scheduled) {
		return err
	}
	if p.Status == post.Published || p.Status == post.Scheduled {
		if p, err = a.Posts.Unpublish(c.ctx, c.by, id); err != nil || goal == unscheduled || p.Status == goal {
			return err
		}
	}
	_, err = a.Posts.Save(c.ctx, c.by, id, post.Patch{Status: &goal}, 0)
	return err
}

func (a *api) schedule(c *call, id fact.PostID, at time.Time) error {
	p, err := a.Posts.Get(c.ctx, c.by, id)
	if err != nil {
		return err
	}
	h, err := a.House.Get(c.ctx)
	if err != nil {
		return err
	}
	if at.IsZero() && p.Status == post.Scheduled {
		return nil // it is scheduled already
	}
	local := wall(at, h.Location())
	if p.Status == post.Scheduled && p.PublishAt.Equal(local.In(h.Location())) {
		return nil
	}
	_, err = a.Posts.Schedule(c.ctx, c.by, id, local)
	return renamed(err, "schedule", "publish_at")
}

// wall returns what the clocks of zone show at the first minute that is not before t. In the hour that winter time
// repeats they show the same twice and mean the first: then it is the hour after, so that nothing goes out too early.
func wall(t time.Time, zone *time.Location) clock.Local {
	if whole := t.Truncate(time.Minute); !whole.Equal(t) {
		t = whole.Add(time.Minute)
	}
	local := clock.LocalOf(t, zone)
	if local.In(zone).Before(t) {
		local = clock.LocalOf(t.Add(time.Hour), zone)
	}
	return local
}
