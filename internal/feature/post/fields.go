package post

import (
	"net/url"
	"slices"
	"strings"

	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
)

// Input is what the writer of a post fills in. A Post and a Public hold it too, so that a property is written once here, in
// Patch and in properties, and is then stored, read, edited, purged, and shown by the API. Its JSON is that of the API, but
// for what the API calls by other names (voice, slug, section, cover).
type Input struct {
	Voice        fact.VoiceID `json:"-"`
	Kind         string       `json:"kind"` // the name of a Kind; "" is an article
	Title        string       `json:"title"`
	Slug         string       `json:"-"` // "" is made from the title when it first goes out
	Summary      string       `json:"summary"`
	Question     string       `json:"question" doc:"put to readers at the end"`
	Body         string       `json:"body" doc:"Markdown"`
	Lang         string       `json:"lang" enum:"fr-FR,fr-CA,en"` // "" is the voice's
	Section      string       `json:"-"`                          // name or slug of a section of the voice; an unknown one is made
	Tags         []string     `json:"tags" nullable:"false"`      // names; unknown ones are made
	Cover        fact.MediaID `json:"-"`
	CoverAlt     string       `json:"cover_alt"`
	CoverCaption string       `json:"cover_caption"`
	Comments     string       `json:"comments" doc:"open, closed, or empty: as the house says"`
	ShareText    string       `json:"share_text" doc:"what cards and networks say of it; the summary when empty"`
	Canonical    string       `json:"canonical" doc:"where it was said first, https://…; empty: here"`
	Robots       string       `json:"robots" doc:"noindex keeps it out of search engines"`
	Pinned       string       `json:"pinned" doc:"front: it stands first at the front of its voice"`

	rendering *rendering // of Body, when it is prepared
}

// Patch is what may change; nil leaves a thing as it is. Voice and Kind are fixed once readers saw the post
// (post.voice_fixed, post.kind_fixed). Status moves between the five states of a draft; the other states have their
// verbs.
type Patch struct {
	Voice        *fact.VoiceID `json:"-"`
	Kind         *string       `json:"kind,omitempty" doc:"article when absent"`
	Title        *string       `json:"title,omitempty"`
	Slug         *string       `json:"slug,omitempty" doc:"made from the title when it first goes out"`
	Summary      *string       `json:"summary,omitempty"`
	Question     *string       `json:"question,omitempty"`
	Body         *string       `json:"body,omitempty" doc:"Markdown"`
	Lang         *string       `json:"lang,omitempty" doc:"the voice's when absent"`
	Section      *string       `json:"section,omitempty" doc:"slug or name; an unknown one is made"` // "" takes it out of its section
	Tags         *[]string     `json:"tags,omitempty" doc:"unknown ones are made"`
	Cover        *fact.MediaID `json:"-"`
	CoverAlt     *string       `json:"cover_alt,omitempty"`
	CoverCaption *string       `json:"cover_caption,omitempty"`
	Comments     *string       `json:"comments,omitempty"`
	ShareText    *string       `json:"share_text,omitempty"`
	Canonical    *string       `json:"canonical,omitempty"`
	Robots       *string       `json:"robots,omitempty" doc:"noindex, or empty"`
	Pinned       *string       `json:"pinned,omitempty" doc:"front, or empty"`
	Status       *string       `json:"-"`

	rendering *rendering // of Body as it will be, when it is prepared
}

// Property is one text that the writer of a post fills in.
type Property struct {
	Name string // of its column, of its field in forms, and in the API
	Max  int    // characters; 0 when its check bounds it
	// Fold is the part of the writing page that asks for it in a field of its own ("cover", "place", "talk"), with the texts
	// post.<name> and post.<name>_help; "" when the page has made a place for it.
	Fold string

	setting bool                     // chosen, not written: it survives the purge
	typeset bool                     // readers get it with the spaces and quotes of its language
	clean   func(s string) string    // nil: text.OneLine
	wrong   func(s string) string    // the code of what is wrong with it, "" for nothing; nil: only Max bounds it
	of      func(in *Input) *string  // where it stands in an Input,
	in      func(in *Patch) **string // and in a Patch
}

// properties is the one list of the texts of a post. A new one needs a column of posts of the same name, NOT NULL.
var properties = []Property{
	{Name: "kind", setting: true, clean: asIs, wrong: unknownKind,
		of: func(in *Input) *string { return &in.Kind }, in: func(in *Patch) **string { return &in.Kind }},
	{Name: "lang", setting: true, clean: asIs, wrong: unknownLang,
		of: func(in *Input) *string { return &in.Lang }, in: func(in *Patch) **string { return &in.Lang }},
	{Name: "title", Max: MaxTitle, typeset: true,
		of: func(in *Input) *string { return &in.Title }, in: func(in *Patch) **string { return &in.Title }},
	{Name: "slug", setting: true, clean: lowered, wrong: wrongSlug,
		of: func(in *Input) *string { return &in.Slug }, in: func(in *Patch) **string { return &in.Slug }},
	{Name: "summary", Max: MaxSummary, typeset: true,
		of: func(in *Input) *string { return &in.Summary }, in: func(in *Patch) **string { return &in.Summary }},
	{Name: "question", Max: MaxQuestion, typeset: true, Fold: "talk",
		of: func(in *Input) *string { return &in.Question }, in: func(in *Patch) **string { return &in.Question }},
	{Name: "body", clean: cleanBody, // text.MaxSource bytes
		of: func(in *Input) *string { return &in.Body }, in: func(in *Patch) **string { return &in.Body }},
	{Name: "cover_alt", Max: MaxCaption, typeset: true,
		of: func(in *Input) *string { return &in.CoverAlt }, in: func(in *Patch) **string { return &in.CoverAlt }},
	{Name: "cover_caption", Max: MaxCaption, typeset: true, Fold: "cover",
		of: func(in *Input) *string { return &in.CoverCaption }, in: func(in *Patch) **string { return &in.CoverCaption }},
	{Name: "comments", setting: true, clean: asIs, wrong: unknownComments,
		of: func(in *Input) *string { return &in.Comments }, in: func(in *Patch) **string { return &in.Comments }},
	{Name: "share_text", Max: MaxShareText, typeset: true,
		of: func(in *Input) *string { return &in.ShareText }, in: func(in *Patch) **string { return &in.ShareText }},
	{Name: "canonical", wrong: wrongCanonical,
		of: func(in *Input) *string { return &in.Canonical }, in: func(in *Patch) **string { return &in.Canonical }},
	{Name: "robots", setting: true, clean: asIs, wrong: oneOf(NoIndex),
		of: func(in *Input) *string { return &in.Robots }, in: func(in *Patch) **string { return &in.Robots }},
	{Name: "pinned", setting: true, clean: asIs, wrong: oneOf(PinnedFront),
		of: func(in *Input) *string { return &in.Pinned }, in: func(in *Patch) **string { return &in.Pinned }},
}

// The values of robots and pinned, besides "".
const (
	NoIndex     = "noindex"
	PinnedFront = "front"
)

// Properties returns the texts that the writer of a post fills in.
func Properties() []Property { return slices.Clone(properties) }

// Of returns where the property stands in in.
func (p Property) Of(in *Input) *string { return p.of(in) }

// In returns where its change stands in in.
func (p Property) In(in *Patch) **string { return p.in(in) }

// apply puts the texts and the cover of in into p.
func (p *Post) apply(in Patch) {
	for _, one := range properties {
		if to := *one.in(&in); to != nil {
			*one.of(&p.Input) = one.cleaned(*to)
		}
	}
	set(&p.Cover, in.Cover)
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

// patch is the change that makes an empty post of in.
func (in Input) patch() Patch {
	out := Patch{Cover: &in.Cover, rendering: in.rendering}
	for _, one := range properties {
		*one.in(&out) = one.of(&in)
	}
	return out
}

// Input is what a post begins with that is otherwise empty.
func (in Patch) Input() Input {
	out := Input{rendering: in.rendering}
	for _, one := range properties {
		if to := *one.in(&in); to != nil {
			*one.of(&out) = *to
		}
	}
	set(&out.Voice, in.Voice)
	set(&out.Section, in.Section)
	set(&out.Tags, in.Tags)
	set(&out.Cover, in.Cover)
	return out
}

// set puts *to into dst, unless to is nil.
func set[T any](dst, to *T) {
	if to != nil {
		*dst = *to
	}
}

// check returns what is wrong with p in any state.
func (p Post) check() error {
	var bad fault.Problems
	for _, one := range properties {
		s := *one.of(&p.Input)
		if one.Max > 0 && len([]rune(s)) > one.Max {
			bad.Add(one.Name, "too_long", one.Max)
		}
		if one.wrong != nil {
			if code := one.wrong(s); code != "" {
				bad.Add(one.Name, code)
			}
		}
	}
	if len(p.Body) > text.MaxSource {
		bad.Add("body", "too_long", text.MaxSource)
	}
	return bad.Err()
}

// TagNames returns the tags as people type them: by commas.
func (in Input) TagNames() string { return strings.Join(in.Tags, ", ") }

func (p Property) cleaned(s string) string {
	if p.clean == nil {
		return text.OneLine(s)
	}
	return p.clean(s)
}

// bodyText ends lines as we do, and takes out what is no character of any text and what PostgreSQL refuses.
var bodyText = strings.NewReplacer("\r\n", "\n", "\x00", "")

func cleanBody(s string) string { return bodyText.Replace(strings.ToValidUTF8(s, "\uFFFD")) }

func asIs(s string) string { return s }

func lowered(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func unknownKind(s string) string {
	if _, known := KindNamed(s); !known {
		return "unknown"
	}
	return ""
}

func unknownLang(s string) string {
	if !i18n.Known(s) {
		return "unknown"
	}
	return ""
}

func unknownComments(s string) string {
	if s != "" && s != "open" && s != "closed" {
		return "unknown"
	}
	return ""
}

// oneOf is the check of a property that is empty or has one value.
func oneOf(value string) func(s string) string {
	return func(s string) string {
		if s != "" && s != value {
			return "unknown"
		}
		return ""
	}
}

// wrongCanonical refuses what is no address of a page on the web.
func wrongCanonical(s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || len(s) > 500 || strings.ContainsAny(s, " \"<>") {
		return "url"
	}
	return ""
}

func wrongSlug(s string) string {
	if s != "" && !voice.ValidSlug(s) {
		return "slug_shape"
	}
	return ""
}
