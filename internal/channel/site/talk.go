package site

import (
	"context"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

// Talk is the conversation as strangers meet it. internal/app fills it from feature/inbox.
type Talk interface {
	// Thread returns what everybody may read under a post, the oldest first, answers inside what they answer.
	Thread(tx *db.Tx, p fact.PostID) ([]Said, error)
	// CountsByPost returns how many messages Thread would hold for each of the posts that have any.
	CountsByPost(tx *db.Tx, ids []fact.PostID) (map[fact.PostID]int, error)
	// Open reports whether a post takes comments now.
	Open(tx *db.Tx, p post.Public) (bool, error)
	// Comment takes a comment in. visible is false when it waits for somebody of the house to read it. What the writer
	// can mend is a fault.KindInvalid on name, email, body; a post that takes none, the conflict comments.closed.
	Comment(ctx context.Context, c Comment) (id fact.MessageID, visible bool, err error)
	// Request takes in what somebody asks of the house.
	Request(ctx context.Context, q Request) error
	// Confirm proves the address to which a link with this token was sent.
	Confirm(ctx context.Context, token string) error
}

// Said is one visible message and its answers.
type Said struct {
	ID      fact.MessageID
	Name    string
	URL     string // of who wrote it, "" mostly
	Author  bool   // the house speaks
	Lang    string
	HTML    text.HTML
	At      time.Time
	Answers []Said
}

// Comment is what the form under a post sends.
type Comment struct {
	Post     fact.PostID
	Parent   fact.MessageID // 0: the post itself
	Name     string
	Email    string
	Body     string
	Lang     string
	Notify   bool
	Honeypot string // a person leaves it empty
}

// Request is what the contact form sends.
type Request struct {
	Voice    fact.VoiceID
	Name     string
	Email    string
	Body     string
	How      string
	Lang     string
	Honeypot string
}
