package post

import (
	"strings"
	"time"

	"causerie/internal/fact"
)

// Input is what a post begins with. Kind "" is an article, Lang "" the voice's. Section is a name or a slug of the
// voice's sections; an unknown one is made, and so are unknown tags. Slug "" is made from the title when it first goes out.
type Input struct {
	Voice        fact.VoiceID
	Kind         string
	Title        string
	Slug         string
	Summary      string
	Question     string
	Body         string
	Lang         string
	Section      string
	Tags         []string
	Cover        fact.MediaID
	CoverAlt     string
	CoverCaption string
	Comments     string
}

// Patch is what may change; nil leaves a thing as it is. Voice and Kind are fixed once readers saw the post
// (post.voice_fixed, post.kind_fixed). Status moves between the five states of a draft; the other states have their
// verbs.
type Patch struct {
	Voice        *fact.VoiceID
	Kind         *string
	Title        *string
	Slug         *string
	Summary      *string
	Question     *string
	Body         *string
	Lang         *string
	Section      *string // "" takes it out of its section
	Tags         *[]string
	Cover        *fact.MediaID
	CoverAlt     *string
	CoverCaption *string
	Comments     *string
	Status       *string
}

// Import is a post of another program. Status is any of ours; PublishedAt is when it went out there, or for Scheduled
// when it shall. CreatedAt and UpdatedAt may be zero. OldPaths are addresses that lead to it from now on
// ("/2019/03/12/bonjour/", "/?p=123").
type Import struct {
	Input
	Status      string
	AuthorName  string
	PublishedAt time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
	OldPaths    []string
}

// Filter chooses what List returns, newest change first. Zero fields do not choose. Status is one state, or "draft" for
// the five states of a draft. Deleted lists what can still be brought back, and only that. With Query, the best matches
// come first, on one page. Limit is 50 when it is not between 1 and 100.
type Filter struct {
	Voice   fact.VoiceID
	Kind    string
	Status  string
	Query   string
	Deleted bool
	Cursor  string
	Limit   int
}

// Draft is the filter's word for the five states of a draft.
const Draft = "draft"

// bodyText ends lines as we do, and takes out what is no character of any text and what PostgreSQL refuses.
var bodyText = strings.NewReplacer("\r\n", "\n", "\x00", "")

// apply puts the plain fields of in into p.
func (p *Post) apply(in Patch) {
	line := func(dst, src *string) {
		if src != nil {
			*dst = oneLine(*src)
		}
	}
	line(&p.Title, in.Title)
	line(&p.Question, in.Question)
	line(&p.CoverAlt, in.CoverAlt)
	line(&p.CoverCaption, in.CoverCaption)
	line(&p.Summary, in.Summary)
	if in.Body != nil {
		p.Body = bodyText.Replace(strings.ToValidUTF8(*in.Body, "\uFFFD"))
	}
	if in.Lang != nil {
		p.Lang = *in.Lang
	}
	if in.Slug != nil {
		p.Slug = strings.ToLower(strings.TrimSpace(*in.Slug))
	}
	if in.Cover != nil {
		p.Cover = *in.Cover
	}
	if in.Comments != nil {
		p.Comments = *in.Comments
	}
	if in.Kind != nil {
		p.Kind = *in.Kind
	}
	k := p.Traits()
	if !k.Titled {
		if p.Title != "" { // an article that becomes a note keeps what its title said
			p.Body = strings.TrimSpace("**" + p.Title + "**\n\n" + p.Body)
		}
		p.Title = ""
	}
	if !k.Addressed {
		p.Slug = ""
	}
}

// oneLine is what a field of one line means: valid text, every run of spaces and line ends one space.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return r == ' ' || r < ' ' || r == 0x7f
	}), " ")
}

func (in Input) patch() Patch {
	return Patch{Title: &in.Title, Slug: &in.Slug, Summary: &in.Summary, Question: &in.Question, Body: &in.Body, Cover: &in.Cover,
		CoverAlt: &in.CoverAlt, CoverCaption: &in.CoverCaption, Comments: &in.Comments}
}

// firstOf returns the first of these instants that is one.
func firstOf(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
