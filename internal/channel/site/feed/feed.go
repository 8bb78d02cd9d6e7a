package feed

import (
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/text"
	"causerie/internal/protocol/feedxml"
)

// List is a list of posts that people follow: all of a voice, a section, a tag. Addresses in it are absolute.
type List struct {
	Voice        voice.Voice
	Title        string
	Description  string
	Lang         string
	Home         string // the page that shows the same list
	Self         string // this feed
	ID           string // how it is known for ever
	VoiceURL     string
	Portrait     string // "" for none
	Posts        []post.Public
	Address      func(p post.Public) string // absolute
	Comments     map[int64]int              // by post, how many answers it has
	CommentsFeed func(p post.Public) string // absolute, of a post's comments
	House        func(path string) string   // absolute, of what stands on the house's host: files
}

// ID is how feeds name a post, for ever: neither its title nor its address, which may change. One that came from another program keeps
// the name that it had in its feeds, so that it is not new to those who follow them.
func ID(p post.Public) string {
	if p.GUID != "" {
		return p.GUID
	}
	return "urn:causerie:post:" + p.ID.String()
}

// ThreadID is how feeds name the conversation under a post.
func ThreadID(p post.Public) string { return "urn:causerie:post:" + p.ID.String() + ":comments" }

// VoiceID is how feeds name a voice, for ever.
func VoiceID(v voice.Voice) string { return "urn:causerie:voice:" + v.ID.String() }

// CommentID is how feeds name a message.
func CommentID(m inbox.Message) string { return "urn:causerie:message:" + m.ID.String() }

// Of makes the feed of a list of posts.
func Of(l List) feedxml.Feed {
	f := feedxml.Feed{
		Title: l.Title, Description: l.Description, Lang: l.Lang, Home: l.Home, Self: l.Self, ID: l.ID, Icon: l.Portrait,
		Author: feedxml.Person{Name: l.Voice.Name, URL: l.VoiceURL},
	}
	for _, p := range l.Posts {
		f.Entries = append(f.Entries, l.entry(p))
	}
	return f
}

func (l List) entry(p post.Public) feedxml.Entry {
	at := l.Address(p)
	e := feedxml.Entry{
		ID: ID(p), URL: at, Title: p.Title, ContentHTML: string(p.HTML), Summary: p.Summary, Published: p.PublishedAt, Updated: p.UpdatedAt,
		CommentsURL: at + "#conversation", CommentsFeed: l.CommentsFeed(p), Comments: l.Comments[int64(p.ID)], Lang: p.Lang,
	}
	if p.AuthorName != "" && p.AuthorName != l.Voice.Name {
		e.Authors = []feedxml.Person{{Name: p.AuthorName}}
	}
	for _, t := range p.Tags {
		e.Tags = append(e.Tags, t.Name)
	}
	if p.Cover != nil && p.Cover.IsPicture() {
		e.Image, e.ImageType, e.ImageLength = l.House(p.Cover.Path(media.Large)), p.Cover.Mime, p.Cover.Bytes
	}
	if p.Sound != nil {
		e.Sound, e.SoundType, e.SoundLength = l.House(p.Sound.Path(media.Original)), p.Sound.Mime, p.Sound.Bytes
	}
	return e
}

// Thread is the conversation under a post, as a feed. Addresses in it are absolute.
type Thread struct {
	Title string
	Lang  string
	Home  string // the post
	Self  string
	ID    string // how it is known for ever
	Said  []inbox.Comment
}

// OfThread makes the feed of a conversation: its last messages, the newest first, without what answers what.
func OfThread(t Thread) feedxml.Feed {
	f := feedxml.Feed{Title: t.Title, Lang: t.Lang, Home: t.Home, Self: t.Self, ID: t.ID}
	for _, m := range newest(t.Said) {
		f.Entries = append(f.Entries, feedxml.Entry{
			ID: CommentID(m.Message), URL: t.Home + "#c-" + m.ID.String(), Title: title(m), ContentHTML: string(m.HTML), Published: m.At,
			Authors: []feedxml.Person{{Name: name(m)}}, Lang: m.Lang,
		})
	}
	return f
}

func name(m inbox.Comment) string {
	if m.ByAuthor {
		return m.VoiceName
	}
	return m.Name
}

// title is how readers that want one list a message: who said it, and its first words.
func title(m inbox.Comment) string {
	return name(m) + " · " + text.Typeset(m.Lang, text.Opening(m.Body, 60))
}
