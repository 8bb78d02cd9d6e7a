package post

import (
	"strconv"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// The states of a post. The first five are drafts.
const (
	Idea        = "idea"
	Planned     = "planned"
	Writing     = "writing"
	Review      = "review" // waits for an editor
	Ready       = "ready"
	Scheduled   = "scheduled"
	Published   = "published"
	Unpublished = "unpublished" // was out, was taken back
)

// RestoreFor is how long a deleted post can be brought back.
const RestoreFor = 30 * 24 * time.Hour

// Bounds, in characters; of tags, their number.
const (
	MaxTitle     = 200
	MaxSummary   = 1000
	MaxQuestion  = 300
	MaxCaption   = 500
	MaxShareText = 300
	MaxName      = 80 // of a section or a tag
	MaxTags      = 20
)

// Section is where readers follow one subject of a voice.
type Section struct {
	ID       fact.SectionID
	Voice    fact.VoiceID
	Slug     string
	Name     string
	Position int
}

// Tag is a word that posts of all voices share.
type Tag struct {
	ID   fact.TagID
	Slug string
	Name string
}

// Post is one thing said, or on its way to be: what its writer filled in, and what the program keeps of it. Section and Tags
// are names here, filled by Get and List.
type Post struct {
	Input
	ID          fact.PostID
	Author      fact.AccountID // 0: an import, or the program
	AuthorName  string         // as imported or signed; "" is the voice itself
	GUID        string         // how feeds named it before it came here; "" is our own name
	Status      string
	HTML        string // of Body, rendered at save; empty in lists
	Plain       string // its words; empty in lists
	Words       int
	Elsewhere   int // pictures of other sites in its text, which readers get as links; of a Preview only
	SectionID   fact.SectionID
	Schedule    string // civil time YYYY-MM-DDTHH:MM in the zone of the house; "" not scheduled
	PublishAt   time.Time
	LetGo       bool      // goes out at PublishAt even while all that leaves is held
	PublishedAt time.Time // when readers first saw it; kept when unpublished
	CreatedAt   time.Time
	UpdatedAt   time.Time
	DeletedAt   time.Time
	Version     int // counts saves

	section *Section // the rows of Section and Tags, once they were looked for
	tags    []Tag
}

// IsDraft reports whether status is one of those before a post goes out or is scheduled.
func IsDraft(status string) bool {
	switch status {
	case Idea, Planned, Writing, Review, Ready:
		return true
	}
	return false
}

// Out reports whether readers may see p, as far as p is concerned.
func (p Post) Out() bool { return p.Status == Published && p.DeletedAt.IsZero() }

// Waits reports whether p is scheduled and does not go out at its hour, since all that leaves is held.
func (p Post) Waits(held bool) bool {
	return held && p.Status == Scheduled && !p.LetGo && p.DeletedAt.IsZero()
}

// SectionSlug returns the slug of the section of p, "" for none; filled by Get and List.
func (p Post) SectionSlug() string {
	if p.section == nil {
		return ""
	}
	return p.section.Slug
}

// Label returns what a list calls p: its title, else its first words; "" when there is not a word yet.
func (p Post) Label() string {
	if p.Title != "" {
		return p.Title
	}
	if p.Plain != "" {
		return text.Excerpt(p.Plain, 80)
	}
	return text.Opening(p.Body, 80)
}

// Addressed is a Post or a Public.
type Addressed interface {
	address() (kind, slug string, id fact.PostID)
}

func (p Post) address() (string, string, fact.PostID) { return p.Kind, p.Slug, p.ID }

// Traits returns what the kind of p asks and grants.
func (p Post) Traits() Kind { return traits(p.Kind) }

// traits is KindNamed for a row: what is not known has the traits of the unknown.
func traits(kind string) Kind {
	k, _ := KindNamed(kind)
	return k
}

// Path returns where p stands under its voice: /{slug} or /n/{id}, "" for what has no address yet. Package place makes an
// address of it.
func Path(p Addressed) string {
	kind, slug, id := p.address()
	switch {
	case !traits(kind).Addressed:
		return "/n/" + id.String()
	case slug == "":
		return ""
	}
	return "/" + slug
}

// may returns nil when by may change p: its author, or an editor of its voice.
func (p Post) may(by actor.Actor) error {
	if p.Author != 0 && int64(p.Author) == by.Account {
		return by.Require(actor.Author, int64(p.Voice))
	}
	return by.Require(actor.Editor, int64(p.Voice))
}

// MayChange reports whether by may change p.
func (p Post) MayChange(by actor.Actor) bool { return p.may(by) == nil }

// canGoOut returns nil when p lacks nothing to be read by others.
func (p Post) canGoOut() error { return p.lacks().Err() }

// Lacks returns what p still lacks to be read by others, as problems of its fields.
func (p Post) Lacks() []fault.Problem { return p.lacks() }

// lacks returns what p still lacks to be read by others, all of it at once.
func (p Post) lacks() (bad fault.Problems) {
	k := p.Traits()
	if k.Titled && p.Title == "" {
		bad.Add("title", "required")
	}
	if !k.Titled && strings.TrimSpace(p.Body) == "" {
		bad.Add("body", "required")
	}
	if k.MaxWords > 0 && p.Words > k.MaxWords {
		bad.Add("body", "too_many_words", k.MaxWords)
	}
	if !p.Cover.IsZero() && strings.TrimSpace(p.CoverAlt) == "" {
		bad.Add("cover_alt", "required")
	}
	if k.Needs != nil {
		bad = append(bad, k.Needs(p)...)
	}
	return bad
}

// needsWords reports whether p must be fit to be read by others, because it is or will be by itself.
func (p Post) needsWords() bool { return p.Status == Published || p.Status == Scheduled }

// restorable returns nil when p was deleted, and not too long ago.
func (p Post) restorable(now time.Time) error {
	switch {
	case p.DeletedAt.IsZero():
		return fault.Conflict("post.not_deleted")
	case now.Sub(p.DeletedAt) > RestoreFor:
		return fault.Gone("post")
	}
	return nil
}

// numbered returns base for 1, base-2 for 2 and so on, no longer than a slug may be.
func numbered(base string, n int) string {
	if n == 1 {
		return base
	}
	tail := "-" + strconv.Itoa(n)
	return strings.TrimRight(base[:min(len(base), 80-len(tail))], "-") + tail
}
