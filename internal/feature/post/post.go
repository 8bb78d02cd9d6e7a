package post

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
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
	MaxTitle    = 200
	MaxSummary  = 1000
	MaxQuestion = 300
	MaxCaption  = 500
	MaxName     = 80 // of a section or a tag
	MaxTags     = 20
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

// Post is one thing said, or on its way to be.
type Post struct {
	ID           fact.PostID
	Voice        fact.VoiceID
	Author       fact.AccountID // 0: an import, or the program
	AuthorName   string         // as imported or signed; "" is the voice itself
	Kind         string         // the name of a Kind
	Status       string
	Slug         string // "" for a note, and until it is chosen or first goes out
	Title        string
	Summary      string
	Question     string // the closing question put to readers
	Body         string // Markdown, the source
	HTML         string // rendered at save; empty in lists
	Plain        string // its words; empty in lists
	Words        int
	Lang         string
	Section      fact.SectionID
	SectionName  string // filled by Get and List
	Tags         []Tag  // filled by Get and List
	Cover        fact.MediaID
	CoverAlt     string
	CoverCaption string
	Comments     string // "open", "closed", or "" as the house says
	Schedule     string // civil time YYYY-MM-DDTHH:MM in the zone of the house; "" not scheduled
	PublishAt    time.Time
	PublishedAt  time.Time // when readers first saw it; kept when unpublished
	CreatedAt    time.Time
	UpdatedAt    time.Time
	DeletedAt    time.Time
	Version      int // counts saves
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

// TagNames returns the tags as people type them: by commas.
func (p Post) TagNames() string {
	names := make([]string, len(p.Tags))
	for i, t := range p.Tags {
		names[i] = t.Name
	}
	return strings.Join(names, ", ")
}

// Label returns what a list calls p: its title, else its first words; "" when there is not a word yet.
func (p Post) Label() string {
	if p.Title != "" {
		return p.Title
	}
	plain := p.Plain
	if plain == "" && p.Body != "" {
		start := p.Body
		if len(start) > 600 {
			start = strings.ToValidUTF8(start[:600], "")
		}
		plain = text.Plain(start)
	}
	return text.Excerpt(plain, 80)
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

// Path returns the public address of p, relative to the site, when v is its voice; main says that v is the voice at /.
// It is "" for what has no address yet.
func Path(v voice.Voice, main bool, p Addressed) string {
	kind, slug, id := p.address()
	at := "/"
	if !main {
		at = "/" + v.Slug + "/"
	}
	switch {
	case !traits(kind).Addressed:
		return at + "n/" + id.String()
	case slug == "":
		return ""
	}
	return at + slug
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

// check returns what is wrong with p in any state.
func (p Post) check() error {
	var bad fault.Problems
	long := func(field, s string, max int) {
		if utf8.RuneCountInString(s) > max {
			bad.Add(field, "too_long", max)
		}
	}
	if _, known := KindNamed(p.Kind); !known {
		bad.Add("kind", "unknown")
	}
	switch p.Comments {
	case "", "open", "closed":
	default:
		bad.Add("comments", "unknown")
	}
	if !i18n.Known(p.Lang) {
		bad.Add("lang", "unknown")
	}
	long("title", p.Title, MaxTitle)
	long("summary", p.Summary, MaxSummary)
	long("question", p.Question, MaxQuestion)
	long("cover_alt", p.CoverAlt, MaxCaption)
	long("cover_caption", p.CoverCaption, MaxCaption)
	if len(p.Body) > text.MaxSource {
		bad.Add("body", "too_long", text.MaxSource)
	}
	if p.Slug != "" && !voice.ValidSlug(p.Slug) {
		bad.Add("slug", "slug_shape")
	}
	return bad.Err()
}

// canGoOut returns what p still lacks to be read by others, all of it at once.
func (p Post) canGoOut() error {
	var bad fault.Problems
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
	return bad.Err()
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
